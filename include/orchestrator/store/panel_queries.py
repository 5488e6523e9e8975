"""What the operator's panel reads, and the two toggles that it sets.

A page of users is two statements whatever the fleet's size: the keys of the page, then one line a
key. Both read in key order, so neither sorts everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from orchestrator.domain.records import RunTotals
from orchestrator.store.database import Connection, Database, PoolLimits, statement

Row = Mapping[str, Any]
FleetState = Literal["running", "failed", "paused", "throttled", "worked", "idle"]

FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
STATEMENT_S = 15
"""A page is for a person: what takes longer is given up."""

_KEYS: Mapping[FleetState | None, str] = {
    None: "panel_fleet/everybody",
    "running": "panel_fleet/running",
    "paused": "panel_fleet/paused",
    "failed": "panel_fleet/troubled",
    "throttled": "panel_fleet/troubled",
    "worked": "panel_fleet/quiet",
    "idle": "panel_fleet/quiet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which users a page shows: all, those of a state, those whose id begins so, or an ad account's."""

    state: FleetState | None = None
    low: UUID = FIRST
    high: UUID = LAST
    ad_account_id: str | None = None
    after: UUID = FIRST


@dataclass(frozen=True, slots=True)
class Page:
    """Some users, and the key after which the next page begins; null on the last one."""

    rows: Sequence[Row]
    after: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUsersFilter:
    """Which users of a run a page shows; None: no restriction."""

    batch: int | None = None
    status: str | None = None
    after: UUID = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOpening:
    """A run as it was opened, over all of its users; ``closed_at`` None: not at its end."""

    run_key: str
    trigger: str
    dry_run: bool
    run_at: datetime
    users: int
    batches: int
    opened_at: datetime
    closed_at: datetime | None
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """What pictures are made of: days by goal and role, success by week (latest first), goals that learn."""

    days: Sequence[Row]
    weeks: Sequence[Row]
    learning_goals: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """Figures of everybody: users by state, live budgets by currency, the last day's actions by kind."""

    states: Sequence[Row]
    money: Sequence[Row]
    day: Sequence[Row]


