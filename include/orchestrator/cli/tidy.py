"""``tidy``: remove what is older than anybody needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from orchestrator.cli.console import load_settings, one_line
from orchestrator.errors import ConfigError

_Days = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND=N",
        help="keep so many days instead of the setting; may be given again. Kinds: snapshots, decisions, "
        "actions, runs, dry_runs, insights",
    ),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="only say what would go")]
_ONE_EACH = ("snapshots", "decisions", "actions", "runs", "dry_runs", "insights")


def tidy(days: _Days = None, dry_run: _DryRun = False) -> None:
    """Remove old rows: what was read, decisions, the action log, runs, daily figures.

    The retention of each kind is ORCHESTRATOR_KEEP_…_DAYS. Rows that a rule, settling or a success
    measure reads stay. Safe beside a running run; stopped, it goes on when started again.
    """
    from orchestrator.domain import policy
    from orchestrator.runs import retention
    from orchestrator.store import Store
    from orchestrator.store.encryption import Secrets

    now = datetime.now(UTC)  # noqa: TID251 - a command has a clock
    with one_line():
        environment = load_settings(**_instead(days or ()))
        ages = retention.cutoffs(environment, policy.load(environment.policy_file), now)
        with Store(environment.database(), Secrets(environment.secret_keys)) as store:
            for each in retention.tidy(store, ages, dry_run=dry_run, said=_progress):
                typer.echo(retention.line(each, dry_run=dry_run))


def _instead(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    unknown = next((each for each in pairs if each[0] not in _ONE_EACH), None)
    if unknown is not None:
        raise ConfigError(f"--days {''.join(unknown)}: KIND=N, where KIND is one of {', '.join(_ONE_EACH)}")
    return {f"keep_{kind}_days": days for kind, _, days in pairs}


def _progress(kind: str, rows: int) -> None:
    typer.echo(f"{kind}: {rows} so far", err=True)
