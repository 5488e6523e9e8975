"""Strangers are limited by address, and a good token is not refused for what its address sends beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ads_orchestrator_airflow.api.anonymous_requests import client_address
from tests.api.conftest import a_token, bearer

USER = uuid4()
FRONT_END = "https://app.example.com"
EXPIRED = bearer(a_token(USER, exp=int(time.time()) - 60))

Api = Callable[..., httpx.Client]


def statuses(client: httpx.Client, *sent: dict[str, str], path: str = "/runs") -> list[int]:
    return [client.get(path, headers=headers).status_code for headers in sent]


@pytest.mark.parametrize(
    ("headers", "path", "under_the_limit"),
    [
        pytest.param({}, "/runs", 401, id="without a token"),
        pytest.param({"Authorization": "Basic YTpi"}, "/runs", 401, id="another scheme"),
        pytest.param(bearer("not.a.token"), "/runs", 401, id="no token"),
        pytest.param(EXPIRED, "/runs", 401, id="an expired token"),
        pytest.param({}, "/openapi.json", 200, id="the description"),
        pytest.param(bearer("not.a.token"), "/openapi.json", 200, id="the description with no token"),
        pytest.param({}, "/nothing", 404, id="no address"),
        pytest.param(bearer("not.a.token"), "/nothing", 404, id="no address with no token"),
    ],
)
def test_the_third_of_two_is_refused(api: Api, headers: dict[str, str], path: str, under_the_limit: int):
    limited = api(anonymous_rate_limit="2/hour")

    assert statuses(limited, headers, headers, path=path) == [under_the_limit] * 2
    refused = limited.get(path, headers=headers)

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit-policy"] == '"anonymous";q=2;w=3600'
    assert 0 < int(refused.headers["retry-after"]) <= 7200
    assert refused.json()["requestId"] == refused.headers["x-request-id"]
    assert refused.json()["detail"].startswith(
        "At most 2 requests without a valid sign-in in 3600 seconds. Try again in "
    )


def test_a_good_token_is_neither_counted_nor_refused(api: Api):
    limited = api(anonymous_rate_limit="1/hour")
    good = bearer(a_token(USER))

    assert statuses(limited, good, good, {}, {}, good) == [200, 200, 401, 429, 200]


def test_a_user_above_the_own_limit_is_not_counted_as_a_stranger(api: Api):
    limited = api(rate_limit="1/hour", anonymous_rate_limit="1/hour")
    good = bearer(a_token(USER))

    assert statuses(limited, good, good, good, {}) == [200, 429, 429, 401]


def test_an_outage_of_ours_counts_against_nobody(api: Api):
    closed = api(jwt_secret=None, anonymous_rate_limit="1/hour")
    good = bearer(a_token(USER))

    assert statuses(closed, good, good, good) == [503, 503, 503]


def test_a_front_end_of_another_host_can_read_the_refusal_and_its_questions_are_not_counted(api: Api):
    limited = api(anonymous_rate_limit="1/hour", origins=FRONT_END)
    origin = {"Origin": FRONT_END}
    preflight = origin | {"Access-Control-Request-Method": "GET"}

    before = [limited.options("/runs", headers=preflight).status_code for _ in range(3)]
    assert (before, statuses(limited, origin)) == ([200] * 3, [401])
    refused = limited.get("/runs", headers=origin)

    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == FRONT_END


def forwarded(*addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": ", ".join(addresses)}


def test_what_a_stranger_says_to_be_forwarded_for_is_not_believed(api: Api):
    limited = api(anonymous_rate_limit="1/hour")

    assert statuses(limited, forwarded("192.0.2.1"), forwarded("192.0.2.2")) == [401, 429]


def test_behind_a_proxy_each_address_has_its_own_limit(api: Api):
    limited = api(anonymous_rate_limit="1/hour", proxy_depth=1)

    assert statuses(
        limited,
        forwarded("192.0.2.1"),
        forwarded("192.0.2.2"),
        forwarded("198.51.100.9", "192.0.2.1"),  # the first was there before the proxy
    ) == [401, 401, 429]


@pytest.mark.parametrize(
    ("depth", "peer", "lines", "counted_under"),
    [
        pytest.param(0, "203.0.113.5", ["192.0.2.1"], "203.0.113.5", id="no proxy"),
        pytest.param(1, "10.0.0.1", ["192.0.2.1"], "192.0.2.1", id="one proxy"),
        pytest.param(1, "10.0.0.1", ["9.9.9.9, 192.0.2.1"], "192.0.2.1", id="one proxy, made up before"),
        pytest.param(1, "10.0.0.1", ["9.9.9.9", "192.0.2.1"], "192.0.2.1", id="one proxy, two lines"),
        pytest.param(2, "10.0.0.1", ["192.0.2.1, 10.0.0.2"], "192.0.2.1", id="two proxies"),
        pytest.param(2, "10.0.0.1", ["9.9.9.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1", id="two and made up"),
        pytest.param(2, "10.0.0.1", ["10.0.0.2"], "10.0.0.1", id="fewer entries than proxies"),
        pytest.param(1, "10.0.0.1", [], "10.0.0.1", id="no header"),
        pytest.param(1, "10.0.0.1", ["unknown"], "10.0.0.1", id="no address in it"),
        pytest.param(0, "2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64", id="a network of IPv6"),
        pytest.param(0, "2001:db8:1:2::1", [], "2001:db8:1:2::/64", id="the same network"),
        pytest.param(0, "2001:db8:1:3::1", [], "2001:db8:1:3::/64", id="the next network"),
        pytest.param(0, "::ffff:192.0.2.1", [], "192.0.2.1", id="IPv4 in IPv6"),
        pytest.param(0, None, [], "unknown", id="a socket without an address"),
    ],
)
def test_the_address_that_a_request_is_counted_under(
    depth: int, peer: str | None, lines: list[str], counted_under: str
):
    scope: dict[str, Any] = {
        "type": "http",
        "client": (peer, 1234) if peer else None,
        "headers": [(b"x-forwarded-for", line.encode()) for line in lines],
    }

    assert client_address(scope, depth) == counted_under