class PanelStore:
    """The panel's questions, each in one short transaction.

    Every method raises ``DatabaseUnavailable`` when Postgres cannot be reached or is too slow.
    """

    def __init__(self, dsn: str, *, connections: int = 4) -> None:
        self._database = Database(dsn, PoolLimits(connections=connections, statement_s=STATEMENT_S))

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def page(self, wanted: Wanted, page_size: int = 50) -> Page:
        """One page of users, by id."""
        with self._database.transaction() as tx:
            keys = _keys(tx, wanted, page_size + 1)
            shown = keys[:page_size]
            rows = tx.execute(statement("panel_fleet/users"), {"user_ids": shown}).fetchall()
        return Page(rows, shown[-1] if len(keys) > page_size else None)

    def fleet(self) -> Fleet:
        """The figures of everybody: reads every user once, so keep the answer for a while."""
        with self._database.transaction() as tx:
            return Fleet(
                *(
                    tx.execute(statement(f"panel_fleet/{part}")).fetchall()
                    for part in ("states", "money", "day")
                )
            )

    def user(self, user_id: UUID) -> Row | None:
        """A user's settings and assets, or null when there is no such user."""
        with self._database.transaction() as tx:
            return tx.execute(statement("panel_user/user"), {"user_id": user_id}).fetchone()

    def campaigns(self, user_id: UUID) -> tuple[Sequence[Row], Sequence[Row]]:
        """A user's campaigns that live, and their ad sets."""
        with self._database.transaction() as tx:
            campaigns = tx.execute(statement("panel_user/campaigns"), {"user_id": user_id}).fetchall()
            return campaigns, tx.execute(statement("panel_user/ad_sets"), {"user_id": user_id}).fetchall()

    def runs(self, user_id: UUID, *, before: datetime | None = None, page_size: int = 10) -> Sequence[Row]:
        """A user's latest runs, newest first."""
        return self._runs(user_id, before=before, page_size=page_size)

    def run(self, user_id: UUID, *, run_id: UUID | None = None, run_key: str | None = None) -> Row | None:
        """One run of a user, by its own id or by the whole run's."""
        found = self._runs(user_id, run_id=run_id, run_key=run_key, page_size=1)
        return found[0] if found else None

    def past(self, user_id: UUID) -> Past:
        """What came of a user's campaigns."""
        with self._database.transaction() as tx:
            return _past(tx, "panel_user/days", "panel_user/weeks", {"user_id": user_id, "currency": None})

    def fleet_past(self, currency: str) -> Past:
        """What came of everybody's campaigns in one currency: reads many rows, so keep it for a while."""
        with self._database.transaction() as tx:
            asked = {"user_id": None, "currency": currency}
            return _past(tx, "panel_fleet/days", "panel_fleet/weeks", asked)

    def live_runs(self, user_id: UUID, page_size: int = 40) -> Sequence[Row]:
        """A user's latest runs that wrote, oldest first."""
        with self._database.transaction() as tx:
            return tx.execute(
                statement("panel_fleet/live_runs"), {"user_id": user_id, "page_size": page_size}
            ).fetchall()

    def decisions(self, run_id: UUID) -> dict[str, dict[str, Any]]:
        """What each step of a run decided; a step that was not reached is not there."""
        with self._database.transaction() as tx:
            rows = tx.execute(statement("panel_user/decisions"), {"run_id": run_id})
            return {row["step"]: row["decision"] for row in rows}

    def totals(self, run_key: str) -> RunTotals | None:
        """What a whole run came to up to now; null before it was opened."""
        with self._database.transaction() as tx:
            row = tx.execute(statement("runs/totals"), {"run_key": run_key}).fetchone()
            return RunTotals(**row) if row else None

    def opening(self, run_key: str) -> RunOpening | None:
        """A run as it was opened; None before that."""
        with self._database.transaction() as tx:
            row = tx.execute(statement("panel_run/opening"), {"run_key": run_key}).fetchone()
            return RunOpening(**row) if row else None

    def run_users(self, run_key: str, chosen: RunUsersFilter, page_size: int = 50) -> Page:
        """One page of a run's users, by id. Reads every row of the run."""
        bound = {"run_key": run_key, "page_size": page_size + 1} | asdict(chosen)
        with self._database.transaction() as tx:
            rows = tx.execute(statement("panel_run/users"), bound).fetchall()
        shown = rows[:page_size]
        return Page(shown, shown[-1]["user_id"] if len(rows) > page_size else None)

    def creative_names(self, user_id: UUID) -> dict[str, str]:
        """What a user calls their creatives, by id."""
        with self._database.transaction() as tx:
            rows = tx.execute(statement("panel_user/creatives"), {"user_id": user_id})
            return {row["id"]: row["name"] for row in rows}

    def set_toggles(self, user_id: UUID, toggles: Mapping[str, bool], changed_by: str) -> Row | None:
        """Switch Auto-Scale Winners, Auto-Pause Losers or both; the row as it is then, with who and when."""
        asked = {"auto_scale_winners": None, "auto_pause_losers": None, **toggles}
        with self._database.transaction() as tx:
            return tx.execute(
                statement("panel_user/set_toggle"), asked | {"user_id": user_id, "changed_by": changed_by}
            ).fetchone()

    def _runs(self, user_id: UUID, **asked: Any) -> Sequence[Row]:
        bound = {"user_id": user_id, "before": None, "run_id": None, "run_key": None} | asked
        with self._database.transaction() as tx:
            return tx.execute(statement("panel_user/runs"), bound).fetchall()


def _keys(tx: Connection, wanted: Wanted, page_size: int) -> list[UUID]:
    asked = {
        "after": wanted.after,
        "low": wanted.low,
        "high": wanted.high,
        "state": wanted.state,
        "ad_account_id": wanted.ad_account_id,
        "page_size": page_size,
    }
    name = _KEYS[wanted.state] if wanted.ad_account_id is None else "panel_fleet/of_account"
    return [row["user_id"] for row in tx.execute(statement(name), asked)]


def _past(tx: Connection, days: str, weeks: str, asked: Mapping[str, Any]) -> Past:
    (learning,) = tx.execute(statement("panel_user/learning_goals"), asked).fetchall()
    return Past(
        tx.execute(statement(days), asked).fetchall(),
        tx.execute(statement(weeks), asked).fetchall(),
        learning["goals"],
    )
