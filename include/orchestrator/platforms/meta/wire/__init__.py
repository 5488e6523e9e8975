"""Graph JSON and our values, both ways. Pure."""
