"""Public keys of a sign-in service: which token is good is decided by the key, not by the token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from ads_orchestrator_airflow.api import sign_in_keys
from tests import slow_server
from tests.api.conftest import a_token, bearer

USER = uuid4()
KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PUBLISHED = {
    "keys": [
        RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "1", "alg": "RS256", "use": "sig"},
        {"kty": "oct", "kid": "shared", "alg": "HS256", "k": base64.urlsafe_b64encode(b"k" * 32).decode()},
    ]
}


class Keys(BaseHTTPRequestHandler):
    """The address where the keys are."""

    def do_GET(self) -> None:
        body = {"/keys": json.dumps(PUBLISHED), "/page": "<html>", "/empty": '{"keys": []}'}[
            self.path
        ].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture(scope="module")
def keys_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def by_keys(api: Callable[..., httpx.Client], keys_url: str) -> httpx.Client:
    return api(jwt_secret=None, jwks_url=f"{keys_url}/keys")


def saying(algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """An otherwise good token whose header names ``algorithm``, signed as given whatever that is."""
    good = jwt.decode(a_token(USER, key=KEY, algorithm="RS256"), options={"verify_signature": False})
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": algorithm, "typ": "JWT", "kid": "1"}, good)
    ]
    signature = sign(b".".join(parts))
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def with_the_public_key(text: bytes) -> bytes:
    """HS256 whose secret is the public key as everybody can read it."""
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.digest(pem, text, hashlib.sha256)


def as_rs256(text: bytes) -> bytes:
    return KEY.sign(text, PKCS1v15(), SHA256())


def test_a_token_of_the_published_key_is_good(by_keys: httpx.Client):
    assert by_keys.get("/runs", headers=bearer(a_token(USER, key=KEY, algorithm="RS256"))).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(a_token(USER, key=OTHER, algorithm="RS256"), id="another key under its name"),
        pytest.param(a_token(USER, key=KEY, algorithm="PS256"), id="another algorithm of the same key"),
        pytest.param(a_token(USER, key=KEY, algorithm="RS256", aud="other"), id="another audience"),
        pytest.param(saying("HS256", with_the_public_key), id="the public key as a shared secret"),
        *[
            # Signed rightly: only what the header says is not what the key is for.
            pytest.param(saying(algorithm, as_rs256), id=f"a good signature under the name {algorithm}")
            for algorithm in ("PS256", "ES256", "RS512", "HS256", "none")
        ],
        pytest.param(
            jwt.encode({"sub": str(USER)}, "k" * 32, headers={"kid": "shared"}), id="a published secret"
        ),
        pytest.param(
            jwt.encode({"sub": str(USER)}, KEY, algorithm="RS256", headers={"kid": "2"}), id="no such key"
        ),
        pytest.param(a_token(USER), id="no key named"),
    ],
)
def test_others_are_not(by_keys: httpx.Client, token: str):
    assert by_keys.get("/runs", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("path", ["/page", "/empty"])
def test_what_is_no_set_of_keys_lets_nobody_in(api: Callable[..., httpx.Client], keys_url: str, path: str):
    closed = api(jwt_secret=None, jwks_url=keys_url + path)

    answer = closed.get("/runs", headers=bearer(a_token(USER, key=KEY, algorithm="RS256")))

    assert answer.status_code == 503


def test_while_the_keys_cannot_be_had_nobody_is_let_in(api: Callable[..., httpx.Client]):
    alone = api(jwt_secret=None, jwks_url="http://127.0.0.1:1/keys")

    answer = alone.get("/runs", headers=bearer(a_token(USER, key=KEY, algorithm="RS256")))

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_keys_that_drip_are_no_keys_after_the_time_out(
    api: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sign_in_keys, "FETCH_S", 0.3)
    with slow_server.serve(slow_server.drip(slow_server.LONG)) as (url, peers):
        closed = api(jwt_secret=None, jwks_url=f"{url}/keys")
        began = time.monotonic()

        answer = closed.get("/runs", headers=bearer(a_token(USER, key=KEY, algorithm="RS256")))

    assert answer.status_code == 503
    assert time.monotonic() - began < 5
    assert peers
