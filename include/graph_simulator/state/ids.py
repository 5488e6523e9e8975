"""Ids, tokens and trace ids: decimal strings and opaque texts, all drawn from the seed."""

from __future__ import annotations

import base64
import re

from graph_simulator.state.noise import mix

_OBJECT_BASE = 120_200_000_000_000_000  # 18 digits, as Meta's ads objects of these years
_SPREAD = 1_000_000_000_000_000
_INTEREST = re.compile(r"6[0-9]{12}")  # what the ids of Meta's interests look like
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Ids:
    """Hands out ids in order of creation; the same seed gives the same sequence."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._next = _OBJECT_BASE + mix(seed, 1) % _SPREAD
        self._traces = 0

    def object_id(self) -> str:
        """18 digits; a later object has a greater id."""
        self._next += 10 + mix(self.seed, self._next) % 90
        return str(self._next)

    def trace_id(self) -> str:
        """The next ``fbtrace_id``: "A" and 22 characters."""
        self._traces += 1
        return "A" + letters(22, self.seed, 2, self._traces)


def account_number(seed: int, index: int) -> str:
    """15 digits of the ad account with this index."""
    return str(100_000_000_000_000 + (index + 1) * 80_000_000 + mix(seed, 3, index) % 79_999_999)


def asset_id(seed: int, kind: int, index: int) -> str:
    """15 or 16 digits for a page, a pixel, an Instagram user or an app."""
    return str(kind * 100_000_000_000_000 + (index + 1) * 1_000_000 + mix(seed, kind, index) % 999_999)


def is_interest(number: str) -> bool:
    """Whether an id is one of Meta's interests."""
    return _INTEREST.fullmatch(number) is not None


def token(seed: int, index: int) -> str:
    """An access token that looks like Meta's."""
    return "EAAG" + letters(60, seed, 5, index)


def hexadecimal(length: int, *key: int) -> str:
    """So many hexadecimal digits."""
    blocks = (f"{mix(*key, block):016x}" for block in range(length // 16 + 1))
    return "".join(blocks)[:length]


def letters(length: int, *key: int) -> str:
    """So many letters and digits."""
    number = 0
    for block in range(length // 10 + 1):
        number = number << 64 | mix(*key, block)
    text = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        text.append(_ALPHABET[digit])
    return "".join(text)


def cursor(text: str) -> str:
    """An opaque paging cursor: base64 with "=" written "ZD", as Meta's are."""
    return base64.b64encode(text.encode()).decode().replace("=", "ZD")


def uncursor(text: str) -> str | None:
    """The position a cursor encodes; None for a foreign cursor."""
    try:
        return base64.b64decode(text.replace("ZD", "="), validate=True).decode()
    except ValueError:
        return None
