"""A user's page, and what an operator changes on it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest

from orchestrator.errors import DatabaseUnavailable
from tests.integration.store.conftest import Rows
from tests.panel.conftest import OURS, TestClient, dependencies


def test_a_toggle_is_saved_at_once_with_who_and_when(operator: TestClient, rows: Rows):
    user = rows.user()

    answer = operator.post(
        f"/users/{user}/toggle", json={"toggle": "auto_pause_losers", "on": True}, headers=OURS
    )

    assert answer.json()["on"] is True
    assert rows.one(
        "select auto_scale_winners, auto_pause_losers, updated_by,"
        " updated_at > now() - interval '1 minute' as new from user_ads_modes where user_id = %(user)s",
        user=user,
    ) == {"auto_scale_winners": False, "auto_pause_losers": True, "updated_by": "olive", "new": True}
    assert "Last changed by olive" in operator.get(f"/users/{user}").text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"toggle": "paused_by_operator", "on": True}, id="another column"),
        pytest.param({"toggle": "auto_scale_winners", "on": "yes"}, id="no truth value"),
        pytest.param({"toggle": "auto_scale_winners", "on": True, "user_id": "x"}, id="another user"),
    ],
)
def test_nothing_but_the_two_toggles_can_be_set(operator: TestClient, rows: Rows, body: dict[str, object]):
    user = rows.user()

    assert operator.post(f"/users/{user}/toggle", json=body, headers=OURS).status_code == 422


def test_somebody_who_is_not_there_is_said_to_be(operator: TestClient):
    nobody = uuid4()

    page = operator.get(f"/users/{nobody}")
    toggled = operator.post(
        f"/users/{nobody}/toggle", json={"toggle": "auto_pause_losers", "on": True}, headers=OURS
    )

    assert (page.status_code, toggled.status_code) == (404, 404)
    assert f"There is no user {nobody}." in page.text
    assert "Back to the fleet" in page.text


def test_a_stop_is_remembered_with_its_reason(operator: TestClient, rows: Rows):
    user = rows.user()

    operator.post(f"/users/{user}/switch", json={"stopped": True, "note": "asked on the phone"}, headers=OURS)

    page = operator.get(f"/users/{user}").text
    assert "This user is stopped." in page
    assert "asked on the phone" in page
    assert "By olive" in page
    operator.post(f"/users/{user}/switch", json={"stopped": False}, headers=OURS)
    assert "This user is stopped." not in operator.get(f"/users/{user}").text


def test_campaigns_stand_by_goal_with_what_an_event_cost(viewer: TestClient, rows: Rows):
    user = rows.user()
    campaign = rows.campaign_of(user, role="scaling", daily_budget_minor=2400)
    ad_set = rows.ad_set_of(user, campaign, audience="broad")
    for ago, spend, events in ((1, 1000, 20), (7, 1000, 30), (8, 9900, 1)):
        day = date(2026, 11, 23) - timedelta(days=ago)
        figures = {"spend_minor": spend, "events": events, "impressions": 100}
        rows.day_of(user, ad_set, day, **figures)

    page = viewer.get(f"/users/{user}").text

    assert "<dt>Budget a day</dt><dd>$24.00</dd>" in page
    assert "<dt>Spend</dt><dd>$20.00</dd>" in page
    assert "<dt>Events</dt><dd>50</dd>" in page
    assert "<dt>Cost per event</dt><dd>$0.40</dd>" in page


def test_whatever_people_typed_is_text(viewer: TestClient, rows: Rows):
    user = rows.user()
    campaign = rows.campaign_of(user)
    rows.ad_set_of(user, campaign, audience="<img src=x onerror=alert(1)>" + "long" * 60)

    page = viewer.get(f"/users/{user}").text

    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_settings_that_nobody_can_read_are_named(viewer: TestClient, rows: Rows):
    user = rows.user(modes={"goal_settings": {"streams": {"is_active": True, "priority": 9}}})

    page = viewer.get(f"/users/{user}").text

    assert "goal_settings.streams.priority" in page
    assert "Every run of this user fails until it is set right." in page


def test_without_an_account_it_says_so(viewer: TestClient, rows: Rows):
    user = uuid4()
    rows.insert("user_ads_modes", user_id=user)

    page = viewer.get(f"/users/{user}").text

    assert "No ad account" in page
    assert "no Meta account is connected" in page
    assert "No goal is set" in page
    assert "No run yet." in page


def test_the_last_ten_runs_with_word_and_outcome(viewer: TestClient, rows: Rows):
    user = rows.user()
    done = {"status": "success", "ended_at": "now"}
    for hour in range(11):
        rows.run_of(user, **done, opened_at=f"2026-11-23T{hour:02}:00:00Z", winners_promoted=hour)

    page = viewer.get(f"/users/{user}").text

    assert page.count('<span class="badge good">Done</span>') == 10
    assert "10 winners promoted" in page
    assert "Nothing to do" not in page  # the oldest, which is the eleventh
    older = re.search(r'href="\.\./(users/[^"]+)#activity">Older runs', page)
    assert older is not None
    assert "Nothing to do" in viewer.get(f"/{unescape(older[1])}").text


def test_a_preview_with_meta_away_says_what_to_do(operator: TestClient, rows: Rows):
    user = rows.user()

    answer = operator.post(f"/users/{user}/preview", headers=OURS)

    assert answer.status_code == 200
    assert "Nothing was changed" in answer.text
    assert 'class="banner warn"' in answer.text


def test_a_run_of_somebody_else_is_not_there(viewer: TestClient, rows: Rows):
    one, other = rows.user(), rows.user()
    run_id = rows.run_of(one)

    assert viewer.get(f"/users/{one}/runs/{run_id}").status_code == 200
    assert viewer.get(f"/users/{other}/runs/{run_id}").status_code == 404


def test_a_run_whose_snapshot_is_gone_still_has_its_words_and_numbers(viewer: TestClient, rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user)
    clicks = {"name": "clicks", "have": 34, "word": "at least", "need": 30}
    rows.action_of(user, run_id, reason="scale_up", step="scale", details={"checks": [clicks]})

    page = viewer.get(f"/users/{user}/runs/{run_id}").text

    assert "Raised" in page
    assert "Clicks" in page
    assert "Its cost per event held" in page
    assert "selected_adset_ids=11" in page


def test_a_database_that_is_away_is_told_with_what_to_do(viewer: TestClient, monkeypatch: pytest.MonkeyPatch):
    def away() -> None:
        raise DatabaseUnavailable("Postgres: connection refused")

    monkeypatch.setattr(dependencies.panel_store, "make", away)
    monkeypatch.setattr(dependencies.panel_store, "_value", None)

    page = viewer.get("/")

    assert page.status_code == 503
    assert "The database cannot be reached" in page.text
    assert "ads_orchestrator_db" in page.text


PAUSED_FOR_IT = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_events_anywhere"}


def contradicted(rows: Rows, user: object, *, events: int, impressions: int = 9_000) -> str:
    return rows.ad_set_of(
        user,  # type: ignore[arg-type]
        rows.campaign_of(user, role="scaling"),  # type: ignore[arg-type]
        known_events=63,
        contradicting_events=events,
        contradicting_impressions=impressions,
        contradicted_at="2026-11-23T12:00Z",
    )


def test_figures_that_contradict_are_shown_and_accepted_by_an_operator(operator: TestClient, rows: Rows):
    user = rows.user()
    ad_set = contradicted(rows, user, events=1)

    page = unescape(operator.get(f"/users/{user}").text)
    done = operator.post(f"/users/{user}/accept-figures", json={"goal_key": "streams"}, headers=OURS)

    assert "streams, broad: 63 were known, and now Meta reports 1 click on 9,000 impressions" in page
    assert "Accept the new figures for Streams" in page
    assert done.json() == {"accepted": 1, "left": 0}
    assert rows.one("select known_events from ads_ad_sets where id = %(id)s", id=ad_set) == {
        "known_events": 1
    }
    assert rows.one(
        "select kind, origin, made_by from ads_interventions where user_id = %(user)s", user=user
    ) == {"kind": "accept_figures", "origin": "operator", "made_by": "olive"}
    assert "Waits for a person" not in operator.get(f"/users/{user}").text


def test_figures_that_cannot_be_true_have_no_button(operator: TestClient, rows: Rows):
    user = rows.user()
    contradicted(rows, user, events=40_000, impressions=100)

    page = operator.get(f"/users/{user}").text

    assert "40,000 clicks on 100 impressions, which cannot be" in page
    assert "Accept the new figures" not in page


def test_a_goal_paused_for_want_of_events_is_resumed_by_an_operator(operator: TestClient, rows: Rows):
    user = rows.user()
    campaign = rows.campaign_of(user, goal_key="presave", **PAUSED_FOR_IT)

    page = operator.get(f"/users/{user}").text
    done = operator.post(f"/users/{user}/resume-goal", json={"goal_key": "presave"}, headers=OURS)

    assert "Resume Pre-saves" in page
    assert done.json() == {"campaigns": 1}
    assert rows.one("select paused_reason from ads_campaigns where id = %(id)s", id=campaign) == {
        "paused_reason": None
    }


def test_a_viewer_sees_what_waits_and_decides_nothing(viewer: TestClient, rows: Rows):
    user = rows.user()
    contradicted(rows, user, events=1)
    rows.campaign_of(user, goal_key="presave", **PAUSED_FOR_IT)

    page = viewer.get(f"/users/{user}").text

    assert "Waits for a person" in page
    assert 'data-act="decide"' not in page


@pytest.mark.parametrize(
    ("path", "goal_key", "status"),
    [
        pytest.param("accept-figures", "stream", 404, id="no such goal"),
        pytest.param("resume-goal", "stream", 404, id="no such goal to resume"),
        pytest.param("resume-goal", None, 422, id="no goal"),
    ],
)
def test_a_decision_names_a_goal_that_there_is(
    operator: TestClient, rows: Rows, path: str, goal_key: str | None, status: int
):
    user = rows.user()

    assert (
        operator.post(f"/users/{user}/{path}", json={"goal_key": goal_key}, headers=OURS).status_code
        == status
    )
