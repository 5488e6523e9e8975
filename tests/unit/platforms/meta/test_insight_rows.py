"""What is counted in Insights rows, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from orchestrator.platforms.base import (
    AccountReading,
    AccountState,
    InsightReport,
    InsightRow,
    InsightSource,
)
from orchestrator.platforms.meta.insight_rows import insight_reports
from tests.unit.platforms.meta.assets import assets

US, JP, NONE = UUID(int=1), UUID(int=2), UUID(int=3)


def a_row(**change: Any) -> dict[str, Any]:
    """One row as Meta sends it: every number is text."""
    row = {
        "campaign_id": "1",
        "adset_id": "11",
        "spend": "8.53",
        "impressions": "342",
        "date_start": "2026-11-01",
        "date_stop": "2026-11-01",
    }
    return {key: value for key, value in (row | change).items() if value is not None}


def actions(**counts: str) -> list[dict[str, str]]:
    return [{"action_type": name.replace("__", "."), "value": value} for name, value in counts.items()]


def source(
    *lifetime: dict[str, Any],
    goal: str = "fan_segmentation",
    currency: str = "USD",
    daily: Any = (),
    **reading: Any,
) -> InsightSource:
    account = AccountState(id="act_1", currency=currency, timezone="UTC", minimum_daily_budget_minor=100)
    whole = {
        "account": account,
        "campaigns": (),
        "ad_sets": (),
        "lifetime_rows": lifetime,
        "daily_rows": list(daily),
        "insights_complete": True,
        "insights_problem": None,
    }
    return InsightSource(
        reading=AccountReading(**(whole | reading)), assets=assets(), goal_of={"11": goal, "12": goal}
    )


def report(of: InsightSource) -> InsightReport:
    return insight_reports({US: of})[US]


def events_of(goal: str, **fields: Any) -> int:
    (row,) = report(source(a_row(**fields), goal=goal)).rows
    return row.events


VARIANTS = [
    {"action_type": "lead", "value": "5"},
    {"action_type": "onsite_conversion.lead_grouped", "value": "3"},
    {"action_type": "offsite_conversion.fb_pixel_lead", "value": "2"},
    {"action_type": "link_click", "value": "9"},
    {"action_type": "video_view", "value": "99"},
    {"action_type": "offsite_conversion.fb_pixel_custom", "value": "40"},
    {"action_type": "offsite_conversion.custom.77", "value": "4"},
    {"action_type": "offsite_conversion.custom.78", "value": "8"},
]
NAMED = [
    {"action_type": "offsite_conversion.fb_pixel_custom.SmartLinkClicked", "value": "6"},
    {"action_type": "offsite_conversion.fb_pixel_custom.smartlinkclicked", "value": "1"},
    {"action_type": "offsite_conversion.fb_pixel_custom.Other", "value": "33"},
]
THRUPLAYS = [{"action_type": "video_view", "value": "41"}]


@pytest.mark.parametrize(
    ("goal", "events"),
    [
        pytest.param("streams", 6, id="streams: the named custom event, in its own case"),
        pytest.param("presave", 4, id="presave: the user's custom conversion"),
        pytest.param("virality", 41, id="virality: thruplays, not three-second views"),
        pytest.param("followers", 12, id="followers: profile visits"),
        pytest.param("build_audience", 5, id="build_audience: lead, never its variants too"),
        pytest.param("fan_segmentation", 9, id="fan_segmentation: link clicks"),
        pytest.param("not_a_goal", 0, id="an unknown goal: nothing"),
    ],
)
def test_each_goal_counts_its_own_signal(goal: str, events: int):
    assert (
        events_of(
            goal,
            actions=VARIANTS,
            conversions=NAMED,
            video_thruplay_watched_actions=THRUPLAYS,
            instagram_profile_visits="12",
        )
        == events
    )


@pytest.mark.parametrize(
    "goal", ["streams", "presave", "virality", "followers", "build_audience", "fan_segmentation"]
)
def test_absent_fields_count_zero(goal: str):
    assert events_of(goal) == 0


@pytest.mark.parametrize("actions", [[], [{"action_type": "like", "value": "3"}]])
def test_a_list_without_the_signal_counts_zero(actions: list[dict[str, str]]):
    assert events_of("build_audience", actions=actions) == 0


def test_window_keys_beside_the_value_are_not_added():
    entry = {"action_type": "link_click", "value": "4", "7d_click": "4", "1d_view": "1"}

    assert events_of("fan_segmentation", actions=[entry]) == 4


@pytest.mark.parametrize(
    ("currency", "spend", "minor"),
    [
        pytest.param("USD", "8.53", 853, id="cents"),
        pytest.param("USD", "0", 0, id="nothing"),
        pytest.param("USD", None, 0, id="absent"),
        pytest.param("USD", "1.005", 101, id="half a cent goes up, where a float would not"),
        pytest.param("USD", "1.0049999", 100, id="just under half a cent"),
        pytest.param("USD", "90071992547409.93", 9007199254740993, id="past what a float can hold"),
        pytest.param("JPY", "2000", 2000, id="a yen has no parts"),
        pytest.param("JPY", "1999.5", 2000, id="half a yen goes up"),
        pytest.param("JPY", "1999.49", 1999, id="less than half does not"),
    ],
)
def test_spend_is_exact_in_minor_units(currency: str, spend: str | None, minor: int):
    (row,) = report(source(a_row(spend=spend), currency=currency)).rows

    assert row.spend_minor == minor


@pytest.mark.parametrize("field", ["spend", "impressions", "instagram_profile_visits"])
@pytest.mark.parametrize(
    "value",
    ["NaN", "nan", "inf", "-1", "1e400", "1e999999999", "9" * 30, "9223372036854775808", "", "x", [], {}],
)
def test_a_figure_out_of_range_makes_its_users_reading_stale_and_no_others(field: str, value: object):
    bad, good = UUID(int=1), UUID(int=2)
    row = a_row() | {field: value}
    found = insight_reports(
        {
            bad: source(row, goal="followers"),
            good: source(a_row(spend="1.00"), goal="followers"),
        }
    )

    assert (found[bad].rows, found[bad].problem is None) == ((), False)
    assert [each.spend_minor for each in found[good].rows] == [100]


@pytest.mark.parametrize(("impressions", "is_read"), [("2147483647", True), ("2147483648", False)])
def test_counts_have_the_bound_of_their_column(impressions: str, is_read: bool):  # noqa: FBT001 - a row
    assert (report(source(a_row(impressions=impressions))).problem is None) == is_read


@pytest.mark.parametrize(("spend", "is_read"), [("100000000000000.00", True), ("100000000000000.01", False)])
def test_amounts_have_the_bound_of_their_column(spend: str, is_read: bool):  # noqa: FBT001 - a row
    assert (report(source(a_row(spend=spend))).problem is None) == is_read


def test_rows_of_strangers_are_left_out():
    assert report(source(a_row(adset_id="99"))) == InsightReport((), None)


def test_every_row_is_one_row_of_its_ad_set_and_day():
    daily = [
        a_row(date_start="2026-11-02", spend="2", impressions="20"),
        a_row(adset_id="12", spend="1", impressions="10", actions=actions(link_click="3")),
    ]

    assert report(source(a_row(spend="6"), daily=daily)) == InsightReport(
        [
            InsightRow("11", None, 600, 342, 0),
            InsightRow("11", date(2026, 11, 2), 200, 20, 0),
            InsightRow("12", date(2026, 11, 1), 100, 10, 3),
        ],
        None,
    )


def test_users_do_not_mix_even_with_the_same_ad_set_id():
    told = insight_reports(
        {
            US: source(a_row(spend="1.5"), goal="build_audience"),
            JP: source(a_row(spend="1.5"), currency="JPY"),
            NONE: source(),
        }
    )

    assert {user: [row.spend_minor for row in each.rows] for user, each in told.items()} == {
        US: [150],
        JP: [2],
        NONE: [],
    }


def test_nobody_gives_nothing():
    assert insight_reports({}) == {}


def test_a_reading_that_is_not_whole_says_why_first():
    told = report(
        source(a_row(spend="much"), insights_complete=False, insights_problem="read insights: busy")
    )

    assert told == InsightReport((), "read insights: busy")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"spend": "much"}, id="spend"),
        pytest.param({"spend": "-1"}, id="negative spend"),
        pytest.param({"impressions": "many"}, id="impressions"),
        pytest.param({"actions": [{"action_type": "link_click", "value": "?"}]}, id="events"),
        pytest.param({"actions": ["link_click"]}, id="a list of something else"),
        pytest.param({"actions": "none"}, id="no list"),
    ],
)
def test_an_unreadable_row_is_a_problem_of_its_user_alone(change: dict[str, Any]):
    told = insight_reports({US: source(a_row(**change)), JP: source(a_row())})

    assert told[US].problem == ("an Insights row of ad set 11 (2026-11-01) cannot be read: read it again")
    assert told[US].rows == ()
    assert told[JP].problem is None
    assert [row.spend_minor for row in told[JP].rows] == [853]


@pytest.mark.parametrize("day", [None, "yesterday", "2026-13-01"])
def test_a_day_without_its_date_is_a_problem(day: str | None):
    told = insight_reports({US: source(daily=[a_row(date_start=day)]), JP: source(a_row(date_start=day))})

    assert told[US].problem == f"an Insights row of ad set 11 ({day or 'nan'}) cannot be read: read it again"
    assert told[JP].problem is None


def test_a_signal_that_is_not_configured_is_a_problem_not_a_zero():
    unset = replace(source(a_row(conversions=NAMED), goal="streams"), assets=assets(conversions={}))

    assert report(unset).problem == (
        "no conversion is configured for goal 'streams', so its events cannot be counted: "
        "finish the asset setup"
    )


@pytest.mark.parametrize(
    ("value", "events"),
    [
        pytest.param("0.9", "0.9", id="less than one"),
        pytest.param("2.75", "2.75", id="between two and three"),
        pytest.param("3.0", "3", id="a whole one with a place"),
        pytest.param("0.000000000000001", "0.000000000000001", id="fifteen places"),
        pytest.param("0.3333333333333333", "0.333333333333333", id="sixteen are rounded"),
        pytest.param("2147483647", "2147483647", id="the most"),
    ],
)
def test_parts_of_an_event_are_read_exactly(value: str, events: str):
    (row,) = report(source(a_row(actions=actions(link_click=value)))).rows

    assert row.events == Decimal(events)


@pytest.mark.parametrize("value", ["2147483648", "1e60", "NaN", "Infinity", "-0.1", "-1", "", "many", "0x10"])
def test_what_is_no_count_is_a_problem_and_never_zero(value: str):
    told = report(source(a_row(actions=actions(link_click=value))))

    assert told.rows == ()
    assert "cannot be read" in str(told.problem)


def test_parts_of_profile_visits_are_read_too():
    (row,) = report(source(a_row(instagram_profile_visits="1.5"), goal="followers")).rows

    assert row.events == Decimal("1.5")


@pytest.mark.parametrize(
    ("values", "events"), [(["10", "9"], "9"), (["9", "10"], "9"), (["2.5", "2.25", "3"], "2.25")]
)
def test_of_a_type_that_is_listed_twice_the_smaller_counts(values: list[str], events: str):
    listed = [{"action_type": "link_click", "value": value} for value in values]

    (row,) = report(source(a_row(actions=listed))).rows

    assert row.events == Decimal(events)
