"""The activation of the learning campaigns that a run created, once what was meant to be in them is there."""

from __future__ import annotations

import logging

from msgspec import structs

from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import PlatformError, Stopped, Unknown
from orchestrator.execution.admission import Progress
from orchestrator.execution.context import ExecutionContext
from orchestrator.execution.handlers.activate import activate
from orchestrator.execution.preflight import refusal_to_resume

log = logging.getLogger(__name__)


def activate_new_campaigns(context: ExecutionContext, progress: Progress) -> list[str]:
    """Activate this run's learning campaigns that have an ad set to show.

    The row that created a campaign records its activation, too: intended under ``activating``, ended by
    ``activation``. One that died in between is read back before anything new is done.

    Returns:
        A line for the log on each: one that there is no room for waits for the next run.
    """
    lines: list[str] = []
    for row in progress.rows if progress.stopped is None else ():
        campaign_id = RemoteIds.of(row.details).campaign_id or ""
        is_open = row.action.goal_key in progress.open_goals
        if is_open or not (awaits_activation(row) and _has_active_ad_set(context, campaign_id)):
            continue
        resume = structs.replace(row.action, action_type="resume_campaign", campaign_id=campaign_id)
        refused = refusal_to_resume(context, resume, progress.state)
        # One that is active already was activated by a try that died before it recorded so.
        outcome = refused["hold"] if refused else _activation(context, row, campaign_id)
        if outcome is None:
            context.open_rises.append(resume)
        else:
            now = {"activation": outcome, "checks_now": refused.get("checks_now", [])}
            context.store.action_log.annotate(row.id, now)
        lines.append(f"{_shown(outcome):8} new learning campaign {campaign_id} [{outcome or 'unknown'}]")
    return lines


def _shown(outcome: str | None) -> str:
    return "unknown" if outcome is None else "active" if outcome == "active" else "held"


def _activation(context: ExecutionContext, row: ActionRow, campaign_id: str) -> str | None:
    """The outcome; null when it is unknown. One that is not active is resumed by the next run."""
    try:
        return "active" if activate(context, row, "campaign", campaign_id) else reasons.CHANGED_BY_PERSON.code
    except Unknown as error:
        log.warning("whether the new campaign %s is active is read back: %s", campaign_id, error)
        return None
    except (PlatformError, Stopped) as error:
        log.warning("the new campaign %s is not active yet: %s", campaign_id, error)
        return type(error).__name__


def awaits_activation(row: ActionRow) -> bool:
    """Whether a row created a learning campaign that is not known to be active."""
    created = row.action.action_type == "create_campaign" and row.status == "success"
    is_learning = row.action.after_minor is None
    return created and is_learning and row.details.get("activation") != "active"


def _has_active_ad_set(context: ExecutionContext, campaign_id: str) -> bool:
    return any(a.campaign_id == campaign_id and a.status == "ACTIVE" for a in context.ad_sets.values())
