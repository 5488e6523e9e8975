"""Meta, as the orchestrator sees it: ``client.MetaApp`` opens accounts, ``wire`` has the values."""
