"""``preview``: what a run would do for a user now, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from orchestrator.cli.console import one_line, open_resources, print_json
from orchestrator.cli.decisions import print_decisions
from orchestrator.domain.goals import REGISTRY
from orchestrator.errors import ConfigError

_User = Annotated[UUID, typer.Argument(metavar="USER", help="the user's id")]
_Goals = Annotated[
    list[str] | None, typer.Option("--goal", metavar="GOAL", help="only this goal; may be given again")
]
_Json = Annotated[bool, typer.Option("--json", help="print JSON, for a program")]
_Now = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="plan for this moment; against a simulator only"),
]


def preview(user: _User, goal: _Goals = None, now: _Now = None, as_json: _Json = False) -> None:
    """Say what a run would do for a user now, and why. Only reads: nothing is written anywhere.

    Exits 1 when nothing can be planned, and says what to do about it.
    """
    from orchestrator.runs import preview as use_case

    with one_line():
        _refuse_unknown(goal or ())
    with open_resources() as resources:
        if now is not None and resources.settings.is_real_meta():
            raise ConfigError("--now: only a simulator's clock can be set, not Meta's")
        seen = use_case.preview(resources, user, now=now, goal_keys=goal or None)
    if as_json:
        print_json(asdict(seen))
    elif seen.currency is not None:
        typer.echo(f"Preview for {user} at {seen.at:%Y-%m-%d %H:%M} UTC; nothing is changed")
        print_decisions(seen.summary, seen.items)
    if seen.problem is not None:
        typer.echo(seen.problem, err=True)
    if seen.currency is None:
        raise typer.Exit(1)


def _refuse_unknown(goals: Sequence[str]) -> None:
    unknown = sorted(set(goals) - set(REGISTRY))
    if unknown:
        known = ", ".join(sorted(REGISTRY))
        raise ConfigError(f"--goal {unknown[0]}: unknown; one of {known}")
