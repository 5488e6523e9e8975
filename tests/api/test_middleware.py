"""What every request passes: other sites, large bodies, too many of them; and what every answer has."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import anyio
import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from ads_orchestrator_airflow.api.middleware import RequestMiddleware
from tests.api.conftest import as_user
from tests.integration.store.conftest import Rows

FRONT_END = "https://app.example.com"


def change(http: httpx.Client, user: UUID, **headers: str) -> httpx.Response:
    return http.patch("/settings", json={"autoScaleWinners": True}, headers=as_user(user) | headers)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"Origin": "null"}, id="a page without one"),
        pytest.param({"Origin": "http://["}, id="an origin that is no address"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a sister site"),
    ],
)
def test_pages_of_other_sites_change_nothing(http: httpx.Client, rows: Rows, headers: dict[str, str]):
    user = rows.user()

    answer = change(http, user, **headers)

    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    row = rows.one("select auto_scale_winners as on from user_ads_modes where user_id = %(u)s", u=user)
    assert row == {"on": False}


def test_its_own_pages_may(http: httpx.Client, rows: Rows):
    own = {"Origin": str(http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}

    assert change(http, rows.user(), **own).status_code == 200


def test_a_front_end_that_is_named_may(api: Callable[..., httpx.Client], rows: Rows):
    named = api(origins=FRONT_END)
    asked = {"Origin": FRONT_END, "Access-Control-Request-Method": "PATCH"}

    before = named.options("/settings", headers=asked)
    answer = change(named, rows.user(), Origin=FRONT_END, **{"Sec-Fetch-Site": "cross-site"})

    assert before.status_code == 200
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRONT_END
    assert "access-control-allow-credentials" not in answer.headers
    assert change(named, rows.user(), Origin="https://evil.example").status_code == 403


def test_a_front_end_that_is_named_can_read_what_was_wrong_with_a_body(
    api: Callable[..., httpx.Client], rows: Rows
):
    headers = as_user(rows.user()) | {"Origin": FRONT_END}

    answer = api(origins=FRONT_END).patch("/settings", content="x" * 70_000, headers=headers)

    assert answer.status_code == 413
    assert answer.headers["access-control-allow-origin"] == FRONT_END
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


def test_a_body_that_is_too_large_is_refused(http: httpx.Client, rows: Rows):
    body = json.dumps({"autoScaleWinners": True, "x": "y" * 70_000})
    headers = as_user(rows.user()) | {"Content-Type": "application/json"}

    assert http.patch("/settings", content=body, headers=headers).status_code == 413
    assert http.patch("/settings", content=iter([body.encode()]), headers=headers).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_kind_is_refused(http: httpx.Client, rows: Rows, kind: str):
    answer = http.patch(
        "/settings",
        content='{"autoScaleWinners": true}',
        headers=as_user(rows.user()) | {"Content-Type": kind},
    )

    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("content", "status"), [("{", 422), ("[" * 50_000, 400), ('{"\\ud800": 1}', 422), ("", 422)]
)
def test_a_body_that_is_no_json_is_a_problem_of_the_sender(
    http: httpx.Client, rows: Rows, content: str, status: int
):
    headers = as_user(rows.user()) | {"Content-Type": "application/json"}

    answer = http.patch("/settings", content=content, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/settings", 405), ("PUT", "/runs", 405), ("GET", "/docs", 404)],
)
def test_a_wrong_address_or_method_is_a_problem_document_too(
    http: httpx.Client, method: str, path: str, status: int
):
    answer = http.request(method, path, headers=as_user(uuid4()))

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert "allow" in answer.headers or status == 404


def test_every_answer_is_kept_nowhere_and_sets_no_cookie(http: httpx.Client, rows: Rows):
    for answer in (http.get("/runs"), http.get("/runs", headers=as_user(rows.user())), http.get("/nothing")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


def test_a_user_who_asks_too_often_is_told_when_to_come_back(api: Callable[..., httpx.Client]):
    slow = api(rate_limit="2/hour")
    user, other = uuid4(), uuid4()

    answers = [slow.get("/runs", headers=as_user(user)) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=2;w=3600'
    assert answers[0].headers["ratelimit"].startswith('"requests";r=1;t=')
    assert int(answers[2].headers["retry-after"]) > 0
    assert slow.get("/runs", headers=as_user(other)).status_code == 200


def test_runs_are_counted_apart(api: Callable[..., httpx.Client]):
    slow = api(run_rate_limit="1/hour")
    user = as_user(uuid4())

    assert slow.post("/ads-orchestrate-dryrun", headers=user).status_code == 409
    assert slow.post("/ads-orchestrate-dryrun", headers=user).status_code == 429
    assert slow.get("/runs", headers=user).status_code == 200


def test_when_requests_cannot_be_counted_together_each_process_counts(api: Callable[..., httpx.Client]):
    alone = api(rate_limit="1/hour", rate_storage_url="redis://127.0.0.1:1/0")
    user = as_user(uuid4())

    assert [alone.get("/runs", headers=user).status_code for _ in range(2)] == [200, 429]


def test_half_a_body_reaches_nobody():
    """A connection that breaks off after the headers does not ask for a run of all goals."""
    messages = [
        {"type": "http.request", "body": b'{"goalKeys": [', "more_body": True},
        {"type": "http.disconnect"},
    ]
    reached: list[Any] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(await receive())

    async def said() -> Message:
        return messages.pop(0)

    async def answered(message: Message) -> None:
        reached.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}
    anyio.run(RequestMiddleware(behind, tuple), scope, said, answered)

    assert reached == []


def test_a_fault_of_ours_says_its_number_to_the_front_end_and_to_the_log(
    api: Callable[..., httpx.Client], caplog: pytest.LogCaptureFixture
):
    """Without a database's address the first request that needs it fails in a way that nobody expected."""
    broken = api(origins=FRONT_END, database=None)

    answer = broken.get("/runs", headers=as_user(uuid4()) | {"Origin": FRONT_END})

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["type"].endswith(":internal-error")
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert answer.headers["access-control-allow-origin"] == FRONT_END
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"] in caplog.text
