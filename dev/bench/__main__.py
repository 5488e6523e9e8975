"""``make bench USERS=10000 LATENCY_MS=200``: a steady fleet through Airflow, its floor, the naive way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from bench import airflow_run, environment, floor, orchestrator_run, report
from bench.fleet import User, fleet
from bench.orchestrator_run import Measured
from bench.report import Metrics
from demo import runners
from stack.simulator_control import SimulatorControl
from stack.stack import Stack

PARTS = ("ours", "floor", "naive")
NAIVE_USERS = 50
EMPTY = "bench_empty"


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What to measure."""

    users: int
    latency_ms: int
    days: int
    users_per_batch: int
    parts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Seconds for the calls alone, and for the DAG without them."""

    sdk_s: float
    empty_dag_s: float


def main(
    *,
    users: Annotated[int, typer.Option(min=1, max=100_000, help="How many users.")] = 10_000,
    latency_ms: Annotated[int, typer.Option(min=0, help="Wait of the simulator before each answer.")] = 200,
    days: Annotated[int, typer.Option(min=3, help="How many days the ads have run.")] = 7,
    users_per_batch: Annotated[int, typer.Option(min=0, help="0: as the DAG divides them by itself.")] = 0,
    parts: Annotated[str, typer.Option(help="Some of ours,floor,naive; ours goes first always.")] = ",".join(
        PARTS
    ),
) -> None:
    """Measure, print a table and, as the last line, JSON."""
    wanted = {part.strip() for part in parts.split(",")} | {"ours"}
    if unknown := wanted - set(PARTS):
        raise typer.BadParameter(f"unknown parts {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    environment.program(
        lambda: _bench(BenchOptions(users, latency_ms, days, users_per_batch, frozenset(wanted)))
    )


def _bench(options: BenchOptions) -> None:
    users = fleet(options.users, options.days)
    with environment.start(options.latency_ms) as services:
        environment.seed(services, users)
        airflow_run.ready(services, orchestrator_run.DAG, EMPTY)
        first, second = orchestrator_run.first_and_second(services, options.users, options.users_per_batch)
        figures = _ours(options.users, first, second)
        if "floor" in options.parts:
            figures |= _under(figures, _floor(services, users, second))
        if "naive" in options.parts:
            figures |= _against(figures, _naive(services, users))
    title = f"{options.users:,} users with nothing to do, {options.latency_ms} ms a request"
    report.show(title, report.rounded(_in_order(figures)))


def _ours(count: int, first: Measured, second: Measured) -> Metrics:
    wall_s = second.ended.wall_s
    return {
        "users": count,
        "wall_s": wall_s,
        "users_per_s": count / wall_s,
        "graph_requests_per_user": second.requests.calls / count,
        "round_trips_per_user": second.requests.round_trips / count,
        "peak_rss_mb": _peaks(first, second),
        "cpu_s": dict(sorted(second.sampler.cpu_s.items())),
        "cpu_total_s": sum(second.sampler.cpu_s.values()),
        "stolen_s": second.sampler.stolen_s,
        "db_mb": second.db_mb,
        "airflow_db_mb": second.airflow_db_mb,
        "task_instances": second.ended.task_instances,
        "first_run_s": first.ended.wall_s,
        "first_run_db_mb": first.db_mb,
        "first_run_graph_requests_per_user": first.requests.calls / count,
    }


def _peaks(*runs: Measured) -> dict[str, float]:
    """The most memory of any one process of a kind in any of the runs."""
    peaks = [run.sampler.peak_rss_mb for run in runs]
    return {kind: max(each.get(kind, 0.0) for each in peaks) for kind in sorted(set().union(*peaks))}


def _floor(services: Stack, users: Sequence[User], second: Measured) -> Floor:
    settings = runners.settings_of(services)
    target = floor.Target(
        url=str(services.simulator_url),
        app_id=services.meta_app.app_id,
        app_secret=services.meta_app.app_secret,
        version=settings.meta_api_version,
        processes=int(services.environment["AIRFLOW__CORE__PARALLELISM"]),
        threads=settings.users_concurrency,
    )
    control = SimulatorControl(target.url)
    calls = floor.recorded(control.requests(), {user.account_id: user for user in users})
    control.advance(
        orchestrator_run.HOURS_BETWEEN
    )  # as before the run: what was delivered since has to be worked out
    environment.say(
        f"the floor: {len(calls.trips)} requests a user, {target.processes} x {target.threads} at once"
    )
    sdk_s = floor.sdk_s(target, calls, users)
    batches = orchestrator_run.batches(services, second.ended.run_id)
    empty = airflow_run.run(services, EMPTY, {"batches": batches})
    return Floor(sdk_s=sdk_s, empty_dag_s=empty.wall_s)


def _under(figures: Metrics, found: Floor) -> Metrics:
    floor_s = found.sdk_s + found.empty_dag_s
    return {
        "floor_s": floor_s,
        "floor_sdk_s": found.sdk_s,
        "floor_empty_dag_s": found.empty_dag_s,
        "ratio_to_floor": figures["wall_s"] / floor_s,
    }


def _naive(services: Stack, users: Sequence[User]) -> float:
    few = [str(user.id) for user in users[:NAIVE_USERS]]
    environment.say(f"the naive way: a task a step for each of {len(few)} users")
    return orchestrator_run.naive_s_per_user(services, few, orchestrator_run.HOURS_BETWEEN)


def _against(figures: Metrics, naive_s_per_user: float) -> Metrics:
    return {
        "naive_s_per_user": naive_s_per_user,
        "speedup_vs_naive": naive_s_per_user * figures["users_per_s"],
    }


ORDER = (
    "users",
    "wall_s",
    "users_per_s",
    "floor_s",
    "ratio_to_floor",
    "naive_s_per_user",
    "speedup_vs_naive",
)


def _in_order(figures: Metrics) -> Metrics:
    """What the goals speak of first; what was left out is null."""
    return {name: figures.get(name) for name in ORDER} | figures


if __name__ == "__main__":
    typer.run(main)
