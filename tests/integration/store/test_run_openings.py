"""A run is opened once: its users in batches, one row each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from orchestrator.domain.records import RefusedUser, RunEnd, RunRequest
from orchestrator.store import PoolLimits, Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOBODY = UUID("00000000-0000-4000-8000-000000000000")

MANY_USERS = """
    with made as (
        insert into user_ads_modes (user_id, goal_settings)
        select gen_random_uuid(), '{"streams": {"is_active": true, "priority": 5}}'
        from generate_series(1, %(users)s)
        returning user_id
    )
    insert into meta_assets
        (user_id, auth_connected, assets_configured, ad_account_id, currency, timezone, access_token)
    select user_id, true, true, 'act_1', 'USD', 'UTC', 'gAAAA' from made
"""


def a_request(**changes: Any) -> RunRequest:
    asked = {
        "run_key": "scheduled__2026-11-23T12:00:00",
        "trigger": "cron",
        "now": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "dry_run": False,
    }
    return RunRequest(**asked | changes)


@pytest.mark.parametrize(
    ("users", "users_per_batch", "sizes"),
    [
        pytest.param(0, 0, [], id="nobody"),
        pytest.param(1, 0, [1], id="one"),
        pytest.param(14, 0, [1] * 14, id="fourteen: one each"),
        pytest.param(50, 0, [1] * 50, id="fifty: one each"),
        pytest.param(51, 0, [12] + [13] * 3, id="fifty-one: four batches"),
        pytest.param(10_000, 0, [2_500] * 4, id="ten thousand: four batches"),
        pytest.param(14, 5, [4, 5, 5], id="fourteen in batches of five"),
        pytest.param(14, 100, [14], id="fourteen in batches of a hundred"),
    ],
)
def test_users_go_into_batches_of_equal_size(
    fresh_database_url: str,
    rows_at: Callable[[str], Rows],
    secrets: Secrets,
    users: int,
    users_per_batch: int,
    sizes: list[int],
):
    rows = rows_at(fresh_database_url)
    rows.run(MANY_USERS, users=users)

    with Store(fresh_database_url, secrets) as store:
        opened = store.run_openings.open(a_request(users_per_batch=users_per_batch))

    found = rows.all(
        "select batch, count(*) as users from ads_automation_runs where status = 'pending' group by batch"
        " order by batch"
    )
    assert (opened.users, opened.refused) == (users, ())
    assert [(b.batch, b.of) for b in opened.batches] == [(n, len(sizes)) for n in range(len(sizes))]
    assert [row["batch"] for row in found] == list(range(len(sizes)))
    assert sorted(row["users"] for row in found) == sizes


def test_a_batch_of_one_has_its_users_name_and_a_larger_one_its_size(
    fresh_database_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    rows = rows_at(fresh_database_url)
    users = sorted(rows.user() for _ in range(3))

    with Store(fresh_database_url, secrets) as store:
        opened = store.run_openings.open(a_request(users_per_batch=2))

    assert [batch.label for batch in opened.batches] == ["batch 1 of 2, 2 users", str(users[2])]


def test_the_same_run_again_is_the_same_and_makes_nothing(store: Store, rows: Rows):
    for _ in range(3):
        rows.user()
    first = store.run_openings.open(a_request(run_key="again"))
    rows.user()

    assert store.run_openings.open(a_request(run_key="again", users_per_batch=1)) == first
    assert rows.one("select count(*) from ads_automation_runs where run_key = 'again'") == {
        "count": first.users
    }


def test_a_run_of_nobody_stays_a_run_of_nobody(
    fresh_database_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    with Store(fresh_database_url, secrets) as store:
        first = store.run_openings.open(a_request())
        rows_at(fresh_database_url).user()

        assert store.run_openings.open(a_request()) == first


def test_two_who_open_the_same_run_at_once_get_the_same(store: Store, rows: Rows):
    for _ in range(20):
        rows.user()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(store.run_openings.open, [a_request(run_key="at once")] * 2)

    assert first == second
    assert rows.one("select count(*) from ads_automation_runs where run_key = 'at once'") == {
        "count": first.users
    }


def test_only_named_users_take_part_and_each_refusal_has_its_reason(store: Store, rows: Rows):
    good = rows.user()
    paused = rows.user(modes={"paused_by_operator": True})
    rows.user()

    opened = store.run_openings.open(a_request(run_key="named", user_ids=(good, paused, NOBODY, good)))

    assert [(b.batch, b.of, b.label) for b in opened.batches] == [(0, 1, str(good))]
    assert set(opened.refused) == {
        RefusedUser(user_id=paused, reason="paused_by_operator"),
        RefusedUser(user_id=NOBODY, reason="unknown_user"),
    }
    assert store.run_openings.open(a_request(run_key="named")) == opened


def test_a_refused_user_has_a_row_that_says_so(store: Store, rows: Rows):
    user = rows.user(assets={"auth_connected": False})
    store.run_openings.open(a_request(run_key="refused", user_ids=(user,)))

    assert rows.one(
        "select status, error, batch, ended_at is not null as ended from ads_automation_runs"
        " where run_key = 'refused'"
    ) == {"status": "refused", "error": "not_connected", "batch": None, "ended": True}


def test_inactive_users_are_left_out_when_asked(store: Store, rows: Rows):
    user = rows.user(modes={"last_active_at": "2026-11-01T00:00:00Z"})

    opened = store.run_openings.open(a_request(run_key="active", user_ids=(user,)), require_activity_days=7)

    assert opened.refused == (RefusedUser(user_id=user, reason="no_recent_activity"),)


def test_a_run_row_keeps_what_was_asked_and_the_settings_of_the_moment(store: Store, rows: Rows):
    user = rows.user(modes={"auto_scale_winners": True, "max_daily_budget": 12.5})
    request = a_request(
        run_key="kept",
        trigger="user",
        dry_run=True,
        user_ids=(user,),
        goal_keys=("streams",),
        config={"policy_hash": "abc"},
    )

    store.run_openings.open(request)
    rows.run("update user_ads_modes set auto_scale_winners = false where user_id = %(user)s", user=user)

    (run,) = store.runs.of_batch("kept", 0)
    assert (run.user_id, run.status, run.trigger, run.dry_run) == (user, "pending", "user", True)
    assert (run.now, run.goal_keys) == (datetime(2026, 11, 23, 12, tzinfo=UTC), ("streams",))
    assert rows.one("select config from recent_runs where run_id = %(id)s", id=run.run_id) == {
        "config": {
            "policy_hash": "abc",
            "goal_settings": {"streams": {"is_active": True, "priority": 5}},
            "auto_scale_winners": True,
            "auto_pause_losers": False,
            "global_daily_budget": 10,
            "max_daily_budget": 12.5,
        }
    }


def test_no_statement_more_for_more_users(
    fresh_database_url: str, rows_at: Callable[[str], Rows], secrets: Secrets, monkeypatch: pytest.MonkeyPatch
):
    executed: list[int] = []
    execute = psycopg.Connection.execute

    def counted(self: psycopg.Connection[Any], *args: Any, **kwargs: Any) -> Any:
        executed[-1] += 1
        return execute(self, *args, **kwargs)

    rows = rows_at(fresh_database_url)
    with Store(fresh_database_url, secrets, limits=PoolLimits(connections=1)) as store:
        store.runs.of_batch("the connection is made before it is counted", 0)
        for users in (1, 200):
            rows.run(MANY_USERS, users=users)
            with monkeypatch.context() as patch:
                executed.append(0)
                patch.setattr(psycopg.Connection, "execute", counted)
                opened = store.run_openings.open(a_request(run_key=f"{users}", users_per_batch=1000))
                runs = store.runs.start([run.run_id for run in store.runs.of_batch(f"{users}", 0)])
                store.users.load([run.user_id for run in runs], history_since=a_request().now)
                store.runs.close(f"{users}")
            assert len(runs) == opened.users

    assert executed[0] == executed[1]


def test_what_an_earlier_run_left_open_is_ended_by_the_next(store: Store, rows: Rows):
    """Airflow's time limit, a person who marked the run failed, a stop that was killed: nobody closed it."""
    begun, never = rows.user(), rows.user()
    run_id = rows.run_of(begun, opened_at=LONG_AGO, started_at=LONG_AGO, run_key="given up")
    rows.action_of(begun, run_id, status="planned", settled_at=None)
    rows.run_of(never, opened_at=LONG_AGO, status="pending", run_key="stop 1")
    for key in ("given up", "stop 1"):
        opened_long_ago(rows, key, "300 days")

    store.run_openings.open(a_request(run_key="after them", user_ids=(NOBODY,)))

    assert rows.all(
        "select r.run_key, r.status, s.closed_at is not null as closed, a.status as action"
        " from ads_automation_runs r join ads_sweeps s using (run_key)"
        " left join ads_automation_actions a on a.run_id = r.id"
        " where r.user_id = any(%(users)s) order by r.run_key",
        users=[begun, never],
    ) == [
        {"run_key": "given up", "status": "failed", "closed": True, "action": "held"},
        {"run_key": "stop 1", "status": "failed", "closed": True, "action": None},
    ]


