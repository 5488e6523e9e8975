"""The task log: a group a user, a line an action and a hold, with numbers and ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestrator import lines, messages
from orchestrator.lines import Line, keys_of
from orchestrator.model import Decision, Hold
from orchestrator.rows import ActionRow

if TYPE_CHECKING:
    from orchestrator.deciding import Case


def write_case(case: Case, *, is_brief: bool) -> None:
    """Write what a step decided and did for one user.

    ``is_brief``: among many users, holds are counted by their reason; each is in the database.
    """
    told = [*_decision_lines(case.decision, case.currency, is_brief=is_brief), *case.lines]
    name = f"user {case.run.user_id}{' (dry run)' if case.run.dry_run else ''}"
    if is_brief and len(told) < 2:
        only = told[0] if told else Line("nothing to do")
        lines.write(case.run, [Line(f"{name}: {only}", **keys_of(only))])
    else:
        lines.write(case.run, [f"::group::{name}", *told, "::endgroup::"])  # folded by Airflow's page


def _decision_lines(decision: Decision, currency: str, *, is_brief: bool) -> list[str]:
    """What a step decided besides its actions: shares, winners, errors, holds."""
    shares = ((f"share    {messages.allocation_text(a, currency)}", a.goal_key) for a in decision.allocations)
    winners = ((f"winner   {messages.winner_text(w, currency)}", w.goal_key) for w in decision.winners)
    return [
        *(Line(text, goal_key=goal_key) for text, goal_key in (*shares, *winners)),
        *(
            Line(f"error    {messages.error_text(e)} [{e.reason}]", goal_key=e.goal_key, reason=e.reason)
            for e in decision.errors
        ),
        *(_counted(decision.holds) if is_brief else map(_hold_line, decision.holds)),
    ]


def _hold_line(hold: Hold) -> Line:
    text = f"hold     {messages.hold_text(hold)} [{hold.reason}]"
    return Line(text, goal_key=hold.goal_key, reason=hold.reason, action_type=hold.action_type)


def _counted(holds: Sequence[Hold]) -> list[Line]:
    counts = Counter((hold.action_type, hold.reason) for hold in holds)
    return [
        Line(
            f"hold     {n} x no {action_type.replace('_', ' ')}: {messages.reason_text(reason)} [{reason}]",
            reason=reason,
            action_type=action_type,
        )
        for (action_type, reason), n in counts.items()
    ]


def action_line(row: ActionRow, currency: str) -> str:
    """One action: what became of it, what it is, its ids, and Meta's words when it was refused."""
    done = row.status == "success"
    said = messages.left_paused_text(row.details) if done else f" — {row.message}" if row.message else ""
    ids = {
        f"{name}_id": str(row.details.get(f"meta_{name}_id") or planned)
        for name, planned in (("campaign", row.action.campaign_id), ("adset", row.action.adset_id))
        if planned is not None
    }
    named = " ".join(f"{name.removesuffix('_id')}={found}" for name, found in ids.items())
    sentence = messages.action_text(row.action, currency, done=done)
    return Line(
        f"{row.status:8} {sentence} [{row.action.reason} {named} key={row.key}]{said}",
        goal_key=row.action.goal_key,
        action_type=row.action.action_type,
        reason=row.action.reason,
        status=row.status,
        key=row.key,
        **ids,
    )
