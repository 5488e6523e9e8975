"""``accept-figures``: take Meta's figures where they contradict what is known."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from orchestrator.cli.console import open_resources
from orchestrator.cli.switch import operator_name
from orchestrator.domain import messages
from orchestrator.domain.user_records import Person

_User = Annotated[UUID, typer.Argument(metavar="USER", help="the user's id")]
_Goal = Annotated[str | None, typer.Argument(metavar="[GOAL]", help="only this goal; without it, all")]


def accept_figures(user: _User, goal: _Goal = None) -> None:
    """Take the figures that Meta reports now as true, where they contradict what is known of a user's ads.

    Until then nothing is promoted, scaled or paused as a loser for the goal. Exits 1 when some figures are
    left, because they cannot be true.
    """
    from orchestrator.runs import interventions

    with open_resources() as resources:
        person = Person(origin="operator", name=operator_name())
        done = interventions.accept_figures(resources.store, user, goal, person)
    for ad_set in done.accepted:
        typer.echo(f"accepted: {messages.contradiction_text(ad_set)} [{ad_set.ad_set_id}]")
    for ad_set in done.impossible:
        typer.echo(f"left: {messages.contradiction_text(ad_set)} [{ad_set.ad_set_id}]", err=True)
    if not done.accepted and not done.impossible:
        typer.echo("no figures contradict what is known; nothing was changed")
    if done.impossible:
        raise typer.Exit(1)
