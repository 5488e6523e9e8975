"""What the demo tells: a dry run, the same run live, and the days after."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.console import Console

from demo import expectations, invariants, results, tables, text, write_summary
from demo.personas import Outcome, Persona
from demo.results import PersonaResult
from demo.runners import Runner, Wish
from demo.seed import Member
from demo.simulator_control import Request, SimulatorControl
from demo.text import Names
from orchestrator.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""When the story begins on the simulated clock. A fixed day, so that it always ends the same."""


@dataclass(kw_only=True)
class Scenario:
    """One cast and everything it takes to tell what happens to it.

    ``unheld`` collects what did not hold; ``seen`` is the number of the last Graph request looked at.
    """

    members: Sequence[Member]
    stage: SimulatorControl
    store: Store
    dsn: str
    runner: Runner
    console: Console
    unheld: list[str] = field(default_factory=list)
    seen: int = 0

    @property
    def people(self) -> list[Persona]:
        """The cast."""
        return [member.person for member in self.members]

    def run(self, *, dry_run: bool) -> tuple[list[PersonaResult], list[Request]]:
        """One run now; what it came to, and the Graph requests it made."""
        started = time.monotonic()
        wish = Wish(
            user_ids=[person.user_id for person in self.people], now=self.stage.now(), dry_run=dry_run
        )
        run_key = self.runner.run(wish)
        self.console.print(f"[dim]run {run_key}: {time.monotonic() - started:.1f} s[/dim]")
        requests = self.stage.requests(self.seen)
        self.seen = max((request["id"] for request in requests), default=self.seen)
        return results.of_run(self.dsn, self.store, run_key, self.people), requests

    def names(self) -> dict[str, Names]:
        """What everybody's objects are called."""
        now = self.stage.now()
        return {p.name: text.names(p, results.rows_of(self.store, p, now)) for p in self.people}

    def claim(self, held: str, problems: Sequence[str]) -> None:
        """Say what holds, or what does not."""
        if not problems:
            self.console.print(f"[green]✓[/green] {held}")
            return
        self.unheld += problems
        self.console.print(f"[bold red]✗[/bold red] not so: {held}")
        for problem in problems:
            self.console.print(f"    {problem}", markup=False)

    def expect(self, told: Sequence[PersonaResult], wanted: Callable[[Persona], Sequence[Outcome]]) -> None:
        """Compare what came out with what the cast was declared to show."""
        for result in told:
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


def rehearse(story: Scenario) -> list[PersonaResult]:
    """The dry run: everything is decided and recorded, nothing is written."""
    story.console.rule("1. Dry run: decide everything, write nothing", align="left")
    told, requests = story.run(dry_run=True)
    names = story.names()
    title = f"What it would do at {story.stage.now():%Y-%m-%d %H:%M} UTC"
    story.console.print(tables.result_table(told, names, title))
    story.console.print(tables.reasons_table(told))
    for result in told:
        for line in text.winner_lines(result, names[result.person.name]):
            story.console.print(f"[bold]{result.person.name}[/bold] {line}")
    story.claim(
        f"the dry run wrote nothing: {len(requests)} requests reached the simulator, none took effect",
        [f"{each['method']} {each['path']} took effect" for each in invariants.writes(requests)],
    )
    return told


def perform(story: Scenario, planned: Sequence[PersonaResult]) -> None:
    """The live run at the same instant: it does what was planned, and every write lands."""
    story.console.rule("2. Live run: the same, and written to Meta", align="left")
    told, requests = story.run(dry_run=False)
    count = sum(len(result.actions) for result in told)
    story.claim(
        f"the live run did what the dry run planned: {count} actions, the same field for field",
        invariants.differences(planned, told),
    )
    _show_writes(story, requests)
    _claim_landed(story, told, requests)
    if any(person.first for person in story.people):
        story.console.print("What should happen, happened:")
        story.expect(told, lambda person: person.first)


def _show_writes(story: Scenario, requests: Sequence[Request]) -> None:
    rows = []
    for member in story.members:
        account = story.stage.state(member.account.ad_account_id)
        sent = [r for r in requests if r["account"] == account["ad_account_id"] and _is_write(r)]
        if sent:
            lines = write_summary.lines(sent, write_summary.kinds_of(account))
            rows.append((member.person.name, lines, len(sent), len(invariants.writes(sent))))
    story.console.print(tables.writes_table(rows))


def _claim_landed(story: Scenario, told: Sequence[PersonaResult], requests: Sequence[Request]) -> None:
    problems = invariants.lost_writes(requests)
    for member, result in zip(story.members, told, strict=True):
        account = story.stage.state(member.account.ad_account_id)
        problems += [
            f"{member.person.name}: {each}" for each in invariants.not_landed(result.actions, account)
        ]
    effective = len(invariants.writes(requests))
    story.claim(f"each of the {effective} writes took effect, and the simulator is as the log says", problems)


def _is_write(request: Request) -> bool:
    return bool(request["method"] == "POST" and request["path"] != "/")


def go_on(story: Scenario, title: str, hours: int, wanted: Callable[[Persona], Sequence[Outcome]]) -> None:
    """Let simulated time pass, with the ads delivering, and run again."""
    story.console.rule(title, align="left")
    now = story.stage.advance(hours)
    told, requests = story.run(dry_run=False)
    names = story.names()
    acted = [result for result in told if result.actions]
    rest = [result.person.name for result in told if not result.actions]
    if acted:
        title = f"What it did at {now:%Y-%m-%d %H:%M} UTC"
        story.console.print(tables.result_table(acted, names, title))
    if rest:
        story.console.print(f"Nothing to do for {', '.join(rest)}.")
    _claim_landed(story, told, requests)
    story.expect(told, wanted)


def tell(story: Scenario) -> None:
    """The whole story."""
    perform(story, rehearse(story))
    go_on(story, "3. Three days later: what was promoted grows", 72, lambda person: person.after_days)
    go_on(story, "4. The next run, six hours later: hands off", 6, lambda person: person.after_hours)
