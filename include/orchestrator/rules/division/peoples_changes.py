"""What people changed by hand: budgets that they moved, and ad sets that they made in campaigns of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import MOVED, ActionFactory
from orchestrator.rules.resumability import is_dry, is_resumable
from orchestrator.rules.state import GoalNow, State, active_goals, campaigns_of

_NOT_OURS: Evidence = (Gate("made_by", "a person", "is", "the orchestrator"),)


def holds_on_changes(state: State, made: Sequence[Action]) -> list[Hold]:
    """What step allocate leaves to people, given what it does.

    A lifetime budget of an ad set counts while its campaign runs, also when this step resumes it.
    """
    if not state.changed_by_people:
        return []
    resumed = {action.campaign_id for action in made if action.action_type == "resume_campaign"}
    holds: list[Hold] = []
    for goal in active_goals(state):
        if goal.budget_minor:
            holds += _moved_campaigns(state, goal)
        holds += _ad_sets(state, goal, resumed)
    return holds


def _moved_campaigns(state: State, goal: GoalNow) -> Iterator[Hold]:
    """A budget that is not written where the campaign runs, a resume that is not made where it would."""
    factory = ActionFactory("allocate", goal.key)
    for role in ("testing", "scaling"):
        for campaign in campaigns_of(state, goal.key, role):
            if not campaign.is_moved:
                continue
            if campaign.status == "ACTIVE":
                yield factory.hold("update_budget", "budget_moved", MOVED, campaign.id)
            elif role == "scaling" and is_resumable(campaign) and not is_dry(state, campaign):
                yield factory.hold("resume_campaign", "budget_moved", MOVED, campaign.id)


def _ad_sets(state: State, goal: GoalNow, resumed: set[str | None]) -> Iterator[Hold]:
    factory = ActionFactory("allocate", goal.key)
    for role in ("testing", "scaling"):
        for campaign in campaigns_of(state, goal.key, role):
            for a in state.active_of.get(campaign.id, ()):
                if not a.ours and campaign.status == "ACTIVE":
                    yield factory.hold("update_budget", "not_ours", _NOT_OURS, campaign.id, a.id)
                runs = campaign.status == "ACTIVE" or campaign.id in resumed
                sets_budget = goal.budget_minor and role == "testing" and not campaign.is_moved
                if a.ours and a.has_lifetime_budget and runs and sets_budget and a.id not in state.barred:
                    yield factory.hold("update_budget", "budget_moved", MOVED, campaign.id, a.id)
