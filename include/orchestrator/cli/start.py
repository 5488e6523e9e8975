"""``start``: allow writing again."""

from __future__ import annotations

import typer

from orchestrator.cli.console import open_resources
from orchestrator.cli.switch import Users, affected, all_known, operator_name


def start(user: Users = None) -> None:
    """Allow writing again, for some users or for everybody.

    What ``stop --spending`` paused is resumed by the next run, as far as the budgets allow.
    """
    with open_resources() as resources:
        switched = resources.store.kill_switch.set(
            user or None, stopped=False, note=None, changed_by=operator_name()
        )
        switch = resources.store.kill_switch.state()
    typer.echo(f"writing goes on for {affected(switched)}")
    if user and switch.stopped:
        note = f" ({switch.note})" if switch.note else ""
        typer.echo(f"but it is stopped for everybody{note}: python -m orchestrator start")
    if not user and switch.users_stopped:
        typer.echo(f"users who are still stopped by themselves: {switch.users_stopped}; start --user ID")
    if not all_known(user, switched):
        raise typer.Exit(1)
