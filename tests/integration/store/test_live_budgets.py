"""One live budget: what a plan counts, what a preflight counts, and what Postgres counts are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from orchestrator import rules
from orchestrator.domain.model import Action, AdSet, Campaign, Snapshot
from orchestrator.rules.live_budget import campaign_minor, change_minor, live_minor
from orchestrator.rules.preconditions import RemoteState, headroom_for
from tests.integration.store.conftest import Rows
from tests.unit.rules.random_worlds import random_world
from tests.unit.rules.worlds import thresholds

SQL = Path(rules.__file__).parents[1] / "store" / "sql"
TOTAL = "select coalesce(sum(live_minor), 0)::bigint as minor from ads_live_budgets where user_id = %(user)s"
ACTION_TYPES = ("update_budget", "pause_campaign", "resume_campaign", "pause_adset", "resume_adset")


def world_of(seed: int) -> Snapshot:
    """A random world, in which budgets also stand where they do not count."""
    dice, world = Random(seed), random_world(seed)

    def odd(thing: Any) -> Any:
        daily = dice.choice([thing.daily_budget_minor, None, 70])
        lifetime = dice.choice([None, None, 0, 50]) if daily is None else None
        return replace(thing, daily_budget_minor=daily, lifetime_daily_minor=lifetime)

    return replace(
        world,
        campaigns=tuple(map(odd, world.campaigns)),
        ad_sets=tuple(map(odd, world.ad_sets)),
        account=replace(world.account, currency="USD", units_per_usd=None),
    )


def remote_of(world: Snapshot) -> RemoteState:
    return RemoteState(
        campaigns={c.id: c for c in world.campaigns}, ad_sets={a.id: a for a in world.ad_sets}, cap_minor=0
    )


def stored(rows: Rows, world: Snapshot) -> UUID:
    """The world's campaigns and ad sets as rows of a new user, their ids behind the user's."""
    user = rows.user()
    for campaign in world.campaigns:
        rows.campaign_of(
            user, role=campaign.role, goal_key=campaign.goal_key, spare=True, **_row(user, campaign)
        )
    for ad_set in world.ad_sets:
        rows.ad_set_of(user, f"{user}{ad_set.campaign_id}", **_row(user, ad_set))
    return user


def _row(user: UUID, thing: Campaign | AdSet) -> dict[str, Any]:
    return {
        "id": f"{user}{thing.id}",
        "status": thing.status,
        "removed_at": "2026-11-20T00:00:00Z" if thing.status in {"ARCHIVED", "DELETED"} else None,
        "daily_budget_minor": thing.daily_budget_minor,
        "lifetime_daily_minor": thing.lifetime_daily_minor,
    }


def actions_on(world: Snapshot, dice: Random) -> Iterator[Action]:
    """An action of each type on each thing, whether it makes sense or not; with new ad sets and copies."""
    for campaign in world.campaigns:
        for action_type in ACTION_TYPES[:3]:
            yield _action(action_type, campaign.id, None, dice.randint(0, 900))
        yield _action("create_adset", campaign.id, "new:x", dice.randint(0, 900))
    for ad_set in world.ad_sets:
        for action_type in ("update_budget", *ACTION_TYPES[3:], "promote_winner"):
            yield _action(action_type, ad_set.campaign_id, ad_set.id, dice.randint(0, 900))


def _action(action_type: Any, campaign_id: str, ad_set_id: str | None, minor: int) -> Action:
    has_budget = action_type in {"update_budget", "create_adset"}
    return Action(
        step="allocate",
        action_type=action_type,
        goal_key="streams",
        campaign_id=campaign_id,
        adset_id=ad_set_id,
        before_minor=None,
        after_minor=minor if has_budget else None,
        reason="learning_share",
    )


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_plan_preflight_and_postgres_count_the_same(rows: Rows, seed: int):
    for each in range(seed, seed + 40):
        world = world_of(each)
        state, remote, user = rules.initial_state(world, thresholds()), remote_of(world), stored(rows, world)
        campaigns = rows.all("select * from ads_live_budgets where user_id = %(user)s", user=user)

        assert state.live_minor == live_minor(state) == live_minor(remote)
        assert rows.one(TOTAL, user=user) == {"minor": state.live_minor}
        assert {c["campaign_id"]: c["budget_minor"] for c in campaigns} == {
            f"{user}{c.id}": campaign_minor(c, remote.active_of) for c in world.campaigns
        }


@pytest.mark.parametrize("seed", range(60))
def test_plan_and_preflight_agree_on_what_an_action_adds(seed: int):
    world = world_of(seed)
    state, remote = rules.initial_state(world, thresholds()), remote_of(world)

    for action in actions_on(world, Random(seed)):
        campaign = remote.campaigns[action.campaign_id or ""]
        if action.action_type == "create_adset" and campaign.status == "PAUSED":
            continue  # the preflight counts it with the campaign running, as the plan that resumes it first
        room = headroom_for(action, remote)
        assert (room.live_minor, room.rise_minor) == (state.live_minor, change_minor(state, action)), action


UPDATES = {
    "update_budget": "daily_budget_minor = %(minor)s",
    "pause": "status = case status when 'ACTIVE' then 'PAUSED' else status end",
    "resume": "status = 'ACTIVE', removed_at = null",
}


@pytest.mark.parametrize("seed", range(10))
def test_postgres_agrees_on_what_an_action_adds(rows: Rows, seed: int):
    world = world_of(seed)
    state, user = rules.initial_state(world, thresholds()), stored(rows, world)

    for action in actions_on(world, Random(seed)):
        if action.action_type in {"create_adset", "promote_winner"}:
            continue
        table = "ads_campaigns" if action.adset_id is None else "ads_ad_sets"
        update = UPDATES[action.action_type.removesuffix("_campaign").removesuffix("_adset")]
        with rows.connection.transaction(force_rollback=True):
            thing = f"{user}{action.adset_id or action.campaign_id}"
            rows.run(f"update {table} set {update} where id = %(id)s", id=thing, minor=action.after_minor)
            after = rows.one(TOTAL, user=user)["minor"]
        assert after == state.live_minor + change_minor(state, action), action


def test_a_new_ad_set_is_live_with_its_campaign(rows: Rows):
    user = rows.user()
    paused, active = rows.campaign_of(user, status="PAUSED"), rows.campaign_of(user, spare=True)
    for campaign in (paused, active):
        rows.ad_set_of(user, campaign, daily_budget_minor=70, id=uuid4().hex)

    assert rows.one(TOTAL, user=user) == {"minor": 70}


@pytest.mark.parametrize(
    ("owner", "minor"),
    [
        ({}, 70 + 8000),
        ({"daily_budget_minor": 900}, 900),
        ({"lifetime_daily_minor": 0}, 0),
        ({"role": "scaling"}, 70 + 8000),
    ],
)
def test_whoever_owns_the_budget_spends_it_people_s_ad_sets_too(
    rows: Rows, owner: dict[str, Any], minor: int
):
    user = rows.user()
    campaign = rows.campaign_of(user, foreign_daily_minor=8000, **owner)
    rows.ad_set_of(user, campaign, daily_budget_minor=None, lifetime_daily_minor=70)

    assert rows.one(TOTAL, user=user) == {"minor": minor}


def test_no_statement_has_a_definition_of_its_own():
    own = [
        str(path.relative_to(SQL)) for path in SQL.rglob("*.sql") if "sum(s.daily_budget" in path.read_text()
    ]

    assert own == []
