"""Ad accounts that Meta stopped: which, what Meta says, whose turn it is and since when, on three pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from uuid import UUID

import pytest

from ads_orchestrator_airflow.panel.account_stops import account_stop
from tests.integration.store.conftest import Rows
from tests.panel.conftest import TestClient, fleet_stats

SINCE = "2026-11-22T06:00:00Z"
UNSETTLED = {"account_status": 3, "stopped_for": "breaker_account", "stopped_since": SINCE}


@pytest.fixture(autouse=True)
def nobody(rows: Rows) -> Iterator[None]:
    rows.run("truncate user_ads_modes, meta_assets, ads_sweeps, ads_automation_runs cascade")
    fleet_stats.clear()
    yield
    fleet_stats.clear()


def text_of(browser: TestClient, path: str) -> str:
    """What a page says, without its tags."""
    answer = browser.get(path)
    assert answer.status_code == 200
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def linked(browser: TestClient, path: str) -> list[UUID]:
    """The users that a page links, each once, in its order."""
    found = re.findall(r'href="[./]*users/([0-9a-f-]{36})"', browser.get(path).text)
    return [UUID(each) for each in dict.fromkeys(found)]


@pytest.mark.parametrize(
    ("status", "reason", "says", "turn"),
    [
        (2, "breaker_account", "Disabled", "The user contacts Meta"),
        (3, "breaker_account", "Unsettled: a bill is not paid", "The user pays"),
        (7, "breaker_account", "Pending risk review", "Meta reviews"),
        (8, "breaker_account", "Pending settlement: a payment is under way", "The user pays"),
        (100, "breaker_account", "Pending closure", "The user contacts Meta"),
        (101, "breaker_account", "Closed", "The user contacts Meta"),
        (202, "breaker_account", "Status 202", "The user contacts Meta"),
        (1, "breaker_spending_limit", "The spending limit is used up", "The user raises the limit"),
    ],
)
def test_each_stop_has_meta_s_words_and_whose_turn_it_is_on_every_page(
    viewer: TestClient, rows: Rows, status: int, reason: str, says: str, turn: str
):
    stop = {"account_status": status, "stopped_for": reason, "stopped_since": SINCE}
    user = rows.user(assets={"ad_account_id": "act_77", "account_name": "Night <Owls>", **stop})

    for path in ("/", "/waiting", f"/users/{user}"):
        said = text_of(viewer, path)
        assert "Night <Owls>" in said, path
        assert says in said, path
        assert turn in said, path
        assert 'datetime="2026-11-22T06:00' in viewer.get(path).text, path
    assert linked(viewer, "/waiting") == [user]


def test_an_account_without_a_stop_is_nowhere(viewer: TestClient, rows: Rows):
    assert account_stop(None, 1) is None
    user = rows.user(assets={"account_name": "Fine", "account_status": 1})

    assert "Stopped by Meta" not in text_of(viewer, "/")
    assert text_of(viewer, "/waiting").endswith("No ad account is stopped.")
    assert "Waits for a person" not in text_of(viewer, f"/users/{user}")


def test_an_account_whose_name_is_not_read_yet_goes_by_its_id(viewer: TestClient, rows: Rows):
    rows.user(assets={"ad_account_id": "act_78", **UNSETTLED})

    assert "act_78 Unsettled" in text_of(viewer, "/waiting")


@pytest.mark.parametrize(("stopped", "more"), [(5, False), (6, True)])
def test_the_fleet_shows_five_and_leads_to_all(viewer: TestClient, rows: Rows, stopped: int, *, more: bool):
    for _ in range(stopped):
        rows.user(assets=UNSETTLED)
    section = viewer.get("/").text.partition('id="stopped"')[2].partition("</section>")[0]

    assert len(re.findall(r"users/[0-9a-f-]{36}", section)) == 5
    assert ("Show all stopped accounts" in section) is more
    assert len(linked(viewer, "/waiting")) == stopped


def test_fifty_a_page_and_each_account_once(viewer: TestClient, rows: Rows):
    everybody = {rows.user(assets=UNSETTLED) for _ in range(51)}

    first = linked(viewer, "/waiting")
    last = re.search(r'href="\./waiting\?after=([0-9a-f-]+)">Next', viewer.get("/waiting").text)
    assert last is not None
    second = linked(viewer, f"/waiting?after={last[1]}")

    assert (len(first), len(second)) == (50, 1)
    assert {*first, *second} == everybody
