"""What waits for the user: figures to accept, and goals to resume."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.settings import load
from tests.api.conftest import as_user
from tests.integration.store.conftest import Rows

PAUSED = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_events_anywhere"}


@pytest.fixture(scope="module")
def http(api: Callable[..., httpx.Client], rows: Rows) -> httpx.Client:
    """The API with the keys with which the rows are encrypted."""
    return api(product=load(armed="true", secret_keys="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))


def contradicted(rows: Rows, user: UUID, *, events: int, impressions: int = 9_000) -> str:
    return rows.ad_set_of(
        user,
        rows.campaign_of(user, role="scaling"),
        known_events=63,
        contradicting_events=events,
        contradicting_impressions=impressions,
        contradicted_at="2026-11-23T12:00Z",
    )


def test_shows_what_contradicts_and_what_is_paused_for_it(http: httpx.Client, rows: Rows):
    user = rows.user()
    ad_set = contradicted(rows, user, events=1)
    contradicted(rows, rows.user(), events=2)
    rows.campaign_of(user, goal_key="presave", **PAUSED)

    answer = http.get("/waiting", headers=as_user(user))

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "success": True,
            "figures": [
                {
                    "goalKey": "streams",
                    "adsetId": ad_set,
                    "knownEvents": 63,
                    "reportedEvents": 1,
                    "reportedImpressions": 9000,
                    "since": "2026-11-23T12:00:00Z",
                    "canBeAccepted": True,
                    "message": (
                        "streams, broad: 63 were known, and now Meta reports 1 click on 9,000 impressions"
                    ),
                }
            ],
            "pausedGoalKeys": ["presave"],
        },
    )


def test_accepts_the_users_own_figures_and_says_who(http: httpx.Client, rows: Rows):
    user, other = rows.user(), rows.user()
    ad_set, others = contradicted(rows, user, events=1), contradicted(rows, other, events=1)

    answer = http.post("/figures/accept", json={"goalKey": "streams"}, headers=as_user(user))

    assert answer.status_code == 200
    assert [each["adsetId"] for each in answer.json()["accepted"]] == [ad_set]
    known = "select id, known_events from ads_ad_sets where id = any(%(ids)s) order by known_events"
    assert rows.all(known, ids=[ad_set, others]) == [
        {"id": ad_set, "known_events": 1},
        {"id": others, "known_events": 63},
    ]
    assert rows.all(
        "select goal_key, kind, origin, made_by from ads_interventions where user_id = %(user)s", user=user
    ) == [{"goal_key": "streams", "kind": "accept_figures", "origin": "user", "made_by": str(user)}]


def test_leaves_other_goals_and_what_cannot_be_true(http: httpx.Client, rows: Rows):
    user = rows.user()
    ad_set = contradicted(rows, user, events=40_000, impressions=100)

    of_presave = http.post("/figures/accept", json={"goalKey": "presave"}, headers=as_user(user))
    of_all = http.post("/figures/accept", headers=as_user(user))

    assert of_presave.json() == {"success": True, "accepted": [], "left": []}
    assert (of_all.json()["accepted"], [e["adsetId"] for e in of_all.json()["left"]]) == ([], [ad_set])
    assert of_all.json()["left"][0]["canBeAccepted"] is False


def test_resumes_a_goal_once(http: httpx.Client, rows: Rows):
    user = rows.user()
    campaign = rows.campaign_of(user, **PAUSED)

    done, again = (http.post("/goals/streams/resume", headers=as_user(user)) for _ in range(2))

    assert (done.status_code, done.json()) == (
        200,
        {"success": True, "goalKey": "streams", "campaignsCount": 1},
    )
    assert again.json()["campaignsCount"] == 0
    assert rows.one(
        "select status, paused_by, paused_reason from ads_campaigns where id = %(id)s", id=campaign
    ) == {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": None}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("post", "/figures/accept", {"goalKey": "stream"}), ("post", "/goals/stream/resume", None)],
)
def test_a_goal_that_is_not_known_is_named(
    http: httpx.Client, rows: Rows, method: str, path: str, body: dict[str, str] | None
):
    answer = http.request(method, path, json=body, headers=as_user(rows.user()))

    assert (answer.status_code, answer.json()["type"]) == (
        422,
        "urn:problem-type:ads-orchestrator:invalid-request",
    )
    assert "There is no goal 'stream'" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/waiting", "/figures/accept", "/goals/streams/resume"])
def test_somebody_without_settings_is_told_to_set_up(http: httpx.Client, path: str):
    method = "get" if path == "/waiting" else "post"

    answer = http.request(method, path, headers=as_user(uuid4()))

    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:problem-type:ads-orchestrator:no-settings",
    )
