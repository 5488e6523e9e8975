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
REJECTED: Ended = ("failed", {"error": "Rejected"})
UNKNOWN: Ended = ("unknown", {"error": "Unknown"})
DONE: Ended = ("success", {})


@pytest.fixture
def began(rows: Rows) -> Iterator[Rows]:
    """No actions yet, and a switch that was never turned."""
    rows.run("update orchestrator_switch set stopped = false, note = null, changed_at = %(at)s", at=LONG_AGO)
    yield rows
    rows.run("delete from ads_automation_actions")
    rows.run("update orchestrator_switch set stopped = false, note = null")


def settled(rows: Rows, ends: list[Ended], users: int = 2) -> None:
    """Actions that ended so, the first first, of several users in turn."""
    runs = [(user, rows.run_of(user)) for user in (rows.user() for _ in range(users))]
    for number, (status, details) in enumerate(ends):
        user, run_id = runs[number % users]
        at = LONG_AGO + timedelta(hours=1, seconds=number)
        rows.action_of(user, run_id, ordinal=number, status=status, details=details, settled_at=at)


@pytest.mark.parametrize(
    ("ends", "note"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([REJECTED] * 19, None, id="one short"),
        pytest.param([REJECTED] * 20, "20 actions in a row failed with Rejected", id="twenty"),
        pytest.param([UNKNOWN] * 21, "20 actions in a row failed with Unknown", id="one more"),
        pytest.param([*[REJECTED] * 19, UNKNOWN], None, id="two classes"),
        pytest.param([*[REJECTED] * 10, DONE, *[REJECTED] * 19], None, id="a success between"),
        pytest.param([*[REJECTED] * 20, DONE], None, id="a success after"),
        pytest.param(
            [DONE, *[REJECTED] * 20], "20 actions in a row failed with Rejected", id="a success before"
        ),
        pytest.param([("failed", {})] * 20, None, id="without a class"),
        pytest.param([("failed", {"error": "Unknown", "read_back": True})] * 20, None, id="read back later"),
        pytest.param(
            [*[REJECTED] * 19, ("failed", {"error": "Unknown", "read_back": True}), REJECTED],
            "20 actions in a row failed with Rejected",
            id="one read back between",
        ),
        pytest.param([("unknown", {"error": "Stopped"})] * 20, None, id="our own refusals"),
        pytest.param(
            [("unknown", {"error": "UnresolvedOutcome"})] * 20, None, id="what waits to be read back"
        ),
    ],
)
def test_errors_of_one_class_in_a_row_stop_everybody(
    began: Rows, store: Store, ends: list[Ended], note: str | None
):
    settled(began, ends)

    assert store.kill_switch.trip(20) == note
    assert store.kill_switch.state().stopped is (note is not None)


def test_one_users_errors_are_that_users(began: Rows, store: Store):
    settled(began, [REJECTED] * 30, users=1)

    assert store.kill_switch.trip(20) is None


def test_one_error_of_another_user_among_them_makes_it_everybodys(began: Rows, store: Store):
    user, other = began.user(), began.user()
    runs = {user: began.run_of(user), other: began.run_of(other)}
    for number, whose in enumerate([user] * 7 + [other] + [user] * 12):
        at = LONG_AGO + timedelta(hours=1, seconds=number)
        began.action_of(
            whose,
            runs[whose],
            ordinal=number,
            status="failed",
            details={"error": "Rejected"},
            settled_at=at,
        )
        assert store.kill_switch.trip(20) == (
            "20 actions in a row failed with Rejected" if number == 19 else None
        )


def test_errors_of_a_dry_run_do_not_count(began: Rows, store: Store):
    settled(began, [REJECTED] * 19)
    user = began.user()
    began.action_of(
        user, began.run_of(user, dry_run=True), dry_run=True, status="held", details={"error": "Rejected"}
    )

    assert store.kill_switch.trip(20) is None


def test_a_start_counts_anew(began: Rows, store: Store):
    settled(began, [REJECTED] * 20)
    assert store.kill_switch.trip(20) == "20 actions in a row failed with Rejected"
    assert store.kill_switch.state().changed_by == "breaker"

    store.kill_switch.set(None, stopped=False, note=None, changed_by="mia")

    assert store.kill_switch.trip(20) is None
    assert store.kill_switch.state().stopped is False


def test_what_is_stopped_is_not_tripped_again(began: Rows, store: Store):
    settled(began, [REJECTED] * 20)
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
