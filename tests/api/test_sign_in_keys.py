"""A sign-in service that drips, stalls or refuses costs nobody anything whose key is known."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import asynccontextmanager, contextmanager
from threading import Event
from uuid import uuid4

import anyio
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI

from ads_orchestrator_airflow.api import app as users_api
from ads_orchestrator_airflow.api import sign_in_keys
from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.sign_in_keys import PublishedKeys, SignInKeys
from orchestrator.settings import load
from tests import sign_in_server
from tests.api.conftest import a_token, bearer, served, settings
from tests.sign_in_server import Manner, SignInServer, jwk, made_up_token, measured, strangers

USER = uuid4()
KEY, NEXT = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
USERS_API, HEALTH = "/ads-orchestrator-api", "/execution/health"


PUBLISHED = [jwk(KEY, "1")]


def of_key(key: rsa.RSAPrivateKey, key_id: str) -> dict[str, str]:
    claims = jwt.decode(a_token(USER), options={"verify_signature": False})
    return bearer(jwt.encode(claims, key, algorithm="RS256", headers={"kid": key_id}))


def good() -> dict[str, str]:
    return of_key(KEY, "1")


@pytest.fixture(autouse=True)
def in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds where a deployment has minutes; each stays longer than the one before."""
    for name, seconds in {"PAUSE_S": 0.4, "REFRESH_S": 0.8, "FETCH_S": 1.5, "WAIT_S": 3}.items():
        monkeypatch.setattr(sign_in_keys, name, seconds)


@pytest.fixture
def sign_in() -> Iterator[SignInServer]:
    with sign_in_server.serve(PUBLISHED) as server:
        yield server


def parts(database_url: Callable[[], str], url: str, **changes: object) -> Dependencies:
    return Dependencies(
        lambda: settings(jwt_secret=None, jwks_url=url, **changes), lambda: load(armed="true"), database_url
    )


