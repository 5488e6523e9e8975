"""Commands with which an operator stops all writing, or all spending, and lets it go on.

What they need is imported when they run, as in ``database_cli``.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from orchestrator.database_cli import open_tools
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from orchestrator.domain.write_switch import Switched
    from orchestrator.tools import Tools

_Users = Annotated[
    list[UUID] | None, typer.Option("--user", metavar="ID", help="only this user; may be given again")
]
_Spending = Annotated[
    bool, typer.Option("--spending", help="also pause every campaign of ours that delivers")
]
_Note = Annotated[str | None, typer.Option(help="why, for whoever finds it stopped")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(stop)
    app.command()(start)


def stop(user: _Users = None, spending: _Spending = False, note: _Note = None) -> None:  # noqa: FBT002
    """Write nothing to Meta from now on, for some users or for everybody.

    With --spending every campaign of ours that delivers is paused, too. Exits 1 when a user is not
    known, or when something of a user's may still deliver; all others are stopped all the same.
    """
    who = _who()
    with open_tools() as tools:
        if spending and not tools.settings.armed:
            raise ConfigError(
                "ORCHESTRATOR_ARMED is not true, so nothing can be paused; stop without --spending"
            )
        switched = tools.store.switch(user or None, stopped=True, note=note, changed_by=who)
        typer.echo(f"writing is stopped for {_whom(switched)}")
        complete = _all_known(user, switched)
        if spending:
            complete = _stop_spending(tools, switched, {"stopped_by": who, "note": note}) and complete
    if not complete:
        raise typer.Exit(1)


def start(user: _Users = None) -> None:
    """Let writing go on, for some users or for everybody.

    What ``stop --spending`` paused is resumed by the next run, as far as the budgets allow.
    """
    with open_tools() as tools:
        switched = tools.store.switch(user or None, stopped=False, note=None, changed_by=_who())
        standing = tools.store.standing_switch()
    typer.echo(f"writing goes on for {_whom(switched)}")
    if user and standing.stopped:
        note = f" ({standing.note})" if standing.note else ""
        typer.echo(f"but it is stopped for everybody{note}: python -m orchestrator start")
    if not user and standing.users_stopped:
        typer.echo(f"users who are still stopped by themselves: {standing.users_stopped}; start --user ID")
    if not _all_known(user, switched):
        raise typer.Exit(1)


def _stop_spending(tools: Tools, switched: Switched, told: dict[str, str | None]) -> bool:
    """Pause what delivers and say what came of it; whether that is everything."""
    from orchestrator.runs import emergency_stop as stopping  # noqa: PLC0415

    if switched.at is None:
        return True
    stopped = stopping.stop_spending(tools, switched.user_ids, switched.at, told, _progress)
    typer.echo(f"campaigns paused: {stopped.campaigns}; users with campaigns of ours: {stopped.users}")
    for user_id, problem in stopped.failed.items():
        text = " ".join(problem.split())
        typer.echo(f"user {user_id} may still be spending, look at it in Ads Manager: {text}", err=True)
    return not stopped.failed


def _progress(done: int, users: int) -> None:
    if done < users:
        typer.echo(f"{done} of {users} users done")


def _all_known(asked: Sequence[UUID] | None, switched: Switched) -> bool:
    unknown = sorted(set(asked or ()) - set(switched.user_ids or ()))
    for user_id in unknown:
        typer.echo(f"user {user_id} is not known", err=True)
    return not unknown


def _whom(switched: Switched) -> str:
    if switched.user_ids is None:
        return "everybody"
    return "1 user" if len(switched.user_ids) == 1 else f"{len(switched.user_ids)} users"


def _who() -> str:
    """The user of the operating system: the variables of the environment can say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that nobody named
        return f"uid {os.getuid()}"
