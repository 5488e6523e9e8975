"""The journal of requests and answers, newest last."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from graph_simulator.serving.call import Call
from graph_simulator.state.clock import iso

_OK = 200
_MOST_BYTES = 256 * 1024 * 1024
_SECRETS = {"access_token", "appsecret_proof", "fb_exchange_token", "client_secret", "input_token"}


@dataclass(slots=True)
class Entry:
    """One request with its answer; ``batch`` is the number of the request it came in."""

    number: int
    at: int
    call: Call
    account: str | None
    status: int | None
    body: bytes
    took_effect: bool
    fault: str | None
    batch: int | None

    def shown(self) -> dict[str, Any]:
        """The entry as the control API writes it; tokens are left out."""
        return {
            "id": self.number,
            "at": iso(self.at),
            "method": self.call.method,
            "path": self.call.route,
            "version": self.call.version,
            "params": {name: value for name, value in self.call.params.items() if name not in _SECRETS},
            "account": self.account,
            "status": self.status,
            "answer": _read(self.body),
            "took_effect": self.took_effect,
            "fault": self.fault,
            "batch": self.batch,
        }


def _read(body: bytes) -> Any:
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass(slots=True)
class Counts:
    """Totals since the world began, dropped entries included. A batch is one round trip of many calls."""

    round_trips: int = 0
    calls: int = 0
    writes: int = 0
    refused: int = 0

    def add(self, entry: Entry) -> None:
        """Count one more. The envelope of a batch is a round trip and no call."""
        self.round_trips += entry.batch is None
        if entry.call.method == "POST" and not entry.call.path and "batch" in entry.call.params:
            return
        self.calls += 1
        self.writes += entry.call.method != "GET"
        self.refused += entry.status != _OK


class Journal:
    """The last requests, bounded by number and by the bytes of their answers."""

    def __init__(self, max_entries: int) -> None:
        self.counts = Counts()
        self._max_entries = max_entries
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._count = 0

    def next_number(self) -> int:
        """The number of the request that begins now."""
        self._count += 1
        return self._count

    def add(self, entry: Entry) -> None:
        """Append an entry; drop the oldest beyond the bounds."""
        self.counts.add(entry)
        self._entries.append(entry)
        self._bytes += len(entry.body)
        while self._entries and (len(self._entries) > self._max_entries or self._bytes > _MOST_BYTES):
            self._bytes -= len(self._entries.popleft().body)

    def entries(self) -> list[Entry]:
        """The stored entries, in order of their numbers."""
        return sorted(self._entries, key=lambda entry: entry.number)

    def clear(self) -> None:
        """Forget all; the numbers go on."""
        self._entries.clear()
        self._bytes = 0
