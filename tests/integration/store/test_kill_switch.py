"""When writing stops for everybody by itself, and who may turn the switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from orchestrator.errors import LeaseLost, Stopped
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CALL = timedelta(seconds=30)

Ended = tuple[str, dict[str, Any]]


def row_of(actions: int, users: int, error: str) -> str:
    return f"the latest {actions} actions, of {users} users, all failed with {error}"


ROW = row_of(20, 2, "Unknown")
REJECTED: Ended = ("failed", {"error": "Rejected"})
UNKNOWN: Ended = ("unknown", {"error": "Unknown"})
EXPIRED: Ended = ("failed", {"error": "VersionExpired"})
READ_BACK: Ended = ("failed", {"error": "Unknown", "read_back": True})
DONE: Ended = ("success", {})


@pytest.fixture
def began(rows: Rows) -> Iterator[Rows]:
    """No actions yet, and a switch that was never turned."""
    rows.run("update orchestrator_switch set stopped = false, note = null, changed_at = %(at)s", at=LONG_AGO)
    yield rows
    rows.run("delete from ads_automation_actions")
    rows.run("update orchestrator_switch set stopped = false, note = null")


def settled(rows: Rows, ends: list[Ended], users: int = 2, after: int = 0) -> None:
    """Actions that ended so within the hour, the first first, of several users in turn."""
    runs = [(user, rows.run_of(user)) for user in (rows.user() for _ in range(users))]
    for number, (status, details) in enumerate(ends):
        user, run_id = runs[number % users]
        at = datetime.now(UTC) - timedelta(minutes=50) + timedelta(seconds=after + number)
        rows.action_of(user, run_id, ordinal=number, status=status, details=details, settled_at=at)


@pytest.mark.parametrize(
    ("ends", "users", "note"),
    [
        pytest.param([], 2, None, id="nothing"),
        pytest.param([UNKNOWN] * 19, 2, None, id="one action short"),
        pytest.param([UNKNOWN] * 20, 2, ROW, id="all who act"),
        pytest.param(
            [EXPIRED] * 20,
            2,
            row_of(20, 2, "VersionExpired"),
            id="the app",
        ),
        pytest.param([UNKNOWN] * 30, 1, None, id="one user"),
        pytest.param([*[UNKNOWN] * 19, EXPIRED], 2, None, id="two errors"),
        pytest.param([*[UNKNOWN] * 10, DONE, *[UNKNOWN] * 19], 2, None, id="a success between"),
        pytest.param([*[UNKNOWN] * 10, REJECTED, *[UNKNOWN] * 19], 2, None, id="a refusal between"),
        pytest.param([*[UNKNOWN] * 20, DONE], 2, None, id="a success after"),
        pytest.param(
            [DONE, *[UNKNOWN] * 20],
            2,
            ROW,
            id="one before",
        ),
        pytest.param([REJECTED] * 100, 20, None, id="refusals"),
        pytest.param([("failed", {})] * 20, 2, None, id="without a class"),
        pytest.param(
            [("failed", {"error": "Unknown", "read_back": True})] * 20, 2, None, id="read back later"
        ),
        pytest.param(
            [*[UNKNOWN] * 19, READ_BACK, UNKNOWN],
            2,
            ROW,
            id="one read back between",
        ),
        pytest.param([("unknown", {"error": "Stopped"})] * 20, 2, None, id="our own refusals"),
    ],
)
def test_errors_of_the_app_or_the_platform_in_a_row_stop_everybody(
    began: Rows, store: Store, ends: list[Ended], users: int, note: str | None
):
    settled(began, ends, users=users)

    assert store.kill_switch.trip(20) == note
    assert store.kill_switch.state().stopped is (note is not None)


@pytest.mark.parametrize("error", ["Rejected", "AccountClosed", "AuthExpired", "ConfigError", "TooMuchData"])
@pytest.mark.parametrize("refused", [1, 2, 10, 49])
def test_what_some_of_fifty_users_are_refused_in_each_run_stops_nobody(
    began: Rows, store: Store, error: str, refused: int
):
    settled(began, [DONE] * (50 - refused), users=50 - refused)
    settled(began, [("failed", {"error": error})] * refused * 28, users=refused, after=50)

    assert store.kill_switch.trip(20) is None


@pytest.mark.parametrize(
    ("unanswered", "others", "note"),
    [
        pytest.param(19, 1, None, id="19 users, and one other acted"),
        pytest.param(20, 1, row_of(20, 20, "Unknown"), id="20 users"),
        pytest.param(10, 0, row_of(20, 10, "Unknown"), id="10, all that acted"),
        pytest.param(2, 48, None, id="2 of 50"),
    ],
)
def test_unknown_outcomes_stop_everybody_by_the_users_that_have_them(
    began: Rows, store: Store, unanswered: int, others: int, note: str | None
):
    settled(began, [DONE] * others, users=max(others, 1))
    settled(began, [UNKNOWN] * 20, users=unanswered, after=50)

    assert store.kill_switch.trip(20) == note


def test_outcomes_of_an_hour_ago_count_no_more(began: Rows, store: Store):
    settled(began, [UNKNOWN] * 19)
    began.run("update ads_automation_actions set settled_at = settled_at - interval '1 hour'")
    settled(began, [UNKNOWN], after=50)

    assert store.kill_switch.trip(20) is None


def test_errors_of_a_dry_run_do_not_count(began: Rows, store: Store):
    settled(began, [UNKNOWN] * 19)
    user = began.user()
    began.action_of(
        user, began.run_of(user, dry_run=True), dry_run=True, status="held", details={"error": "Unknown"}
    )

    assert store.kill_switch.trip(20) is None


def test_a_start_counts_anew(began: Rows, store: Store):
    settled(began, [UNKNOWN] * 20)
    assert store.kill_switch.trip(20) == ROW
    assert store.kill_switch.state().changed_by == "breaker"

    store.kill_switch.set(None, stopped=False, note=None, changed_by="mia")

    assert store.kill_switch.trip(20) is None
    assert store.kill_switch.state().stopped is False


def test_what_is_stopped_is_not_tripped_again(began: Rows, store: Store):
    settled(began, [UNKNOWN] * 20)
    store.kill_switch.set(None, stopped=True, note="by hand", changed_by="mia")

    assert store.kill_switch.trip(20) is None
    assert store.kill_switch.state().note == "by hand"


@pytest.fixture
def taken(rows: Rows, store: Store) -> tuple[UUID, int]:
    """A user whom a run has taken, and the run's token."""
    user = rows.user()
    (run,) = store.runs.start([rows.run_of(user, status="pending")])
    assert run.fencing_token is not None
    return user, run.fencing_token


