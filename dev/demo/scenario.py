"""The demo's runs: a dry run, the same run live, and two runs on later days."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.console import Console

from demo import expectations, invariants, results, tables, text, write_summary
from demo.personas import Outcome, Persona
from demo.results import PersonaResult
from demo.runners import Runner, RunSpec
from demo.seed import SeededPersona
from demo.text import Names
from orchestrator.store import Store
from stack.refused_requests import RefusedRequests
from stack.simulator_control import Request, SimulatorControl

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""The simulated instant of the first run. Fixed, so that every demo ends the same."""


@dataclass(kw_only=True)
class Scenario:
    """The seeded personas, and what their runs need.

    ``unheld`` collects broken invariants; ``seen`` is the number of the last Graph request read;
    ``refused`` is what Meta refused in all runs so far.
    """

    seeded: Sequence[SeededPersona]
    simulator: SimulatorControl
    store: Store
    dsn: str
    runner: Runner
    console: Console
    unheld: list[str] = field(default_factory=list)
    seen: int = 0
    refused: RefusedRequests = field(default_factory=RefusedRequests)

    @property
    def people(self) -> list[Persona]:
        """The personas, in order."""
        return [each.person for each in self.seeded]

    def run(self, *, dry_run: bool) -> tuple[list[PersonaResult], list[Request]]:
        """Make one run now; its results and its Graph requests."""
        started = time.monotonic()
        spec = RunSpec(
            user_ids=[person.user_id for person in self.people], now=self.simulator.now(), dry_run=dry_run
        )
        run_key = self.runner.run(spec)
        self.console.print(f"[dim]run {run_key}: {time.monotonic() - started:.1f} s[/dim]")
        requests = self.simulator.requests(self.seen)
        self.seen = max((request["id"] for request in requests), default=self.seen)
        return results.of_run(self.dsn, self.store, run_key, self.people), requests

    def names(self) -> dict[str, Names]:
        """The names of every persona's objects."""
        now = self.simulator.now()
        return {p.name: text.names(p, results.rows_of(self.store, p, now)) for p in self.people}

    def claim(self, held: str, problems: Sequence[str]) -> None:
        """Print an invariant, with its violations if it has any."""
        if not problems:
            self.console.print(f"[green]✓[/green] {held}")
            return
        self.unheld += problems
        self.console.print(f"[bold red]✗[/bold red] not so: {held}")
        for problem in problems:
            self.console.print(f"    {problem}", markup=False)

    def expect(self, found: Sequence[PersonaResult], wanted: Callable[[Persona], Sequence[Outcome]]) -> None:
        """Compare the results with the outcomes the personas declare."""
        for result in found:
            outcomes = wanted(result.person)
            missing = expectations.unmet(
                outcomes,
                [row.action for row in result.actions],
                result.holds,
                result.errors,
                failure=result.failure,
            )
            self.unheld += [f"{result.person.name}: {outcome.words}: did not happen" for outcome in missing]
            if outcomes:
                self.console.print(tables.outcome_lines(result.person, outcomes, missing))


def dry_run(scenario: Scenario) -> list[PersonaResult]:
    """The dry run: everything is decided and recorded, nothing is written."""
    scenario.console.rule("1. Dry run: decide everything, write nothing", align="left")
    found, requests = scenario.run(dry_run=True)
    names = scenario.names()
    title = f"What it would do at {scenario.simulator.now():%Y-%m-%d %H:%M} UTC"
    scenario.console.print(tables.result_table(found, names, title))
    scenario.console.print(tables.reasons_table(found))
    for result in found:
        for line in text.winner_lines(result, names[result.person.name]):
            scenario.console.print(f"[bold]{result.person.name}[/bold] {line}")
    scenario.claim(
        f"the dry run wrote nothing: {len(requests)} requests reached the simulator, none took effect",
        [f"{each['method']} {each['path']} took effect" for each in invariants.writes(requests)],
    )
    return found


def live_run(scenario: Scenario, planned: Sequence[PersonaResult]) -> None:
    """The live run at the same instant: it does what was planned, and every write lands."""
    scenario.console.rule("2. Live run: the same, and written to Meta", align="left")
    found, requests = scenario.run(dry_run=False)
    count = sum(len(result.actions) for result in found)
    scenario.claim(
        f"the live run did what the dry run planned: {count} actions, the same field for field",
        invariants.differences(planned, found),
    )
    _show_writes(scenario, requests)
    _claim_landed(scenario, found, requests)
    if any(person.first for person in scenario.people):
        scenario.console.print("What should happen, happened:")
        scenario.expect(found, lambda person: person.first)


def _show_writes(scenario: Scenario, requests: Sequence[Request]) -> None:
    rows = []
    for each in scenario.seeded:
        account = scenario.simulator.state(each.account.ad_account_id)
        sent = [r for r in requests if r["account"] == account["ad_account_id"] and _is_write(r)]
        if sent:
            lines = write_summary.lines(sent, write_summary.kinds_of(account))
            rows.append((each.person.name, lines, len(sent), len(invariants.writes(sent))))
    scenario.console.print(tables.writes_table(rows))


def _claim_landed(scenario: Scenario, found: Sequence[PersonaResult], requests: Sequence[Request]) -> None:
    scenario.refused.add(requests)
    problems = [*invariants.lost_writes(requests), *scenario.refused.wrong, *scenario.refused.repeated]
    for seeded, result in zip(scenario.seeded, found, strict=True):
        account = scenario.simulator.state(seeded.account.ad_account_id)
        missing = invariants.not_landed(result.actions, account)
        problems += [f"{seeded.person.name}: {problem}" for problem in missing]
    effective = len(invariants.writes(requests))
    scenario.claim(
        f"each of the {effective} writes took effect, and the simulator is as the log says", problems
    )


def _is_write(request: Request) -> bool:
    return bool(request["method"] == "POST" and request["path"] != "/")


def later_run(
    scenario: Scenario, title: str, hours: int, wanted: Callable[[Persona], Sequence[Outcome]]
) -> None:
    """Advance the simulated clock, ads delivering and missing figures back again, and run once more."""
    scenario.console.rule(title, align="left")
    now = scenario.simulator.advance(hours)
    for each in scenario.seeded:
        if each.person.missing:
            scenario.simulator.withhold(each.account.ad_account_id, ())
    found, requests = scenario.run(dry_run=False)
    names = scenario.names()
    acted = [result for result in found if result.actions]
    rest = [result.person.name for result in found if not result.actions]
    if acted:
        title = f"What it did at {now:%Y-%m-%d %H:%M} UTC"
        scenario.console.print(tables.result_table(acted, names, title))
    if rest:
        scenario.console.print(f"Nothing to do for {', '.join(rest)}.")
    _claim_landed(scenario, found, requests)
    scenario.expect(found, wanted)


def run_all(scenario: Scenario) -> None:
    """Make all runs of the scenario."""
    live_run(scenario, dry_run(scenario))
    later_run(scenario, "3. Three days later: what was promoted grows", 72, lambda person: person.after_days)
    later_run(scenario, "4. The next run, six hours later: hands off", 6, lambda person: person.after_hours)
