"""Insights: levels, days, filters, figures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

HISTORY = [
    {
        "date": "2026-11-20",
        "spend_minor": 853,
        "impressions": 342,
        "clicks": 14,
        "link_clicks": 4,
        "conversions": 3,
    },
    {
        "date": "2026-11-22",
        "spend_minor": 147,
        "impressions": 58,
        "clicks": 2,
        "link_clicks": 1,
        "conversions": 0,
    },
]
EVENT = {"custom_event_type": "OTHER", "custom_event_str": "SmartLinkClick"}


def an_ad_set(graph: Client, **form: Any) -> str:
    """A paused ad set with a past of two days."""
    me = graph.open_account()
    promoted = {"promoted_object": EVENT | {"pixel_id": me["pixel_id"]}}
    plain = {"name": "s", "status": "PAUSED", "daily_budget_minor": 500, "history": HISTORY}
    campaign = {"name": "c", "hours_ago": 240, "ad_sets": [promoted | plain | form]}
    body = {"accounts": [{"ad_account_id": graph.act, "campaigns": [campaign]}]}
    return str(graph.sim("seed", body)["accounts"][0]["campaigns"][0]["ad_sets"][0]["id"])


def row(graph: Client, node: str, fields: str, **params: Any) -> dict[str, Any]:
    (only,) = graph.get(f"{node}/insights", fields=fields, **({"date_preset": "maximum"} | params))["data"]
    return only


def test_a_row_has_text_for_every_number(graph: Client):
    ad_set = an_ad_set(graph)

    answer = row(
        graph,
        ad_set,
        "account_id,adset_id,adset_name,impressions,clicks,spend,cpc,ctr,cpm,inline_link_clicks,"
        "attribution_setting,actions,conversions,cost_per_action_type,outbound_clicks,objective,account_currency",
        time_range={"since": "2026-11-20", "until": "2026-11-20"},
    )

    assert answer == {
        "account_id": graph.act[4:],
        "account_currency": "USD",
        "adset_id": ad_set,
        "adset_name": "s",
        "objective": "OUTCOME_SALES",
        "impressions": "342",
        "clicks": "14",
        "spend": "8.53",
        "cpc": "0.609286",
        "ctr": "4.093567",
        "cpm": "24.94152",
        "inline_link_clicks": "4",
        "attribution_setting": "7d_click_1d_view",
        "actions": [
            {"action_type": "landing_page_view", "value": "3"},
            {"action_type": "link_click", "value": "4"},
            {"action_type": "offsite_conversion.fb_pixel_custom", "value": "3"},
            {"action_type": "page_engagement", "value": "14"},
            {"action_type": "post_engagement", "value": "14"},
        ],
        "conversions": [{"action_type": "offsite_conversion.fb_pixel_custom.SmartLinkClick", "value": "3"}],
        "cost_per_action_type": [
            {"action_type": "landing_page_view", "value": "2.843333"},
            {"action_type": "link_click", "value": "2.1325"},
            {"action_type": "offsite_conversion.fb_pixel_custom", "value": "2.843333"},
            {"action_type": "page_engagement", "value": "0.609286"},
            {"action_type": "post_engagement", "value": "0.609286"},
        ],
        "outbound_clicks": [{"action_type": "outbound_click", "value": "4"}],
        "date_start": "2026-11-20",
        "date_stop": "2026-11-20",
    }


def test_windows_are_shown_only_on_request_and_only_with_data(graph: Client):
    ad_set = an_ad_set(graph)

    answer = row(graph, ad_set, "conversions", action_attribution_windows=["7d_click", "1d_view", "7d_view"])

    assert answer["conversions"] == [
        {"action_type": "offsite_conversion.fb_pixel_custom.SmartLinkClick", "value": "3", "7d_click": "3"}
    ]


def test_a_day_without_delivery_has_no_row(graph: Client):
    ad_set = an_ad_set(graph)

    rows = graph.get(f"{ad_set}/insights", fields="spend", date_preset="last_7d", time_increment="1")["data"]

    assert [(each["date_start"], each["spend"]) for each in rows] == [
        ("2026-11-20", "8.53"),
        ("2026-11-22", "1.47"),
    ]


def test_no_results_means_no_field(graph: Client):
    ad_set = an_ad_set(graph)
    day = {"since": "2026-11-22", "until": "2026-11-22"}

    assert "conversions" not in row(graph, ad_set, "conversions", time_range=day)


@pytest.mark.parametrize(
    ("goal", "fields", "found"),
    [
        pytest.param(
            "THRUPLAY",
            "video_thruplay_watched_actions,cost_per_thruplay",
            {
                "video_thruplay_watched_actions": [{"action_type": "video_view", "value": "3"}],
                "cost_per_thruplay": [{"action_type": "video_view", "value": "3.333333"}],
            },
            id="thruplays",
        ),
        pytest.param(
            "VISIT_INSTAGRAM_PROFILE",
            "instagram_profile_visits,results",
            {
                "instagram_profile_visits": "3",
                "results": [
                    {
                        "indicator": "total_profile_visits",
                        "values": [{"value": "3", "attribution_windows": ["default"]}],
                    }
                ],
            },
            id="profile visits",
        ),
    ],
)
def test_each_goal_has_its_metric(graph: Client, goal: str, fields: str, found: dict[str, Any]):
    ad_set = an_ad_set(graph, optimization_goal=goal, promoted_object=None)

    assert row(graph, ad_set, fields) == found | {"date_start": "2025-10-19", "date_stop": "2026-11-23"}


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        pytest.param({"optimization_goal": "LEAD_GENERATION", "promoted_object": None}, "lead", id="leads"),
        pytest.param(
            {"optimization_goal": "LINK_CLICKS", "promoted_object": None}, "link_click", id="link clicks"
        ),
        pytest.param(
            {"promoted_object": {"custom_conversion_id": "77"}},
            "offsite_conversion.custom.77",
            id="custom conversion",
        ),
        pytest.param(
            {"promoted_object": {"pixel_id": "1", "custom_event_type": "PURCHASE"}},
            "omni_purchase",
            id="purchases",
        ),
    ],
)
def test_each_goal_has_its_action(graph: Client, form: dict[str, Any], kind: str):
    ad_set = an_ad_set(graph, **form)

    actions = {each["action_type"]: each["value"] for each in row(graph, ad_set, "actions")["actions"]}

    assert actions[kind] == "3"


def test_a_custom_event_stands_alone_only_in_conversions(graph: Client):
    ad_set = an_ad_set(graph)

    answer = row(graph, ad_set, "actions,conversions")

    assert "offsite_conversion.fb_pixel_custom.SmartLinkClick" not in str(answer["actions"])
    assert "offsite_conversion.fb_pixel_custom.SmartLinkClick" in str(answer["conversions"])


def test_yen_are_whole(graph: Client):
    history = [{"days_ago": 1, "spend_minor": 1234, "impressions": 10, "clicks": 1, "conversions": 0}]
    graph.open_account(currency="JPY", timezone="Asia/Tokyo", campaigns=[{"ad_sets": [{"history": history}]}])

    assert row(graph, graph.act, "spend", date_preset="yesterday")["spend"] == "1234"


@pytest.mark.parametrize("level", ["account", "campaign", "adset", "ad"])
def test_every_level_adds_up_to_the_same(graph: Client, level: str):
    an_ad_set(graph)
    rows = graph.get(f"{graph.act}/insights", level=level, fields="spend,impressions", date_preset="maximum")[
        "data"
    ]

    assert sum(round(float(each["spend"]) * 100) for each in rows) == 1000
    assert sum(int(each["impressions"]) for each in rows) == 400


def test_default_fields_name_the_level(graph: Client):
    an_ad_set(graph)

    answer = graph.get(f"{graph.act}/insights", level="adset", date_preset="maximum")["data"][0]

    assert list(answer) == [
        "account_id",
        "campaign_id",
        "adset_id",
        "impressions",
        "spend",
        "date_start",
        "date_stop",
    ]


@pytest.mark.parametrize(
    ("preset", "since", "until"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("yesterday", "2026-11-22", "2026-11-22"),
        ("last_3d", "2026-11-20", "2026-11-22"),
        ("last_7d", "2026-11-16", "2026-11-22"),
        ("last_30d", "2026-10-24", "2026-11-22"),
        ("this_month", "2026-11-01", "2026-11-23"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-11-23"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("this_year", "2026-01-01", "2026-11-23"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_week_mon_sun", "2026-11-16", "2026-11-22"),
        ("last_week_sun_sat", "2026-11-15", "2026-11-21"),
        ("this_week_mon_today", "2026-11-23", "2026-11-23"),
        ("this_week_sun_today", "2026-11-22", "2026-11-23"),
    ],
)
def test_presets_are_days_of_the_account(graph: Client, preset: str, since: str, until: str):
    history = [{"days": 700, "spend_minor": 70000, "impressions": 70000}]
    graph.open_account(campaigns=[{"ad_sets": [{"status": "PAUSED", "history": history}]}])
    graph.sim(
        "seed",
        {
            "accounts": [
                {
                    "ad_account_id": graph.act,
                    "campaigns": [{"ad_sets": [{"history": [{"days_ago": 0, "impressions": 1}]}]}],
                }
            ]
        },
    )

    answer = row(graph, graph.act, "spend", date_preset=preset)

    assert (answer["date_start"], answer["date_stop"]) == (since, until)


@pytest.mark.parametrize(
    ("increment", "rows"), [("1", 14), ("7", 2), ("5", 3), ("monthly", 1), ("all_days", 1)]
)
def test_a_range_is_cut_into_parts(graph: Client, increment: str, rows: int):
    graph.open_account(campaigns=[{"ad_sets": [{"history": [{"days": 20, "spend_minor": 2000}]}]}])

    answer = graph.get(f"{graph.act}/insights", date_preset="last_14d", time_increment=increment)

    assert len(answer["data"]) == rows


@pytest.mark.parametrize(
    ("params", "code"),
    [
        pytest.param({"date_preset": "lifetime"}, 100, id="the preset that is gone"),
        pytest.param({"time_range": {"since": "2026-11-02", "until": "2026-11-01"}}, 100, id="backwards"),
        pytest.param({"time_range": {"since": "2026-11-02"}}, 100, id="without end"),
        pytest.param({"time_range": {"since": "soon", "until": "later"}}, 100, id="no dates"),
        pytest.param(
            {"time_range": {"since": "2023-10-22", "until": "2023-11-01"}}, 3018, id="37 months and a day"
        ),
        pytest.param({"time_increment": "0"}, 100, id="increment 0"),
        pytest.param({"time_increment": "91"}, 100, id="increment 91"),
        pytest.param({"level": "pixel"}, 100, id="unknown level"),
        pytest.param({"fields": "mood"}, 100, id="unknown field"),
        pytest.param({"action_attribution_windows": ["9d_click"]}, 100, id="unknown window"),
        pytest.param(
            {"filtering": [{"field": "adset.mood", "operator": "EQUAL", "value": 1}]},
            100,
            id="unknown filter",
        ),
    ],
)
def test_a_report_is_refused(graph: Client, params: dict[str, Any], code: int):
    an_ad_set(graph)

    assert graph.get(f"{graph.act}/insights", **params)["error"]["code"] == code


def test_exactly_37_months_are_allowed(graph: Client):
    answer = graph.get(f"{graph.act}/insights", time_range={"since": "2023-10-23", "until": "2026-11-23"})

    assert answer == {"data": []}


def test_rows_are_filtered_by_object_and_by_figure(graph: Client):
    ad_set = an_ad_set(graph)

    def count(field: str, operator: str, value: Any) -> int:
        condition = [{"field": field, "operator": operator, "value": value}]
        answer = graph.get(f"{graph.act}/insights", level="adset", date_preset="maximum", filtering=condition)
        return len(answer["data"])

    assert count("adset.id", "IN", [ad_set]) == 1
    assert count("adset.id", "IN", ["1"]) == 0
    assert count("campaign.name", "CONTAIN", "c") == 1
    assert count("spend", "GREATER_THAN", 9.99) == 1
    assert count("spend", "GREATER_THAN", 10) == 0
    assert count("impressions", "LESS_THAN", 400) == 0


def test_deleted_things_are_reported_only_when_asked_for(graph: Client):
    ad_set = an_ad_set(graph)
    graph.delete(ad_set)
    everything = [
        {"field": "adset.effective_status", "operator": "IN", "value": ["ACTIVE", "PAUSED", "DELETED"]}
    ]
    asked = {"level": "adset", "date_preset": "maximum"}

    assert graph.get(f"{graph.act}/insights", **asked) == {"data": []}
    assert len(graph.get(f"{graph.act}/insights", **asked, filtering=everything)["data"]) == 1
    assert row(graph, graph.act, "spend")["spend"] == "10.00"
    assert row(graph, ad_set, "spend")["spend"] == "10.00"


def test_rows_come_in_pages(graph: Client):
    graph.open_account(campaigns=[{"ad_sets": [{"history": [{"days": 30, "spend_minor": 3000}]}]}])
    asked = {"date_preset": "last_30d", "time_increment": "1", "fields": "spend"}

    first = graph.get(f"{graph.act}/insights", **asked)
    second = graph.get(f"{graph.act}/insights", **asked, after=first["paging"]["cursors"]["after"])

    assert (len(first["data"]), len(second["data"])) == (25, 5)
    assert first["paging"]["cursors"] == {"before": "MAZDZD", "after": "MjQZD"}
    assert "next" not in second["paging"]


def test_fields_may_be_a_json_array(graph: Client):
    ad_set = an_ad_set(graph)

    assert list(row(graph, ad_set, '["spend","clicks"]')) == ["spend", "clicks", "date_start", "date_stop"]


def test_insights_expand_in_fields(graph: Client):
    ad_set = an_ad_set(graph)

    answer = graph.get(ad_set, fields="name,insights.date_preset(last_7d).time_increment(1){spend}")

    assert [each["spend"] for each in answer["insights"]["data"]] == ["8.53", "1.47"]


def test_reach_is_at_most_impressions(graph: Client):
    ad_set = an_ad_set(graph)

    answer = row(graph, ad_set, "reach,impressions,frequency")

    assert int(answer["reach"]) <= int(answer["impressions"])
    assert float(answer["frequency"]) >= 1


def test_a_copy_begins_without_a_past(graph: Client):
    ad_set = an_ad_set(graph)
    made = graph.post(f"{ad_set}/copies", deep_copy=True)["copied_adset_id"]

    assert graph.get(f"{made}/insights", date_preset="maximum") == {"data": []}
