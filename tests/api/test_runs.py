"""A user's runs and what they did; never another's."""

from __future__ import annotations

from uuid import uuid4

import httpx

from tests.api.conftest import as_user
from tests.integration.store.conftest import Rows


def test_the_latest_runs_come_first_with_their_totals(http: httpx.Client, rows: Rows):
    user = rows.user()
    old = rows.run_of(user, status="success", ended_at="2026-11-23T00:10:00Z", opened_at="2026-11-23T00:00Z")
    new = rows.run_of(
        user,
        status="failed",
        error="AuthExpired: Error validating access token",
        ended_at="2026-11-23T06:10:00Z",
        opened_at="2026-11-23T06:00Z",
        campaigns_created=3,
        errors_count=1,
    )

    answer = http.get("/runs", headers=as_user(user))

    assert answer.status_code == 200
    first, second = answer.json()["runs"]
    assert (first["runId"], second["runId"]) == (str(new), str(old))
    assert first["summary"] == {
        "campaignsCreated": 3,
        "campaignsUpdated": 0,
        "winnersPromoted": 0,
        "budgetsScaled": 0,
        "adsetsPaused": 0,
        "errors": 1,
    }
    assert first["reason"] == "Meta no longer accepts the connection. Connect your Meta account again."


def test_runs_come_page_by_page(http: httpx.Client, rows: Rows):
    user = rows.user()
    ids = [
        str(
            rows.run_of(
                user, status="success", ended_at="2026-11-23T07:00Z", opened_at=f"2026-11-23T0{h}:00Z"
            )
        )
        for h in range(5)
    ]

    first = http.get("/runs?limit=3", headers=as_user(user)).json()
    second = http.get(f"/runs?limit=3&before={first['next']}", headers=as_user(user)).json()

    assert [r["runId"] for r in first["runs"]] == ids[4:1:-1]
    assert [r["runId"] for r in second["runs"]] == ids[1::-1]
    assert second["next"] is None


def test_the_actions_of_a_run_say_what_and_why(http: httpx.Client, rows: Rows):
    user = rows.user()
    run = rows.run_of(user, status="success", ended_at="2026-11-23T07:00Z")
    rows.action_of(user, run)

    answer = http.get(f"/runs/{run}/actions", headers=as_user(user)).json()

    assert (answer["success"], answer["actionsCount"]) == (True, 1)
    (action,) = answer["actions"]
    assert (action["type"], action["goalKey"]) == ("update_budget", "streams")
    assert action["message"] == (
        "Raised ad set 11 for streams from $1.00 to $1.20 a day: "
        "its equal share of the goal's learning budget"
    )
    assert (action["details"]["beforeMinor"], action["details"]["afterMinor"]) == (100, 120)


def test_a_user_sees_nothing_of_another_even_with_the_run_id(http: httpx.Client, rows: Rows):
    owner, other = rows.user(), rows.user()
    run = rows.run_of(owner, status="success", ended_at="2026-11-23T07:00Z")
    rows.action_of(owner, run)

    assert http.get("/runs", headers=as_user(other)).json()["runs"] == []
    assert http.get(f"/runs/{run}/actions", headers=as_user(other)).status_code == 404
    assert http.get(f"/runs?before={run}", headers=as_user(other)).json()["runs"] == []


def test_a_user_we_do_not_know_has_no_runs(http: httpx.Client):
    assert http.get("/runs", headers=as_user(uuid4())).json()["runs"] == []
