"""The storm: many users, many runs, one answer in five faulty, and then two runs in the calm."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chaos import guardrail_oracle
from chaos.end_states import OPEN
from chaos.fleet_runs import CALM_TIMEOUT_S, FleetRun, PatientClock, accounts, resources, run_fleet
from chaos.scenarios import SCENARIO_USERS
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from graph_simulator.serving.faults import KINDS
from orchestrator.resources import Resources
from stack.refused_requests import RefusedRequests

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOURS = 6
CALM_RUNS = 2
FAULTY = 0.2
READ_TIMEOUT_S = 2.0
SECONDS = {"timeout_before": 2.5, "timeout_after": 2.5, "slow": 0.2, "lag": 0.3}
REFUSAL = {"code": 100, "subcode": 1885183, "title": "Invalid parameter"}
OPEN_ROWS = """
    select r.run_key, a.action_type, a.goal_key, a.status, a.message
    from ads_automation_actions a join ads_automation_runs r on r.id = a.run_id
    where a.status = any(%(open)s)
"""


@dataclass(slots=True)
class Count:
    """What was counted, and everything that must not be."""

    runs: int = 0
    requests: int = 0
    writes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    users_failed: Counter[str] = field(default_factory=Counter)
    everybody_stopped: int = 0
    breaches: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    refused: RefusedRequests = field(default_factory=RefusedRequests)

    @property
    def problems(self) -> list[str]:
        """Everything that must not be."""
        return [
            *self.breaches,
            *self.duplicates,
            *self.unexplained,
            *self.unsettled,
            *self.refused.wrong,
            *self.refused.repeated,
        ]


def weather(workbench: Workbench, users: int, runs: int, seed: int) -> Count:
    """Run it all; what came of it."""
    draw = random.Random(seed)
    scenario_users = [draw.choice(SCENARIO_USERS).named(f"user {n}") for n in range(users)]
    world = seed_world(workbench, scenario_users, NOW, seed)
    count = Count()
    clock = PatientClock()
    logging.disable(logging.CRITICAL)
    try:
        for spell, storming, timeout_s in ((runs, True, READ_TIMEOUT_S), (CALM_RUNS, False, CALM_TIMEOUT_S)):
            _set_faults(workbench, storming=storming)
            with closing(resources(world, clock, timeout_s)) as built:
                for _ in range(spell):
                    _run(world, built, f"run {count.runs}", count)
                    world.now = workbench.simulator.advance(HOURS)
                    clock.sleep(HOURS * 3600)
    finally:
        logging.disable(logging.NOTSET)
    _look_around(world, count)
    workbench.drop_database(world.dsn)
    return count


def _set_faults(workbench: Workbench, *, storming: bool) -> None:
    """Every kind with the same share of all answers; rules are tried in order."""
    workbench.simulator.clear_faults()
    if not storming:
        return
    share = FAULTY / len(KINDS)
    workbench.simulator.add_faults(
        [
            {"kind": kind, "probability": share / (1 - share * n)}
            | ({"seconds": SECONDS[kind]} if kind in SECONDS else {})
            | ({"refusal": REFUSAL} if kind == "refusal" else {})
            for n, kind in enumerate(KINDS)
        ]
    )


def _run(world: SeededWorld, built: Resources, run_key: str, count: Count) -> None:
    made = run_fleet(world, built, run_key)
    count.users_failed += made.failed
    count.runs += 1
    _start_again(world, count)
    _judge(world, made, count)


def _start_again(world: SeededWorld, count: Count) -> None:
    """The breaker for everybody is a person's to reset; this is the person."""
    switched = rows(
        world.dsn, "update orchestrator_switch set stopped = false where stopped returning stopped"
    )
    count.everybody_stopped += len(switched)


def _judge(world: SeededWorld, made: FleetRun, count: Count) -> None:
    count.requests += len(made.requests)
    count.faults += Counter(str(request["fault"] or "none") for request in made.requests)
    count.writes += sum(map(len, made.writes().values()))
    count.refused.add(made.requests)
    breaches, unexplained = made.breaches(world)
    count.breaches += breaches
    count.unexplained += unexplained
    count.duplicates += guardrail_oracle.duplicates(made.after.values())


def _look_around(world: SeededWorld, count: Count) -> None:
    """After the calm: nothing open, and our rows say what Meta has."""
    for row in rows(world.dsn, "select status, count(*) as n from ads_automation_actions group by status"):
        count.actions[row["status"]] = row["n"]
    for row in rows(world.dsn, OPEN_ROWS, open=list(OPEN)):
        count.unsettled.append("{run_key}: {action_type} of {goal_key} is {status}: {message}".format(**row))
    count.unsettled += _strangers(world)


def _strangers(world: SeededWorld) -> Iterator[str]:
    """What could spend on Meta and is not in our rows as it is there."""
    restored = {
        row["id"]: (row["status"], row["daily_budget_minor"])
        for table in ("ads_campaigns", "ads_ad_sets")
        for row in rows(world.dsn, f"select id, status, daily_budget_minor from {table}")
    }
    for account in accounts(world).values():
        things = [*account["campaigns"], *(a for c in account["campaigns"] for a in c["ad_sets"])]
        for thing in things:
            is_restored = restored.get(thing["id"]) == (thing["status"], thing["daily_budget_minor"])
            if thing["status"] == "ACTIVE" and not is_restored:
                yield f"{thing['id']} {thing['name']} is not in our rows as it is on Meta"
