"""The process that runs the steps, to be killed. Forked from one that has everything imported."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

from chaos.points import Holder, Point
from orchestrator import steps, tools
from orchestrator.rows import RunRequest
from orchestrator.settings import Settings

PATIENCE_S = 120.0
HELD_PATIENCE_S = 45.0
"""How long the others may take once the first one stands at its point."""
EVERYBODY_IN_ONE = 1_000_000


_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["chaos.worker"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Some steps of one run. ``points``: where each user's thread is to be held, by access token."""

    dsn: str
    settings: Mapping[str, Any]
    run_key: str
    now: datetime
    user_ids: Sequence[UUID] | None = None
    steps: Sequence[str] = steps.SEVEN
    closes: bool = True
    points: Mapping[str, Point] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker ended. ``held``: tokens of those it was killed at; ``problem``: what it raised."""

    held: frozenset[str]
    killed: bool
    problem: str | None
    failed: Mapping[str, str] = field(default_factory=dict)


class Worker:
    """One started worker."""

    def __init__(self, job: Job) -> None:
        self._expected = len(job.points)
        self._heard, told = _context.Pipe(duplex=False)
        self._process = _context.Process(target=_work, args=(job, told), daemon=True)
        self._process.start()
        told.close()

    def finish(self) -> Ended:
        """Wait for its end; kill it (SIGKILL) as soon as everyone who is to be held is held."""
        held: set[str] = set()
        problem: str | None = "it said nothing for too long"
        failed: Mapping[str, str] = {}
        killed = False
        while self._heard.poll(HELD_PATIENCE_S if held else PATIENCE_S):
            try:
                what, said = self._heard.recv()
            except EOFError:
                problem = "it died by itself"
                break
            if what == "held":
                held.add(said)
                killed = len(held) == self._expected
            if what == "ended" or killed:
                problem, failed = (None, {}) if killed else said
                break
        self._process.kill()
        self._process.join()
        self._heard.close()
        return Ended(frozenset(held), killed, problem, failed)


def run(job: Job) -> Ended:
    """Do a job in a worker of its own."""
    return Worker(job).finish()


def _work(job: Job, told: Connection) -> None:
    logging.disable(logging.CRITICAL)
    if job.points:
        Holder(job.points, lambda token: told.send(("held", token))).install()
    failed: dict[str, str] = {}
    try:
        failed = _steps(job)
    except Exception as error:  # noqa: BLE001 - whoever waits is told
        told.send(("ended", (f"{type(error).__name__}: {error}", failed)))
        return
    told.send(("ended", (None, failed)))


def _steps(job: Job) -> dict[str, str]:
    """Run the steps of every batch; what became of users who failed."""
    settings = Settings.model_validate(dict(job.settings))
    built = tools.build(settings, dsn=job.dsn)
    request = RunRequest(
        run_key=job.run_key,
        trigger="cron",
        now=job.now,
        dry_run=False,
        user_ids=None if job.user_ids is None else tuple(job.user_ids),
        users_per_batch=EVERYBODY_IN_ONE,
    )
    failed: dict[str, str] = {}
    for batch in steps.open_run(built, request):
        for step in job.steps:
            report = steps.run_step(built, job.run_key, int(str(batch["batch"])), step, last_try=True)
            failed |= report.failed
    if job.closes:
        steps.finish(built, job.run_key)
    return failed
