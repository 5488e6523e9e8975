"""``why``: what a run did for a user and what it did not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from orchestrator.cli.console import open_resources, print_json
from orchestrator.cli.decisions import COUNTS, print_decisions
from orchestrator.domain import messages
from orchestrator.domain.goals import goal_name
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from orchestrator.domain.user_records import PersonsTurn
    from orchestrator.explain import ExplainedItem
    from orchestrator.resources import Resources
    from orchestrator.store.panel import PanelStore
    from orchestrator.store.panel.panel_user import RunOfUser

_User = Annotated[UUID, typer.Argument(metavar="USER", help="the user's id")]
_Json = Annotated[bool, typer.Option("--json", help="print JSON, for a program")]
_Run = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="a run's id or key; without it, the latest")
]
_COLUMNS = (
    "campaigns_created",
    "campaigns_updated",
    "winners_promoted",
    "budgets_scaled",
    "adsets_paused",
    "errors_count",
)


def why(user: _User, run: _Run = None, as_json: _Json = False) -> None:
    """Say what a run did for a user and what it did not, and why."""
    from orchestrator.runs import interventions
    from orchestrator.store.panel import PanelStore

    with open_resources() as resources:
        store = PanelStore(resources.settings.database(), connections=1)
        try:
            found = _run(store, user, run)
            items = _recorded(resources, store, user, found)
            turn = interventions.persons_turn(resources.store, user)
        finally:
            store.close()
    if as_json:
        print_json(
            {
                "run_id": found.id,
                "run_key": found.run_key,
                "items": [asdict(i) for i in items],
                "waits_for_person": asdict(turn),
            }
        )
        return
    kind = "dry run" if found.dry_run else "run"
    typer.echo(f"{kind} {found.run_key} ({found.id}) for {user}: {found.status}")
    if found.error:
        typer.echo(found.error)
    print_decisions(
        {key: getattr(found, column) for key, column in zip(COUNTS, _COLUMNS, strict=True)}, items
    )
    for line in _waiting(user, turn):
        typer.echo(line)


def _waiting(user: UUID, turn: PersonsTurn) -> Iterator[str]:
    """What waits for a person now, each with the command that ends it."""
    if turn.contradicted or turn.paused_goals:
        yield "\nWaits for a person"
    for ad_set in turn.contradicted:
        yield f"  {messages.contradiction_text(ad_set)} [{ad_set.ad_set_id}]"
        if ad_set.can_be_accepted:
            yield (
                f"    correct the tracking, or take the new figures: accept-figures {user} {ad_set.goal_key}"
            )
    for goal_key in turn.paused_goals:
        yield f"  {goal_name(goal_key)} is paused: no ad set of it has one event [no_events_anywhere]"
        yield f"    correct the tracking, then: resume-goal {user} {goal_key}"


def _run(store: PanelStore, user: UUID, wanted: str | None) -> RunOfUser:
    """The requested run, or the latest.

    Raises:
        ConfigError: the user has no such run.
    """
    if wanted is None:
        found = next(iter(store.user.runs(user, page_size=1)), None)
    else:
        try:
            found = store.user.run(user, run_id=UUID(wanted))
        except ValueError:
            found = store.user.run(user, run_key=wanted)
    if found is None:
        raise ConfigError(f"user {user} has no run{f' {wanted}' if wanted else ' yet'}")
    return found


def _recorded(resources: Resources, store: PanelStore, user: UUID, run: RunOfUser) -> Sequence[ExplainedItem]:
    """What the run decided, with the comparisons that are still stored."""
    from orchestrator import explain

    run_id, account = run.id, store.user.account(user)
    recorded = explain.RecordedRun(
        snapshot=resources.store.snapshots.documents([run_id]).get(run_id),
        decisions=resources.store.action_log.decisions_by_step(run_id),
        rows=resources.store.action_log.actions([run_id]),
        currency=(account and account.currency) or "USD",
        dry_run=run.dry_run,
    )
    return explain.explain_run(recorded)
