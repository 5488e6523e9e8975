"""The fleet's page: who is shown, in which state, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.integration.store.conftest import Rows
from tests.panel.conftest import OURS, TestClient, fleet_performance, fleet_stats

FAILED = {"status": "failed", "error": "AuthExpired: connect again", "ended_at": "now"}
DONE = {"status": "success", "ended_at": "now"}


@pytest.fixture(autouse=True)
def nobody(rows: Rows) -> Iterator[None]:
    """Each test has a fleet of its own."""
    rows.run(
        "truncate user_ads_modes, meta_assets, ads_sweeps, ads_automation_runs, ads_automation_actions,"
        " ads_campaigns, ads_ad_sets cascade"
    )
    for remembered in (fleet_stats, fleet_performance):
        remembered.clear()
    yield
    fleet_stats.clear()


def shown(browser: TestClient, query: str = "") -> set[UUID]:
    """The users in the table of a page."""
    return {
        UUID(found) for found in re.findall(r'href="\./users/([0-9a-f-]{36})"', browser.get(f"/{query}").text)
    }


def test_every_state_lists_its_users_and_no_others(viewer: TestClient, rows: Rows):
    running, failed, throttled = rows.user(), rows.user(), rows.user()
    worked, idle, new = rows.user(), rows.user(), rows.user()
    paused = rows.user(modes={"paused_by_operator": True})
    rows.run_of(running)
    rows.run_of(failed, **FAILED)
    rows.run_of(throttled, **(FAILED | {"status": "throttled"}))
    rows.run_of(worked, **DONE, winners_promoted=1)
    rows.run_of(idle, **DONE)
    rows.run_of(paused, **FAILED)

    assert {state: shown(viewer, f"?state={state}") for state in ("running", "failed", "throttled")} == {
        "running": {running},
        "failed": {failed},
        "throttled": {throttled},
    }
    assert {state: shown(viewer, f"?state={state}") for state in ("worked", "idle", "paused")} == {
        "worked": {worked},
        "idle": {idle, new},
        "paused": {paused},
    }


def test_the_latest_run_decides(viewer: TestClient, rows: Rows):
    mended = rows.user()
    rows.run_of(mended, **FAILED, opened_at="2026-11-23T06:00:00Z")
    rows.run_of(mended, **DONE, campaigns_created=1, opened_at="2026-11-23T12:00:00Z")

    assert shown(viewer, "?state=failed") == set()
    assert shown(viewer, "?state=worked") == {mended}


def test_who_was_stopped_with_a_run_going_on_is_running_and_not_yet_paused(viewer: TestClient, rows: Rows):
    stopped = rows.user(modes={"paused_by_operator": True})
    rows.run_of(stopped)

    assert shown(viewer, "?state=running") == {stopped}
    assert shown(viewer, "?state=paused") == set()


def test_an_older_run_that_waits_does_not_make_a_user_running(viewer: TestClient, rows: Rows):
    done = rows.user()
    rows.run_of(done, status="pending", opened_at="2026-11-23T06:00:00Z")
    rows.run_of(done, **DONE, campaigns_created=1, opened_at="2026-11-23T12:00:00Z")

    assert shown(viewer, "?state=running") == set()
    assert shown(viewer, "?state=worked") == {done}


def test_a_refused_run_leaves_a_user_with_nothing_to_do(viewer: TestClient, rows: Rows):
    refused = rows.user()
    rows.run_of(refused, status="refused", error="stopped", ended_at="now")

    assert shown(viewer, "?state=idle") == {refused}


def test_figures_count_the_same_users(viewer: TestClient, rows: Rows):
    for user in (rows.user(), rows.user()):
        rows.run_of(user, **FAILED)
    rows.run_of(rows.user(), **DONE)

    page = viewer.get("/").text

    numbers = dict(re.findall(r'state=(\w+)"[^>]*>\s*<span class="number">(\d+)', page))
    assert numbers == {
        "running": "0",
        "failed": "2",
        "paused": "0",
        "throttled": "0",
        "worked": "0",
        "idle": "1",
    }


def test_an_id_is_found_by_how_it_begins_and_by_its_ad_account(viewer: TestClient, rows: Rows):
    one = rows.user(assets={"ad_account_id": "act_1234567890"})
    rows.user()

    assert shown(viewer, f"?q={str(one)[:13]}") == {one}
    assert shown(viewer, "?q=act_1234567890") == {one}
    assert shown(viewer, "?q=1234567890") == {one}
    assert "No user's id begins with" in viewer.get("/?q=00000000-0000").text


@pytest.mark.parametrize("typed", ["xyz", "<script>", "' or 1=1 --"])
def test_what_is_no_id_is_said_and_nothing_else_happens(viewer: TestClient, typed: str):
    page = viewer.get("/", params={"q": typed})

    assert page.status_code == 200
    assert "That is no id" in page.text
    assert "<script>'" not in page.text


def test_fifty_a_page_and_each_user_once(viewer: TestClient, rows: Rows):
    everybody = {rows.user() for _ in range(51)}

    first = viewer.get("/").text
    last = re.search(r'href="\./\?q=&amp;state=&amp;after=([0-9a-f-]+)">Next', first)
    assert last is not None
    on_first, on_second = shown(viewer), shown(viewer, f"?after={last[1]}")

    assert len(on_first) == 50
    assert on_first | on_second == everybody
    assert on_first & on_second == set()


def test_money_live_is_told_in_each_currency(viewer: TestClient, rows: Rows):
    dollars, yen = rows.user(), rows.user(assets={"currency": "JPY"})
    learning = rows.campaign_of(dollars)
    rows.ad_set_of(dollars, learning, daily_budget_minor=350)
    rows.ad_set_of(dollars, learning, daily_budget_minor=350, status="PAUSED")
    rows.campaign_of(dollars, role="scaling", daily_budget_minor=600)
    rows.campaign_of(yen, role="scaling", daily_budget_minor=1080)
    rows.campaign_of(yen, status="PAUSED", paused_by="user")

    page = viewer.get("/").text

    assert re.search(r"Live a day in USD</dt><dd>\$9\.50<small>1 user<", page)
    assert re.search(r"Live a day in JPY</dt><dd>¥1,080<small>1 user<", page)


def spent(rows: Rows, currency: str, spend_minor: int) -> None:
    """Somebody whose learning campaign brought ten events on one day."""
    user = rows.user(assets={"currency": currency})
    ad_set = rows.ad_set_of(user, rows.campaign_of(user))
    rows.day_of(user, ad_set, "2026-11-22", spend_minor=spend_minor, impressions=100, events=10)


def test_charts_never_add_one_currency_to_another(viewer: TestClient, rows: Rows):
    spent(rows, "USD", 1000)
    spent(rows, "USD", 500)
    spent(rows, "JPY", 3000)

    dollars, yen = (viewer.get(f"/charts?currency={each}").text for each in ("USD", "JPY"))

    assert "<td>Streams</td><td>$15.00</td>" in dollars
    assert "<td>Streams</td><td>¥3,000</td>" in yen
    assert "Goals with a learning campaign</dt><dd>2<" in dollars
    assert "Goals with a learning campaign</dt><dd>1<" in yen


def test_a_currency_that_nobody_has_shows_one_that_somebody_has(viewer: TestClient, rows: Rows):
    spent(rows, "JPY", 3000)

    assert "Success in JPY" in viewer.get("/charts?currency=EUR").text


def test_without_users_it_says_how_one_comes(operator: TestClient):
    assert "There are no users yet" in operator.get("/").text


def test_a_stop_for_everybody_stands_on_the_page_with_who_and_why(operator: TestClient, rows: Rows):
    done = operator.post("/switch", json={"stopped": True, "note": "Meta is odd today"}, headers=OURS)

    assert done.status_code == 200
    page = operator.get("/").text
    assert "Writing is stopped for everybody." in page
    assert "Meta is odd today" in page
    assert "By olive" in page
    assert rows.one("select stopped, changed_by from orchestrator_switch") == {
        "stopped": True,
        "changed_by": "olive",
    }
    operator.post("/switch", json={"stopped": False}, headers=OURS)
    assert "Writing is stopped" not in operator.get("/").text