@pytest.mark.parametrize(
    ("run_key", "opened_at", "is_held", "opened", "is_closed"),
    [
        pytest.param("of now", "0 min", False, "another", False, id="a run of now"),
        pytest.param("late", "300 days", True, "yet another", False, id="one that began late"),
        pytest.param("itself", "300 days", False, "itself", False, id="the run that is opened"),
        # Airflow ends a pass after 5 h 45, and the next one begins after 6 h.
        pytest.param("in time", "5 h 49 min", False, "after 5 h 49", False, id="nearly too long"),
        pytest.param("too long", "5 h 51 min", False, "after 5 h 51", True, id="just too long"),
    ],
)
def test_what_is_worked_on_is_not_ended(
    store: Store, rows: Rows, run_key: str, opened_at: str, opened: str, *, is_held: bool, is_closed: bool
):
    run_id = rows.run_of(rows.user(), status="pending", run_key=run_key)
    opened_long_ago(rows, run_key, opened_at)
    if is_held:
        store.runs.start([run_id])

    store.run_openings.open(a_request(run_key=opened, user_ids=(NOBODY,)))

    assert (is_open(rows, run_key), is_ended(rows, run_id)) == (not is_closed, is_closed)


def opened_long_ago(rows: Rows, run_key: str, ago: str) -> None:
    for table in ("ads_sweeps", "ads_automation_runs"):
        rows.run(
            f"update {table} set opened_at = now() - %(ago)s::interval where run_key = %(key)s",
            ago=ago,
            key=run_key,
        )


