"""The page of a run over all of its users, and the redirect of Airflow's links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from tests.integration.store.conftest import Rows
from tests.panel.conftest import TestClient

DONE = {"status": "success", "ended_at": "now"}
FAILED = {"status": "failed", "error": "AuthExpired: connect again", "ended_at": "now"}
REFUSED = {"status": "refused", "error": "not_connected", "ended_at": "now", "batch": None}
SCHEDULED = "scheduled__2026-11-23T06:00:00+00:00"


def a_run(
    rows: Rows, *users: Mapping[str, Any], run_key: str | None = None, **opened: Any
) -> tuple[str, list[UUID]]:
    """A run with one row a user, changed as given; its key and the users' ids."""
    key = run_key or f"run-{uuid4()}"
    opening = {"trigger": "cron", "run_at": "2026-11-23T12:00:00Z", "dry_run": False, "users": len(users)}
    rows.insert("ads_sweeps", run_key=key, batches=1, **opening | opened)
    ids = [rows.user() for _ in users]
    for user_id, changes in zip(ids, users, strict=True):
        row = {"trigger": "cron", "run_at": "2026-11-23T12:00:00Z", "dry_run": False, "batch": 0}
        rows.insert("ads_automation_runs", run_key=key, user_id=user_id, **row | dict(changes))
    return key, ids


def shown(browser: TestClient, path: str) -> list[UUID]:
    """The users that a page lists, in order."""
    return [
        UUID(found)
        for found in re.findall(r'class="id" href="[^"]*users/([0-9a-f-]+)/runs/', browser.get(path).text)
    ]


def test_a_run_lists_its_own_users_with_status_and_outcomes(viewer: TestClient, rows: Rows):
    key, (worked, idle, failed, refused) = a_run(
        rows, DONE | {"winners_promoted": 2, "adsets_paused": 1}, DONE, FAILED, REFUSED
    )
    a_run(rows, DONE)

    page = viewer.get(f"/runs/{key}").text

    assert shown(viewer, f"/runs/{key}") == sorted([worked, idle, failed, refused])
    assert "2 winners promoted, 1 ad set paused" in page
    assert page.count("Nothing to do") == 1
    assert "AuthExpired: connect again" in page
    assert "No Meta account is connected" in page
    assert "Winners promoted</dt><dd>2</dd>" in page
    assert "Ad sets paused</dt><dd>1</dd>" in page


def test_statuses_are_counted_and_are_filters(viewer: TestClient, rows: Rows):
    key, users = a_run(rows, FAILED, FAILED, DONE, {"status": "running"}, {}, REFUSED)

    counts = dict(
        re.findall(r'status=(\w*)"[^>]*>\s*<span class="number">(\d+)', viewer.get(f"/runs/{key}").text)
    )

    assert counts == {"": "6", "failed": "2", "running": "1", "pending": "1", "success": "1", "refused": "1"}
    assert set(shown(viewer, f"/runs/{key}?status=failed")) == set(users[:2])
    assert shown(viewer, f"/runs/{key}?status=throttled") == []
    assert len(shown(viewer, f"/runs/{key}?status=no-such-status")) == 6


@pytest.mark.parametrize(
    ("users", "closed", "text", "tone"),
    [
        pytest.param([{}, DONE], None, "Running: 1 of 2 users done.", "busy", id="goes on"),
        pytest.param([DONE], "now", "Run ended for 1 user: nothing to do.", "good", id="ended well"),
        pytest.param(
            [DONE, FAILED], "now", "Run ended for 2 users: 1 failed.", "warn", id="ended with a failure"
        ),
        pytest.param([], "now", "Run ended for 0 users: nothing to do.", "good", id="had nobody"),
    ],
)
def test_the_banner_is_the_progress(
    viewer: TestClient, rows: Rows, users: list[dict[str, Any]], closed: str | None, text: str, tone: str
):
    key, _ = a_run(rows, *users, closed_at=closed)

    assert f'<p class="banner {tone}" role="note">{text}</p>' in viewer.get(f"/runs/{key}").text


