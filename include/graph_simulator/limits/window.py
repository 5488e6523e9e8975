"""How much happened within the last so many seconds of the simulated clock."""

from __future__ import annotations


class Window:
    """A sum over a sliding stretch of time. All of one second is stored as one number."""

    __slots__ = ("_parts", "_seconds", "_sum")

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._parts: list[list[int]] = []  # not a deque: an empty one is 600 bytes, and an account has four
        self._sum = 0

    def add(self, now: int, amount: int) -> None:
        """Count an amount now."""
        if self._parts and self._parts[-1][0] == now:
            self._parts[-1][1] += amount
        else:
            self._parts.append([now, amount])
        self._sum += amount

    def total(self, now: int) -> int:
        """What counts still."""
        while self._parts and self._parts[0][0] <= now - self._seconds:
            self._sum -= self._parts.pop(0)[1]
        return self._sum

    def seconds_to(self, now: int, most: int) -> int:
        """How long until the sum is at most this much, when nothing more happens."""
        over = self.total(now) - most
        for at, amount in self._parts:
            if over <= 0:
                break
            over -= amount
            if over <= 0:
                return at + self._seconds - now
        return 0
