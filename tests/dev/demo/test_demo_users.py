"""The cast, played through the rules alone: each person is what the declaration says."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from demo import expectations
from demo.demo_users import FLEET
from demo.personas import Persona, Review
from demo.seed_history import MetaIds, ad_set_rows, campaign_rows
from orchestrator import rules
from orchestrator.domain import policy
from orchestrator.domain.model import AdSet, AdSetCore, Day, DeliveryStatus, Lifetime, PastAction, Plan
from orchestrator.domain.records import AdSetRow, AssetsRow, AudienceRow, CreativeRow, TemplateRow, UserRows
from orchestrator.platforms.base import AccountState
from orchestrator.snapshot import builder
from orchestrator.snapshot.insights import InsightWindows
from orchestrator.store import user_config

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RATES = {"USD": None, "JPY": "150"}
MINIMUM = {"USD": 100, "JPY": 150}
DELIVERY: dict[Review, DeliveryStatus] = {
    "APPROVED": "ok",
    "PENDING": "in_review",
    "DISAPPROVED": "cannot",
}
DECIDED_ALONE = [person for person in FLEET if not person.token_is_dead]


def ids_of(person: Persona) -> MetaIds:
    names = [ad_set.name for campaign in person.campaigns for ad_set in campaign.ad_sets]
    return MetaIds(
        campaigns={c.name: str(n) for n, c in enumerate(person.campaigns, start=1)},
        ad_sets={name: str(100 + n) for n, name in enumerate(names)},
    )


def history_of(person: Persona) -> tuple[PastAction, ...]:
    ids = ids_of(person)
    creative_of = {row.id: row.creative_id for row in ad_set_rows(person, ids, NOW)}
    return tuple(
        PastAction(
            action_type="promote_winner",
            goal_key=past.goal_key,
            adset_id=ids.ad_sets[past.ad_set],
            creative_id=creative_of[ids.ad_sets[past.ad_set]],
            reason="winner",
            status="success",
            at=NOW - timedelta(hours=past.hours_ago),
        )
        for past in person.promotions
    )


def user_rows(person: Persona) -> UserRows:
    ids = ids_of(person)
    return UserRows(
        user_id=person.user_id,
        auto_scale_winners=person.auto_scale,
        auto_pause_losers=person.auto_pause,
        global_daily_budget=person.daily_budget_amount,
        max_daily_budget=person.max_daily_budget_amount,
        goals=user_config.goals(json.dumps(dict(person.goals))),
        assets=AssetsRow(
            ad_account_id="act_1",
            page_id="1",
            instagram_user_id="2",
            pixel_id="3",
            conversions={},
            currency=person.currency,
            timezone=person.timezone,
            access_token=SecretStr("token"),
        ),
        templates=tuple(
            TemplateRow(
                goal_key=goal,
                audiences=tuple(AudienceRow(name=name, targeting={}) for name in person.audiences),
                story={},
            )
            for goal in person.goals
        ),
        creatives=tuple(
            CreativeRow(
                id=str(person.creative_id(idea.name)),
                goal_key=idea.goal_key,
                status=idea.status,
                created_at=NOW - timedelta(days=idea.age_days),
                spec={},
                remote_id=None,
            )
            for idea in person.creatives
        ),
        campaigns=tuple(campaign_rows(person, ids, NOW)),
        ad_sets=tuple(ad_set_rows(person, ids, NOW)),
        history=history_of(person),
        units_per_usd=RATES[person.currency],
    )


def windows(person: Persona) -> InsightWindows:
    ids, today = ids_of(person), NOW.astimezone(ZoneInfo(person.timezone)).date()
    days = {
        ids.ad_sets[ad_set.name]: tuple(
            Day(
                date=today - timedelta(days=len(ad_set.days) - number),
                spend_minor=figures.spend_minor,
                impressions=figures.impressions,
                events=0 if person.missing else figures.events,
            )
            for number, figures in enumerate(ad_set.days)
        )
        for campaign in person.campaigns
        for ad_set in campaign.ad_sets
    }
    lifetimes = {
        ad_set_id: Lifetime(
            spend_minor=sum(day.spend_minor for day in each),
            impressions=sum(day.impressions for day in each),
            events=sum(day.events for day in each),
        )
        for ad_set_id, each in days.items()
    }
    return InsightWindows(lifetimes=lifetimes, days=days, read_at=NOW)


def seen_on_meta(person: Persona, rows: UserRows) -> builder.Structure:
    ids = ids_of(person)
    by_hand = {ids.campaigns[c.name] for c in person.campaigns if c.paused_by_hand}
    moved = {
        ids.campaigns[edit.of]: int(str(edit.details["daily_budget_minor"]))
        for edit in person.edits
        if edit.act == "move_budget_to_campaign"
    }
    delivery = {
        ids.ad_sets[ad_set.name]: DELIVERY[ad_set.ads[0].review]
        for campaign in person.campaigns
        for ad_set in campaign.ad_sets
    }
    seen = {
        row.id: replace(
            row,
            delivery=delivery[row.id],
            daily_budget_minor=None if row.campaign_id in moved else row.daily_budget_minor,
        )
        for row in rows.ad_sets
    }
    return builder.Structure(
        campaigns=tuple(
            replace(row, status="PAUSED", paused_by="user")
            if row.id in by_hand
            else replace(row, daily_budget_minor=moved.get(row.id, row.daily_budget_minor))
            for row in rows.campaigns
        ),
        ad_sets=tuple(seen.values()),
        changed=(),
        foreign=tuple(
            twin_of(seen[ids.ad_sets[edit.of]]) for edit in person.edits if edit.act == "duplicate"
        ),
    )


def twin_of(row: AdSetRow) -> AdSet:
    """A person's duplicate of an ad set."""
    kept = {each.name: getattr(row, each.name) for each in fields(AdSetCore)}
    return AdSet(**kept | {"id": "900", "source_adset_id": row.id, "ours": False})


def plan_of(person: Persona) -> Plan:
    rows = user_rows(person)
    account = AccountState(
        id="act_1",
        currency=person.currency,
        timezone=person.timezone,
        minimum_daily_budget_minor=MINIMUM[person.currency],
    )
    return rules.plan(
        builder.snapshot(rows, account, seen_on_meta(person, rows), windows(person), NOW), policy.load()
    )


@pytest.mark.parametrize("person", DECIDED_ALONE, ids=lambda person: person.name)
def test_the_rules_do_what_the_declaration_expects(person: Persona):
    plan = plan_of(person)
    assert expectations.unmet(person.first, plan.actions, plan.holds, plan.errors, failure=None) == []


def test_there_are_eighteen_of_them_each_with_a_reason():
    assert len({person.name for person in FLEET}) == 18
    assert len({person.why for person in FLEET}) == 18


def test_nothing_expected_is_missed_when_nothing_comes():
    missed = {p.name for p in FLEET if expectations.unmet(p.first, (), (), (), failure=None)}

    assert missed == {person.name for person in FLEET}
