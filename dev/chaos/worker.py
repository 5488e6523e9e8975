"""The process that runs the steps, to be killed. Forked from one that has everything imported."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

from chaos.skewed_clock import set_clocks_ahead
from chaos.write_hooks import Holder, Point
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.resources import build_resources
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import Settings

PATIENCE_S = 120.0
HELD_PATIENCE_S = 45.0
"""How long the others may take once the first one is held at its point."""
EVERYBODY_IN_ONE = 1_000_000


_context = multiprocessing.get_context("forkserver")
# What the product loads late is loaded here once, not in every worker.
_context.set_forkserver_preload(
    [
        "chaos.worker",
        "orchestrator.platforms.meta.insight_rows",
        "orchestrator.runs.collect",
        "orchestrator.platforms.meta.client",
    ]
)


def preload() -> None:
    """Start the fork server, which loads the product; returns at once."""
    forkserver.ensure_running()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Some steps of one run. ``points``: where each user's thread is to be held, by access token."""

    dsn: str
    settings: Mapping[str, Any]
    run_key: str
    now: datetime
    user_ids: Sequence[UUID] | None = None
    steps: Sequence[str] = TASKS
    closes: bool = True
    points: Mapping[str, Point] = field(default_factory=dict)
    resumes: bool = False
    """Whether held users are released in the end, instead of being killed."""
    clock_off_s: float = 0.0
    """How far the worker's clock is ahead."""


@dataclass(frozen=True, slots=True)
class WorkerResult:
    """How a worker ended. ``held``: tokens of those it was killed at; ``problem``: what it raised."""

    held: frozenset[str]
    killed: bool
    problem: str | None
    failed: Mapping[str, str] = field(default_factory=dict)


class Worker:
    """One started worker."""

    def __init__(self, job: Job) -> None:
        self._expected = len(job.points)
        self._resumes = job.resumes
        self._held: set[str] = set()
        self._ours, theirs = _context.Pipe()
        self._process = _context.Process(target=_work, args=(job, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def wait_until_held(self) -> None:
        """Wait until all users with a point are held.

        Raises:
            RuntimeError: some never were.
        """
        while len(self._held) < self._expected:
            what, said = self._receive()
            if what != "held":
                raise RuntimeError(f"{self._expected - len(self._held)} were never held: {said}")

    def release(self) -> None:
        """Release the held users."""
        self._ours.send("go on")

    def finish(self) -> WorkerResult:
        """Wait for its end, or kill it (SIGKILL) as soon as all users with a point are held."""
        what, said = self._receive()
        while what == "held" and (self._resumes or len(self._held) < self._expected):
            what, said = self._receive()
        self._process.kill()
        self._process.join()
        self._ours.close()
        if what == "held":
            return WorkerResult(frozenset(self._held), killed=True, problem=None)
        problem, failed = said
        return WorkerResult(frozenset(self._held), killed=False, problem=problem, failed=failed)

    def _receive(self) -> tuple[str, Any]:
        patience = HELD_PATIENCE_S if self._held and not self._resumes else PATIENCE_S
        if not self._ours.poll(patience):
            return "ended", ("it said nothing for too long", {})
        try:
            what, said = self._ours.recv()
        except EOFError:
            return "ended", ("it died by itself", {})
        if what == "held":
            self._held.add(said)
        return what, said


def run(job: Job) -> WorkerResult:
    """Do a job in a worker of its own."""
    return Worker(job).finish()


def _work(job: Job, parent: Connection) -> None:
    logging.disable(logging.CRITICAL)
    if job.clock_off_s:
        set_clocks_ahead(job.clock_off_s)
    if job.points:
        holder = Holder(job.points, lambda token: parent.send(("held", token)))
        holder.install()
        threading.Thread(target=_release_on_signal, args=(holder, parent), daemon=True).start()
    failed: dict[str, str] = {}
    try:
        failed = _steps(job)
    except Exception as error:  # noqa: BLE001 - reported to the parent
        parent.send(("ended", (f"{type(error).__name__}: {error}", failed)))
        return
    parent.send(("ended", (None, failed)))


def _release_on_signal(holder: Holder, parent: Connection) -> None:
    parent.recv()
    holder.release()


def _steps(job: Job) -> dict[str, str]:
    """Run the steps of every batch; the errors of failed users."""
    settings = Settings.model_validate(dict(job.settings))
    built = build_resources(settings, dsn=job.dsn)
    request = RunRequest(
        run_key=job.run_key,
        trigger="cron",
        now=job.now,
        dry_run=False,
        user_ids=None if job.user_ids is None else tuple(job.user_ids),
        users_per_batch=EVERYBODY_IN_ONE,
    )
    failed: dict[str, str] = {}
    for batch in lifecycle.open_run(built, request):
        for step in job.steps:
            report = lifecycle.run_step(built, job.run_key, int(str(batch["batch"])), step, last_try=True)
            failed |= report.failed
    if job.closes:
        run_report.finish(built, job.run_key)
    return failed
