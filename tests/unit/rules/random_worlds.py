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
AD_SET_REASONS = ("below_minimum_budget", "below_minimum_budget", "creative_not_approved", "loser")
AUDIENCES = ("a", "b", "c")
TODAY = D1 + timedelta(days=1)


def random_world(seed: int) -> Snapshot:
    """Any world: much of it is paused, removed, broken or above the cap; some of it goes well."""
    dice = Random(seed)
    calm = dice.choice([0.3, 0.8, 1.0])
    keys = dice.sample(KEYS, dice.randint(1, 4))
    creatives = tuple(_creative(dice, calm, f"c{i}", keys) for i in range(dice.randint(0, 5)))
    campaigns = tuple(_campaign(dice, calm, str(i), keys) for i in range(dice.randint(0, 6)))
    ad_sets = tuple(
        _ad_set(dice, calm, f"{campaign.id}{i}", campaign, creatives)
        for campaign in campaigns
        for i in range(dice.randint(0, 5))
    )
    return Snapshot(
        now=NOW,
        user_id="u1",
        account=account(insights_read_at=dice.choice([NOW, NOW, NOW, NOW, ago(hours=7), None])),
        settings=_settings(dice),
        goals=tuple(_goal(dice, key) for key in keys),
        templates=tuple(
            template(key, dice.sample(AUDIENCES, dice.randint(0, 3))) for key in keys if dice.random() < 0.9
        ),
        creatives=creatives,
        campaigns=campaigns,
        ad_sets=tuple(_with_source(dice, each, ad_sets) for each in ad_sets),
        history=tuple(_past(dice, keys) for _ in range(dice.choice([0, 0, 1, 2]))),
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
    )


def _creative(dice: Random, calm: float, id_: str, keys: list[str]) -> Any:
    status = "approved" if dice.random() < max(calm, 0.7) else "rejected"
    return creative(id_, goal_key=dice.choice(keys), status=status, created_at=ago(days=dice.randint(0, 3)))


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
    if dice.random() < 0.6:
        return learning(id_, **change)
    return scaling(id_, dice.choice([100, 300, 1000, dice.randint(0, 5000)]), **change)


def _ad_set(dice: Random, calm: float, id_: str, campaign: Any, creatives: tuple[Any, ...]) -> Any:
    events = dice.choice([0, 3, 4, 12]) if campaign.id in "0123" else 0
    lifetime = did(dice.randint(0, 4000), events, dice.randint(0, 3000))
    days = tuple(day(on, dice.randint(0, 400), dice.choice([0, 3, 4])) for on in (D1, D2, TODAY))
    return ad_set(
        id_,
        campaign.id,
        dice.choice([100, 200, 333, 500, dice.randint(0, 2000)]) if campaign.role == "testing" else None,
        **_standing(dice, calm, AD_SET_REASONS),
        active_since=dice.choice([None, None, ago(hours=dice.randint(0, 80))]),
        audience=dice.choice(AUDIENCES),
        creative_id=dice.choice([*[each.id for each in creatives], None, "gone"]),
        lifetime=dice.choice([None, *[lifetime] * 6]),
        days=dice.choice([None, *[days] * 6]),
    )


def _with_source(dice: Random, each: Any, ad_sets: tuple[Any, ...]) -> Any:
    source = dice.choice([None] * 9 + [dice.choice(ad_sets).id])
    return replace(each, source_adset_id=source)


def _past(dice: Random, keys: list[str]) -> Any:
    row = {
        "goal_key": dice.choice(keys),
        "creative_id": dice.choice([None, "c1"]),
        "status": dice.choice(["success", "failed", "unknown"]),
        "at": ago(hours=dice.randint(0, 80)),
    }
    if dice.random() < 0.5:
        return past(**row)
    return past("update_budget", reason="scale_up", **row)
