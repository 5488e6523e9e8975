"""The task log: a group a user, a line an action and a hold, with numbers and ids."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from orchestrator import messages
from orchestrator.model import Decision, Hold
from orchestrator.rows import ActionRow, RunRow

if TYPE_CHECKING:
    from orchestrator.deciding import Case

log = logging.getLogger("orchestrator.run")


def write_case(case: Case, *, is_brief: bool) -> None:
    """Write what a step decided and did for one user.

    ``is_brief``: among many users, holds are counted by their reason; each is in the database.
    """
    lines = [*_decision_lines(case.decision, case.currency, is_brief=is_brief), *case.lines]
    if is_brief and len(lines) < 2:
        log.info("%s: %s", _name(case.run), lines[0] if lines else "nothing to do")
    else:
        _write_group(case.run, lines)


def _decision_lines(decision: Decision, currency: str, *, is_brief: bool) -> list[str]:
    """What a step decided besides its actions: shares, winners, errors, holds."""
    holds = (
        _counted(decision.holds)
        if is_brief
        else [messages.hold_text(h) + f" [{h.reason}]" for h in decision.holds]
    )
    return [
        *(f"share    {messages.allocation_text(each, currency)}" for each in decision.allocations),
        *(f"winner   {messages.winner_text(each, currency)}" for each in decision.winners),
        *(f"error    {messages.error_text(each)} [{each.reason}]" for each in decision.errors),
        *(f"hold     {each}" for each in holds),
    ]


def _counted(holds: Sequence[Hold]) -> list[str]:
    counts = Counter((hold.action_type, hold.reason) for hold in holds)
    return [
        f"{count} x no {action_type.replace('_', ' ')}: {messages.reason_text(reason)} [{reason}]"
        for (action_type, reason), count in counts.items()
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


def _write_group(run: RunRow, lines: Iterable[str]) -> None:
    """Write one user's lines, folded in Airflow's log under the user's id."""
    log.info("::group::%s", _name(run))
    for line in lines:
        log.info("%s", line)
    log.info("::endgroup::")


def _name(run: RunRow) -> str:
    return f"user {run.user_id}{' (dry run)' if run.dry_run else ''}"
