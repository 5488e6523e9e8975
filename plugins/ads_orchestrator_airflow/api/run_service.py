"""Ask for a run in a user's name: one at a time, whoever asks how often."""

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

OURS = "api__"
OVER = frozenset({"success", "failed"})
OPEN = frozenset({"pending", "running"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunService:
    """Where runs are asked for.

    Attributes:
        store: our database, as the service.
        armed: whether the deployment writes to Meta at all; without it every run is a dry one.
        policy_hash: of the thresholds in force, for the run's row.
        now: the clock.
        simulated: a simulator's clock where there is one; null with Meta itself.
    """

    store: RunRequestStore
    armed: bool
    policy_hash: str
    now: Callable[[], datetime]
    simulated: Callable[[], datetime | None]

    def moment(self) -> datetime:
        """The moment that is planned for: with a simulator its own, because its ads deliver by it."""
        return self.simulated() or self.now()

    def conf(self, **asked: Any) -> dict[str, Any]:
        """A run's conf, with a simulator's moment; who asks has no say in it."""
        moment = self.simulated()
        return asked if moment is None else asked | {"now": moment.isoformat()}

    def ask(
        self, user_id: UUID, goal_keys: tuple[str, ...] | None, idempotency_key: str | None
    ) -> StartedOrJoined:
        """Start a run for one user, or find the one that is going on or has this key.

        Raises:
            Problem: 409 with the reason why this user takes no part, or that the key was used for
                something else; 503 when runs are stopped or Airflow would not start one.
        """
        self._check_not_stopped()
        request = self._request(user_id, goal_keys, idempotency_key)
        ended: set[str] = set()
        while True:
            asked = self.store.requests.start_or_join(
                request, user_id, ended, has_key=idempotency_key is not None
            )
            if isinstance(asked, RefusedUser):
                raise Problem(NOT_ELIGIBLE, user_text(asked.reason), more={"reason": asked.reason})
            if asked.requested_goal_keys != goal_keys:
                raise Problem(KEY_REUSED, "This Idempotency-Key was sent before, for other goals.")
            if asked.status == "pending" and asked.run_key.startswith(OURS):
                self._start(asked, user_id)
            if not self._is_given_up(asked) or asked.run_key == request.run_key:
                return asked
            ended.add(asked.run_key)

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
            config={"asked_by": asked_by(user_id), "policy_hash": self.policy_hash},
        )

    def _start(self, asked: StartedOrJoined, user_id: UUID) -> None:
        """Give Airflow the run. One that it has already is left as it is."""
        conf = self.conf(
            user_ids=[str(user_id)],
            dry_run=asked.dry_run,
            goal_keys=None if asked.goal_keys is None else list(asked.goal_keys),
        )
        try:
            dag_runs.trigger_run(conf, asked_by=asked_by(user_id), run_id=asked.run_key)
        except CannotStart as why:
            if asked.is_new:
                self.store.requests.withdraw(asked.run_key)
            log.error("a user's run could not be started: %s", why)  # noqa: TRY400 - one line for operators
            raise unavailable(
                "No runs are started at the moment. Nothing was begun; try again later."
            ) from why

    def _is_given_up(self, asked: StartedOrJoined) -> bool:
        """Whether nobody works on the run any more and its row does not know: no run of Airflow's goes on."""
        if asked.status not in OPEN or dag_runs.run_state(asked.run_key) not in OVER | {None}:
            return False
        if asked.run_key.startswith(OURS):
            self.store.runs.close(asked.run_key)
        return True


def run_key(user_id: UUID, idempotency_key: str | None) -> str:
    """The name of a user's run, with Airflow too: the same for the same key of the same user."""
    if idempotency_key is None:
        return f"{OURS}{user_id}__{uuid4().hex}"
    return f"{OURS}{user_id}__{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"


def asked_by(user_id: UUID) -> str:
    """Who asked, as Airflow's pages show it."""
    return f"user {user_id}"
