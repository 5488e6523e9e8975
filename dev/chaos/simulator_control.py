"""The simulator's control API, with what only the proof needs of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demo.simulator_control import SimulatorControl


class Control(SimulatorControl):
    """The demo's stage, and trouble on it."""

    def trouble(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Add fault rules; they are tried in order."""
        self._ask("POST", "/faults", list(rules))

    def calm(self) -> None:
        """No more faults."""
        self._ask("DELETE", "/faults")

    def forget_requests(self) -> None:
        """Empty the log of requests; their numbers go on."""
        self._ask("DELETE", "/requests")

    def everything(self) -> list[dict[str, Any]]:
        """Every account with what is in it."""
        found: list[dict[str, Any]] = self._ask("GET", "/state")["accounts"]
        return found
