"""The task log: a group a user, a line an action and a hold, with numbers and ids."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from orchestrator import messages
from orchestrator.model import Decision
from orchestrator.rows import ActionRow, RunRow

log = logging.getLogger("orchestrator.run")


def decision_lines(decision: Decision, currency: str) -> list[str]:
    """What a step decided besides its actions: shares, winners, errors, holds."""
    return [
        *(f"share    {messages.allocation_text(each, currency)}" for each in decision.allocations),
        *(f"winner   {messages.winner_text(each, currency)}" for each in decision.winners),
        *(f"error    {messages.error_text(each)} [{each.reason}]" for each in decision.errors),
        *(f"hold     {messages.hold_text(each)} [{each.reason}]" for each in decision.holds),
    ]


def action_line(row: ActionRow, currency: str) -> str:
    """One action: what became of it, what it is, its ids, and Meta's words when it was refused."""
    done = row.status == "success"
    said = messages.left_paused_text(row.details) if done else f" — {row.message}" if row.message else ""
    ids = " ".join(
        f"{name}={row.details.get(f'meta_{name}_id') or planned}"
        for name, planned in (("campaign", row.action.campaign_id), ("adset", row.action.adset_id))
        if planned is not None
    )
    sentence = messages.action_text(row.action, currency, done=done)
    return f"{row.status:8} {sentence} [{row.action.reason} {ids} key={row.key}]{said}"


def write_group(run: RunRow, lines: Iterable[str]) -> None:
    """Write one user's lines, folded in Airflow's log under the user's id."""
    log.info("::group::user %s%s", run.user_id, " (dry run)" if run.dry_run else "")
    for line in lines:
        log.info("%s", line)
    log.info("::endgroup::")
