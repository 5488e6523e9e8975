"""Start a user's run or join the current one. Idempotent: at most one run of a user at a time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from ads_orchestrator_airflow import dag_runs
from ads_orchestrator_airflow.api.problems import (
    KEY_REUSED,
    NOT_ELIGIBLE,
    STOPPED,
    Problem,
    unavailable,
)
from ads_orchestrator_airflow.dag_runs import CannotStart
from orchestrator.domain.reasons import user_text
from orchestrator.domain.records import RefusedUser, RunRequest
from orchestrator.domain.user_records import StartedOrJoined
from orchestrator.store.run_requests import RunRequestStore

log = logging.getLogger(__name__)

RUN_ID_PREFIX = "api__"
ENDED_STATES = frozenset({"success", "failed"})
OPEN_STATUSES = frozenset({"pending", "running"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunService:
    """Starts runs for the API.

    Attributes:
        store: the database, as the service.
        armed: whether the deployment writes to Meta; if not, every run is dry.
        policy_hash: the policy in force, for the run's row.
        now: the clock.
        simulated: a simulator's clock; returns None with Meta itself.
    """

    store: RunRequestStore
    armed: bool
    policy_hash: str
    now: Callable[[], datetime]
    simulated: Callable[[], datetime | None]

    def moment(self) -> datetime:
        """Return the time to plan for: the simulator's clock, by which its ads deliver, or now."""
        return self.simulated() or self.now()

    def conf(self, **params: Any) -> dict[str, Any]:
        """Return a run's conf, with the time of a simulator: no parameter can set it."""
        moment = self.simulated()
        return params if moment is None else params | {"now": moment.isoformat()}

    def start_or_join(
        self, user_id: UUID, goal_keys: tuple[str, ...] | None, idempotency_key: str | None
    ) -> StartedOrJoined:
        """Start a run of one user, or return the current one or the one with this key.

        Raises:
            Problem: 409: the user is not eligible; 422: the key was used with other goals; 503: runs
                are stopped, or Airflow cannot start one.
        """
        self._check_not_stopped()
        request = self._request(user_id, goal_keys, idempotency_key)
        ended: set[str] = set()
        while True:
            found = self.store.requests.start_or_join(
                request, user_id, ended, has_key=idempotency_key is not None
            )
            if isinstance(found, RefusedUser):
                raise Problem(NOT_ELIGIBLE, user_text(found.reason), more={"reason": found.reason})
            if found.requested_goal_keys != goal_keys:
                raise Problem(KEY_REUSED, "This Idempotency-Key was sent before, for other goals.")
            if found.status == "pending" and found.run_key.startswith(RUN_ID_PREFIX):
                self._start(found, user_id)
            if not self._is_abandoned(found) or found.run_key == request.run_key:
                return found
            ended.add(found.run_key)

    def _check_not_stopped(self) -> None:
        switch = self.store.kill_switch.state()
        if self.armed and switch.stopped:
            raise Problem(STOPPED, "The support team has stopped all runs for now. Try again later.")

    def _request(
        self, user_id: UUID, goal_keys: tuple[str, ...] | None, idempotency_key: str | None
    ) -> RunRequest:
        dry = not self.armed
        return RunRequest(
            run_key=run_key(user_id, idempotency_key),
            trigger="dryrun" if dry else "user",
            now=self.moment(),
            dry_run=dry,
            user_ids=(user_id,),
            goal_keys=goal_keys,
            config={"asked_by": triggered_by(user_id), "policy_hash": self.policy_hash},
        )

    def _start(self, run: StartedOrJoined, user_id: UUID) -> None:
        """Trigger the DAG run, unless Airflow has it already."""
        conf = self.conf(
            user_ids=[str(user_id)],
            dry_run=run.dry_run,
            goal_keys=None if run.goal_keys is None else list(run.goal_keys),
        )
        try:
            dag_runs.trigger_run(conf, triggered_by=triggered_by(user_id), run_id=run.run_key)
        except CannotStart as why:
            if run.is_new:
                self.store.requests.withdraw(run.run_key)
            log.error("a user's run could not be started: %s", why)  # noqa: TRY400 - one line for operators
            raise unavailable(
                "No runs are started at the moment. Nothing was begun; try again later."
            ) from why

    def _is_abandoned(self, run: StartedOrJoined) -> bool:
        """Return whether our row is open and Airflow's run has ended or is gone; close our row then."""
        if run.status not in OPEN_STATUSES or dag_runs.run_state(run.run_key) not in ENDED_STATES | {None}:
            return False
        if run.run_key.startswith(RUN_ID_PREFIX):
            self.store.runs.close(run.run_key)
        return True


def run_key(user_id: UUID, idempotency_key: str | None) -> str:
    """Return the id of a user's run, in Airflow too. Deterministic by user and idempotency key."""
    if idempotency_key is None:
        return f"{RUN_ID_PREFIX}{user_id}__{uuid4().hex}"
    return f"{RUN_ID_PREFIX}{user_id}__{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"


def triggered_by(user_id: UUID) -> str:
    """Return the user as Airflow's pages show them."""
    return f"user {user_id}"
