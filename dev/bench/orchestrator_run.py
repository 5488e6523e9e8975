"""The orchestrator's own DAG on a fleet with nothing to do: the day's first run, then one six hours later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bench import airflow_run, environment
from bench.airflow_run import DagRunResult
from bench.fleet import START
from bench.process_metrics import Sampler
from stack.errors import StackError
from stack.simulator_control import RequestCounts, SimulatorControl
from stack.stack import Stack

DAG = "ads_orchestrator"
HOURS_BETWEEN = 6
STATUSES = "select status, count(*) from ads_automation_runs where run_key = %(run_key)s group by 1"
ACTIONS = (
    "select count(*) from ads_automation_actions a join ads_automation_runs r on r.id = a.run_id"
    " where r.run_key = %(run_key)s"
)
BATCHES = "select batches from ads_sweeps where run_key = %(run_key)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of the DAG and what it took. ``db_mb``, ``airflow_db_mb``: what it added on disk."""

    ended: DagRunResult
    requests: RequestCounts
    sampler: Sampler
    db_mb: float
    airflow_db_mb: float


def first_and_second(services: Stack, users: int, users_per_batch: int) -> tuple[Measured, Measured]:
    """The day's first run (its figures of the trailing days are new), and the one after it.

    Raises:
        StackError: A user did not end well, had an action, or Meta was written to: the fleet was
            not steady and its figures would not be those of a steady fleet.
    """
    control = SimulatorControl(str(services.simulator_url))
    first = _measured(services, control, 0, users_per_batch)
    _check_steady(services, first, users)
    control.advance(HOURS_BETWEEN)
    control.clear_requests()  # what is left in it at the end is the second run's
    second = _measured(services, control, HOURS_BETWEEN, users_per_batch)
    _check_steady(services, second, users)
    return first, second


def _measured(services: Stack, control: SimulatorControl, hours: int, users_per_batch: int) -> Measured:
    conf = {"now": (START + timedelta(hours=hours)).isoformat(), "users_per_batch": users_per_batch}
    counts, sizes = control.counts(), _sizes(services)
    with Sampler({part.name: part.process.pid for part in services.supervisor.running}) as sampler:
        ended = airflow_run.run(services, DAG, conf, partial(_users_text, services))
    grown = [after - before for after, before in zip(_sizes(services), sizes, strict=True)]
    return Measured(
        ended=ended,
        requests=control.counts() - counts,
        sampler=sampler,
        db_mb=grown[0],
        airflow_db_mb=grown[1],
    )


def _sizes(services: Stack) -> tuple[float, float]:
    return environment.size_mb(services.database_url), environment.size_mb(services.airflow_database_url)


def _users_text(services: Stack, run_key: str) -> str:
    found = dict(environment.query(services.database_url, STATUSES, run_key=run_key))
    return "".join(f", {count:,} users {status}" for status, count in sorted(found.items()))


def _check_steady(services: Stack, measured: Measured, users: int) -> None:
    run_key = measured.ended.run_id
    statuses = dict(environment.query(services.database_url, STATUSES, run_key=run_key))
    actions = environment.query(services.database_url, ACTIONS, run_key=run_key)[0][0]
    if statuses != {"success": users} or actions or measured.requests.writes:
        raise StackError(
            f"The fleet was not steady: {statuses} of {users} users, {actions} actions, "
            f"{measured.requests.writes} writes to Meta; see {services.state.root}"
        )


def batches(services: Stack, run_key: str) -> int:
    """Into how many batches a run was divided."""
    return int(environment.query(services.database_url, BATCHES, run_key=run_key)[0][0])


def naive_s_per_user(services: Stack, user_ids: list[str], hours: int) -> float:
    """Seconds a user when each user and step is a task of its own."""
    conf = {
        "user_ids": user_ids,
        "users_per_batch": 1,
        "now": (START + timedelta(hours=hours)).isoformat(),
    }
    ended = airflow_run.run(services, DAG, conf)
    return ended.wall_s / len(user_ids)
