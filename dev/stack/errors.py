"""What a person is told when the demo cannot go on: one line that says what to do."""

from __future__ import annotations


class StackError(Exception):
    """Something outside the demo is in its way. The message is the one line a person reads."""