def is_open(rows: Rows, run_key: str) -> bool:
    return rows.one("select closed_at from ads_sweeps where run_key = %(key)s", key=run_key) == {
        "closed_at": None
    }


def is_ended(rows: Rows, run_id: UUID) -> bool:
    row = rows.one("select ended_at from ads_automation_runs where id = %(id)s", id=run_id)
    return row["ended_at"] is not None


def test_a_run_that_ended_for_all_its_users_and_that_nobody_closed_is_closed_by_the_next(
    store: Store, rows: Rows, caplog: pytest.LogCaptureFixture
):
    user = rows.user()
    run_id = rows.run_of(user, status="pending", run_key="all ended")
    opened_long_ago(rows, "all ended", "7 h")
    store.runs.start([run_id])
    store.runs.finish([RunEnd(run_id=run_id, status="success")])

    store.run_openings.open(a_request(run_key="after all ended", user_ids=(NOBODY,)))

    assert not is_open(rows, "all ended")
    assert rows.one(
        "select orchestrator_last_run from user_ads_modes where user_id = %(user)s", user=user
    ) == {"orchestrator_last_run": a_request().now}
    assert "run all ended was left open" in caplog.text


def test_an_old_run_that_cannot_be_ended_stops_no_new_one(
    store: Store, rows: Rows, caplog: pytest.LogCaptureFixture
):
    """As when a trigger of the host's fails, or a statement takes too long."""
    run_id = rows.run_of(rows.user(), status="pending", run_key="stubborn")
    good = rows.run_of(rows.user(), status="pending", run_key="willing")
    opened_long_ago(rows, "stubborn", "8 h")
    opened_long_ago(rows, "willing", "7 h")
    rows.run(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;"
        " create trigger refuse before update on ads_sweeps for each row when (old.run_key = 'stubborn')"
        " execute function refuse()"
    )

    try:
        opened = store.run_openings.open(a_request(run_key="after both", user_ids=(NOBODY,)))
    finally:
        rows.run("drop function refuse cascade")

    assert opened.run_key == "after both"
    assert (is_ended(rows, run_id), is_ended(rows, good)) == (False, True)
    assert "run stubborn was left open and could not be ended" in caplog.text
