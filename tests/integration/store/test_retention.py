"""What is old goes, and what somebody still needs stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from orchestrator.domain import policy
from orchestrator.runs import retention
from orchestrator.settings import Settings
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=401)
TABLES = (
    "ads_run_snapshots",
    "ads_run_decisions",
    "ads_automation_actions",
    "ads_automation_runs",
    "ads_sweeps",
    "ads_insights_daily",
)


@pytest.fixture
def rows(fresh_database_url: str, secrets: Secrets) -> Iterator[Rows]:
    with psycopg.connect(fresh_database_url, autocommit=True, row_factory=dict_row) as connection:
        yield Rows(connection, secrets)


@pytest.fixture
def store(fresh_database_url: str, secrets: Secrets) -> Iterator[Store]:
    with Store(fresh_database_url, secrets) as opened:
        yield opened


def ages(**days: int) -> dict[Any, Any]:
    keep = {f"keep_{kind}_days": n for kind, n in days.items()}
    return retention.cutoffs(Settings.model_validate(keep), policy.load(), NOW)


def an_old_run(rows: Rows, user: UUID, at: datetime = LONG_AGO, **changes: Any) -> UUID:
    """A run that ended at an instant, closed, with a snapshot and a decision; without actions."""
    ended = {"opened_at": at, "ended_at": at, "run_at": at, "status": "success"} | changes
    run_id = rows.run_of(user, **ended)
    rows.run(
        "update ads_sweeps set closed_at = %(at)s, opened_at = %(at)s"
        " where run_key = (select run_key from ads_automation_runs where id = %(id)s)",
        at=at,
        id=run_id,
    )
    rows.insert("ads_run_snapshots", run_id=run_id, user_id=user, snapshot=b"", saved_at=at)
    rows.insert(
        "ads_run_decisions", run_id=run_id, user_id=user, step="allocate", decision={}, recorded_at=at
    )
    return run_id


def an_old_action(rows: Rows, user: UUID, run_id: UUID, at: datetime = LONG_AGO, **changes: Any) -> None:
    rows.action_of(user, run_id, **{"run_at": at, "created_at": at} | changes)


def left(rows: Rows) -> dict[str, int]:
    counts = {table: rows.one(f"select count(*) as n from {table}")["n"] for table in TABLES}
    return {table: n for table, n in counts.items() if n}


def test_of_a_run_of_long_ago_nothing_is_left(rows: Rows, store: Store):
    user = rows.user()
    an_old_action(rows, user, an_old_run(rows, user))

    done = retention.tidy(store, ages())

    assert left(rows) == {}
    assert {each.kind: each.rows for each in done} == {
        "snapshots": 1,
        "decisions": 1,
        "actions": 1,
        "runs": 1,
        "sweeps": 1,
        "insights": 0,
    }
    assert done[0].before == datetime(2026, 10, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "remains"),
    [
        pytest.param(29, "snapshot decision action run", id="within a month"),
        pytest.param(31, "decision action run", id="after a month the snapshot goes"),
        pytest.param(91, "action run", id="after a quarter the decision"),
        pytest.param(399, "action run", id="before a year and a month"),
        pytest.param(401, "", id="then all of it"),
    ],
)
def test_each_kind_has_an_age_of_its_own(rows: Rows, store: Store, days: int, remains: str):
    user, at = rows.user(), NOW - timedelta(days=days)
    an_old_action(rows, user, an_old_run(rows, user, at), at)

    retention.tidy(store, ages())

    tables = {
        "snapshot": "ads_run_snapshots",
        "decision": "ads_run_decisions",
        "action": "ads_automation_actions",
        "run": "ads_automation_runs",
    }
    assert set(left(rows)) - {"ads_sweeps"} == {tables[name] for name in remains.split()}


def test_a_dry_run_goes_after_a_month_with_all_it_planned(rows: Rows, store: Store):
    user, at = rows.user(), NOW - timedelta(days=31)
    dry = an_old_run(rows, user, at, dry_run=True, trigger="dryrun")
    an_old_action(rows, user, dry, at, dry_run=True, status="planned", settled_at=None)

    retention.tidy(store, ages())

    assert left(rows) == {}


@pytest.mark.parametrize(
    "still_open",
    [
        pytest.param({"status": "intended", "settled_at": None}, id="about to be sent"),
        pytest.param({"status": "unknown"}, id="nobody knows whether it happened"),
        pytest.param(
            {"action_type": "create_campaign", "details": {"activating": []}},
            id="created, and its activation begun",
        ),
    ],
)
def test_a_run_with_an_open_action_stays_whole(rows: Rows, store: Store, still_open: dict[str, Any]):
    user = rows.user()
    run_id = an_old_run(rows, user)
    an_old_action(rows, user, run_id)
    an_old_action(rows, user, run_id, ordinal=1, **still_open)
    before = left(rows)

    retention.tidy(store, ages())

    assert left(rows) == before
    assert len(store.action_log.actions([run_id])) == 2
    assert len(store.action_log.unresolved([user])) == 1


def test_a_campaign_whose_activation_ended_is_as_old_as_any(rows: Rows, store: Store):
    user = rows.user()
    ended = {"action_type": "create_campaign", "details": {"activating": [], "activation": "done"}}
    an_old_action(rows, user, an_old_run(rows, user), **ended)

    retention.tidy(store, ages())

    assert left(rows) == {}


@pytest.mark.parametrize("status", ["pending", "running"])
def test_a_run_that_has_not_ended_stays_whole(rows: Rows, store: Store, status: str):
    user = rows.user()
    run_id = an_old_run(rows, user, status=status, ended_at=None)
    an_old_action(rows, user, run_id)
    before = left(rows)

    retention.tidy(store, ages())

    assert left(rows) == before


def test_a_whole_run_that_was_never_closed_stays(rows: Rows, store: Store):
    rows.insert(
        "ads_sweeps",
        run_key="x",
        trigger="cron",
        run_at=LONG_AGO,
        opened_at=LONG_AGO,
        dry_run=False,
        users=0,
        batches=0,
    )

    retention.tidy(store, ages())

    assert left(rows) == {"ads_sweeps": 1}


def test_success_reads_the_same_before_and_after(rows: Rows, store: Store):
    user = rows.user()
    testing = rows.campaign_of(user, created_at=LONG_AGO)
    scaling = rows.campaign_of(user, role="scaling", created_at=LONG_AGO)
    run_id = an_old_run(rows, user)
    an_old_action(rows, user, run_id, step="promote", action_type="promote_winner", reason="winner")
    later = an_old_run(rows, user, LONG_AGO + timedelta(hours=6))
    an_old_action(rows, user, later, LONG_AGO + timedelta(hours=6), step="scale", reason="scale_up")
    an_old_action(rows, user, later, ordinal=1)
    for campaign, spend in ((testing, 1000), (scaling, 800)):
        ad_set = rows.ad_set_of(user, campaign)
        for day in range(420, 395, -1):
            on = (NOW - timedelta(days=day)).date()
            rows.day_of(user, ad_set, on, spend_minor=spend + day, events=10)
    query = "select * from weekly_success where user_id = %(user)s order by week"
    before = rows.all(query, user=user)

    retention.tidy(store, ages(), chunk=7)

    assert rows.all(query, user=user) == before
    assert sum(week["promotions_scaled"] for week in before) == 1
    assert left(rows)["ads_insights_daily"] == 10  # days 396 to 400 of two ad sets
    assert left(rows)["ads_automation_actions"] == 2


def test_a_day_that_belongs_to_no_ad_set_of_ours_goes_without_a_trace(rows: Rows, store: Store):
    rows.day_of(rows.user(), "nobodys", "2025-01-01")

    retention.tidy(store, ages())

    assert left(rows) == {}
    assert rows.all("select * from ads_insights_weekly") == []


def test_chunks_add_up_and_are_told(rows: Rows, store: Store):
    user = rows.user()
    for _ in range(5):
        an_old_run(rows, user)
    told: list[tuple[str, int]] = []

    retention.tidy(store, ages(), chunk=2, said=lambda kind, n: told.append((kind, n)))

    assert [n for kind, n in told if kind == "snapshots"] == [2, 4, 5]
    assert left(rows) == {}


def test_stopped_in_the_middle_it_goes_on_where_it_was(rows: Rows, store: Store):
    user = rows.user()
    for _ in range(3):
        an_old_action(rows, user, an_old_run(rows, user))

    def killed(kind: str, _rows: int) -> None:
        if kind == "actions":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retention.tidy(store, ages(), chunk=2, said=killed)
    assert left(rows) == {"ads_automation_actions": 1, "ads_automation_runs": 3, "ads_sweeps": 3}

    retention.tidy(store, ages(), chunk=2)

    assert left(rows) == {}


def test_a_dry_run_of_it_counts_and_removes_nothing(rows: Rows, store: Store):
    user = rows.user()
    an_old_run(rows, user)
    before = left(rows)

    done = retention.tidy(store, ages(), dry_run=True)

    assert {each.kind: each.rows for each in done if each.rows} == {"snapshots": 1, "decisions": 1}
    assert left(rows) == before


def test_it_waits_for_nobody_who_works_on_a_run_of_today(rows: Rows, store: Store, fresh_database_url: str):
    user = rows.user()
    an_old_run(rows, user)
    today = rows.run_of(user)
    with psycopg.connect(fresh_database_url) as working:
        working.execute("update ads_automation_runs set started_at = now() where id = %s", [today])
        working.execute("lock table ads_automation_actions in row exclusive mode")

        retention.tidy(store, ages())

    assert left(rows) == {"ads_automation_runs": 1, "ads_sweeps": 1}


def test_the_log_outlives_every_cooldown_that_asks_for_it():
    half_a_year = policy.overridden({"promotion_cooldown_hours": 24 * 180})

    found = retention.cutoffs(Settings.model_validate({"keep_actions_days": 30}), half_a_year, NOW)

    assert found["actions"].before == NOW - timedelta(days=182)
    assert found["snapshots"].before == NOW - timedelta(days=182)


def test_a_dry_run_never_outlives_a_live_one():
    found = ages(snapshots=7, dry_runs=30)

    assert found["snapshots"].before == found["snapshots"].dry_before == NOW - timedelta(days=7)