def test_the_holder_may_write(store: Store, taken: tuple[UUID, int]):
    store.leases.begin_write(*taken, CALL)
    store.leases.end_write(*taken)


@pytest.mark.parametrize("by", [-1, 1], ids=["an older token", "a token nobody has yet"])
def test_another_token_is_fenced(store: Store, taken: tuple[UUID, int], by: int):
    user, fencing_token = taken

    with pytest.raises(LeaseLost):
        store.leases.begin_write(user, fencing_token + by, CALL)


def test_a_user_nobody_took_is_fenced(store: Store):
    with pytest.raises(LeaseLost):
        store.leases.begin_write(uuid4(), 1, CALL)


def test_a_lease_that_ran_out_is_still_this_trys_while_nobody_took_it_over(
    rows: Rows, store: Store, taken: tuple[UUID, int]
):
    rows.run("update user_leases set expires_at = now() where user_id = %(user)s", user=taken[0])

    store.leases.begin_write(*taken, CALL)

    with pytest.raises(LeaseLost):
        store.leases.begin_write(taken[0], taken[1] - 1, CALL)


@pytest.mark.parametrize(
    ("everybody", "said"),
    [
        pytest.param(
            True, "writing is stopped for everybody: fire; python -m orchestrator start", id="everybody"
        ),
        pytest.param(
            False, "an operator stopped this user; python -m orchestrator start --user", id="the user"
        ),
    ],
)
def test_a_stop_is_asked_before_every_write(
    began: Rows, store: Store, taken: tuple[UUID, int], said: str, *, everybody: bool
):
    whom = None if everybody else [taken[0]]
    store.leases.begin_write(*taken, CALL)
    store.leases.end_write(*taken)
    store.kill_switch.set(whom, stopped=True, note="fire", changed_by="mia")

    with pytest.raises(Stopped, match=said):
        store.leases.begin_write(*taken, CALL)

    store.leases.begin_write(*taken, CALL, allow_when_stopped=True)
    store.leases.end_write(*taken)
    store.kill_switch.set(whom, stopped=False, note=None, changed_by="mia")
    store.leases.begin_write(*taken, CALL)


def test_a_stop_of_the_spending_pauses_nothing_more_after_a_start(store: Store, taken: tuple[UUID, int]):
    store.kill_switch.set(None, stopped=True, note=None, changed_by="mia")
    store.leases.begin_write(*taken, CALL, allow_when_stopped=True)
    store.leases.end_write(*taken)
    store.kill_switch.set(None, stopped=False, note=None, changed_by="leo")

    with pytest.raises(LeaseLost, match="somebody let writing go on again"):
        store.leases.begin_write(*taken, CALL, allow_when_stopped=True)


def test_without_the_switch_nobody_may_write_until_somebody_turns_it(
    fresh_database_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    rows = rows_at(fresh_database_url)
    with Store(fresh_database_url, secrets) as store:
        user = rows.user()
        (run,) = store.runs.start([rows.run_of(user, status="pending")])
        rows.run("delete from orchestrator_switch")

        with pytest.raises(Stopped, match="its row is gone"):
            store.leases.begin_write(user, run.fencing_token or 0, CALL)
        with pytest.raises(LeaseLost, match="nobody can tell whether writing is stopped"):
            store.leases.begin_write(user, run.fencing_token or 0, CALL, allow_when_stopped=True)
        assert store.kill_switch.state().stopped is True

        store.kill_switch.set(None, stopped=False, note=None, changed_by="mia")
        store.leases.begin_write(user, run.fencing_token or 0, CALL)


def test_a_start_forgets_only_what_the_stop_paused(rows: Rows, store: Store):
    user, other = rows.user(), rows.user()
    reasons = {
        rows.campaign_of(whose, goal_key=goal, status="PAUSED", paused_by=by, paused_reason=reason): after
        for whose, goal, by, reason, after in (
            (user, "streams", "orchestrator", "stopped_by_operator", None),
            (user, "presave", "orchestrator", "goal_inactive", "goal_inactive"),
            (user, "virality", "user", None, None),
            (other, "streams", "orchestrator", "stopped_by_operator", "stopped_by_operator"),
        )
    }

    store.kill_switch.set([user], stopped=False, note=None, changed_by="mia")

    for campaign, reason in reasons.items():
        found = rows.one("select paused_reason from ads_campaigns where id = %(id)s", id=campaign)
        assert found == {"paused_reason": reason}
