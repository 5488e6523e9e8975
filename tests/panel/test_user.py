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
