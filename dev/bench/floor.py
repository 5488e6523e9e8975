"""The floor under a run: the same calls through the SDK with nothing else, at the same concurrency.

The orchestrator's requests for one user are taken from the simulator's log and repeated for
every user, with that user's ids in them.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from requests.adapters import HTTPAdapter

from ads_orchestrator_airflow import gc_policy
from bench.fleet import User
from stack.errors import StackError

TIMEOUT_S = (5, 60)
HIDDEN = ("access_token", "appsecret_proof")


@dataclass(frozen=True, slots=True)
class Trip:
    """One HTTP request: its calls as JSON text, in a batch or alone."""

    calls: str
    is_batch: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """The requests for every user, with the ids of ``sample`` in them."""

    trips: Sequence[Trip]
    sample: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The server the calls go to, and the number of processes and threads."""

    url: str
    app_id: str
    app_secret: str
    version: str
    processes: int
    threads: int


def recorded(entries: Sequence[Mapping[str, Any]], users: Mapping[str, User]) -> Calls:
    """The requests for the last user in the log; ``users`` by ad account."""
    last = next((e["account"] for e in reversed(entries) if e["account"] in users), None)
    if last is None:
        raise StackError("The simulator's log has no request for a user of the fleet.")
    own = [e for e in entries if e["account"] == last and not _is_envelope(e)]
    trips = []
    for batch, calls in groupby(own, key=lambda entry: entry["batch"]):
        if batch is None:
            trips += [Trip(_text([call]), is_batch=False) for call in calls]
        else:
            trips.append(Trip(_text(calls), is_batch=True))
    return Calls(trips, users[last])


def _is_envelope(entry: Mapping[str, Any]) -> bool:
    return entry["path"] == "/" and "batch" in entry["params"]


def _text(entries: Iterable[Mapping[str, Any]]) -> str:
    calls = []
    for entry in entries:
        if entry["method"] != "GET":
            raise StackError(
                f"the floor of a steady fleet has reads only, not {entry['method']} {entry['path']}"
            )
        params = {name: value for name, value in entry["params"].items() if name not in HIDDEN}
        calls.append({"path": entry["path"].strip("/").split("/"), "params": params})
    return json.dumps(calls)


def sdk_s(target: Target, calls: Calls, users: Sequence[User]) -> float:
    """Seconds until everybody's calls were answered; starting the processes is not counted."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Barrier(target.processes + 1), context.Queue()
    workers = [
        context.Process(
            target=_work,
            args=(target, calls, users[part :: target.processes], ready, done),
            daemon=True,
        )
        for part in range(target.processes)
    ]
    for worker in workers:
        worker.start()
    try:
        ready.wait(120)
        start = time.perf_counter()
        problems = [done.get(timeout=3600) for _ in workers]
        wall_s = time.perf_counter() - start
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    if any(problems):
        raise StackError(f"the floor's calls failed: {next(filter(None, problems))}")
    return wall_s


def _work(target: Target, calls: Calls, users: Sequence[User], ready: Any, done: Any) -> None:
    pool = HTTPAdapter(pool_connections=2, pool_maxsize=target.threads, max_retries=0)
    gc_policy.tune_gc()  # as a task does
    ready.wait(120)
    try:
        with ThreadPoolExecutor(target.threads) as threads:
            list(threads.map(lambda user: _send(target, pool, calls, user), users))
    except Exception as problem:  # noqa: BLE001 - reported to the parent, whatever it is
        done.put(f"{type(problem).__name__}: {problem}")
    else:
        done.put(None)


def _send(target: Target, pool: HTTPAdapter, calls: Calls, user: User) -> None:
    token = user.assets.access_token.get_secret_value()
    session = FacebookSession(target.app_id, target.app_secret, token, timeout=TIMEOUT_S)
    session.GRAPH = target.url
    session.requests.mount("http://", pool)
    api = FacebookAdsApi(session, api_version=target.version)
    for trip in calls.trips:
        parts = json.loads(with_ids_of(user, calls.sample, trip.calls))
        if trip.is_batch:
            _send_batch(api, parts)
        else:
            api.call("GET", tuple(parts[0]["path"]), params=parts[0]["params"])


def _send_batch(api: FacebookAdsApi, calls: Sequence[Mapping[str, Any]]) -> None:
    batch = api.new_batch()
    parts = [batch.add("GET", tuple(call["path"]), params=dict(call["params"])) for call in calls]
    answered = [slot["code"] for slot in api.call("POST", (), params={"batch": parts}).json()]
    if set(answered) != {200}:
        raise StackError(f"answers {answered}")


def with_ids_of(user: User, sample: User, text: str) -> str:
    """The sample's calls with another user's ids."""
    text = text.replace(sample.account_id, user.account_id)
    for theirs, other in zip(sample.campaign_ids, user.campaign_ids, strict=True):
        text = text.replace(theirs, other)
    return text
