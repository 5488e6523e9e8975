"""Who gets in, and who may change what."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.integration.store.conftest import Rows
from tests.panel.conftest import OURS, TestClient, app

ROUTES = [
    (method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_login_there_is_nothing(method: str, path: str):
    answer = TestClient(app).request(method, path.replace("{user_id}", str(uuid4())), headers=OURS, json={})

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Not authenticated"}


def test_a_stranger_with_a_browser_is_shown_the_way_to_the_login():
    page = TestClient(app, headers={"Accept": "text/html"}).get(f"/users/{uuid4()}")

    assert page.status_code == 401
    assert 'href="../../" target="_top">To Airflow&#39;s login<' in page.text.replace("'", "&#39;")


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] != "GET"])
def test_what_changes_something_needs_a_request_of_our_own_page(operator: TestClient, method: str, path: str):
    for headers in (
        {},
        {"X-Panel": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Panel": "1", "Origin": "https://evil.example"},
    ):
        answer = operator.request(method, path.replace("{user_id}", str(uuid4())), headers=headers, json={})

        assert answer.status_code == 403


def test_only_posts_change_anything():
    assert {method for method, _ in ROUTES} == {"GET", "POST"}


def test_a_viewer_sees_the_state_and_no_controls(viewer: TestClient, rows: Rows):
    user = rows.user(modes={"auto_scale_winners": True})

    page = viewer.get(f"/users/{user}").text

    assert "Auto-Scale Winners" in page
    assert "<button" not in page
    assert "<form" not in page


def test_pages_are_shown_in_airflow_alone_and_run_our_scripts_alone(operator: TestClient):
    policy = operator.get("/").headers["content-security-policy"]

    assert "frame-ancestors 'self'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_addresses_are_relative_so_that_airflow_may_be_served_below_a_path(operator: TestClient, rows: Rows):
    user = rows.user()
    run_key = f"manual__{uuid4()}+00:00"
    run_id = rows.run_of(user, run_key=run_key)
    below = FastAPI()
    below.mount("/some/airflow/ads-orchestrator", app)
    browser = TestClient(below, headers={"Accept": "text/html"})
    base = "/some/airflow/ads-orchestrator"

    pages = {
        "/": "./",
        f"/users/{user}": "../",
        f"/users/{user}/runs/{run_id}": "../../../",
        f"/runs/{quote(run_key)}": "../",
        f"/dags/ads_orchestrator/runs/{quote(run_key)}": "../",  # where it redirects to
    }
    for path, root in pages.items():
        page = browser.get(base + path).text
        assert f'<body data-root="{root}"' in page
        assert 'href="/' not in page
        assert 'src="/' not in page
