"""What a step did, as numbers for metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrator.domain.action_log import ActionRow, ActionStatus
from orchestrator.domain.model import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``actions`` by type and status, ``holds`` by reason."""

    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class Before:
    """A user's step when this try began: what an earlier try did is counted already."""

    decided: bool = False
    statuses: dict[int, ActionStatus] = field(default_factory=dict)

    def remember(self, rows: Iterable[ActionRow]) -> None:
        """Store the statuses that an earlier try left."""
        if self.decided:
            self.statuses = {row.id: row.status for row in rows}

    def added(self, rows: Iterable[ActionRow], holds: Iterable[Hold]) -> Counts:
        """What this try added."""
        new = [row for row in rows if self.statuses.get(row.id) != row.status]
        return Counts(
            actions=Counter((row.action.action_type, row.status) for row in new),
            holds=Counter() if self.decided else Counter(hold.reason for hold in holds),
        )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of all."""
    found = Counts()
    for each in counts:
        found.actions.update(each.actions)
        found.holds.update(each.holds)
    return found