def test_fifty_users_a_page_and_each_once(viewer: TestClient, rows: Rows):
    key, users = a_run(rows, *[DONE] * 51)

    first = viewer.get(f"/runs/{key}").text
    following = re.search(rf'href="\.\./(runs/{key}\?[^"]+)">Next', first)
    assert following is not None
    on_first, on_second = (
        shown(viewer, f"/runs/{key}"),
        shown(viewer, "/" + following[1].replace("&amp;", "&")),
    )

    assert (len(on_first), len(on_second)) == (50, 1)
    assert {*on_first, *on_second} == set(users)


def test_a_batch_is_a_part_of_the_run(viewer: TestClient, rows: Rows):
    key, users = a_run(rows, DONE, DONE, DONE | {"batch": 1})

    assert set(shown(viewer, f"/runs/{key}?batch=0")) == set(users[:2])
    assert shown(viewer, f"/runs/{key}?batch=1") == [users[2]]
    assert "Users of batch 1" in viewer.get(f"/runs/{key}?batch=1").text
    assert "This batch has no users." in viewer.get(f"/runs/{key}?batch=2").text


@pytest.mark.parametrize("query", ["batch=-1", "batch=1000000", "batch=x", "after=x"])
def test_a_malformed_query_is_refused(viewer: TestClient, rows: Rows, query: str):
    key, _ = a_run(rows, DONE)

    assert viewer.get(f"/runs/{key}?{query}").status_code == 422


def test_a_run_that_is_not_opened_is_named(viewer: TestClient):
    page = viewer.get("/runs/manual__not-there")

    assert page.status_code == 404
    assert "manual__not-there is not opened" in page.text


def test_a_run_of_airflow_has_its_link_and_one_of_the_command_line_has_none(viewer: TestClient, rows: Rows):
    key, (user,) = a_run(rows, DONE, run_key=SCHEDULED)
    run_id = rows.one("select id from ads_automation_runs where user_id = %(u)s", u=user)["id"]
    rows.insert("ads_run_configs", run_id=run_id, user_id=user, config={"run_type": "scheduled"})
    other, _ = a_run(rows, DONE)

    assert (
        f'href="../../dags/ads_orchestrator/runs/{quote(key, safe="")}"'
        in viewer.get(f"/runs/{quote(key)}").text
    )
    assert "in Airflow" not in viewer.get(f"/runs/{other}").text
    assert f'href="../../../runs/{quote(key, safe="")}"' in viewer.get(f"/users/{user}/runs/{run_id}").text


def landing(browser: TestClient, path: str) -> str:
    """Where a link of Airflow's leads, below the panel's root."""
    answer = browser.get(path, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"].removeprefix("../../../")


def test_a_task_with_one_user_leads_to_that_user_and_any_other_to_the_run(viewer: TestClient, rows: Rows):
    key, (_, _, alone) = a_run(rows, DONE, DONE, DONE | {"batch": 1}, run_key=f"manual__{uuid4()}+00:00")
    run_id = rows.one("select id from ads_automation_runs where user_id = %(u)s", u=alone)["id"]
    link, run = f"/dags/ads_orchestrator/runs/{quote(key, safe='')}", f"runs/{quote(key, safe='')}"

    assert landing(viewer, f"{link}?map_index=1") == f"users/{alone}/runs/{run_id}"
    assert landing(viewer, f"{link}?map_index=0") == f"{run}?batch=0"
    for not_mapped in (
        "",
        "?map_index=-1",
        "?map_index={MAP_INDEX}",
        "?map_index=99999999999",
        "?map_index=²",
    ):
        assert landing(viewer, f"{link}{not_mapped}") == run
    assert viewer.get(f"{link}?map_index=1").url.path == f"/users/{alone}/runs/{run_id}"
    assert viewer.get(link).status_code == 200


def test_the_run_of_another_dag_has_no_page_even_under_the_same_id(viewer: TestClient, rows: Rows):
    key, _ = a_run(rows, DONE)

    page = viewer.get(f"/dags/somebody_elses/runs/{key}")

    assert page.status_code == 404
    assert "This is a run of somebody_elses." in page.text
