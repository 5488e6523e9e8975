"""Actions and holds of one step and goal, in the words of the action log."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.domain.model import Action, ActionType, Hold
from orchestrator.domain.steps import StepName
from orchestrator.rules.state import AdSetNow, CampaignNow


class ActionFactory(Struct, frozen=True, gc=False):
    """Makes the actions and holds of one step for one goal, each with its evidence.

    A struct, because a plan makes dozens of them.
    """

    step: StepName
    goal_key: str

    def pause_ad_set(self, ad_set: AdSetNow, reason: str, evidence: Evidence = ()) -> Action:
        """Stop one ad set."""
        return self._action("pause_adset", (ad_set.campaign_id, ad_set.id), reason, evidence)

    def pause_campaign(self, campaign: CampaignNow, reason: str, evidence: Evidence = ()) -> Action:
        """Stop a campaign, whatever its ad sets are."""
        return self._action("pause_campaign", (campaign.id, None), reason, evidence)

    def resume_ad_set(self, ad_set: AdSetNow, reason: str, evidence: Evidence = ()) -> Action:
        """Resume one ad set."""
        return self._action("resume_adset", (ad_set.campaign_id, ad_set.id), reason, evidence)

    def resume_campaign(self, campaign_id: str, reason: str, evidence: Evidence = ()) -> Action:
        """Resume or start a campaign."""
        return self._action("resume_campaign", (campaign_id, None), reason, evidence)

    def set_ad_set_budget(
        self, ad_set: AdSetNow, after_minor: int, reason: str, evidence: Evidence = ()
    ) -> Action:
        """Write an ABO ad set's daily budget."""
        budgets = (ad_set.budget_minor, after_minor)
        return self._action("update_budget", (ad_set.campaign_id, ad_set.id), reason, evidence, budgets)

    def set_campaign_budget(
        self, campaign: CampaignNow, after_minor: int, reason: str, evidence: Evidence = ()
    ) -> Action:
        """Write a CBO campaign's daily budget."""
        budgets = (campaign.budget_minor, after_minor)
        return self._action("update_budget", (campaign.id, None), reason, evidence, budgets)

    def create_campaign(
        self, campaign_id: str, budget_minor: int | None, reason: str, evidence: Evidence = ()
    ) -> Action:
        """Open a learning campaign (no budget of its own) or a scaling one (CBO)."""
        return self._action("create_campaign", (campaign_id, None), reason, evidence, (None, budget_minor))

    def create_ad_set(
        self, ids: tuple[str, str], budget_minor: int, reason: str, evidence: Evidence = ()
    ) -> Action:
        """Open an ABO ad set; ``ids``: of its campaign and its own."""
        return self._action("create_adset", ids, reason, evidence, (None, budget_minor))

    def promote(self, winner: AdSetNow, campaign_id: str, evidence: Evidence = ()) -> Action:
        """Copy a winner into a scaling campaign."""
        return self._action("promote_winner", (campaign_id, winner.id), "winner", evidence)

    def hold(
        self,
        action_type: ActionType,
        reason: str,
        evidence: Evidence,
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
            evidence=evidence,
        )

    def _action(
        self,
        action_type: ActionType,
        ids: tuple[str, str | None],
        reason: str,
        evidence: Evidence,
        budgets: tuple[int | None, int | None] = (None, None),
    ) -> Action:
        return Action(
            step=self.step,
            action_type=action_type,
            goal_key=self.goal_key,
            campaign_id=ids[0],
            adset_id=ids[1],
            before_minor=budgets[0],
            after_minor=budgets[1],
            reason=reason,
            evidence=evidence,
        )


def hold_for(action: Action, reason: str, evidence: Evidence) -> Hold:
    """The hold in place of an action that is not made."""
    return Hold(
        step=action.decided_in,
        action_type=action.action_type,
        goal_key=action.goal_key,
        campaign_id=action.campaign_id,
        adset_id=action.adset_id,
        reason=reason,
        evidence=evidence,
    )


def with_gate(action: Action, gate: Gate) -> Action:
    """The same action with one more gate that it passed."""
    return replace(action, evidence=(*action.evidence, gate))


def switch(name: str, *, is_on: bool) -> Gate:
    """One of the user's switches, which must be on."""
    return Gate(name, "on" if is_on else "off", "is", "on")


REDUCTION_FAILED: Evidence = (Gate("reductions", "not all made", "is", "all made"),)
"""Behind every hold ``reduction_failed``."""

MOVED: Evidence = (Gate("budget_owner", "a person", "is", "the orchestrator"),)
"""Behind every hold ``budget_moved``."""

DELIVERS = Gate("delivery", "able to run", "is", "able to run")
"""An ad set can be delivered, as far as is known."""

IN_REVIEW = Gate("delivery", "in review", "is", "able to run")
"""Behind every hold ``in_review``."""