@contextmanager
def beside_airflow(dependencies: Dependencies, threads: int = 40) -> Iterator[httpx.Client]:
    """The API mounted as in an api-server, with a route that needs one of its threads as Airflow's do."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        yield

    server = FastAPI(lifespan=lifespan)

    @server.get(HEALTH)
    def health() -> dict[str, str]:
        return {"status": "healthy"}

    server.mount(USERS_API, users_api.create(dependencies))
    try:
        with served(server) as client:
            yield client
    finally:
        dependencies.close()


@pytest.mark.parametrize("manner", ["drip", "stall", "refuse"])
def test_strangers_and_a_bad_sign_in_service_delay_nobody(
    database_url: str, sign_in: SignInServer, manner: Manner
):
    # Twice as many strangers as there are threads, and few enough for a machine that has much to do.
    with beside_airflow(parts(lambda: database_url, sign_in.url), threads=4) as client:
        runs, health_url = f"{client.base_url}{USERS_API}/runs", f"{client.base_url}{HEALTH}"
        first = client.get(runs, headers=good())
        sign_in.manner = manner
        sign_in.fetched.clear()
        began, fetches = time.monotonic(), sign_in.fetches
        with (
            strangers(runs, count=8, every_s=0.5) as refused,
            measured(runs, 0.1, good()) as users,
            measured(health_url, 0.05) as health,
        ):
            assert until(lambda: sign_in.fetches >= fetches + 4)
        took_s = time.monotonic() - began

    assert first.status_code == 200
    assert {each.status for each in users} == {200}
    assert {each.status for each in health} == {200}
    assert max(each.seconds for each in health) < 1
    assert set(refused) == {401}
    assert sign_in.at_one_time == 1
    assert sign_in.fetches - fetches <= 1 + took_s / 0.4


def test_the_first_good_token_after_a_start_waits_for_the_keys_and_holds_no_thread(
    database_url: str, sign_in: SignInServer
):
    sign_in.manner = "stall"
    with (
        beside_airflow(parts(lambda: database_url, sign_in.url), threads=1) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        waiting = [pool.submit(client.get, f"{USERS_API}/runs", headers=good()) for _ in range(4)]
        assert sign_in.fetched.wait(10)
        health = client.get(HEALTH, timeout=1)
        sign_in.released.set()
        answers = [each.result() for each in waiting]

    assert health.status_code == 200
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sign_in.fetches <= 2


def test_when_too_many_wait_the_next_is_answered_at_once(
    database_url: str, sign_in: SignInServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sign_in_keys, "MAX_WAITING", 1)
    sign_in.manner = "stall"
    with beside_airflow(parts(lambda: database_url, sign_in.url)) as client, ThreadPoolExecutor(2) as pool:
        both = [pool.submit(client.get, f"{USERS_API}/runs", headers=good()) for _ in range(2)]
        at_once = next(as_completed(both)).result()
        sign_in.released.set()
        statuses = sorted(each.result().status_code for each in both)

    assert at_once.status_code == 503
    assert int(at_once.headers["retry-after"]) > 0
    assert statuses == [200, 503]


def test_a_new_key_is_refused_with_the_time_of_the_next_look_and_good_from_then_on(
    database_url: str, sign_in: SignInServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sign_in_keys, "PAUSE_S", 2)
    monkeypatch.setattr(sign_in_keys, "REFRESH_S", 600)
    with beside_airflow(parts(lambda: database_url, sign_in.url)) as client:
        assert client.get(f"{USERS_API}/runs", headers=good()).status_code == 200
        sign_in.published = [*PUBLISHED, jwk(NEXT, "2")]

        refused = client.get(f"{USERS_API}/runs", headers=of_key(NEXT, "2"), timeout=1)
        beside = client.get(f"{USERS_API}/runs", headers=good(), timeout=1)
        sign_in.fetched.clear()
        assert sign_in.fetched.wait(10)
        taken = client.get(f"{USERS_API}/runs", headers=of_key(NEXT, "2"))

    assert refused.status_code == 401
    assert refused.headers["retry-after"] in {"1", "2"}
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert beside.status_code == 200
    assert taken.status_code == 200
    assert sign_in.fetches == 2


def test_a_key_that_is_published_no_more_is_refused_after_the_next_refresh(
    database_url: str, sign_in: SignInServer
):
    with beside_airflow(parts(lambda: database_url, sign_in.url)) as client:
        assert client.get(f"{USERS_API}/runs", headers=good()).status_code == 200
        sign_in.published = [jwk(NEXT, "2")]

        assert until(lambda: client.get(f"{USERS_API}/runs", headers=good()).status_code == 401)


@pytest.mark.parametrize(
    ("keys", "now", "in_force"),
    [
        pytest.param({"1": object()}, 99.9, True, id="before the end"),
        pytest.param({"1": object()}, 100.0, True, id="at the end"),
        pytest.param({"1": object()}, 100.1, False, id="after the end"),
        pytest.param({}, 99.9, False, id="none"),
    ],
)
def test_keys_are_in_force_to_the_end_of_the_longest_outage(
    keys: dict[str, object], now: float, *, in_force: bool
):
    assert PublishedKeys(keys, until=100.0).in_force(now) is in_force  # type: ignore[arg-type]


def test_an_outage_is_in_the_log_once_and_so_are_its_end_and_that_of_the_keys(
    sign_in: SignInServer, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger=sign_in_keys.__name__)
    keys = SignInKeys(sign_in.url, outage_s=3)
    try:
        assert until(lambda: keys.find("1") is not None)
        sign_in.manner = "refuse"
        before = sign_in.fetches
        assert until(lambda: sign_in.fetches >= before + 3)
        during = (keys.find("1"), list(caplog.messages))
        assert until(lambda: len(caplog.records) == 2)
        after = (keys.find("1"), sign_in.fetches)
        assert until(lambda: sign_in.fetches >= after[1] + 2)
        sign_in.manner = "answer"
        assert until(lambda: keys.find("1") is not None)
        assert until(lambda: len(caplog.records) == 3)
    finally:
        keys.close()

    assert during[0] is not None
    assert len(during[1]) == 1
    assert after[0] is None
    failed = "the keys of the sign-in service cannot be fetched (ConnectionError)"
    assert caplog.messages == [
        f"{failed}: the last ones are used for 1 minutes",
        f"{failed}: nobody can sign in",
        "the keys of the sign-in service are fetched again",
    ]
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "INFO"]


def until(is_so: Callable[[], bool]) -> bool:
    """Wait at most ten seconds until something is so."""
    end = time.monotonic() + 10
    while not is_so():
        if time.monotonic() > end:
            return False
        Event().wait(0.02)
    return True


def test_who_proves_nothing_takes_no_thread_of_airflows(database_url: str, sign_in: SignInServer):
    """The only thread makes a connection that does not come: everybody without a thread goes on."""
    made, release = Event(), Event()

    def connecting() -> str:
        made.set()
        release.wait(30)
        return database_url

    with (
        beside_airflow(parts(connecting, sign_in.url), threads=1) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(client.get, f"{USERS_API}/runs", headers=good())
        try:
            assert made.wait(10)
            asked = [
                client.get(f"{USERS_API}/runs", headers=each, timeout=2)
                for each in ({}, bearer(made_up_token()))
            ]
        finally:
            release.set()
        assert [answer.status_code for answer in asked] == [401, 401]
        assert first.result().status_code == 200


def test_a_closed_api_fetches_no_more(sign_in: SignInServer):
    def at_work() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name == "sign-in-keys"]

    assert until(lambda: at_work() == [])
    dependencies = parts(str, sign_in.url)
    assert dependencies.verifier
    assert at_work() == ["sign-in-keys"]
    assert sign_in.fetched.wait(10)

    dependencies.close()

    assert until(lambda: at_work() == [])
