"""Worlds nobody would think of, each from one seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from orchestrator.domain.model import Snapshot
from tests.unit.rules.worlds import (
    D1,
    D2,
    NOW,
    account,
    ad_set,
    ago,
    creative,
    day,
    did,
    goal,
    learning,
    past,
    scaling,
    settings,
    template,
)

KEYS = ("streams", "presave", "virality", "podcasts")
CAMPAIGN_REASONS = (
    None,
    "goal_inactive",
    "no_budget_left",
    "below_minimum_budget",
    "no_active_adset",
    "no_events_anywhere",
)
AD_SET_REASONS = (
    "below_minimum_budget",
    "below_minimum_budget",
    "creative_not_approved",
    "cannot_deliver",
    "ended",
    "loser",
    "loser",
)
AUDIENCES = ("a", "b", "c")
TODAY = D1 + timedelta(days=1)


def random_world(seed: int) -> Snapshot:
    """Any world: much of it is paused, removed, broken or above the cap; some of it goes well."""
    dice = Random(seed)
    calm = dice.choice([0.3, 0.8, 1.0])
    keys = dice.sample(KEYS, dice.randint(1, 4))
    odd = dice.random() < 0.3
    creatives = tuple(_creative(dice, calm, f"c{i}", keys) for i in range(dice.randint(0, 8)))
    campaigns = tuple(_campaign(dice, calm, str(i), keys) for i in range(dice.randint(0, 6)))
    ad_sets = tuple(
        replace(
            _ad_set(dice, calm, f"{campaign.id}{i}", campaign, creatives),
            known_events=dice.choice([None] * 8 + [0, 2, 3, 6, 25]) if odd else None,
        )
        for campaign in campaigns
        for i in range(dice.randint(0, 5))
    )
    return Snapshot(
        now=NOW,
        user_id="u1",
        account=_account(dice, calm),
        settings=_settings(dice),
        goals=tuple(_goal(dice, key) for key in keys),
        templates=tuple(
            template(key, dice.sample(AUDIENCES, dice.randint(0, 3))) for key in keys if dice.random() < 0.9
        ),
        creatives=creatives,
        campaigns=campaigns,
        ad_sets=tuple(_with_source(dice, each, ad_sets) for each in ad_sets),
        history=tuple(_past(dice, keys, ad_sets) for _ in range(dice.choice([0, 0, 1, 2, 5]))),
    )


def shuffled(world: Snapshot, seed: int) -> Snapshot:
    """The same world, told in another order wherever order means nothing."""
    dice = Random(seed)

    def mixed(things: Any) -> Any:
        return tuple(dice.sample(things, len(things)))

    return replace(
        world,
        goals=mixed(world.goals),
        templates=mixed(world.templates),
        creatives=mixed(world.creatives),
        campaigns=mixed(world.campaigns),
        ad_sets=mixed(
            [each if each.days is None else replace(each, days=mixed(each.days)) for each in world.ad_sets]
        ),
        history=mixed(world.history),
    )


def _account(dice: Random, calm: float) -> Any:
    row: dict[str, Any] = {"insights_read_at": dice.choice([*[NOW] * 8, ago(hours=7), None])}
    if dice.random() > max(calm, 0.9):
        row["account_status"] = dice.choice([1, 2, 3, 9])
    if dice.random() < 0.1:
        row["spend_cap_left_minor"] = dice.choice([-1, 0, 1, 10**6])
    return account(**row)


def _settings(dice: Random) -> Any:
    return settings(
        auto_scale_winners=dice.random() < 0.9,
        auto_pause_losers=dice.random() < 0.9,
        global_daily_budget_minor=dice.choice([None, 0, 99, 450, 1000, 3000, 3000, dice.randint(0, 9000)]),
        max_daily_budget_minor=dice.choice([None, None, None, 20000, dice.randint(0, 9000)]),
    )


def _goal(dice: Random, key: str) -> Any:
    return goal(
        key,
        is_active=dice.random() < 0.8,
        priority=dice.randint(1, 5),
        budget_hint_minor=dice.choice([None, None, None, None, 0, dice.randint(0, 1500)]),
        learning_share_bp=dice.choice([None, None, None, 0, 10000, dice.randint(0, 10000)]),
        minimum_daily_budget_minor=dice.choice([1, 50, 100, 300]),
        missing=dice.choice([()] * 15 + [("page",)]),
    )


def _creative(dice: Random, calm: float, id_: str, keys: list[str]) -> Any:
    return creative(
        id_,
        goal_key=dice.choice(keys),
        status="approved" if dice.random() < max(calm, 0.7) else "rejected",
        created_at=ago(days=dice.randint(0, 3)),
        usable=dice.random() < 0.9,
    )


def _standing(dice: Random, calm: float, reasons: tuple[Any, ...]) -> dict[str, Any]:
    is_active = dice.random() < calm
    return {
        "status": "ACTIVE"
        if is_active
        else dice.choice(["ACTIVE", "PAUSED", "PAUSED", "ARCHIVED", "DELETED"]),
        "paused_by": dice.choice(["orchestrator", "orchestrator", "orchestrator", "creation", "user", None]),
        "paused_reason": dice.choice(reasons),
        "created_at": ago(days=dice.randint(3, 9)),
    }


def _campaign(dice: Random, calm: float, id_: str, keys: list[str]) -> Any:
    change = {
        **_standing(dice, calm, CAMPAIGN_REASONS),
        "goal_key": dice.choice(keys),
        "removed_at": ago(days=dice.randint(0, 9)),
    }
    is_testing = dice.random() < 0.6
    budget = None if is_testing else dice.choice([100, 300, 1000, dice.randint(0, 5000)])
    lifetime = None
    if dice.random() < 0.1:  # a person moved it
        budget, lifetime = dice.choice([(None, dice.randint(0, 2000)), (700 if is_testing else None, None)])
    change |= {"daily_budget_minor": budget, "lifetime_daily_minor": lifetime}
    return learning(id_, **change) if is_testing else scaling(id_, **{"budget": budget} | change)


def _ad_set(dice: Random, calm: float, id_: str, campaign: Any, creatives: tuple[Any, ...]) -> Any:
    events = dice.choice([0, 3, 4, 12]) if campaign.id in "0123" else 0
    lifetime = did(dice.randint(0, 4000), events, dice.choice([11, *[dice.randint(12, 3000)] * 60]))
    days = tuple(day(on, dice.randint(0, 400), dice.choice([0, 3, 4])) for on in (D1, D2, TODAY))
    budget = dice.choice([100, 200, 333, 500, dice.randint(0, 2000)]) if campaign.role == "testing" else None
    is_lifetime = budget is not None and dice.random() < 0.05
    return ad_set(
        id_,
        campaign.id,
        None if is_lifetime else budget,
        **_standing(dice, calm, AD_SET_REASONS),
        lifetime_daily_minor=budget if is_lifetime else None,
        ours=dice.random() < 0.97,
        delivery=dice.choice(["ok"] * 30 + ["in_review", "cannot", "ended"]),
        retry=dice.random() < 0.3,
        active_since=dice.choice([None, None, ago(hours=dice.randint(0, 80))]),
        audience=dice.choice(AUDIENCES),
        creative_id=dice.choice([*[each.id for each in creatives], None, "gone"]),
        lifetime=dice.choice([None, *[lifetime] * 6]),
        days=dice.choice([None, *[days] * 6]),
    )


def _with_source(dice: Random, each: Any, ad_sets: tuple[Any, ...]) -> Any:
    source = dice.choice([None] * 9 + [dice.choice(ad_sets).id])
    return replace(each, source_adset_id=source)


def _past(dice: Random, keys: list[str], ad_sets: tuple[Any, ...]) -> Any:
    row = {
        "goal_key": dice.choice(keys),
        "adset_id": dice.choice([None, *[each.id for each in ad_sets]]),
        "creative_id": dice.choice([None, "c1"]),
        "status": dice.choice(["success", "failed", "unknown"]),
        "at": ago(hours=dice.randint(0, 80)),
    }
    return past(
        **row
        | dice.choice(
            [
                {"action_type": "promote_winner", "reason": "winner"},
                {"action_type": "update_budget", "reason": "scale_up"},
                {"action_type": "create_campaign", "reason": dice.choice(["winner", "no_learning_campaign"])},
                {"action_type": "create_adset", "audience": dice.choice([None, *AUDIENCES])},
                {"action_type": "pause_adset", "reason": "cannot_deliver"},
            ]
        )
    )
