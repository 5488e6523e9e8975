"""The users' HTTP API, behind their own front end: their runs, what was done and why, their settings."""
