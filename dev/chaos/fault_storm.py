"""The storm: many users, many runs, one answer in five faulty, and then two runs in the calm."""

from __future__ import annotations

import logging
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chaos import guardrail_oracle
from chaos.end_states import OPEN
from chaos.scenarios import SCENARIO_USERS
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from graph_simulator.serving.faults import KINDS
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from orchestrator.resources import Resources, build_resources
from orchestrator.runs import lifecycle
from orchestrator.settings import Settings

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOURS = 6
CALM_RUNS = 2
FAULTY = 0.2
READ_TIMEOUT_S = 2.0
CALM_TIMEOUT_S = 60.0
"""A busy machine is no fault: in the calm nothing may time out."""
SECONDS = {"timeout_before": 2.5, "timeout_after": 2.5, "slow": 0.2, "lag": 0.3}
REFUSAL = {"code": 100, "subcode": 1885183, "title": "Invalid parameter"}
LOOK_AGAIN_S = 0.4
"""Longer than the longest lag, as in production."""
CONCURRENCY = 64
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

    @property
    def holds(self) -> bool:
        """Whether every guarantee held."""
        return not (self.breaches or self.unexplained or self.duplicates or self.unsettled)


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
            with closing(_resources(world, clock, timeout_s)) as built:
                for _ in range(spell):
                    _run(world, built, f"run {count.runs}", count)
                    world.now = workbench.simulator.advance(HOURS)
                    clock.sleep(HOURS * 3600)
    finally:
        logging.disable(logging.NOTSET)
    _look_around(world, count)
    workbench.drop_database(world.dsn)
    return count


def _resources(world: SeededWorld, clock: PatientClock, timeout_s: float) -> Resources:
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
        app_secret=settings.meta_app_secret,
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
    simulator = world.workbench.simulator
    before = _accounts(world)
    simulator.clear_requests()
    for batch in lifecycle.open_run(built, _request(run_key, world.now)):
        for step in TASKS:
            report = lifecycle.run_step(built, run_key, int(str(batch["batch"])), step, last_try=True)
            count.users_failed[step] += len(report.failed)
    lifecycle.finish(built, run_key)
    count.runs += 1
    _start_again(world, count)
    _judge(world, before, simulator.requests(), count)


def _request(run_key: str, now: datetime) -> RunRequest:
    return RunRequest(run_key=run_key, trigger="cron", now=now, dry_run=False, users_per_batch=1_000_000)


def _start_again(world: SeededWorld, count: Count) -> None:
    """The breaker for everybody is a person's to reset; this is the person."""
    switched = rows(
        world.dsn, "update orchestrator_switch set stopped = false where stopped returning stopped"
    )
    count.everybody_stopped += len(switched)


def _accounts(world: SeededWorld) -> dict[str, Any]:
    return {a["ad_account_id"]: a for a in world.workbench.simulator.states()}


def _judge(
    world: SeededWorld, before: Mapping[str, Any], requests: Sequence[Mapping[str, Any]], count: Count
) -> None:
    after = _accounts(world)
    writes: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for request in requests:
        count.faults[request["fault"] or "none"] += 1
        if request["took_effect"]:
            writes[str(request["account"])].append(request)
    count.requests += len(requests)
    count.writes += sum(len(each) for each in writes.values())
    for seeded_user in world.seeded.values():
        account = seeded_user.account.ad_account_id
        found, odd = guardrail_oracle.breaches(
            guardrail_oracle.Books.of(before[account]),
            writes[account],
            guardrail_oracle.Books.of(after[account]),
            seeded_user.cap_minor,
        )
        count.breaches += [f"{account} {each}" for each in found]
        count.unexplained += odd
    count.duplicates += guardrail_oracle.duplicates(after.values())


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
    for account in _accounts(world).values():
        things = [*account["campaigns"], *(a for c in account["campaigns"] for a in c["ad_sets"])]
        for thing in things:
            is_restored = restored.get(thing["id"]) == (thing["status"], thing["daily_budget_minor"])
            if thing["status"] == "ACTIVE" and not is_restored:
                yield f"{thing['id']} {thing['name']} is not in our rows as it is on Meta"
