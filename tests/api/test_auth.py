"""Only a good token of the right issuer, for the right audience, opens anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tests.api.conftest import ISSUER, SECRET, SERVICES, a_token, bearer

USER = uuid4()
READS = ["/runs", "/runs/7e701e2b-69be-40a1-94aa-4d78fa5bff6b/actions"]


def unsigned(**claims: Any) -> str:
    """A token that says it needs no signature."""
    return jwt.encode(
        {"sub": str(USER), "iss": ISSUER, "aud": "ads-front-end", "exp": int(time.time()) + 300, **claims},
        "",
        algorithm="none",
    )


BAD = [
    pytest.param(a_token(USER, key="another secret that is long enough too"), id="signed by another"),
    pytest.param(a_token(USER, exp=int(time.time()) - 60), id="expired"),
    pytest.param(a_token(USER, exp=None), id="without an end"),
    pytest.param(a_token(USER, aud=None), id="without an audience"),
    pytest.param(a_token(USER, aud="another-app"), id="for another audience"),
    pytest.param(a_token(USER, aud=SERVICES), id="of a service"),
    pytest.param(a_token(USER, iss=None), id="without an issuer"),
    pytest.param(a_token(USER, iss="https://other.example"), id="of another issuer"),
    pytest.param(a_token(USER, nbf=int(time.time()) + 86_400), id="not valid yet"),
    pytest.param(a_token(None, sub=None), id="without a subject"),
    pytest.param(a_token("admin"), id="whose subject is no id"),
    pytest.param(a_token("{" + str(USER) + "}"), id="whose subject is an id in braces"),
    pytest.param(a_token(USER, algorithm="HS512"), id="of another algorithm"),
    pytest.param(unsigned(), id="unsigned"),
    pytest.param(a_token(USER).rsplit(".", 1)[0] + ".", id="with its signature cut off"),
    pytest.param("not.a.token", id="that is none"),
    pytest.param("é", id="that is no text of a header"),
]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("token", BAD)
def test_refuses_a_token(http: httpx.Client, token: str, path: str):
    answer = http.get(path, headers={"Authorization": f"Bearer {token}".encode()})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text


@pytest.mark.parametrize("claim", ["exp", "iss", "aud", "sub"])
def test_a_token_says_which_claim_it_lacks(http: httpx.Client, claim: str):
    answer = http.get("/runs", headers=bearer(a_token(USER, **{claim: None})))

    assert answer.status_code == 401
    assert answer.json()["detail"] == f"The token lacks the claim {claim}."


def test_a_service_token_says_which_claim_it_lacks(http: httpx.Client):
    token = a_token("cron", aud=SERVICES, exp=None)

    answer = http.post("/ads-orchestrate-cron", headers=bearer(token))

    assert (answer.status_code, answer.json()["detail"]) == (401, "The token lacks the claim exp.")


def test_what_nobody_signed_is_not_told_what_it_lacks(http: httpx.Client):
    token = a_token(USER, key="another secret that is long enough too", exp=None)

    assert "exp" not in http.get("/runs", headers=bearer(token)).json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}])
def test_refuses_a_request_without_a_token(http: httpx.Client, headers: dict[str, str]):
    assert http.get("/runs", headers=headers).status_code == 401


def test_takes_a_good_one(http: httpx.Client):
    assert http.get("/runs", headers=bearer(a_token(USER))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"jwt_secret": None}, id="no key"),
        pytest.param({"jwks_url": "https://sign-in.example/keys"}, id="two kinds of key"),
        pytest.param({"jwt_issuer": ""}, id="no issuer"),
        pytest.param({"jwt_audience": ""}, id="no audience"),
        pytest.param({"service_audience": "ads-front-end"}, id="users and services alike"),
        pytest.param({"jwt_secret": "short"}, id="a short secret"),
    ],
)
def test_is_closed_without_its_settings(api: Callable[..., httpx.Client], changes: dict[str, Any]):
    answer = api(**changes).get("/runs", headers=bearer(a_token(USER)))

    assert answer.status_code == 503
    assert "not ready" in answer.json()["detail"]
