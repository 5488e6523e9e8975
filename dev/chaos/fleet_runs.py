"""Runs of a whole fleet in this process, with what the simulator had before, logged and has after."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chaos import guardrail_oracle
from chaos.guardrail_oracle import Books, Breach
from chaos.seed import SeededWorld
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from orchestrator.resources import Resources, build_resources
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import Settings

LOOK_AGAIN_S = 0.4
"""Longer than the longest lag, as in production."""
CONCURRENCY = 64
CALM_TIMEOUT_S = 60.0
"""A busy machine is no fault: without faults nothing may time out."""

Account = Mapping[str, Any]
"""An account as the simulator's state has it."""
LoggedWrite = Mapping[str, Any]
"""A request of the simulator's log that took effect."""


class PatientClock:
    """A clock that goes on by what is slept: waits for rate limits take no time of ours."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Skip ahead."""
        self._skipped += seconds


@dataclass(frozen=True, kw_only=True)
class PatientTools(Resources):
    """The resources, with an app whose waits cost no time."""

    app: MetaApp

    @property
    def platform(self) -> MetaApp:
        """That app."""
        return self.app

    def close(self) -> None:
        """Give every connection back."""
        super().close()
        self.app.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRun:
    """One run: each account before and after by its id, the requests in between, users failed by step."""

    before: Mapping[str, Account]
    after: Mapping[str, Account]
    requests: Sequence[Mapping[str, Any]]
    failed: Counter[str]

    def writes(self) -> Mapping[str, list[LoggedWrite]]:
        """The writes that took effect, in order, by account."""
        found: defaultdict[str, list[LoggedWrite]] = defaultdict(list)
        for request in self.requests:
            if request["took_effect"]:
                found[str(request["account"])].append(request)
        return found

    def breaches(self, world: SeededWorld) -> tuple[list[str], list[str]]:
        """The breaches of every user's cap, and the changes that the log does not explain."""
        writes, found, unexplained = self.writes(), list[str](), list[str]()
        for seeded_user in world.seeded.values():
            account = seeded_user.account.ad_account_id
            before = Books.of(self.before[account], world.now)
            after = Books.of(self.after[account], world.now)
            wrong, odd = guardrail_oracle.breaches(
                before, writes.get(account, ()), after, seeded_user.cap_minor
            )
            found += [f"{account} {_text(each)}" for each in wrong]
            unexplained += odd
        return found, unexplained


def _text(breach: Breach) -> str:
    return (
        f"request {breach.request}: {breach.before_minor} to {breach.after_minor} a day, "
        f"cap {breach.cap_minor}"
    )


def resources(world: SeededWorld, clock: PatientClock, timeout_s: float = CALM_TIMEOUT_S) -> Resources:
    """What a run needs, for the fleet of ``world``."""
    settings = Settings.model_validate(
        world.workbench.settings(
            users_concurrency=CONCURRENCY,
            meta_read_timeout_s=timeout_s,
            read_back_pause_s=LOOK_AGAIN_S,
            failed_users_max_percent=100,
        )
    )
    built = build_resources(settings, dsn=world.dsn)
    app = MetaApp(
        app_id=settings.meta_app_id,
        app_secrets=settings.meta_app_secret,
        base_url=settings.meta_base_url,
        api_version=settings.meta_api_version,
        limits=ClientLimits(
            read_timeout_s=timeout_s,
            connections=CONCURRENCY,
            tier="full",
            clock=clock.now,
            sleep=clock.sleep,
        ),
    )
    return PatientTools(store=built.store, policy=built.policy, settings=built.settings, app=app)


def run_fleet(world: SeededWorld, built: Resources, run_key: str) -> FleetRun:
    """Run every step for everybody."""
    simulator, failed = world.workbench.simulator, Counter[str]()
    before = accounts(world)
    simulator.clear_requests()
    for batch in lifecycle.open_run(built, _request(run_key, world.now)):
        for step in TASKS:
            report = lifecycle.run_step(built, run_key, int(str(batch["batch"])), step, last_try=True)
            failed[step] += len(report.failed)
    run_report.finish(built, run_key)
    return FleetRun(before=before, after=accounts(world), requests=simulator.requests(), failed=failed)


def _request(run_key: str, now: datetime) -> RunRequest:
    return RunRequest(run_key=run_key, trigger="cron", now=now, dry_run=False, users_per_batch=1_000_000)


def accounts(world: SeededWorld) -> dict[str, Account]:
    """Every account by id, as the simulator has it now."""
    return {a["ad_account_id"]: a for a in world.workbench.simulator.states()}
