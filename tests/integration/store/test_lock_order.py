"""Two who begin, end, record or forget runs at once wait for each other in turn, never in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from orchestrator.domain.records import DecisionRow, RunEnd
from orchestrator.store import Store
from orchestrator.store.run_requests import RunRequestStore
from tests.integration.store.conftest import Rows

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WAITING = (
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    " and backend_type = 'client backend'"
)


@pytest.fixture
def gate(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that holds rows until it commits."""
    with psycopg.connect(database_url) as connection:
        yield connection


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def stuck(
    rows: Rows, gate: psycopg.Connection[Any], aside: ThreadPoolExecutor
) -> Iterator[Callable[..., Future[Any]]]:
    """Begin something in a thread of its own, and return once it waits for a lock."""
    begun: list[Future[Any]] = []

    def begin(what: Callable[..., Any], *given: Any) -> Future[Any]:
        begun.append(aside.submit(what, *given))
        while len(rows.all(WAITING)) < len(begun) and not any(each.done() for each in begun):
            pass
        return begun[-1]

    yield begin
    gate.rollback()  # or the threads would wait for ever after a failure


def in_order(rows: Rows, count: int, **changes: Any) -> list[tuple[UUID, UUID]]:
    """Runs in id order with their users, whose own order is the opposite one."""
    users = sorted((rows.user() for _ in range(count)), reverse=True)
    run_ids = sorted(uuid4() for _ in range(count))
    for run_id, user in zip(run_ids, users, strict=True):
        rows.run_of(user, id=run_id, **changes)
    return list(zip(run_ids, users, strict=True))


def hold(gate: psycopg.Connection[Any], table: str, column: str, value: object) -> None:
    gate.execute(f"select from {table} where {column} = %s for update", [value])


def statuses(rows: Rows, *run_ids: UUID) -> list[str]:
    found = rows.all("select id, status from ads_automation_runs where id = any(%(ids)s)", ids=list(run_ids))
    by_id = {row["id"]: row["status"] for row in found}
    return [by_id[run_id] for run_id in run_ids]


def test_a_run_that_is_closed_while_the_next_takes_its_user_over(
    store: Store, rows: Rows, gate: psycopg.Connection[Any], stuck: Callable[..., Future[Any]]
):
    user = rows.user()
    dead = rows.run_of(user, status="pending", run_key="dead")
    next_one = rows.run_of(user, status="pending")
    store.runs.start([dead])
    rows.action_of(user, dead, status="planned", settled_at=None)
    rows.run("update user_leases set expires_at = %(at)s where user_id = %(user)s", at=LONG_AGO, user=user)
    hold(gate, "ads_automation_actions", "run_id", dead)

    closing = stuck(store.runs.close, "dead")
    starting = stuck(store.runs.start, [next_one])
    gate.commit()

    assert closing.result().failed == 1
    assert [run.status for run in starting.result()] == ["running"]
    assert statuses(rows, dead, next_one) == ["failed", "running"]


def test_runs_that_end_while_their_decisions_are_recorded(
    store: Store, rows: Rows, gate: psycopg.Connection[Any], stuck: Callable[..., Future[Any]]
):
    (first, _), (second, _), (third, _) = in_order(rows, 3)
    hold(gate, "ads_automation_runs", "id", second)

    recording = stuck(
        store.action_log.record_decisions,
        [DecisionRow(run_id=each, step="allocate", decision={}) for each in (first, second, third)],
    )
    finishing = stuck(store.runs.finish, [RunEnd(run_id=each, status="success") for each in (third, first)])
    gate.commit()

    assert recording.result() == []
    finishing.result()
    assert statuses(rows, first, second, third) == ["success", "running", "success"]


def test_runs_that_end_while_what_they_saw_is_kept(
    store: Store, rows: Rows, gate: psycopg.Connection[Any], stuck: Callable[..., Future[Any]]
):
    (first, last_user), (_, middle_user), (third, first_user) = runs = in_order(rows, 3, status="pending")
    fencing_tokens = {
        run.user_id: run.fencing_token or 0 for run in store.runs.start([run_id for run_id, _ in runs])
    }
    assert first_user < middle_user < last_user
    hold(gate, "user_leases", "user_id", middle_user)

    keeping = stuck(lambda: store.ad_objects.upsert_observed([], fencing_tokens=fencing_tokens))
    finishing = stuck(store.runs.finish, [RunEnd(run_id=each, status="success") for each in (first, third)])
    gate.commit()

    keeping.result()
    finishing.result()
    assert statuses(rows, first, third) == ["success", "success"]


def test_a_run_that_is_forgotten_while_it_is_closed(
    store: Store,
    rows: Rows,
    gate: psycopg.Connection[Any],
    stuck: Callable[..., Future[Any]],
    database_url: str,
):
    run_id = rows.run_of(rows.user(), status="pending", run_key="asked for")
    hold(gate, "ads_automation_runs", "id", run_id)
    desk = RunRequestStore(database_url)

    closing = stuck(store.runs.close, "asked for")
    withdrawing = stuck(desk.requests.withdraw, "asked for")
    gate.commit()

    assert closing.result().failed == 1
    withdrawing.result()
    desk.close()
    assert statuses(rows, run_id) == ["failed"]


def test_two_runs_over_the_same_users_that_are_closed_at_once(
    store: Store, rows: Rows, gate: psycopg.Connection[Any], stuck: Callable[..., Future[Any]]
):
    ended = {"status": "success", "ended_at": LONG_AGO, "started_at": LONG_AGO}
    users = sorted(rows.user() for _ in range(3))
    for key, of in (("one", users), ("other", [users[2], users[0]])):
        rows.insert(
            "ads_sweeps", run_key=key, trigger="cron", run_at=LONG_AGO, dry_run=False, users=3, batches=1
        )
        for user in of:
            row = {"run_key": key, "user_id": user, "batch": 0, "trigger": "cron", "run_at": LONG_AGO}
            rows.insert("ads_automation_runs", dry_run=False, **row, **ended)
    hold(gate, "user_ads_modes", "user_id", users[1])

    first = stuck(store.runs.close, "one")
    second = stuck(store.runs.close, "other")
    gate.commit()

    assert (first.result().success, second.result().success) == (3, 2)


def test_a_run_that_is_closed_while_it_begins_leaves_its_user_free(
    store: Store, rows: Rows, gate: psycopg.Connection[Any], stuck: Callable[..., Future[Any]]
):
    user = rows.user()
    closed = rows.run_of(user, status="pending")
    gate.execute(
        "update ads_automation_runs set status = 'failed', error = 'closed', ended_at = now() where id = %s",
        [closed],
    )

    starting = stuck(store.runs.start, [closed])
    gate.commit()

    assert [run.status for run in starting.result()] == ["failed"]
    next_one = rows.run_of(user, status="pending")
    assert [run.status for run in store.runs.start([next_one])] == ["running"]
