"""The nouns of the domain and what is decided about them alone: goals, money, policy."""
