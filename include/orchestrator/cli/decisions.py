"""Decisions as a person reads them in a terminal: counts, then goal by goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from orchestrator.domain.goals import REGISTRY

if TYPE_CHECKING:
    from orchestrator.explain import Check, ExplainedItem

COUNTS = {
    "campaignsCreated": "campaigns created",
    "campaignsUpdated": "campaigns updated",
    "winnersPromoted": "winners promoted",
    "budgetsScaled": "budgets scaled",
    "adsetsPaused": "ad sets paused",
    "errors": "errors",
}


def print_decisions(counts: Mapping[str, int], items: Sequence[ExplainedItem]) -> None:
    """Print how much was done, then each decision with its comparisons."""
    typer.echo("  ".join(f"{words}: {counts[key]}" for key, words in COUNTS.items()))
    for line in _lines(items):
        typer.echo(line)


def _lines(items: Sequence[ExplainedItem]) -> Iterator[str]:
    """Goal by goal, what is done before what is not, each with its comparisons."""
    for goal_key in dict.fromkeys(item.goal_key for item in items):
        spec = REGISTRY.get(goal_key or "")
        yield f"\n{spec.title if spec else goal_key or 'All goals'}"
        of_goal = [item for item in items if item.goal_key == goal_key]
        for item in sorted(of_goal, key=lambda item: item.kind):
            yield from _item(item)


def _item(item: ExplainedItem) -> Iterator[str]:
    ids = " ".join(id_ for id_ in (item.campaign_id, item.adset_id) if id_)
    status = f" ({item.status})" if item.status else ""
    yield f"  {item.title}{status}"
    yield f"    {item.why} [{item.reason}{f' {ids}' if ids else ''}]"
    width = max((len(check.name) for check in item.checks), default=0)
    yield from (f"      {_check(check, width)}" for check in item.checks)


def _check(check: Check, width: int) -> str:
    return (
        f"{'yes' if check.passed else 'NO '} {check.name:{width}}  {check.have} {check.operator} {check.need}"
    )
