"""``stop``: write nothing to the platform any more; with ``--spending`` pause what delivers, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.console import open_resources
from orchestrator.cli.switch import Users, affected, all_known, operator_name
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from orchestrator.domain.kill_switch import SwitchChange
    from orchestrator.resources import Resources

_Spending = Annotated[
    bool, typer.Option("--spending", help="also pause every campaign of ours that delivers")
]
_Note = Annotated[str | None, typer.Option(help="why, for whoever finds it stopped")]


def stop(user: Users = None, spending: _Spending = False, note: _Note = None) -> None:
    """Write nothing to the platform from now on, for some users or for everybody.

    With --spending every campaign of ours that delivers is paused, too. Exits 1 when a user is not
    known, or when something of a user's may still deliver; all others are stopped all the same.
    """
    operator = operator_name()
    with open_resources() as resources:
        if spending and not resources.settings.armed:
            raise ConfigError(
                "ORCHESTRATOR_ARMED is not true, so nothing can be paused; stop without --spending"
            )
        switched = resources.store.kill_switch.set(user or None, stopped=True, note=note, changed_by=operator)
        typer.echo(f"writing is stopped for {affected(switched)}")
        complete = all_known(user, switched)
        if spending:
            complete = (
                _stop_spending(resources, switched, {"stopped_by": operator, "note": note}) and complete
            )
    if not complete:
        raise typer.Exit(1)


def _stop_spending(resources: Resources, switched: SwitchChange, requested_by: dict[str, str | None]) -> bool:
    """Pause what delivers and say what came of it; whether that is everything."""
    from orchestrator.runs import emergency_stop

    if switched.at is None:
        return True
    stopped = emergency_stop.stop_spending(resources, switched.user_ids, switched.at, requested_by, _progress)
    typer.echo(f"campaigns paused: {stopped.campaigns}; users: {stopped.users}")
    for user_id, problem in stopped.failed.items():
        text = " ".join(problem.split())
        typer.echo(f"user {user_id} may still be spending, look at it in Ads Manager: {text}", err=True)
    return not stopped.failed


def _progress(done: int, users: int) -> None:
    if done < users:
        typer.echo(f"{done} of {users} users done")
