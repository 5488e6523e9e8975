"""The error that ends the demo: one line for a person, with what to do."""

from __future__ import annotations


class StackError(Exception):
    """Something outside the demo is in its way. The message is the one line a person reads."""
