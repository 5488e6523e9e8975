"""A run: its steps for a batch of users, and what else is done for many users at once."""
