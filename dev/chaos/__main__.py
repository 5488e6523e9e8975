"""``python -m chaos``: prove that nothing is doubled, nothing lost and nothing over budget."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from typing import Annotated

import typer

from chaos import (
    ads_manager,
    clock_skew,
    concurrency,
    database_outage,
    delivery_trouble,
    fault_storm,
    report,
    restored_database,
)
from chaos import kill_points as killing
from chaos.scenarios import SCENARIO_USERS
from chaos.workbench import a_workbench
from chaos.write_hooks import SIDES
from graph_simulator.serving.faults import KINDS

Seed = Annotated[int, typer.Option(help="What everything is drawn from.")]
Users = Annotated[int, typer.Option(help="How many users.")]
Runs = Annotated[int, typer.Option(help="How many runs.")]
WRITES_AT_LEAST = 120

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@app.command("kill-points")
def kill_points(
    seed: Seed = 1,
    sample: Annotated[int, typer.Option(help="So many points, drawn; 0 is every point.")] = 0,
) -> None:
    """SIGKILL on every side of every write and record; run again; compare with a run that nobody killed."""
    with a_workbench() as workbench:
        references = killing.run_references(workbench, SCENARIO_USERS, seed)
        every = list(killing.cases(references))
        wanted = random.Random(seed).sample(every, sample) if sample else every
        verdicts = [
            verdict
            for together_ in killing.rounds(wanted)
            for verdict in killing.play(workbench, together_, references, seed)
        ]
    writes = sum(sum(each.writes.values()) for each in references.values())
    good: Counter[tuple[str, str]] = Counter()
    tried: Counter[tuple[str, str]] = Counter()
    for each in verdicts:
        tried[each.case.point.side, each.case.way] += 1
        good[each.case.point.side, each.case.way] += not each.problems
    report.table(
        f"Kill points, seed {seed}: a scenario of {writes} writes",
        ("killed", *killing.WAYS),
        ([side, *(f"{good[side, way]} of {tried[side, way]}" for way in killing.WAYS)] for side in SIDES),
    )
    bad = [f"{v.case.name}: {problem}" for v in verdicts for problem in v.problems]
    report.problems(bad)
    text = f"{sum(good.values())} of {sum(tried.values())} kill points ended as if nobody had been killed"
    enough = writes >= WRITES_AT_LEAST
    sys.exit(report.last_line(f"{text}; {writes} writes", holds=enough and not bad and bool(verdicts)))


@app.command("storm")
def storming(
    seed: Seed = 1,
    users: Annotated[int, typer.Option(help="How many users.")] = 200,
    runs: Annotated[int, typer.Option(help="How many runs under faults.")] = 28,
) -> None:
    """Make one answer in five faulty, with every fault of the simulator; then two runs without faults."""
    started = time.monotonic()
    with a_workbench() as workbench:
        count = fault_storm.weather(workbench, users, runs, seed)
    struck = sum(count.faults.values()) - count.faults["none"]
    report.table(
        f"Storm, seed {seed}: {users} users, {runs} runs and {fault_storm.CALM_RUNS} in the calm",
        ("what", "count"),
        [
            ("requests", count.requests),
            ("of them faulty", f"{struck} in {len(count.faults) - 1} of {len(KINDS)} kinds"),
            ("writes that took effect", count.writes),
            *((f"actions {status}", n) for status, n in sorted(count.actions.items())),
            ("users' steps that failed", sum(count.users_failed.values())),
            ("times everybody was stopped by the breaker", count.everybody_stopped),
            ("guardrail breaches", len(count.breaches)),
            ("duplicates that could spend", len(count.duplicates)),
            ("changes the log does not explain", len(count.unexplained)),
            ("unsettled after the calm", len(count.unsettled)),
            ("requests that were wrong", len(count.refused.wrong)),
            ("builds refused for good", len(count.refused.builds)),
            ("of them sent again", len(count.refused.repeated)),
        ],
    )
    report.problems(count.problems)
    text = f"{count.writes} writes, {struck} faults, {len(count.breaches)} breaches"
    text += f", {len(count.duplicates)} duplicates, {len(count.unsettled)} unsettled"
    text += f", {len(count.refused.wrong)} wrong requests, {len(count.refused.repeated)} sent again"
    took = f"{time.monotonic() - started:.0f} s"
    sys.exit(report.last_line(f"{text}; {took}", holds=not count.problems and count.writes > 0))


@app.command("together")
def meeting(seed: Seed = 1) -> None:
    """Run two workers on the same batch, and two runs on the same users, at once."""
    with a_workbench() as workbench:
        references = killing.run_references(workbench, SCENARIO_USERS, seed)
        met = [
            concurrency.meet(workbench, SCENARIO_USERS, references, manner, seed + turn)
            for turn, manner in enumerate(concurrency.MANNERS * 2)
        ]
    report.table(
        f"Two schedulers at once, seed {seed}",
        ("manner", "users", "writes", "problems"),
        [(each.manner, each.users, each.writes, len(each.problems)) for each in met],
    )
    bad = [p for each in met for p in each.problems]
    report.problems(bad)
    text = f"{len(met)} meetings of {len(SCENARIO_USERS)} users, {len(bad)} problems"
    sys.exit(report.last_line(text, holds=not bad))


@app.command("lost-database")
def losing(seed: Seed = 1) -> None:
    """Kill Postgres while every user waits for the answer of a write; start it again; go on."""
    with a_workbench() as workbench:
        newcomers = [user for user in SCENARIO_USERS if user.person.name.startswith("new ")]
        references = killing.run_references(workbench, newcomers, seed)
        losses = [database_outage.lose(workbench, newcomers, references, n, seed) for n in (1, 2, 4, 6, 11)]
    report.table(
        f"Postgres killed and started again, seed {seed}",
        ("at write", "users", "problems"),
        [(each.at_write, each.users, len(each.problems)) for each in losses],
    )
    bad = [p for each in losses for p in each.problems]
    report.problems(bad)
    text = f"Postgres lost {len(losses)} times under {len(newcomers)} users, {len(bad)} problems"
    sys.exit(report.last_line(text, holds=not bad))


@app.command("restored-database")
def restoring(seed: Seed = 1) -> None:
    """Restore a backup under live users: the next run finds what was made since, and doubles nothing."""
    with a_workbench() as workbench:
        restores = [
            restored_database.restore(workbench, SCENARIO_USERS, before, lost, seed + turn)
            for turn, (before, lost) in enumerate(restored_database.LOST)
        ]
    report.table(
        f"A backup restored, seed {seed}",
        ("runs before the backup", "runs lost", "users", "breaches", "problems"),
        [(r.runs_before, r.runs_lost, r.users, len(r.breaches), len(r.problems)) for r in restores],
    )
    breaches = [b for each in restores for b in each.breaches]
    bad = [p for each in restores for p in each.problems]
    report.problems([*breaches, *bad])
    text = f"{len(restores)} restores under {len(SCENARIO_USERS)} users"
    text += f", {len(breaches)} breaches, {len(bad)} problems"
    sys.exit(report.last_line(text, holds=not breaches and not bad))


@app.command("clock")
def reading_clocks(seed: Seed = 1) -> None:
    """Run when summer time ends and begins, in many zones, with clocks ten minutes ahead and behind."""
    with a_workbench() as workbench:
        readings = [clock_skew.read_clocks(workbench, instant, seed) for instant in clock_skew.INSTANTS]
        references = killing.run_references(workbench, SCENARIO_USERS[:1], seed)
        readings.append(clock_skew.refuse_takeover(workbench, references, seed))
    report.table(
        f"Clocks, seed {seed}: right, {clock_skew.OFF_S:.0f} s ahead, {clock_skew.OFF_S:.0f} s behind",
        ("instant", "users", "problems"),
        [(each.instant, each.users, len(each.problems)) for each in readings],
    )
    bad = [f"{each.instant}: {p}" for each in readings for p in each.problems]
    report.problems(bad)
    instants, zones = len(clock_skew.INSTANTS), len(clock_skew.ZONES)
    text = f"{instants} instants in {zones} zones with 3 clocks, {len(bad)} problems"
    sys.exit(report.last_line(text, holds=not bad))


@app.command("people")
def beside_people(seed: Seed = 1, users: Users = 60, runs: Runs = 12) -> None:
    """Edit in Ads Manager before each run, as people do: the edits stay, and the cap holds over them."""
    with a_workbench() as workbench:
        count, edits = ads_manager.live_beside_people(workbench, users, runs, seed)
    title = f"People, seed {seed}: {runs} runs"
    lines = [*sorted(edits.acts.items()), ("not allowed by Meta", edits.not_allowed)]
    report.table(title, ("act", "count"), [*lines, ("users that switched off", len(edits.off))])
    sys.exit(_lived(count))


@app.command("delivery")
def through_trouble(seed: Seed = 1, users: Users = 60, runs: Runs = 12) -> None:
    """Reject ads, stop accounts and withhold figures, as Meta does: nothing rises that cannot deliver."""
    with a_workbench() as workbench:
        count, trouble = delivery_trouble.live_through_trouble(workbench, users, runs, seed)
    lines = [*sorted(trouble.kinds.items()), ("users that switched off", len(trouble.off))]
    report.table(f"Delivery, seed {seed}: {runs} runs", ("what was seen before runs", "count"), lines)
    sys.exit(_lived(count))


def _lived(count: ads_manager.LifeCount) -> int:
    """Print what must not be, and the last line."""
    report.problems(count.problems)
    text = (
        f"{count.writes} writes in {count.runs} runs, {len(count.breaches)} breaches, "
        f"{len(count.duplicates)} duplicates, {len(count.trespasses)} trespasses, "
        f"{len(count.held_reductions)} reductions held, {len(count.failed)} users stopped, "
        f"{len(count.refused.builds)} builds refused, {len(count.refused.repeated)} sent again"
    )
    return report.last_line(text, holds=not count.problems and count.writes > 0)


if __name__ == "__main__":
    app()
