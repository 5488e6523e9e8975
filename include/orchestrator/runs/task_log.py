"""The task log: a group a user, a line an action and a hold, with numbers and ids.

In a large batch a group for each user would cost more than deciding: there, a user with nothing to do has
one line a run, with the shares, and the other holds are counted together. The database has each hold
either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from orchestrator.domain import messages
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Decision, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.runs import log_lines
from orchestrator.runs.log_lines import LogLine, fields

if TYPE_CHECKING:
    from orchestrator.runs.decide import UserStep

_Held = tuple[str, str]  # action type, reason


class TaskLog:
    """The log of one step for the users of a batch. ``is_brief``: the batch is large."""

    def __init__(self, *, is_brief: bool) -> None:
        self._is_brief = is_brief
        self._held: Counter[_Held] = Counter()
        self._held_users: Counter[_Held] = Counter()

    def add(self, case: UserStep) -> None:
        """Write one user's decision and actions; in brief, holds alone are counted for ``close``."""
        own = _own_lines(case.decision, case.currency)
        if not self._is_brief:
            asides = [case.aside] if case.aside else []
            _write_group(case, [*own, *map(_hold_line, case.decision.holds), *asides, *case.lines])
        elif own or case.lines:
            _write_briefly(case, [*own, *_counted(_by_reason(case.decision.holds)), *case.lines])
        else:
            held = _by_reason(case.decision.holds)
            self._held.update(held)
            self._held_users.update(held.keys())

    def close(self) -> None:
        """Write the counted holds of the users that had nothing else."""
        log_lines.write_of_all(_counted(self._held, self._held_users))


def _write_group(case: UserStep, lines: Sequence[str]) -> None:
    log_lines.write(case.run, [f"::group::{_name(case)}", *lines, "::endgroup::"])  # folded by Airflow's page


def _write_briefly(case: UserStep, lines: Sequence[str]) -> None:
    """Write one joined line; actions, winners and errors have lines of their own."""
    if len(lines) > 1 and (case.lines or case.decision.winners or case.decision.errors):
        _write_group(case, lines)
        return
    words = "; ".join(" ".join(line.split()) for line in lines)
    log_lines.write(
        case.run, [LogLine(f"{_name(case)}: {words}", **(fields(lines[0]) if len(lines) == 1 else {}))]
    )


def _name(case: UserStep) -> str:
    return f"user {case.run.user_id}{' (dry run)' if case.run.dry_run else ''}"


def _own_lines(decision: Decision, currency: str) -> list[str]:
    """The decision besides actions and holds: shares, winners, errors."""
    shares = ((f"share    {messages.allocation_text(a, currency)}", a.goal_key) for a in decision.allocations)
    winners = ((f"winner   {messages.winner_text(w, currency)}", w.goal_key) for w in decision.winners)
    return [
        *(LogLine(text, goal_key=goal_key) for text, goal_key in (*shares, *winners)),
        *(
            LogLine(f"error    {messages.error_text(e)} [{e.reason}]", goal_key=e.goal_key, reason=e.reason)
            for e in decision.errors
        ),
    ]


def _hold_line(hold: Hold) -> LogLine:
    text = f"hold     {messages.hold_text(hold)} [{hold.reason}]"
    return LogLine(text, goal_key=hold.goal_key, reason=hold.reason, action_type=hold.action_type)


def _by_reason(holds: Sequence[Hold]) -> Counter[_Held]:
    return Counter((hold.action_type, hold.reason) for hold in holds)


def _counted(held: Mapping[_Held, int], users: Mapping[_Held, int] | None = None) -> list[LogLine]:
    return [
        LogLine(
            f"hold     {n:,} x no {action_type.replace('_', ' ')}"
            f"{_of(users, (action_type, reason))}: {reason_text(reason)} [{reason}]",
            reason=reason,
            action_type=action_type,
        )
        for (action_type, reason), n in held.items()
    ]


def _of(users: Mapping[_Held, int] | None, held: _Held) -> str:
    if users is None:
        return ""
    return f", {users[held]:,} user{'' if users[held] == 1 else 's'}"


def action_line(row: ActionRow, currency: str) -> str:
    """One action: its status, sentence, ids and, when it was refused, the platform's message."""
    done = row.status == "success"
    said = messages.left_paused_text(row.details) if done else f" — {row.message}" if row.message else ""
    made = RemoteIds.of(row.details)
    ids = {
        name: str(remote or planned)
        for name, remote, planned in (
            ("campaign_id", made.campaign_id, row.action.campaign_id),
            ("adset_id", made.adset_id, row.action.adset_id),
        )
        if planned is not None
    }
    named = " ".join(f"{name.removesuffix('_id')}={found}" for name, found in ids.items())
    sentence = messages.action_text(row.action, currency, done=done)
    return LogLine(
        f"{row.status:8} {sentence} [{row.action.reason} {named} key={row.key}]{said}",
        goal_key=row.action.goal_key,
        action_type=row.action.action_type,
        reason=row.action.reason,
        status=row.status,
        key=row.key,
        **ids,
    )
