"""What the pages call things and how they count, by table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from ads_orchestrator_airflow.panel import charts, decision_view, kpis, labels, view_models
from orchestrator.domain.model import Role
from orchestrator.domain.records import RunTotals
from orchestrator.explain import Check, ExplainedItem
from orchestrator.store.panel.panel_performance import GoalDay, Performance, SuccessWeek
from orchestrator.store.panel.panel_user import RunOfUser


@pytest.mark.parametrize(
    ("spend_minor", "events", "currency", "told"),
    [
        pytest.param(0, 0, "USD", "—", id="no event has no cost"),
        pytest.param(500, 0, "USD", "—", id="nor one that cost money"),
        pytest.param(0, 5, "USD", "$0.00", id="free"),
        pytest.param(2000, 50, "USD", "$0.40", id="dear enough for cents"),
        pytest.param(100, 10, "USD", "$0.10", id="just"),
        pytest.param(99, 10, "USD", "$0.0990", id="one below is told finer"),
        pytest.param(2582, 5415, "USD", "$0.0048", id="a video view"),
        pytest.param(740, 6, "JPY", "¥123", id="yen have no cents"),
        pytest.param(740, 600, "JPY", "¥1.23", id="cheap yen"),
        pytest.param(99, 10, "CHF", "CHF 0.0990", id="a currency without a sign"),
    ],
)
def test_an_event_costs(spend_minor: int, events: int, currency: str, told: str):
    assert labels.cost_per_event(spend_minor, events, currency) == told


@pytest.mark.parametrize(
    ("operator", "need", "told"),
    [("at least", "30", "at least 30"), ("is", "on", "on"), ("is not", "$3.50", "other than $3.50")],
)
def test_what_a_comparison_needs(operator: Any, need: str, told: str):
    assert labels.needs(Check(name="x", have="y", operator=operator, need=need, passed=True)) == told


def week(**figures: int) -> SuccessWeek:
    names = (
        "campaigns_created goals_with_new_learning goals_with_winner_within_7_days promotions"
        " promotions_scaled learning_spend_minor learning_events scaling_spend_minor scaling_events"
    )
    return SuccessWeek(week=datetime(2026, 11, 23, tzinfo=UTC), **dict.fromkeys(names.split(), 0) | figures)


def test_the_five_measures_over_two_weeks():
    performance = Performance(
        days=[],
        weeks=[
            week(campaigns_created=4, goals_with_new_learning=3, goals_with_winner_within_7_days=1),
            week(
                campaigns_created=1,
                goals_with_new_learning=1,
                promotions=4,
                promotions_scaled=3,
                learning_spend_minor=1000,
                learning_events=20,
                scaling_spend_minor=800,
                scaling_events=20,
            ),
        ],
        learning_goals=2,
    )

    assert [tuple(each) for each in kpis.kpis(performance, "USD")] == [
        ("Goals with a learning campaign", "2", "live now"),
        ("Winners within 7 days", "25 %", "1 of 4 new learning goals"),
        ("Promotions that scaled", "75 %", "3 of 4 promotions"),
        ("Cheaper in scaling", "20 %", "$0.50 an event in learning, $0.40 in scaling"),
        ("Campaigns created a week", "2.5", "5 in 2 weeks"),
    ]


def test_measures_of_nothing_are_dashes():
    empty = kpis.kpis(Performance(days=[], weeks=[], learning_goals=0), "USD")

    assert [each.value for each in empty] == ["0", "—", "—", "—", "—"]


def day(goal: str, role: Role, number: int, spend: int, events: int) -> GoalDay:
    when = date(2026, 11, number)
    return GoalDay(goal_key=goal, role=role, day=when, spend_minor=spend, events=events)


def test_charts_and_their_tables_say_the_same():
    days = [
        day("streams", "testing", 21, 1000, 10),
        day("streams", "testing", 22, 500, 0),
        day("streams", "scaling", 22, 600, 12),
    ]

    spend, cost, against, by_goal = charts.of_days(days, "USD")

    assert [(trace["name"], trace["y"]) for trace in spend.spec["data"]] == [
        ("Learning", [10.0, 5.0]),
        ("Scaling", [0.0, 6.0]),
    ]
    assert spend.rows == [["21 Nov 2026", "$10.00", "$0.00"], ["22 Nov 2026", "$5.00", "$6.00"]]
    assert [(t["name"], t["x"], t["y"]) for t in cost.spec["data"]] == [
        ("Streams, learning", ["2026-11-21"], [1.0]),
        ("Streams, scaling", ["2026-11-22"], [0.5]),
    ]
    assert against.rows == [["Streams", "$1.50", "$0.50"]]
    assert by_goal.rows == [["Streams", "$21.00"]]


def test_without_spend_there_is_nothing_to_draw():
    assert charts.of_days([day("streams", "testing", 21, 0, 0)], "USD") == []
    assert charts.of_budgets([], "USD") == []


def test_budgets_live_are_the_active_ones_of_active_campaigns():
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    streams = {"goal_key": "streams"}
    snapshot = {
        "settings": {"max_daily_budget_minor": 5000},
        "campaigns": [
            {"id": "1", "role": "testing", "status": "ACTIVE", "daily_budget_minor": None} | streams,
            {"id": "2", "role": "scaling", "status": "ACTIVE", "daily_budget_minor": 600} | streams,
            {"id": "3", "role": "scaling", "status": "PAUSED", "daily_budget_minor": 900} | streams,
        ],
        "ad_sets": [
            {"campaign_id": "1", "status": "ACTIVE", "daily_budget_minor": 350},
            {"campaign_id": "1", "status": "PAUSED", "daily_budget_minor": 350},
            {"campaign_id": "2", "status": "ACTIVE", "daily_budget_minor": None},
        ],
    }

    live = charts.live_budget(at, snapshot)

    assert live == charts.BudgetBar(at, {"streams": 950}, 5000)
    (picture,) = charts.of_budgets([live], "USD")
    assert [(trace["name"], trace["y"]) for trace in picture.spec["data"]] == [
        ("Streams", [9.5]),
        ("Cap", [50.0]),
    ]
    assert picture.rows == [["23 Nov 2026, 12:00 UTC", "$9.50", "$50.00"]]


def item(**changes: Any) -> ExplainedItem:
    plain: dict[str, Any] = {
        "kind": "action",
        "step": "promote",
        "goal_key": "streams",
        "action_type": "promote_winner",
        "object_kind": "ad set",
        "campaign_id": "7",
        "adset_id": "11",
        "title": "Promoted the test broad · c1",
        "why": "it costs less",
        "checks": (),
        "reason": "winner",
    }
    return ExplainedItem(**plain | changes)


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        pytest.param({}, "adsets?act=42&selected_adset_ids=11", id="an ad set"),
        pytest.param({"adset_id": None}, "campaigns?act=42&selected_campaign_ids=7", id="a campaign"),
        pytest.param(
            {"adset_id": "new:testing:streams:broad:c1"},
            "campaigns?act=42&selected_campaign_ids=7",
            id="an ad set that is not made: its campaign",
        ),
    ],
)
def test_the_address_in_ads_manager(changes: dict[str, Any], address: str):
    found = decision_view.ads_manager("act_42", item(**changes))

    assert found == f"https://adsmanager.facebook.com/adsmanager/manage/{address}"


def test_what_is_not_made_has_no_address():
    unmade = item(adset_id=None, campaign_id="new:scaling:streams")

    assert decision_view.ads_manager("act_42", unmade) is None
    assert decision_view.ads_manager(None, item()) is None


def a_run(**fields: Any) -> RunOfUser:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    counts = (*view_models.OUTCOMES, "actions")
    run: dict[str, Any] = {
        "id": UUID(int=7),
        "run_key": "manual__2026-11-23T12:00:00+00:00",
        "trigger": "user",
        "dry_run": False,
        "run_at": at,
        "opened_at": at,
        "started_at": at,
        "ended_at": at,
        "status": "success",
        "error": None,
        "batch": 3,
        "config": {},
        "goal_keys": None,
    }
    return RunOfUser(**run | dict.fromkeys(counts, 0) | fields)


@pytest.mark.parametrize(
    ("batch", "config", "path"),
    [
        pytest.param(
            3,
            {"run_type": "manual"},
            "dags/ads_orchestrator/runs/manual__2026-11-23T12%3A00%3A00%2B00%3A00"
            "/tasks/per_batch.scale_budgets/mapped/3",
            id="its batch's task in Airflow",
        ),
        pytest.param(3, {"command": "stop --spending"}, None, id="none of the command line"),
        pytest.param(None, {"run_type": "manual"}, None, id="none of a user who was refused"),
    ],
)
def test_a_steps_log_is(batch: int | None, config: dict[str, str], path: str | None):
    assert decision_view.task_log(a_run(batch=batch, config=config), "scale") == path


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(
            {"campaigns_created": 1, "errors_count": 1}, ["1 campaign created", "1 error"], id="one"
        ),
        pytest.param(
            {"adsets_paused": 2, "winners_promoted": 3},
            ["3 winners promoted", "2 ad sets paused"],
            id="several",
        ),
    ],
)
def test_a_run_came_to(counts: dict[str, int], told: list[str]):
    assert view_models.outcomes(a_run(**counts)) == told


def test_creatives_are_called_by_name_and_goals_keep_their_order():
    groups = decision_view.by_goal(
        [item(), item(kind="hold"), item(goal_key="presave", kind="hold"), item()], {"c1": "teaser"}
    )

    assert [(g.goal_key, len(g.actions), len(g.holds)) for g in groups] == [
        ("streams", 2, 1),
        ("presave", 0, 1),
    ]
    assert groups[0].actions[0].title == "Promoted the test broad · teaser"


def totals(**changes: int) -> RunTotals:
    names = (
        "pending running success failed throttled refused campaigns_created campaigns_updated"
        " winners_promoted budgets_scaled adsets_paused errors_count"
    )
    return RunTotals(run_key="r", dry_run=False, **dict.fromkeys(names.split(), 0) | changes)


@pytest.mark.parametrize(
    ("state", "counted", "ended", "text"),
    [
        pytest.param("queued", None, False, "Waiting for Airflow to begin.", id="queued"),
        pytest.param("failed", None, True, "It never began: see its log.", id="never opened"),
        pytest.param(
            "running", totals(running=1, success=2), False, "Running: 2 of 3 users done.", id="goes on"
        ),
        pytest.param("running", totals(pending=1), False, "Running: 0 of 1 user done.", id="has just begun"),
    ],
)
def test_how_a_run_goes_on(state: str, counted: RunTotals | None, ended: bool, text: str):  # noqa: FBT001
    told = view_models.progress(state, counted)

    assert (told["ended"], told["text"]) == (ended, text)


def test_a_run_that_ended_says_what_it_came_to():
    assert view_models.progress("success", totals(success=1, campaigns_created=1, winners_promoted=2)) == {
        "ended": True,
        "good": True,
        "text": "Run ended for 1 user: 1 campaign created, 2 winners promoted.",
    }


def test_a_run_that_failed_says_for_how_many():
    assert view_models.progress("failed", totals(success=2, failed=1, refused=1)) == {
        "ended": True,
        "good": False,
        "text": "Run ended for 3 users: 1 failed, 1 not started.",
    }
