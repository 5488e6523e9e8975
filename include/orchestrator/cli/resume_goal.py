"""``resume-goal``: permit a goal to go on that was paused because nothing in it had one event."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from orchestrator.cli.console import open_resources
from orchestrator.cli.switch import operator_name
from orchestrator.domain.goals import goal_name
from orchestrator.domain.user_records import Person

_User = Annotated[UUID, typer.Argument(metavar="USER", help="the user's id")]
_Goal = Annotated[str, typer.Argument(metavar="GOAL", help="the goal's key")]


def resume_goal(user: _User, goal: _Goal) -> None:
    """Permit a goal to go on that was paused because no ad set of it had one event.

    Correct the tracking first. The next run resumes its campaigns, as far as the budgets allow.
    """
    from orchestrator.runs import interventions

    with open_resources() as resources:
        person = Person(origin="operator", name=operator_name())
        campaigns = interventions.resume_goal(resources.store, user, goal, person)
    if not campaigns:
        typer.echo(f"{goal_name(goal)} is not paused for want of events; nothing was changed")
        return
    typer.echo(f"the next run resumes {goal_name(goal)}: {', '.join(campaigns)}")
