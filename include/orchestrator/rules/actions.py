"""Actions and holds of one step and goal, in the words of the action log."""

from __future__ import annotations

from typing import NamedTuple

from orchestrator.domain.model import Action, ActionType, Hold
from orchestrator.domain.steps import StepName
from orchestrator.rules.state import AdSetNow, CampaignNow


class ActionFactory(NamedTuple):
    """Who speaks: a step, about a goal."""

    step: StepName
    goal_key: str

    def pause_ad_set(self, ad_set: AdSetNow, reason: str) -> Action:
        """Stop one ad set."""
        return self._action("pause_adset", ad_set.campaign_id, ad_set.id, reason)

    def pause_campaign(self, campaign: CampaignNow, reason: str) -> Action:
        """Stop a campaign, whatever its ad sets are."""
        return self._action("pause_campaign", campaign.id, None, reason)

    def resume_ad_set(self, ad_set: AdSetNow, reason: str) -> Action:
        """Let one ad set run again."""
        return self._action("resume_adset", ad_set.campaign_id, ad_set.id, reason)

    def resume_campaign(self, campaign_id: str, reason: str) -> Action:
        """Let a campaign run: again, or for the first time."""
        return self._action("resume_campaign", campaign_id, None, reason)

    def set_ad_set_budget(self, ad_set: AdSetNow, after_minor: int, reason: str) -> Action:
        """Write an ABO ad set's daily budget."""
        budgets = (ad_set.budget_minor, after_minor)
        return self._action("update_budget", ad_set.campaign_id, ad_set.id, reason, budgets)

    def set_campaign_budget(self, campaign: CampaignNow, after_minor: int, reason: str) -> Action:
        """Write a CBO campaign's daily budget."""
        budgets = (campaign.budget_minor, after_minor)
        return self._action("update_budget", campaign.id, None, reason, budgets)

    def create_campaign(self, campaign_id: str, budget_minor: int | None, reason: str) -> Action:
        """Open a testing campaign (no budget of its own) or a scaling one (CBO)."""
        return self._action("create_campaign", campaign_id, None, reason, (None, budget_minor))

    def create_ad_set(self, campaign_id: str, ad_set_id: str, budget_minor: int, reason: str) -> Action:
        """Open an ABO ad set."""
        return self._action("create_adset", campaign_id, ad_set_id, reason, (None, budget_minor))

    def promote(self, winner: AdSetNow, campaign_id: str) -> Action:
        """Copy a winner into a scaling campaign."""
        return self._action("promote_winner", campaign_id, winner.id, "winner")

    def hold(
        self,
        action_type: ActionType,
        reason: str,
        campaign_id: str | None = None,
        adset_id: str | None = None,
    ) -> Hold:
        """Say what was not done, and the first reason why."""
        return Hold(
            step=self.step,
            action_type=action_type,
            goal_key=self.goal_key,
            campaign_id=campaign_id,
            adset_id=adset_id,
            reason=reason,
        )

    def _action(
        self,
        action_type: ActionType,
        campaign_id: str,
        adset_id: str | None,
        reason: str,
        budgets: tuple[int | None, int | None] = (None, None),
    ) -> Action:
        return Action(
            step=self.step,
            action_type=action_type,
            goal_key=self.goal_key,
            campaign_id=campaign_id,
            adset_id=adset_id,
            before_minor=budgets[0],
            after_minor=budgets[1],
            reason=reason,
        )


def hold_for(action: Action, reason: str) -> Hold:
    """The hold that stands in for an action that is not made."""
    return Hold(
        step=action.decided_in,
        action_type=action.action_type,
        goal_key=action.goal_key,
        campaign_id=action.campaign_id,
        adset_id=action.adset_id,
        reason=reason,
    )
