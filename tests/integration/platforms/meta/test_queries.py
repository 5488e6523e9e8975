"""One user's account, read whole in one request, or said to be incomplete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from orchestrator.errors import AuthExpired, Transient
from orchestrator.platforms.base import AccountReading, InsightSource
from orchestrator.platforms.meta import queries
from orchestrator.platforms.meta.insight_rows import insight_reports
from orchestrator.platforms.specs import AdSpec
from orchestrator.snapshot.insights import InsightWindows, windows
from tests.integration.platforms.meta.conftest import PATIENCE, Tree, User, activate, an_app, build_tree

DAYS = 3
USER = UUID(int=1)
READ_AT = datetime(2026, 11, 23, tzinfo=UTC)


def delivered(user: User, *goals: str) -> list[Tree]:
    """Active trees that have run for three days."""
    trees = [build_tree(user, goal) for goal in goals]
    for tree in trees:
        activate(user, tree)
    user.simulator.post("clock", {"advance_hours": 24 * DAYS})
    return trees


def read(user: User, trees: list[Tree]) -> AccountReading:
    today = date.fromisoformat(user.simulator.get("clock")["now"][:10])
    return user.account.read([tree.campaign for tree in trees], today - timedelta(days=28), today)


def told(user: User, trees: list[Tree], got: AccountReading, *goals: str) -> InsightWindows:
    goal_of = {tree.ad_set: goal for tree, goal in zip(trees, goals, strict=True)}
    source = InsightSource(reading=got, assets=user.assets, goal_of=goal_of)
    return windows(insight_reports({USER: source}), READ_AT)[USER]


def test_a_user_is_read_in_one_request_of_three_reads(user: User):
    trees = delivered(user, "streams", "fan_segmentation")
    before = len(user.requests())

    got = read(user, trees)

    new = user.requests()[before:]
    assert [(each["method"], each["path"]) for each in new if each["batch"] is not None] == [
        ("GET", f"/{user.id}"),
        ("GET", f"/{user.id}/insights"),
        ("GET", f"/{user.id}/insights"),
    ]
    assert len({each["batch"] for each in new if each["batch"] is not None}) == 1
    assert got.insights_complete
    assert got.insights_problem is None
    assert {each.id for each in got.campaigns} == {tree.campaign for tree in trees}
    assert {each.id: each.campaign_id for each in got.ad_sets} == {
        tree.ad_set: tree.campaign for tree in trees
    }
    assert got.account.currency == "USD"
    assert got.account.minimum_daily_budget_minor is not None


@pytest.mark.parametrize(
    "goal", ["streams", "presave", "virality", "followers", "build_audience", "fan_segmentation"]
)
def test_every_goal_s_signal_is_found_in_what_meta_reports(user: User, goal: str):
    trees = [build_tree(user, goal, ad_set_minor=20000)]
    activate(user, trees[0])
    user.simulator.post("clock", {"advance_hours": 24 * DAYS})

    insights = told(user, trees, read(user, trees), goal)

    lifetime = insights.lifetimes[trees[0].ad_set]
    days = insights.days[trees[0].ad_set]
    assert insights.read_at == READ_AT
    assert lifetime.events > 0
    assert lifetime.spend_minor > 0
    assert sum(day.events for day in days) == lifetime.events
    assert sum(day.impressions for day in days) == lifetime.impressions
    assert sum(day.spend_minor for day in days) == lifetime.spend_minor


def test_an_ad_set_that_never_ran_is_absent_from_the_insights(user: User):
    tree = build_tree(user, "streams")

    got = read(user, [tree])

    assert got.insights_complete
    assert (got.lifetime_rows, got.daily_rows) == ([], [])


def test_a_user_without_campaigns_costs_one_read(user: User):
    before = len(user.requests())

    got = read(user, [])

    assert [each["path"] for each in user.requests()[before:]] == [f"/{user.id}"]
    assert (got.campaigns, got.ad_sets, got.insights_complete) == ((), (), True)


def test_only_the_campaigns_asked_for_are_read(user: User):
    ours, theirs = delivered(user, "streams", "streams")

    got = read(user, [ours])

    assert [each.id for each in got.campaigns] == [ours.campaign]
    assert {row["adset_id"] for row in got.lifetime_rows} == {ours.ad_set}
    assert theirs.ad_set not in {row["adset_id"] for row in got.daily_rows}


def test_many_pages_give_the_same_as_one(user: User, monkeypatch: pytest.MonkeyPatch):
    trees = delivered(user, "streams", "fan_segmentation", "streams")
    second = user.account.create_ad(
        AdSpec(name="second", ad_set_id=trees[0].ad_set, creative_id=trees[0].creative)
    )
    whole = read(user, trees)
    for name in ("CAMPAIGNS_A_PAGE", "AD_SETS_A_PAGE", "ADS_A_PAGE", "ROWS_A_PAGE", "LISTED_A_PAGE"):
        monkeypatch.setattr(queries, name, 1)

    paged = read(user, trees)

    assert paged.insights_complete
    assert ads_of(paged) == {tree.ad_set: {tree.ad} for tree in trees} | {
        trees[0].ad_set: {trees[0].ad, second}
    }
    assert by_day(paged.daily_rows) == by_day(whole.daily_rows)
    assert by_day(paged.lifetime_rows) == by_day(whole.lifetime_rows)


def ads_of(reading: AccountReading) -> dict[str, set[str]]:
    return {each.id: {ad.id for ad in each.ads or ()} for each in reading.ad_sets}


def by_day(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((row["adset_id"], row["date_start"], row["spend"]) for row in rows)


def test_an_empty_page_in_the_middle_loses_nothing(user: User, monkeypatch: pytest.MonkeyPatch):
    trees = delivered(user, "streams", "fan_segmentation")
    whole = read(user, trees)
    monkeypatch.setattr(queries, "ROWS_A_PAGE", 2)
    user.fault("empty_page", path="*/insights", after=2)

    paged = read(user, trees)

    assert paged.insights_complete
    assert by_day(paged.daily_rows) == by_day(whole.daily_rows)
    assert by_day(paged.lifetime_rows) == by_day(whole.lifetime_rows)


def test_a_slot_without_an_answer_is_read_again(user: User):
    trees = delivered(user, "streams")
    user.fault("null_batch_slot", count=3)

    got = read(user, trees)

    assert got.insights_complete
    assert len(got.ad_sets) == 1


@pytest.mark.parametrize(
    "kind", ["error_2", "html_502", "empty_500", "error_1", "broken_json", "throttle_80000"]
)
def test_insights_that_cannot_be_had_leave_the_reading_incomplete(user: User, kind: str):
    trees = delivered(user, "streams")
    user.fault(kind, path="*/insights", count=None)

    got = read(user, trees)

    assert not got.insights_complete
    assert got.insights_problem
    assert got.insights_problem.startswith("read insights: ")
    assert len(got.ad_sets) == 1


def test_insights_that_are_too_much_are_read_in_smaller_pages(user: User):
    trees = delivered(user, "streams")
    user.fault("reduce_data", path="*/insights", count=3)

    got = read(user, trees)

    assert got.insights_complete
    assert len(got.daily_rows) >= DAYS


def test_a_structure_that_is_too_much_at_once_is_read_page_by_page(user: User):
    trees = delivered(user, "streams", "fan_segmentation")
    whole = read(user, trees)
    user.fault("reduce_data", path=f"/{user.id}")

    got = read(user, trees)

    assert (got.account, got.campaigns, got.ad_sets) == (whole.account, whole.campaigns, whole.ad_sets)

    user.fault("reduce_data", path=f"/{user.id}")
    assert user.account.tree([tree.campaign for tree in trees]) == (whole.campaigns, whole.ad_sets)


def test_a_structure_that_cannot_be_had_fails_the_reading(user: User):
    trees = delivered(user, "streams")
    user.fault("error_2", path=f"/{user.id}", count=None)

    with pytest.raises(Transient, match=f"read ad account {user.id}"):
        read(user, trees)


def test_a_token_that_dies_between_two_reads_fails_the_reading(user: User):
    trees = delivered(user, "streams")
    user.fault("token_463", path="*/insights")

    with pytest.raises(AuthExpired):
        read(user, trees)


def test_the_tree_is_what_meta_has_now(user: User):
    trees = delivered(user, "streams", "fan_segmentation")
    user.account.set_daily_budget("ad_set", trees[0].ad_set, 2500)

    campaigns, ad_sets = user.account.tree([tree.campaign for tree in trees])

    assert {each.id: each.status for each in campaigns} == {tree.campaign: "ACTIVE" for tree in trees}
    assert {each.id: each.daily_budget_minor for each in ad_sets} == {
        trees[0].ad_set: 2500,
        trees[1].ad_set: 2000,
    }
    assert user.account.tree([]) == ((), ())


def read_with_clock(user: User, trees: list[Tree]) -> AccountReading:
    """Read, the simulated clock going on while the client waits."""

    def sleep(seconds: float) -> None:
        user.simulator.post("clock", {"advance_seconds": seconds})

    app = an_app(user.simulator, replace(PATIENCE, sleep=sleep))
    today = date.fromisoformat(user.simulator.get("clock")["now"][:10])
    try:
        account = app.account(user.assets)
        return account.read([tree.campaign for tree in trees], today - timedelta(days=28), today)
    finally:
        app.close()


def begun(user: User) -> list[dict[str, Any]]:
    return [r for r in user.requests() if r["method"] == "POST" and r["path"] == f"/{user.id}/insights"]


def which(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Ad sets and days; their figures grow while the clock goes on."""
    return sorted((row["adset_id"], row["date_start"]) for row in rows)


def test_insights_that_are_too_much_in_any_page_are_read_by_reports(user: User):
    trees = delivered(user, "streams", "fan_segmentation")
    whole = read(user, trees)
    user.fault("reduce_data", method="GET", path=f"/{user.id}/insights", count=None)

    got = read_with_clock(user, trees)

    assert got.insights_complete
    assert which(got.daily_rows) == which(whole.daily_rows)
    assert len(got.lifetime_rows) == len(whole.lifetime_rows) == 2
    assert len(begun(user)) == 2


@pytest.mark.parametrize("kind", ["report_fails", "report_skipped"])
def test_a_report_that_keeps_failing_is_divided(user: User, kind: str):
    trees = delivered(user, "streams", "fan_segmentation")
    whole = read(user, trees)
    user.fault("reduce_data", method="GET", path=f"/{user.id}/insights", count=None)
    user.fault(kind, method="POST", path=f"/{user.id}/insights", count=3)

    got = read_with_clock(user, trees)

    assert got.insights_complete
    assert which(got.daily_rows) == which(whole.daily_rows)
    assert len(got.lifetime_rows) == len(whole.lifetime_rows) == 2
    assert len(begun(user)) == 3 + 2 + 1
