"""The public keys of the sign-in service: fetched by one thread, read by every request without a lock."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Event, Thread
from types import MappingProxyType
from typing import Literal

from jwt import PyJWK, PyJWKSet

from orchestrator.bounded_http import bounded_session

PUBLIC = ("RS256", "PS256", "ES256", "EdDSA")
FETCH_S = 5
MAX_BYTES = 2**20
REFRESH_S = 300
PAUSE_S = 10
WAIT_S = 5
MAX_WAITING = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """One fetched key set: keys by id, and the last instant of their use, in monotonic seconds."""

    by_id: Mapping[str, PyJWK] = field(default_factory=dict)
    until: float = 0.0

    def in_force(self, now: float) -> bool:
        """Whether there are keys and they may still be used."""
        return bool(self.by_id) and now <= self.until


class SignInKeys:
    """The keys at a URL, refreshed every ``REFRESH_S`` seconds by one background thread.

    The thread alone fetches, so that there is one fetch at a time, and publishes each set as one immutable
    value. A request with a known key reads that value and waits for nothing: neither a lock nor the network.

    A request with an unknown key waits at most ``WAIT_S`` seconds for the fetch that goes on or that it
    causes, as a coroutine: the threads are those of Airflow's own routes. It is not refused at once because
    the first token after a start, and the first of a new key, are good. Within ``PAUSE_S`` seconds after a
    fetch, or when ``MAX_WAITING`` wait already, it is refused at once, with ``Retry-After``: made-up key ids
    can cause one fetch in ``PAUSE_S`` seconds, and delay nobody whose key is known.

    Keys stay in use for ``outage_s`` seconds after their fetch while no later one succeeds.

    PyJWT's ``PyJWKClient`` fetches in the request's thread under one lock, and drops its keys when they are
    300 seconds old, whether newer ones can be fetched or not; only its parser is used.
    """

    def __init__(self, url: str, outage_s: float) -> None:
        self._url = url
        self._outage_s = outage_s
        self._published = PublishedKeys()
        self._state: Literal["fetched", "outage", "none"] = "fetched"
        self._fetch_ended: Future[None] = Future()
        self._pause_until = 0.0
        self._waiting = 0
        self._wanted = Event()
        self._closed = Event()
        Thread(target=self._run, name="sign-in-keys", daemon=True).start()

    @property
    def in_force(self) -> bool:
        """Whether there are keys that may be used."""
        return self._published.in_force(time.monotonic())

    @property
    def retry_s(self) -> int:
        """Seconds until an unknown key is looked for again; at least 1."""
        return max(1, math.ceil(self._pause_until - time.monotonic()))

    def find(self, key_id: str) -> PyJWK | None:
        """Return a key that is in force; None: there is none of this id."""
        published = self._published
        return published.by_id.get(key_id) if published.in_force(time.monotonic()) else None

    async def find_new(self, key_id: str) -> PyJWK | None:
        """Want a fetch, wait for its end where the class says so, and return the key; None: still unknown."""
        # In this order: a fetch that ends in between has set the pause before it replaces the future.
        fetch_ended = self._fetch_ended
        self._wanted.set()
        if time.monotonic() >= self._pause_until and self._waiting < MAX_WAITING:
            self._waiting += 1
            try:
                await asyncio.wait({asyncio.wrap_future(fetch_ended)}, timeout=WAIT_S)
            finally:
                self._waiting -= 1
        return self.find(key_id)

    def close(self) -> None:
        """End the thread, after the fetch that goes on."""
        self._closed.set()
        self._wanted.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._refresh()
            self._wanted.clear()
            self._pause_until = time.monotonic() + PAUSE_S
            ended, self._fetch_ended = self._fetch_ended, Future()
            ended.set_result(None)
            self._closed.wait(PAUSE_S)
            if self._state == "fetched" and not self._closed.is_set():
                self._wanted.wait(REFRESH_S - PAUSE_S)

    def _refresh(self) -> None:
        until = time.monotonic() + self._outage_s
        try:
            self._published = PublishedKeys(fetch(self._url), until)
        except Exception as error:  # noqa: BLE001 - the thread must survive whatever the other side answers
            self._log_failure(type(error).__name__)
            return
        if self._state != "fetched":
            log.info("the keys of the sign-in service are fetched again")
        self._state = "fetched"

    def _log_failure(self, error: str) -> None:
        """Log the first failure of an outage, and the end of the keys; not each failure."""
        state: Literal["outage", "none"] = "outage" if self.in_force else "none"
        if state == self._state:
            return
        self._state = state
        if state == "none":
            log.error("the keys of the sign-in service cannot be fetched (%s): nobody can sign in", error)
            return
        left_s = self._published.until - time.monotonic()
        log.warning(
            "the keys of the sign-in service cannot be fetched (%s): the last ones are used for %d minutes",
            error,
            math.ceil(left_s / 60),
        )


def fetch(url: str) -> Mapping[str, PyJWK]:
    """Fetch a key set of ``MAX_BYTES`` at most: ``FETCH_S`` seconds to connect, and as many for the answer.

    Raises:
        Exception: no answer in time, too large a one, or none with a public key in it.
    """
    with bounded_session(total_s=FETCH_S, max_bytes=MAX_BYTES) as session:
        answer = session.get(url, timeout=FETCH_S, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = PyJWKSet.from_dict(answer.json()).keys
    by_id: dict[str, PyJWK] = {}
    for key in found:
        usable = key.public_key_use in {None, "sig"} and key.algorithm_name in PUBLIC
        if usable and isinstance(key.key_id, str):
            by_id.setdefault(key.key_id, key)
    if not by_id:
        raise LookupError("no public key")
    return MappingProxyType(by_id)
