"""One live run a user: it begins, goes on, ends, or is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from orchestrator.domain.records import RunEnd, RunTotals
from orchestrator.errors import LeaseLost
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def lease_of(rows: Rows, user: UUID) -> dict[str, object]:
    return rows.one(
        "select holder, fencing_token, expires_at > now() as held from user_leases where user_id = %(user)s",
        user=user,
    )


def run_out(rows: Rows, user: UUID) -> None:
    rows.run(
        "update user_leases set expires_at = now() - interval '1 second' where user_id = %(user)s", user=user
    )


def statuses(store: Store, run_ids: list[UUID]) -> list[tuple[str, str | None]]:
    by_id = {run.run_id: (run.status, run.error) for run in store.runs.start(run_ids)}
    return [by_id[run_id] for run_id in run_ids]


def test_a_pending_run_begins_and_holds_its_user(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user, status="pending")

    assert statuses(store, [run_id]) == [("running", None)]
    assert lease_of(rows, user) == {"holder": str(run_id), "fencing_token": 1, "held": True}


def test_each_try_of_a_run_has_a_token_of_its_own(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user, status="pending")

    assert [run.fencing_token for run in store.runs.start([run_id])] == [1]
    run_out(rows, user)
    assert [run.fencing_token for run in store.runs.start([run_id])] == [2]
    assert lease_of(rows, user) == {"holder": str(run_id), "fencing_token": 2, "held": True}


def test_a_second_run_of_a_user_is_refused_while_the_first_goes_on(store: Store, rows: Rows):
    user, other = rows.user(), rows.user()
    first, second, third = (rows.run_of(u, status="pending") for u in (user, user, other))
    store.runs.start([first])

    assert statuses(store, [second, third]) == [("refused", "run_in_progress"), ("running", None)]
    assert statuses(store, [first]) == [("running", None)]


def test_a_running_row_that_nobody_leased_for_is_not_taken_over(store: Store, rows: Rows):
    user = rows.user()
    rows.run_of(user)
    second = rows.run_of(user, status="pending")

    assert statuses(store, [second]) == [("refused", "run_in_progress")]


def test_a_dry_run_goes_on_beside_a_live_one_and_leases_nothing(store: Store, rows: Rows):
    user = rows.user()
    live, dry = rows.run_of(user, status="pending"), rows.run_of(user, status="pending", dry_run=True)
    store.runs.start([live])

    assert statuses(store, [dry]) == [("running", None)]
    assert lease_of(rows, user)["holder"] == str(live)


def test_a_run_whose_lease_ran_out_is_abandoned_for_the_next(store: Store, rows: Rows):
    user = rows.user()
    dead, next_one = (rows.run_of(user, status="pending") for _ in range(2))
    store.runs.start([dead])
    run_out(rows, user)

    assert statuses(store, [next_one]) == [("running", None)]
    assert statuses(store, [dead]) == [
        ("failed", "abandoned: it stopped before its end and its lease ran out")
    ]
    assert lease_of(rows, user) == {"holder": str(next_one), "fencing_token": 2, "held": True}


def test_of_two_that_begin_at_once_one_is_refused(store: Store, rows: Rows):
    users = [rows.user() for _ in range(10)]
    both = [[rows.run_of(user, status="pending") for user in users] for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda run_ids: statuses(store, run_ids), both)

    assert {first[n][0] for n in range(10)} | {second[n][0] for n in range(10)} == {"running", "refused"}
    assert all({a[0], b[0]} == {"running", "refused"} for a, b in zip(first, second, strict=True))


def test_an_ended_run_gives_its_user_back_and_does_not_begin_again(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user, status="pending")
    store.runs.start([run_id])

    store.runs.finish([RunEnd(run_id=run_id, status="throttled", error="wait")])

    assert lease_of(rows, user)["held"] is False
    assert statuses(store, [run_id]) == [("throttled", "wait")]
    assert statuses(store, [rows.run_of(user, status="pending")]) == [("running", None)]
    assert lease_of(rows, user)["fencing_token"] == 3


@pytest.mark.parametrize("lease", ["held", "run out"])
def test_a_run_that_was_ended_writes_nothing_more(store: Store, rows: Rows, lease: str):
    """A worker that was cut off goes on writing until it is told."""
    user = rows.user()
    run_key = f"run-{uuid4()}"
    (run,) = store.runs.start([rows.run_of(user, status="pending", run_key=run_key)])
    if lease == "run out":
        run_out(rows, user)

    store.runs.close(run_key)

    with pytest.raises(LeaseLost):
        store.leases.begin_write(user, run.fencing_token or 0, timedelta(minutes=1))


def test_a_write_under_way_when_its_run_is_ended_is_waited_for(store: Store, rows: Rows):
    user = rows.user()
    run_key = f"run-{uuid4()}"
    (run,) = store.runs.start([rows.run_of(user, status="pending", run_key=run_key)])
    store.leases.begin_write(user, run.fencing_token or 0, timedelta(minutes=1))

    store.runs.close(run_key)

    assert statuses(store, [rows.run_of(user, status="pending")]) == [("refused", "run_in_progress")]


def test_the_first_end_counts(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user(), status="pending")
    store.runs.start([run_id])
    store.runs.finish([RunEnd(run_id=run_id, status="failed", error="first")])

    store.runs.finish([RunEnd(run_id=run_id, status="success")])

    assert statuses(store, [run_id]) == [("failed", "first")]


def counted(rows: Rows, run_id: UUID) -> list[int]:
    row = rows.one(
        "select campaigns_created, campaigns_updated, winners_promoted, budgets_scaled, adsets_paused,"
        " errors_count from ads_automation_runs where id = %(id)s",
        id=run_id,
    )
    return list(row.values())


LOG = [
    # type, campaign, reason, status
    ("create_campaign", "new:testing:streams", "no_learning_campaign", "success"),
    ("create_adset", "new:testing:streams", "new_test_cell", "success"),
    ("create_campaign", "new:scaling:streams", "winner", "failed"),
    ("update_budget", "1", "learning_share", "success"),
    ("update_budget", "1", "learning_share", "success"),
    ("update_budget", "2", "scale_up", "success"),
    ("update_budget", "3", "scale_up", "held"),
    ("promote_winner", "2", "winner", "success"),
    ("promote_winner", "4", "winner", "unknown"),
    ("pause_adset", "1", "loser", "success"),
    ("pause_adset", "1", "loser", "success"),
]


def test_a_finished_run_has_counted_what_was_done(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user)
    for ordinal, (action_type, campaign, reason, status) in enumerate(LOG):
        rows.action_of(
            user,
            run_id,
            ordinal=ordinal,
            action_type=action_type,
            campaign_id=campaign,
            reason=reason,
            status=status,
        )

    store.runs.finish([RunEnd(run_id=run_id, status="success", errors_count=3)])

    # updated: campaigns 1 and 2. errors: one failed, one unknown, three of goals.
    assert counted(rows, run_id) == [1, 2, 1, 1, 2, 5]


def test_a_dry_run_has_counted_what_would_have_been(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user, dry_run=True)
    for ordinal, (action_type, campaign, reason, _) in enumerate(LOG):
        rows.action_of(
            user,
            run_id,
            ordinal=ordinal,
            action_type=action_type,
            campaign_id=campaign,
            reason=reason,
            status="planned",
            settled_at=None,
            dry_run=True,
        )

    store.runs.finish([RunEnd(run_id=run_id, status="success")])

    # updated: campaigns 1 to 4.
    assert counted(rows, run_id) == [2, 4, 2, 2, 2, 0]


def test_what_a_run_planned_and_did_not_begin_is_held_when_it_ends(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user)
    for ordinal, status in enumerate(("planned", "intended")):
        rows.action_of(user, run_id, ordinal=ordinal, status=status, details={"room": 5}, settled_at=None)

    store.runs.finish([RunEnd(run_id=run_id, status="failed", error="Bug: gone")])

    assert rows.all(
        "select status, message, details from ads_automation_actions where run_id = %(run)s order by ordinal",
        run=run_id,
    ) == [
        {
            "status": "held",
            "message": "the run ended before it was begun",
            "details": {"room": 5, "hold": "run_ended"},
        },
        {"status": "intended", "message": None, "details": {"room": 5}},
    ]


def test_closing_a_run_counts_its_users_and_fails_those_left_open(store: Store, rows: Rows):
    key = "closing"
    rows.insert("ads_sweeps", run_key=key, trigger="cron", run_at=NOW, dry_run=False, users=4, batches=1)
    users = [rows.user() for _ in range(4)]
    done, begun, never = (insert_run(rows, key, user) for user in users[:3])
    insert_run(rows, key, users[3], status="refused", error="not_connected", ended_at=NOW)
    store.runs.start([done, begun])
    store.runs.finish([RunEnd(run_id=done, status="success", errors_count=1)])

    totals = store.runs.close(key)

    assert totals == RunTotals(
        run_key=key,
        dry_run=False,
        pending=0,
        running=0,
        success=1,
        failed=2,
        throttled=0,
        refused=1,
        campaigns_created=0,
        campaigns_updated=0,
        winners_promoted=0,
        budgets_scaled=0,
        adsets_paused=0,
        errors_count=1,
    )
    assert store.runs.close(key) == totals
    assert lease_of(rows, users[1])["held"] is False
    assert [last_run(rows, user) for user in users] == [NOW, NOW, None, None]
    assert {never} == {
        row["id"]
        for row in rows.all(
            "select id from ads_automation_runs where run_key = %(key)s and started_at is null"
            " and status = 'failed' and error like 'not finished%%'",
            key=key,
        )
    }


def insert_run(rows: Rows, run_key: str, user: UUID, **changes: object) -> UUID:
    run_id = uuid4()
    row = {
        "id": run_id,
        "run_key": run_key,
        "user_id": user,
        "batch": 0,
        "status": "pending",
        "trigger": "cron",
        "run_at": NOW,
        "dry_run": False,
    }
    rows.insert("ads_automation_runs", **row | changes)
    return run_id


def last_run(rows: Rows, user: UUID) -> object:
    return rows.one("select orchestrator_last_run from user_ads_modes where user_id = %(user)s", user=user)[
        "orchestrator_last_run"
    ]


@pytest.mark.parametrize(
    ("dry_run", "before", "after"),
    [
        pytest.param(False, None, NOW, id="the first run"),
        pytest.param(False, NOW - timedelta(hours=6), NOW, id="a later run"),
        pytest.param(
            False, NOW + timedelta(hours=6), NOW + timedelta(hours=6), id="an earlier run ending late"
        ),
        pytest.param(True, None, None, id="a dry run"),
    ],
)
def test_the_last_run_is_the_latest_that_worked(
    store: Store, rows: Rows, *, dry_run: bool, before: datetime | None, after: datetime | None
):
    user = rows.user(modes={"orchestrator_last_run": before})
    key = uuid4().hex
    run_id = rows.run_of(user, run_key=key, status="pending", dry_run=dry_run)
    store.runs.start([run_id])

    store.runs.close(key)

    assert last_run(rows, user) == after


def test_closing_an_unknown_run_is_an_error(store: Store):
    with pytest.raises(KeyError, match="no run nowhere"):
        store.runs.close("nowhere")


def test_a_lease_lasts_as_long_as_was_said(database_url: str, rows: Rows, secrets: Secrets):
    user = rows.user()
    run_id = rows.run_of(user, status="pending")

    with Store(database_url, secrets, lease=timedelta(minutes=5)) as store:
        store.runs.start([run_id])

    assert rows.one(
        "select expires_at - now() between interval '4 minutes' and interval '5 minutes' as right"
        " from user_leases where user_id = %(user)s",
        user=user,
    ) == {"right": True}
