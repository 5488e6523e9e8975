"""What an answer is written with: the world, the moment, the caller's token and address."""

from __future__ import annotations

from dataclasses import dataclass

from graph_simulator.state.assets import User
from graph_simulator.state.clock import written
from graph_simulator.state.objects import Account
from graph_simulator.state.world import World

LATEST = "v27.0"


@dataclass(frozen=True, slots=True)
class View:
    """One caller's view of the world at one moment. ``base`` is scheme, host and ``version``."""

    world: World
    now: int
    token: str
    base: str
    user: User
    version: str = LATEST

    def at(self, instant: int | None, account: Account) -> str | None:
        """An instant as Meta writes it, in the account's time zone."""
        return None if instant is None else written(instant, account.timezone)
