"""``make bench-write``: a fleet in which everyone has something to write, for both access tiers of the app.

One user in five is new (three campaigns of fifteen ad sets in all are built), the others have
fifteen budgets to raise. The steps run in this process, without Airflow: what limits a run
that writes is Meta's rate limits, not the scheduler.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

import typer

from bench import environment, report
from bench.fleet import START, busy_fleet
from bench.report import Metrics
from demo import runners
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from orchestrator.resources import Resources, build_resources
from orchestrator.runs import lifecycle, run_report
from stack.refused_requests import RefusedRequests
from stack.simulator_control import SimulatorControl
from stack.stack import Stack

Tier = Literal["limited", "full"]
RUN_KEY = "bench-write"
REQUESTS_A_USER = 200
"""More than any user of this fleet sends: the whole run is looked through for refusals."""
STATUSES = "select status, count(*) from ads_automation_runs where run_key = %(run_key)s group by 1"
ACTIONS = (
    "select a.status, count(*) from ads_automation_actions a join ads_automation_runs r on r.id = a.run_id"
    " where r.run_key = %(run_key)s group by 1"
)


@dataclass(slots=True)
class Waits:
    """How often and how long a rate limit was waited for, over all users."""

    times: int = 0
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sleep(self, seconds: float) -> None:
        """Wait, and write it down."""
        with self._lock:
            self.times += 1
            self.seconds += seconds
        time.sleep(seconds)


def main(
    *,
    users: Annotated[int, typer.Option(min=1, help="How many users.")] = 200,
    latency_ms: Annotated[int, typer.Option(min=0, help="Wait of the simulator before each answer.")] = 50,
) -> None:
    """Measure both tiers, print tables and, as the last line, JSON."""
    logging.getLogger("orchestrator").addHandler(logging.NullHandler())
    environment.program(lambda: _bench(users, latency_ms))


def _bench(users: int, latency_ms: int) -> None:
    figures: Metrics = {"users": users, "latency_ms": latency_ms}
    for tier in get_args(Tier):
        with environment.start(
            latency_ms,
            with_airflow=False,
            tier=tier,
            clock_factor=1.0,
            journal_size=users * REQUESTS_A_USER,
        ) as services:
            environment.seed(services, busy_fleet(users, days=7))
            figures[tier] = _run(services, tier, users)
    report.show(f"{users} users with something to write", report.rounded(figures))


def _run(services: Stack, tier: Tier, users: int) -> Metrics:
    waits, control = Waits(), SimulatorControl(str(services.simulator_url))
    start = time.perf_counter()
    with _resources(services, tier, waits) as built:
        request = RunRequest(run_key=RUN_KEY, trigger="user", now=START, dry_run=False, users_per_batch=50)
        batches = lifecycle.open_run(built, request)
        for number in range(len(batches)):
            for step in TASKS:
                lifecycle.run_step(built, RUN_KEY, number, step, last_try=True)
            environment.say(f"{tier}: batch {number + 1} of {len(batches)}, {waits.times} waits")
        run_report.finish(built, RUN_KEY)
    wall_s = time.perf_counter() - start
    counts, ended = control.counts(), _by_status(services, STATUSES)
    refused = RefusedRequests()
    refused.add(control.requests())
    return {
        "wall_s": wall_s,
        "users_per_s": users / wall_s,
        "writes": counts.writes,
        "writes_per_s": counts.writes / wall_s,
        "refused": counts.refused,
        "wrong": len(refused.wrong),
        "built_again_after_a_refusal": len(refused.repeated),
        "waits": waits.times,
        "waited_s": waits.seconds,
        "users_left_to_the_next_run": ended.get("throttled", 0),
        "users_by_end": ended,
        "actions_by_status": _by_status(services, ACTIONS),
    }


def _by_status(services: Stack, query: str) -> dict[str, int]:
    return dict(sorted(environment.query(services.database_url, query, run_key=RUN_KEY)))


@dataclass(frozen=True, kw_only=True)
class WatchedTools(Resources):
    """Resources with an app of ours in them."""

    app: MetaApp

    @property
    def platform(self) -> MetaApp:
        """The app whose waits are counted."""
        return self.app


@contextmanager
def _resources(services: Stack, tier: Tier, waits: Waits) -> Iterator[Resources]:
    """What the steps work with, its waits for rate limits counted."""
    settings = runners.settings_of(services)
    app = MetaApp(
        app_id=settings.meta_app_id,
        app_secrets=settings.meta_app_secret,
        base_url=settings.meta_base_url,
        api_version=settings.meta_api_version,
        limits=ClientLimits(connections=settings.users_concurrency, tier=tier, sleep=waits.sleep),
    )
    plain = build_resources(settings)
    try:
        yield WatchedTools(store=plain.store, policy=plain.policy, settings=settings, app=app)
    finally:
        plain.close()
        app.close()


if __name__ == "__main__":
    typer.run(main)
