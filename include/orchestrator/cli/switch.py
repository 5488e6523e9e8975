"""What ``stop`` and ``start`` share: whose switch it is, and what is said of it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import typer

from orchestrator.domain.kill_switch import SwitchChange

Users = Annotated[
    list[UUID] | None, typer.Option("--user", metavar="ID", help="only this user; may be given again")
]


def all_known(requested: Sequence[UUID] | None, switched: SwitchChange) -> bool:
    """Report on standard error requested users that are not known; true when there is none."""
    unknown = sorted(set(requested or ()) - set(switched.user_ids or ()))
    for user_id in unknown:
        typer.echo(f"user {user_id} is not known", err=True)
    return not unknown


def affected(switched: SwitchChange) -> str:
    """Name the users of a switch: ``everybody`` or their number."""
    if switched.user_ids is None:
        return "everybody"
    return "1 user" if len(switched.user_ids) == 1 else f"{len(switched.user_ids)} users"


def operator_name() -> str:
    """Return the user of the operating system: the variables of the environment can say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that nobody named
        return f"uid {os.getuid()}"
