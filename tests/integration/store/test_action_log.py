"""The action log: a decision is recorded once, an action moves one way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec import structs
from psycopg.types.json import Jsonb

from orchestrator.domain.action_log import ActionDraft, ActionRow
from orchestrator.domain.model import Action, PastAction
from orchestrator.domain.records import DecisionRow, UserRows
from orchestrator.errors import InvalidTransition, UnusableValue
from orchestrator.store import Store
from tests.integration.store.conftest import Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

RAISE = Action(
    step="allocate",
    action_type="update_budget",
    goal_key="streams",
    campaign_id="1",
    adset_id="11",
    before_minor=250,
    after_minor=500,
    reason="learning_share",
)


def a_decision(run_id: UUID, *actions: Action, **draft: Any) -> DecisionRow:
    return DecisionRow(
        run_id=run_id,
        step="allocate",
        decision={"holds": [{"reason": "no_room"}]},
        actions=tuple(ActionDraft(action=action, key=uuid4().hex, **draft) for action in actions),
    )


def an_action(store: Store, rows: Rows, **run: Any) -> ActionRow:
    user = rows.user()
    (row,) = store.action_log.record_decisions([a_decision(rows.run_of(user, **run), RAISE)])
    return row


def as_it_stands(store: Store, row: ActionRow) -> ActionRow:
    (found,) = store.action_log.actions([row.run_id])
    return found


def test_a_decision_and_its_actions_are_recorded_in_order(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user)
    second = structs.replace(RAISE, adset_id="12")

    recorded = store.action_log.record_decisions(
        [a_decision(run_id, RAISE, second, details={"why": "share"})]
    )

    assert [(row.ordinal, row.action, row.status) for row in recorded] == [
        (0, RAISE, "planned"),
        (1, second, "planned"),
    ]
    assert [(row.user_id, row.details, row.settled_at) for row in recorded] == [
        (user, {"why": "share"}, None)
    ] * 2
    assert store.action_log.actions([run_id]) == recorded
    assert store.action_log.decisions([run_id], "allocate") == {run_id: {"holds": [{"reason": "no_room"}]}}


def test_a_step_that_is_tried_again_keeps_its_first_decision(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user())
    first = store.action_log.record_decisions([a_decision(run_id, RAISE)])
    other = DecisionRow(
        run_id=run_id, step="allocate", decision={}, actions=(ActionDraft(action=RAISE, key=uuid4().hex),)
    )

    assert store.action_log.record_decisions([other]) == first
    assert store.action_log.decisions([run_id], "allocate")[run_id] == {"holds": [{"reason": "no_room"}]}


def test_a_step_and_its_zombie_record_one_decision(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user())
    twice = [[a_decision(run_id, RAISE)], [a_decision(run_id, RAISE)]]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(store.action_log.record_decisions, twice)

    assert one == other
    assert len(one) == 1


def test_a_run_that_has_ended_decides_nothing_more(store: Store, rows: Rows):
    """A worker that was cut off would leave actions planned that nobody ever holds."""
    ended = rows.run_of(rows.user(), status="failed", error="not finished", ended_at=NOW)
    goes_on = rows.run_of(rows.user())

    recorded = store.action_log.record_decisions([a_decision(ended, RAISE), a_decision(goes_on, RAISE)])

    assert [row.run_id for row in recorded] == [goes_on]
    assert store.action_log.decisions([ended], "allocate") == {}


def test_a_decision_waits_for_whoever_ends_its_run(store: Store, rows: Rows, database_url: str):
    run_id = rows.run_of(rows.user())
    waiting = "select from pg_locks where not granted"

    with psycopg.connect(database_url) as ending, ThreadPoolExecutor(1) as aside:
        ending.execute(
            "update ads_automation_runs set status = 'failed', error = 'x', ended_at = now() where id = %s",
            [run_id],
        )
        recording = aside.submit(store.action_log.record_decisions, [a_decision(run_id, RAISE)])
        while not rows.all(waiting) and not recording.done():
            pass
        ending.commit()

    assert recording.result() == []


def test_a_batch_records_the_new_and_finds_the_old(store: Store, rows: Rows):
    old, new = rows.run_of(rows.user()), rows.run_of(rows.user())
    store.action_log.record_decisions([a_decision(old, RAISE)])

    recorded = store.action_log.record_decisions(
        [a_decision(old, RAISE, RAISE), a_decision(new, RAISE, RAISE)]
    )

    assert [sum(row.run_id == run for row in recorded) for run in (old, new)] == [1, 2]


def test_nothing_of_a_decision_is_recorded_when_a_part_of_it_cannot_be(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user())
    negative = structs.replace(RAISE, after_minor=-1)

    with pytest.raises(UnusableValue):
        store.action_log.record_decisions([a_decision(run_id, RAISE, negative)])

    assert store.action_log.actions([run_id]) == []
    assert store.action_log.decisions([run_id], "allocate") == {}


def test_actions_of_one_step_can_be_asked_for(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user())
    pause = structs.replace(
        RAISE, step="pause", action_type="pause_adset", before_minor=None, after_minor=None
    )
    store.action_log.record_decisions([replace(a_decision(run_id, pause), step="pause")])
    store.action_log.record_decisions([a_decision(run_id, RAISE)])

    assert [row.action.step for row in store.action_log.actions([run_id])] == ["allocate", "pause"]
    assert [row.action.step for row in store.action_log.actions([run_id], "pause")] == ["pause"]


def move(store: Store, row: ActionRow, status: str) -> None:
    if status == "intended":
        store.action_log.mark_intended(row.id)
    else:
        store.action_log.record_outcome(row.id, status)  # type: ignore[arg-type]


ALLOWED = [
    ["intended", "success"],
    ["intended", "failed"],
    ["intended", "held"],
    ["intended", "unknown", "success"],
    ["intended", "unknown", "failed"],
    ["intended", "unknown", "intended", "success"],
    ["intended", "intended", "success"],
    ["success"],
    ["held"],
    ["intended", "success", "success"],
]


@pytest.mark.parametrize("way", ALLOWED, ids=" then ".join)
def test_an_action_may_become(store: Store, rows: Rows, way: list[str]):
    row = an_action(store, rows)

    for status in way:
        move(store, row, status)

    found = as_it_stands(store, row)
    assert (found.status, found.settled_at is not None) == (way[-1], True)


@pytest.mark.parametrize(
    ("way", "refused", "words"),
    [
        (["success"], "intended", "is success and cannot be sent"),
        (["intended", "failed"], "intended", "is failed and cannot be sent"),
        (["held"], "intended", "is held and cannot be sent"),
        (["success"], "failed", "is success and cannot become failed"),
        (["intended", "failed"], "success", "is failed and cannot become success"),
        (["held"], "success", "is held and cannot become success"),
        (["success"], "unknown", "is success and cannot become unknown"),
        ([], "unknown", "is planned and cannot become unknown"),
        ([], "failed", "is planned and cannot become failed"),
    ],
)
def test_an_action_may_not_become(store: Store, rows: Rows, way: list[str], refused: str, words: str):
    row = an_action(store, rows)
    for status in way:
        move(store, row, status)
    before = as_it_stands(store, row)

    with pytest.raises(InvalidTransition, match=words):
        move(store, row, refused)

    assert as_it_stands(store, row) == before


def test_an_action_of_a_dry_run_is_never_sent(store: Store, rows: Rows):
    row = an_action(store, rows, dry_run=True)

    with pytest.raises(InvalidTransition, match="is planned in a dry run and cannot be sent"):
        store.action_log.mark_intended(row.id)


def test_an_action_that_does_not_exist_is_not_sent(store: Store):
    with pytest.raises(InvalidTransition, match="action 0 does not exist and cannot be sent"):
        store.action_log.mark_intended(0)


def test_what_is_said_of_an_action_adds_up(store: Store, rows: Rows):
    row = an_action(store, rows)
    store.action_log.mark_intended(row.id, {"meta_campaign_id": "1"})
    store.action_log.record_outcome(row.id, "unknown", "no answer", {"error": "Unknown"})
    store.action_log.record_outcome(row.id, "success", "Meta has it", {"found": True})

    found = as_it_stands(store, row)

    assert found.message == "Meta has it"
    assert found.details == {"meta_campaign_id": "1", "error": "Unknown", "found": True}


def test_saying_the_same_again_keeps_the_time(store: Store, rows: Rows):
    row = an_action(store, rows)
    store.action_log.record_outcome(row.id, "success")
    before = as_it_stands(store, row)

    store.action_log.record_outcome(row.id, "success")

    assert as_it_stands(store, row) == before


def test_every_attempt_is_counted(store: Store, rows: Rows):
    row = an_action(store, rows)
    for status in ("intended", "unknown", "intended"):
        move(store, row, status)

    assert rows.one("select attempts from ads_automation_actions where id = %(id)s", id=row.id) == {
        "attempts": 2
    }


def test_unsettled_are_the_intended_and_the_unknown_oldest_run_first(store: Store, rows: Rows):
    user = rows.user()
    later = rows.run_of(user, run_at=NOW)
    earlier = rows.run_of(user, run_at=NOW - timedelta(hours=6), status="success", ended_at=NOW)
    dry = rows.run_of(user, dry_run=True)
    statuses = ["planned", "held", "intended", "success", "failed", "unknown"]
    for run_id, at in ((later, NOW), (earlier, NOW - timedelta(hours=6))):
        for ordinal, status in enumerate(statuses):
            settled = None if status in {"planned", "intended"} else NOW
            rows.action_of(user, run_id, ordinal=ordinal, status=status, settled_at=settled, run_at=at)
    rows.action_of(user, dry, dry_run=True, status="planned", settled_at=None)
    rows.action_of(rows.user(), rows.run_of(rows.user()), status="unknown")

    found = store.action_log.unresolved([user])

    assert [(row.run_id, row.status) for row in found] == [
        (earlier, "intended"),
        (earlier, "unknown"),
        (later, "intended"),
        (later, "unknown"),
    ]


def test_history_is_what_happened_live_and_lately(store: Store, rows: Rows):
    user = rows.user()
    hours = [73, 72, 71, 24, 6]
    since = NOW - timedelta(hours=72)
    for ordinal, (status, ago) in enumerate(
        zip(["success", "success", "success", "failed", "unknown"], hours, strict=True)
    ):
        at = NOW - timedelta(hours=ago)
        run_id = rows.run_of(user, status="success", ended_at=at, run_at=at)
        rows.action_of(
            user,
            run_id,
            ordinal=ordinal,
            status=status,
            run_at=at,
            action_type="promote_winner",
            creative_id="c1",
            reason="winner",
        )
    rows.action_of(user, rows.run_of(user, status="success", ended_at=NOW), status="held")
    rows.action_of(user, rows.run_of(user, dry_run=True), dry_run=True, status="planned", settled_at=None)
    at = NOW - timedelta(hours=5)
    rows.action_of(
        user,
        rows.run_of(user, status="success", ended_at=at, run_at=at),
        status="failed",
        run_at=at,
        action_type="create_adset",
        details=Jsonb({"built_from": "f", "half_made": "12", "audience": "broad", "creative_id": "c2"}),
    )

    found = store.users.load([user], history_since=since)[user]
    assert isinstance(found, UserRows)
    history = found.history

    assert [(past.status, past.at) for past in history] == [
        ("success", NOW - timedelta(hours=71)),
        ("unknown", NOW - timedelta(hours=6)),
    ]
    (refusal,) = found.refusals  # what failed and was no refusal may be sent again
    assert (refusal.built_from, refusal.half_made_id) == ("f", "12")
    assert (refusal.action.at, refusal.action.audience, refusal.action.creative_id) == (at, "broad", "c2")
    assert history[0] == PastAction(
        action_type="promote_winner",
        goal_key="streams",
        adset_id="11",
        creative_id="c1",
        reason="winner",
        status="success",
        at=NOW - timedelta(hours=71),
    )


def test_refusals_are_read_with_what_was_built_and_pauses_with_their_ad_set(store: Store, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user, run_at=NOW)
    refused = {"action_type": "create_adset", "adset_id": "new:testing:streams:broad:c1", "status": "failed"}
    built = {
        "error": "Rejected",
        "audience": "broad",
        "creative_id": "c1",
        "built_from": "abc",
        "half_made": "12",
    }
    cannot = {"action_type": "pause_adset", "adset_id": "13", "reason": "cannot_deliver"}
    rows.action_of(user, run_id, ordinal=0, run_at=NOW, **refused, details=built)
    rows.action_of(user, run_id, ordinal=1, run_at=NOW, **refused, details={"error": "Throttled"})
    rows.action_of(user, run_id, ordinal=2, run_at=NOW, **cannot)

    found = store.users.load([user], history_since=NOW - timedelta(hours=72))[user]

    assert isinstance(found, UserRows)
    assert [(h.action_type, h.adset_id, h.reason) for h in found.history] == [
        ("pause_adset", "13", "cannot_deliver")
    ]
    (refusal,) = found.refusals
    assert (refusal.built_from, refusal.half_made_id) == ("abc", "12")
    assert (refusal.action.audience, refusal.action.creative_id) == ("broad", "c1")


def test_a_cooldown_counts_from_the_runs_own_time(store: Store, rows: Rows):
    user = rows.user()
    at = datetime(2031, 5, 1, tzinfo=UTC)
    (row,) = store.action_log.record_decisions([a_decision(rows.run_of(user, run_at=at), RAISE)])
    store.action_log.record_outcome(row.id, "success")

    (past,) = store.users.load([user], history_since=NOW)[user].history  # type: ignore[union-attr]

    assert past.at == at


def test_snapshots_come_back_as_they_were(store: Store, rows: Rows):
    run_id, other = (rows.run_of(rows.user()) for _ in range(2))
    document = {"now": "2026-11-23T12:00:00Z", "ad_sets": [{"id": "11", "daily_budget_minor": 250}] * 40}

    store.snapshots.save({run_id: document, other: {}})

    assert store.snapshots.documents([run_id, other]) == {run_id: document, other: {}}


@pytest.mark.parametrize(("completed", "stands"), [(False, {"first": 1}), (True, {"second": 2})])
def test_the_first_snapshot_stays_until_it_is_completed(
    store: Store,
    rows: Rows,
    completed: bool,  # noqa: FBT001
    stands: dict[str, int],
):
    run_id = rows.run_of(rows.user())
    store.snapshots.save({run_id: {"first": 1}})

    store.snapshots.save({run_id: {"second": 2}}, completed=completed)

    assert store.snapshots.documents([run_id]) == {run_id: stands}


def test_a_run_without_a_snapshot_has_none(store: Store, rows: Rows):
    assert store.snapshots.documents([rows.run_of(rows.user())]) == {}


def test_what_was_decided_ahead_is_found_by_its_step(store: Store, rows: Rows):
    run_id = rows.run_of(rows.user())
    ahead = {"learning": {}, "pause": {"holds": [{"reason": "has_events"}]}}
    decision = {"holds": [{"reason": "within_tolerance"}], "ahead": ahead}
    store.action_log.record_decisions([DecisionRow(run_id=run_id, step="allocate", decision=decision)])

    assert store.action_log.decisions([run_id], "learning") == {run_id: {}}
    assert store.action_log.decisions([run_id], "pause") == {run_id: {"holds": [{"reason": "has_events"}]}}
    assert store.action_log.decisions([run_id], "scale") == {}
    assert store.action_log.decisions([run_id], "allocate") == {run_id: decision}
    shown = rows.all("select step, decision from ads_decided_steps where run_id = %(run)s", run=run_id)
    assert {row["step"]: row["decision"] for row in shown} == {
        "allocate": {"holds": [{"reason": "within_tolerance"}]},
        **ahead,
    }
