"""What the orchestrator costs: measured on this machine, against a simulator beside it."""
