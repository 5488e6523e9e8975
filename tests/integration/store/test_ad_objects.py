"""What is known of Meta's objects is kept, and rewritten only when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from orchestrator.domain.model import Day
from orchestrator.domain.records import AdSetRow, CampaignRow, DailyRow, UserRows
from orchestrator.errors import UnusableValue
from orchestrator.store import Store
from orchestrator.store.database import statement
from tests.integration.store.conftest import Rows

BORN = datetime(2026, 11, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_campaign(user: UUID, **changes: Any) -> CampaignRow:
    row = {
        "id": uuid4().hex,
        "user_id": user,
        "goal_key": "streams",
        "role": "testing",
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": None,
        "created_at": BORN,
        "active_since": BORN,
        "removed_at": None,
    }
    return CampaignRow(**row | changes)


def an_ad_set(campaign: CampaignRow, **changes: Any) -> AdSetRow:
    row = {
        "id": uuid4().hex,
        "user_id": campaign.user_id,
        "campaign_id": campaign.id,
        "goal_key": "streams",
        "audience": "broad",
        "creative_id": "c1",
        "source_adset_id": None,
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": 250,
        "created_at": BORN,
        "active_since": BORN,
        "removed_at": None,
    }
    return AdSetRow(**row | changes)


def known(store: Store, user: UUID) -> UserRows:
    found = store.users.load([user], history_since=NOW)[user]
    assert isinstance(found, UserRows)
    return found


def versions(rows: Rows, table: str, user: UUID) -> list[dict[str, Any]]:
    """Changes whenever a row is written."""
    return rows.all(f"select xmin, ctid from {table} where user_id = %(user)s order by ctid", user=user)


def test_what_is_kept_is_read_back(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user, status="PAUSED", paused_by="creation")
    ad_set = an_ad_set(campaign, status="PAUSED", paused_by="orchestrator", paused_reason="loser")

    store.ad_objects.upsert_campaigns([campaign])
    store.ad_objects.upsert_ad_sets([ad_set])

    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), (ad_set,))


def test_the_platform_is_kept_and_does_not_change(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user, platform="other")
    ad_set = an_ad_set(campaign, platform="other")

    store.ad_objects.upsert_observed([campaign, ad_set])
    store.ad_objects.upsert_observed([replace(campaign, status="PAUSED", platform="meta")])

    assert known(store, user).campaigns == (replace(campaign, status="PAUSED"),)
    assert known(store, user).ad_sets == (ad_set,)


def test_a_campaign_and_its_ad_sets_are_kept_together_in_whatever_order(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user)
    ad_set = an_ad_set(campaign)

    store.ad_objects.upsert_observed([ad_set, campaign])

    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), (ad_set,))


def test_what_changed_is_kept_anew(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user)
    ad_set = an_ad_set(campaign)
    store.ad_objects.upsert_observed([campaign, ad_set])
    campaign = replace(campaign, status="PAUSED", paused_by="user", daily_budget_minor=900)
    ad_set = replace(ad_set, status="DELETED", removed_at=NOW, daily_budget_minor=300)

    store.ad_objects.upsert_observed([campaign, ad_set])

    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), (ad_set,))


def test_role_cell_source_and_creation_stay(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user)
    ad_set = an_ad_set(campaign, source_adset_id="5")
    store.ad_objects.upsert_observed([campaign, ad_set])

    store.ad_objects.upsert_observed(
        [
            replace(campaign, role="scaling", goal_key="presave", created_at=NOW),
            replace(ad_set, audience="lookalike", creative_id="c2", source_adset_id=None, created_at=NOW),
        ]
    )

    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), (ad_set,))


def test_what_did_not_change_is_not_written(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user)
    seen = [campaign, an_ad_set(campaign)]
    store.ad_objects.upsert_observed(seen)
    before = versions(rows, "ads_campaigns", user), versions(rows, "ads_ad_sets", user)

    store.ad_objects.upsert_observed(seen)

    assert (versions(rows, "ads_campaigns", user), versions(rows, "ads_ad_sets", user)) == before


def test_another_users_objects_are_not_rewritten(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user)
    store.ad_objects.upsert_campaigns([campaign])

    store.ad_objects.upsert_campaigns([replace(campaign, user_id=rows.user(), status="PAUSED")])

    assert known(store, user).campaigns == (campaign,)


def test_nothing_to_keep_is_nothing(store: Store):
    store.ad_objects.upsert_observed([])
    store.insight_days.save([])


GONE = {"status": "DELETED", "removed_at": NOW}


@pytest.mark.parametrize(
    ("kept", "then", "spare"),
    [
        pytest.param([{"id": "a"}], [], {"a": False}, id="one"),
        pytest.param(
            [{"id": "b"}, {"id": "a", "created_at": NOW}],
            [],
            {"a": True, "b": False},
            id="two at once: the oldest",
        ),
        pytest.param(
            [{"id": "b"}],
            [{"id": "a", "created_at": datetime(2026, 11, 1, tzinfo=UTC)}],
            {"a": True, "b": False},
            id="an older one found later: the one that was",
        ),
        pytest.param(
            [{"id": "a"}],
            [{"id": "a", **GONE}, {"id": "b"}],
            {"a": False, "b": False},
            id="removed and replaced",
        ),
        pytest.param(
            [{"id": "a"}],
            [{"id": "b"}, {"id": "a", **GONE}],
            {"a": False, "b": False},
            id="replaced and removed, in that order",
        ),
        pytest.param(
            [{"id": "b"}],
            [{"id": "a"}, {"id": "b", **GONE}],
            {"a": False, "b": False},
            id="replaced by an older id",
        ),
        pytest.param(
            [{"id": "a", **GONE}, {"id": "b"}], [{"id": "a"}], {"a": True, "b": False}, id="one brought back"
        ),
        pytest.param(
            [{"id": "a"}, {"id": "b", "created_at": NOW}],
            [{"id": "a", **GONE}, {"id": "b", "created_at": NOW}],
            {"a": False, "b": False},
            id="the spare one takes over",
        ),
        pytest.param(
            [{"id": "a"}, {"id": "b", "role": "scaling"}], [], {"a": False, "b": False}, id="two roles"
        ),
        pytest.param(
            [{"id": "a"}, {"id": "b", "goal_key": "presave"}], [], {"a": False, "b": False}, id="two goals"
        ),
    ],
)
def test_one_of_several_live_campaigns_in_a_role_is_first(
    store: Store, rows: Rows, kept: list[dict[str, Any]], then: list[dict[str, Any]], spare: dict[str, bool]
):
    user = rows.user()

    def named(change: dict[str, Any]) -> CampaignRow:
        return a_campaign(user, **change | {"id": f"{user}-{change['id']}"})

    store.ad_objects.upsert_campaigns([named(change) for change in kept])
    store.ad_objects.upsert_campaigns([named(change) for change in then])

    found = rows.all("select id, spare from ads_campaigns where user_id = %(user)s", user=user)
    assert {row["id"].removeprefix(f"{user}-"): row["spare"] for row in found} == spare


def a_day(user: UUID, day: int, **changes: int) -> DailyRow:
    numbers = {"spend_minor": 130, "impressions": 300, "events": 1} | changes
    return DailyRow(user_id=user, ad_set_id="11", day=Day(date=date(2026, 11, day), **numbers))


def days_of(rows: Rows, user: UUID) -> list[list[Any]]:
    return [
        list(row.values())
        for row in rows.all(
            "select extract(day from day)::int as day, spend_minor, impressions, events"
            " from ads_insights_daily where user_id = %(user)s order by day",
            user=user,
        )
    ]


def test_days_are_kept_and_restated(store: Store, rows: Rows):
    user = rows.user()
    store.insight_days.save([a_day(user, 20), a_day(user, 21)])

    store.insight_days.save([a_day(user, 21, events=4), a_day(user, 22, spend_minor=0)])

    assert days_of(rows, user) == [[20, 130, 300, 1], [21, 130, 300, 4], [22, 0, 300, 1]]


def test_a_day_that_stayed_the_same_is_not_written(store: Store, rows: Rows):
    user = rows.user()
    store.insight_days.save([a_day(user, 20), a_day(user, 21)])
    before = versions(rows, "ads_insights_days", user)

    store.insight_days.save([a_day(user, 20), a_day(user, 21)])

    assert versions(rows, "ads_insights_days", user) == before


def test_metas_creative_is_remembered_for_its_user_only(store: Store, rows: Rows):
    user, creative = rows.user(), uuid4()
    rows.insert("ad_creatives", id=creative, user_id=user, goal_key="streams")

    store.ad_objects.upsert_creative(rows.user(), str(creative), "666")
    assert known(store, user).creatives[0].remote_id is None

    store.ad_objects.upsert_creative(user, str(creative), "777")
    assert known(store, user).creatives[0].remote_id == "777"


def a_day_of(user: UUID, ad_set_id: str, day: int) -> DailyRow:
    of_day = Day(date=date(2026, 11, day), spend_minor=day, impressions=300, events=1)
    return DailyRow(user_id=user, ad_set_id=ad_set_id, day=of_day)


def test_kept_days_are_the_users_own_from_the_first_to_the_last_one_asked_for(store: Store, rows: Rows):
    user, other = rows.user(), rows.user()
    mine, theirs = (
        rows.ad_set_of(user, rows.campaign_of(user)),
        rows.ad_set_of(other, rows.campaign_of(other)),
    )
    store.insight_days.save([a_day_of(user, mine, day) for day in (20, 18, 19, 17)])
    store.insight_days.save([a_day_of(other, theirs, 18)])

    found = store.insight_days.stored_days({user: (date(2026, 11, 18), date(2026, 11, 19))})

    assert {user_id: figures(of_user) for user_id, of_user in found.items()} == {
        user: {mine: [(18, 18), (19, 19)]}
    }
    assert store.insight_days.stored_days({}) == {}


def figures(days: Mapping[str, Sequence[Day]]) -> dict[str, list[tuple[int, int]]]:
    return {ad_set: [(day.date.day, day.spend_minor) for day in each] for ad_set, each in days.items()}


def test_an_ad_set_of_which_nothing_was_read_keeps_its_day(store: Store, rows: Rows):
    user = rows.user()
    store.insight_days.save([a_day_of(user, "b", 18), a_day_of(user, "c", 18)])

    store.insight_days.save(
        [replace(a_day_of(user, "c", 18), day=a_day(user, 18).day), a_day_of(user, "a", 18)]
    )

    found = store.insight_days.stored_days({user: (date(2026, 11, 18), date(2026, 11, 18))})
    assert figures(found[user]) == {"a": [(18, 18)], "b": [(18, 18)], "c": [(18, 130)]}


def test_the_time_of_a_restatement_is_kept_with_its_days(store: Store, rows: Rows):
    read, unread = rows.user(), rows.user()
    ad_set = rows.ad_set_of(read, rows.campaign_of(read))

    store.insight_days.save([a_day_of(read, ad_set, 18)], restated=[read], at=NOW)

    assert store.insight_days.restated_at([read, unread]) == {read: NOW, unread: None}
    assert known(store, read).assets.insights_restated_at == NOW


def test_days_alone_are_no_restatement(store: Store, rows: Rows):
    user = rows.user()

    store.insight_days.save([a_day(user, 20)], at=NOW)

    assert store.insight_days.restated_at([user]) == {user: None}


def test_figures_of_many_ad_sets_are_not_compared_row_with_row(rows: Rows):
    """As many rows as two hundred accounts with sixty ad sets each have in four weeks."""
    days = [
        {
            "user_id": str(UUID(int=user)),
            "day": f"2026-11-{day:02}",
            "adset_ids": [f"{user}-{number}" for number in range(60)],
            **{name: [0] * 60 for name in ("spend_minor", "impressions", "events")},
        }
        for user in range(200)
        for day in range(1, 29)
    ]

    plan = rows.connection.execute(
        b"explain " + statement("insight_days/save"), {"days": Jsonb(days)}
    ).fetchall()

    lines = [next(iter(line.values())) for line in plan]
    assert any("Insert on ads_insights_days" in line for line in lines)
    assert [line for line in lines if "SubPlan" in line] == []


def test_lifetime_budgets_and_people_s_ad_sets_are_kept_by_the_day(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user, lifetime_daily_minor=0, foreign_daily_minor=8000)
    ad_set = an_ad_set(campaign, daily_budget_minor=None, lifetime_daily_minor=350)

    store.ad_objects.upsert_observed([campaign, ad_set])
    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), (ad_set,))

    moved = replace(campaign, lifetime_daily_minor=None, foreign_daily_minor=0, daily_budget_minor=900)
    again = replace(ad_set, lifetime_daily_minor=None)
    store.ad_objects.upsert_observed([moved, again])
    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((moved,), (again,))

    again = replace(ad_set, lifetime_daily_minor=351)
    moved = replace(moved, foreign_daily_minor=1)
    store.ad_objects.upsert_observed([moved, again])
    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((moved,), (again,))


def test_objects_and_the_account_of_other_users_are_told_from_ones_own(store: Store, rows: Rows):
    mine, other, alone = (
        rows.user(assets={"ad_account_id": account}) for account in ("act_7", "act_7", "act_8")
    )
    own, theirs = rows.campaign_of(mine), rows.campaign_of(other)
    their_ad_set = rows.ad_set_of(other, theirs)
    ids = [own, theirs, their_ad_set, "lost"]

    assert store.ad_objects.neighbours(mine, "act_7", ids) == ({theirs, their_ad_set}, True)
    assert store.ad_objects.neighbours(alone, "act_8", ["lost"]) == (set(), False)


def test_a_run_that_looks_again_holds_its_own_rises_and_the_next_run_ends_the_hold(store: Store, rows: Rows):
    user, first, second = rows.user(), uuid4(), uuid4()

    def held_by(run: UUID, *, holds_rises: bool) -> UUID | None:
        store.ad_objects.record_listing(user, run, is_clear=True, holds_rises=holds_rises)
        return rows.one("select rises_held_run as r from meta_assets where user_id = %(u)s", u=user)["r"]

    assert held_by(first, holds_rises=True) == first
    assert held_by(first, holds_rises=False) == first  # its step is tried again, and finds nothing more
    assert held_by(second, holds_rises=False) is None
    assert held_by(second, holds_rises=True) == second


@pytest.mark.parametrize("is_clear", [True, False])
def test_an_account_is_looked_through_again_until_all_of_it_is_known(
    store: Store, rows: Rows, *, is_clear: bool
):
    user = rows.user()

    store.ad_objects.record_listing(user, uuid4(), is_clear=is_clear, holds_rises=False)

    found = store.users.load([user], history_since=NOW)[user]
    assert isinstance(found, UserRows)
    assert found.assets.is_unlisted is not is_clear


DRY = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_active_adset"}


@pytest.mark.parametrize(
    ("campaign", "reason", "begins"),
    [
        pytest.param({"role": "scaling", **DRY}, "reviving", True, id="ran dry"),
        pytest.param(
            {"role": "scaling", **DRY, "paused_reason": "reviving"}, "reviving", False, id="begun before"
        ),
        pytest.param(
            {"role": "scaling", **DRY, "paused_reason": "goal_inactive"},
            "goal_inactive",
            False,
            id="its goal is off",
        ),
        pytest.param(
            {"role": "scaling", **DRY, "paused_by": "user"}, "no_active_adset", False, id="a person's"
        ),
        pytest.param(
            {"role": "scaling", "status": "PAUSED", "paused_by": "creation"}, None, False, id="in creation"
        ),
        pytest.param({"role": "scaling"}, None, False, id="active"),
        pytest.param({"role": "testing", **DRY}, "no_active_adset", False, id="a learning one"),
    ],
)
def test_an_ad_set_that_we_activated_begins_the_revival_of_its_campaign(
    store: Store, rows: Rows, campaign: dict[str, Any], reason: str | None, *, begins: bool
):
    user = rows.user()
    kept, beside = a_campaign(user, **campaign), a_campaign(user, goal_key="virality", role="scaling", **DRY)
    store.ad_objects.upsert_campaigns([kept, beside])
    ad_set = an_ad_set(kept)

    assert store.ad_objects.activate_ad_set(ad_set) is begins

    found = {c.id: c for c in known(store, user).campaigns}
    assert found == {kept.id: replace(kept, paused_reason=reason), beside.id: beside}
    assert known(store, user).ad_sets == (ad_set,)


def test_a_revival_is_not_stored_without_the_ad_set_that_begins_it(store: Store, rows: Rows):
    user = rows.user()
    campaign = a_campaign(user, role="scaling", **DRY)
    store.ad_objects.upsert_campaigns([campaign])

    with pytest.raises(UnusableValue):
        store.ad_objects.activate_ad_set(an_ad_set(campaign, status="LOST"))

    assert (known(store, user).campaigns, known(store, user).ad_sets) == ((campaign,), ())
