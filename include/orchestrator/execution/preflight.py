"""What the platform has at this instant, and what that makes of an action that is about to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from msgspec import structs

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action
from orchestrator.domain.records import AdSetRow
from orchestrator.execution.context import ExecutionContext, may_have_been_sent, target, with_remote_ids
from orchestrator.execution.own_writes import UNCHANGED_SINCE, as_written
from orchestrator.platforms.base import RemoteTree
from orchestrator.rules.preconditions import RemoteState, check, headroom_for, open_minor, was_paused_again
from orchestrator.snapshot import builder

Details = dict[str, Any]


class Preflight(NamedTuple):
    """Whether an action may be sent, may not, or need not; and what its row is to keep of that.

    The details of one that may not have its reason under ``hold`` and, for want of room, the guardrail
    at this instant under ``checks_now``.
    """

    word: Literal["go", "already", "hold"]
    details: Details


def preflight(context: ExecutionContext, row: ActionRow, state: rules.State) -> Preflight:
    """Read what the platform has now and check whether a row's action may still be sent.

    A resume that an earlier try sent, and that a person undid since, is recorded as theirs.
    """
    action, now = with_remote_ids(context, row.action), remote_state(context, state, row)
    if leave_to_the_person(context, row, now):
        return refuse(reasons.CHANGED_BY_PERSON.code)
    if _rises_on_late_read(context, row, action):
        return refuse(reasons.UNSETTLED.code)
    if action.action_type == "create_adset" and action.adset_id in now.ad_sets:
        # What was left half made adds as much as a new one.
        action = structs.replace(action, adset_id=f"new:{action.adset_id}")
    return _answer(action, now)


def _rises_on_late_read(context: ExecutionContext, row: ActionRow, action: Action) -> bool:
    """Whether a rise would be sent on top of what the platform does not show yet."""
    is_update = action.action_type == "update_budget" or action.action_type.startswith("resume_")
    is_late = is_update and (action.adset_id or action.campaign_id) in context.late
    return is_late and rules.is_increase(action) and not may_have_been_sent(row)


def leave_to_the_person(context: ExecutionContext, row: ActionRow, now: RemoteState) -> bool:
    """Whether a person paused what a resume without an answer had resumed. Then it is recorded as theirs."""
    since = row.details.get(UNCHANGED_SINCE) if may_have_been_sent(row) else None
    since = None if since is None else datetime.fromisoformat(since)
    if not was_paused_again(with_remote_ids(context, row.action), now, since):
        return False
    context.remember_paused_by_user(*target(context, row.action))
    return True


def refuse(reason: str, **more: object) -> Preflight:
    """The answer no, with its reason."""
    return Preflight("hold", {"hold": reason, **more})


def _answer(action: Action, now: RemoteState) -> Preflight:
    match check(action, now):
        case reasons.NO_ROOM.code:
            return refuse(reasons.NO_ROOM.code, checks_now=[codec.gate_json(headroom_for(action, now).gate)])
        case "already":
            return Preflight("already", {})
        case "go":
            return Preflight("go", _before_sending(action, now))
        case reason:
            return refuse(reason)


def _before_sending(action: Action, now: RemoteState) -> Details:
    """Evidence of whether a person touched the thing after an update: an answer or a read may be late."""
    thing_id = action.adset_id or action.campaign_id or ""
    if action.action_type in ("create_adset", "promote_winner") or thing_id not in now.updated_at:
        return {}
    return {UNCHANGED_SINCE: now.updated_at[thing_id].isoformat()}


def remote_state(
    context: ExecutionContext, state: rules.State | None, row: ActionRow | None = None
) -> RemoteState:
    """Read what the platform has now. What this run created counts as it was left, listed or not.

    Args:
        context: whose account.
        state: as the run has left it; null before there is one, and then nothing may rise.
        row: an action that may have been sent.
    """
    campaigns, ad_sets = _tree(context)
    user = replace(
        context.user, campaigns=tuple(context.campaigns.values()), ad_sets=tuple(context.ad_sets.values())
    )
    seen = builder.structure(
        user,
        (campaigns, ad_sets),
        context.now,
        trusted=context.trusted,
        sharing=context.sharing(_intended(context, row)),
    )
    found = RemoteState(
        campaigns={c.id: builder.campaign_of(c) for c in seen.campaigns},
        ad_sets={a.id: a for a in (*(builder.ad_set_of(a, None, None) for a in seen.ad_sets), *seen.foreign)},
        cap_minor=0 if state is None else _cap_minor(context, state),
        updated_at={c.id: c.updated_at for c in campaigns} | {a.id: a.updated_at for a in ad_sets},
    )
    others = (a for a in context.open_rises if row is None or a is not row.action)
    return replace(found, open_minor=open_minor(found, (with_remote_ids(context, a) for a in others)))


def _tree(context: ExecutionContext) -> RemoteTree:
    """The campaigns and ad sets as they are now. A late read is repeated once, and then is as we wrote it."""
    campaign_ids = sorted(context.campaigns)
    tree, context.late = as_written(context.account.tree(campaign_ids), context.own_writes)
    if context.late:
        context.pause()
        tree, context.late = as_written(context.account.tree(campaign_ids), context.own_writes)
    return tree


def _intended(context: ExecutionContext, row: ActionRow | None) -> AdSetRow | None:
    """The ad set whose budget the action sets, as it would have left it; null when it was not sent."""
    if row is None or row.action.action_type != "update_budget" or not may_have_been_sent(row):
        return None
    known = context.ad_sets.get(row.action.adset_id or "")
    return None if known is None else replace(known, daily_budget_minor=row.action.after_minor)


def _cap_minor(context: ExecutionContext, state: rules.State) -> int:
    """A cap that was lowered meanwhile holds from now on; one that was raised, from the next plan."""
    typed = context.store.users.budgets(context.user.user_id)
    rows = replace(
        context.user,
        global_daily_budget=typed.global_daily_budget,
        max_daily_budget=typed.max_daily_budget,
    )
    settings = builder.settings_of(rows, context.user.assets.currency)
    return min(rules.cap_minor(state), rules.cap_under(settings, state))


def refusal_to_deliver(
    context: ExecutionContext, row: ActionRow, ad_set_id: str, state: rules.State | None
) -> Details:
    """Details that say why an ad set that an earlier try began to make may not be activated now, or none.

    It is PAUSED among what the platform has, so it is checked as a resume: a creation would count it
    twice.
    """
    action = with_remote_ids(context, row.action)
    resume = structs.replace(action, action_type="resume_adset", adset_id=ad_set_id)
    return refusal_to_resume(context, resume, state)


def refusal_to_resume(context: ExecutionContext, resume: Action, state: rules.State | None) -> Details:
    """Details that say why what this run created may not be activated now; none when it may, or is active."""
    if state is not None and state.reduction_failed:
        return refuse(reasons.REDUCTION_FAILED.code).details
    answer = _answer(resume, remote_state(context, state))
    return answer.details if answer.word == "hold" else {}
