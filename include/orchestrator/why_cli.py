"""Commands that say what would be done for a user, or what was, and why.

What they need is imported when they run, as in ``database_cli``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from orchestrator.database_cli import one_line, open_tools
from orchestrator.domain.goals import REGISTRY
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from orchestrator.explain import Check, Explained
    from orchestrator.store.panel_queries import PanelStore
    from orchestrator.tools import Tools

_User = Annotated[UUID, typer.Argument(metavar="USER", help="the user's id")]
_Goals = Annotated[
    list[str] | None, typer.Option("--goal", metavar="GOAL", help="only this goal; may be given again")
]
_Json = Annotated[bool, typer.Option("--json", help="print JSON, for a program")]
_Now = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="plan for this moment; against a simulator only"),
]
_Run = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="a run's id or key; without it, the latest")
]
_COUNTS = {
    "campaignsCreated": "campaigns created",
    "campaignsUpdated": "campaigns updated",
    "winnersPromoted": "winners promoted",
    "budgetsScaled": "budgets scaled",
    "adsetsPaused": "ad sets paused",
    "errors": "errors",
}


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(preview)
    app.command()(why)


def preview(user: _User, goal: _Goals = None, now: _Now = None, as_json: _Json = False) -> None:  # noqa: FBT002
    """Say what a run would do for a user now, and why. Only reads: nothing is written anywhere.

    Exits 1 when nothing can be planned, and says what to do about it.
    """
    from orchestrator.runs import preview as looking_ahead  # noqa: PLC0415

    with one_line():
        _refuse_unknown(goal or ())
    with open_tools() as tools:
        if now is not None and tools.settings.is_real_meta():
            raise ConfigError("--now: only a simulator's clock can be set, not Meta's")
        seen = looking_ahead.preview(tools, user, now=now, goal_keys=goal or None)
    if as_json:
        _print_json(asdict(seen))
    elif seen.currency is not None:
        typer.echo(f"Preview for {user} at {seen.at:%Y-%m-%d %H:%M} UTC; nothing is changed")
        _print(seen.summary, seen.items)
    if seen.problem is not None:
        typer.echo(seen.problem, err=True)
    if seen.currency is None:
        raise typer.Exit(1)


def why(user: _User, run: _Run = None, as_json: _Json = False) -> None:  # noqa: FBT002
    """Say what a run did for a user and what it did not, and why."""
    from orchestrator.store.panel_queries import PanelStore  # noqa: PLC0415

    with open_tools() as tools:
        store = PanelStore(tools.settings.database(), connections=1)
        try:
            found = _run(store, user, run)
            items = _recorded(tools, store, user, found)
        finally:
            store.close()
    if as_json:
        _print_json({"run_id": found["id"], "run_key": found["run_key"], "items": [asdict(i) for i in items]})
        return
    kind = "dry run" if found["dry_run"] else "run"
    typer.echo(f"{kind} {found['run_key']} ({found['id']}) for {user}: {found['status']}")
    if found["error"]:
        typer.echo(found["error"])
    _print({key: found[column] for key, column in zip(_COUNTS, _COLUMNS, strict=True)}, items)


_COLUMNS = (
    "campaigns_created",
    "campaigns_updated",
    "winners_promoted",
    "budgets_scaled",
    "adsets_paused",
    "errors_count",
)


def _refuse_unknown(goals: Sequence[str]) -> None:
    unknown = sorted(set(goals) - set(REGISTRY))
    if unknown:
        known = ", ".join(sorted(REGISTRY))
        raise ConfigError(f"--goal {unknown[0]}: unknown; one of {known}")


def _run(store: PanelStore, user: UUID, asked: str | None) -> Mapping[str, Any]:
    """The run asked for, or the latest.

    Raises:
        ConfigError: the user has no such run.
    """
    if asked is None:
        found = next(iter(store.runs(user, page_size=1)), None)
    else:
        try:
            found = store.run(user, run_id=UUID(asked))
        except ValueError:
            found = store.run(user, run_key=asked)
    if found is None:
        raise ConfigError(f"user {user} has no run{f' {asked}' if asked else ' yet'}")
    return found


def _recorded(tools: Tools, store: PanelStore, user: UUID, run: Mapping[str, Any]) -> Sequence[Explained]:
    """What the run decided, with the comparisons as far as they are still kept."""
    from orchestrator import explain, rules  # noqa: PLC0415

    run_id: UUID = run["id"]
    found = {step: tools.store.decisions([run_id], step).get(run_id) for step in rules.STEPS}
    decisions: dict[str, dict[str, Any]] = {step: each for step, each in found.items() if each is not None}
    kept = explain.Kept(
        snapshot=tools.store.snapshots([run_id]).get(run_id),
        decisions=decisions,
        rows=tools.store.actions([run_id]),
        currency=(store.user(user) or {}).get("currency") or "USD",
        dry_run=run["dry_run"],
    )
    return explain.whatever_is_kept(kept, tools.policy)


def _print_json(what: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(what, indent=2, default=str))


def _print(counts: Mapping[str, int], items: Sequence[Explained]) -> None:
    typer.echo("  ".join(f"{words}: {counts[key]}" for key, words in _COUNTS.items()))
    for line in _lines(items):
        typer.echo(line)


def _lines(items: Sequence[Explained]) -> Iterator[str]:
    """Goal by goal, what is done before what is not, each with its comparisons."""
    for goal_key in dict.fromkeys(item.goal_key for item in items):
        spec = REGISTRY.get(goal_key or "")
        yield f"\n{spec.title if spec else goal_key or 'All goals'}"
        of_goal = [item for item in items if item.goal_key == goal_key]
        for item in sorted(of_goal, key=lambda item: item.kind):
            yield from _item(item)


def _item(item: Explained) -> Iterator[str]:
    ids = " ".join(id_ for id_ in (item.campaign_id, item.adset_id) if id_)
    status = f" ({item.status})" if item.status else ""
    yield f"  {item.title}{status}"
    yield f"    {item.why} [{item.reason}{f' {ids}' if ids else ''}]"
    width = max((len(check.name) for check in item.checks), default=0)
    yield from (f"      {_check(check, width)}" for check in item.checks)


def _check(check: Check, width: int) -> str:
    return f"{'yes' if check.passed else 'NO '} {check.name:{width}}  {check.have} {check.word} {check.need}"
