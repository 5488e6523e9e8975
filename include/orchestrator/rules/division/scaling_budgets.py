"""What the learning shares leave of the cap, and how the scaling campaigns share it."""

from __future__ import annotations

from typing import NamedTuple

from orchestrator.domain.evidence import Comparison, Gate, figure
from orchestrator.rules.division.apportionment import divided
from orchestrator.rules.resumability import (
    fed_count,
    is_dry,
    refilled,
    returning_minimum,
    runnable_ad_sets,
)
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    campaigns_of,
    cbo_minimum,
    working_goals,
)


class Scaling(NamedTuple):
    """What step allocate makes of the scaling campaigns, by id.

    ``budgets``: of each that runs on or comes back, in minor units; ``starved``: those whose cut would
    fall below their CBO minimum; ``refused``: those that find no room to come back. ``offers`` and
    ``minimums`` are the two sides of that: what each could have, and its CBO minimum. ``running`` is
    what those that run add up to, ``room`` what the learning shares leave them of the cap. ``refills`` are
    the ad sets that return to each, by age. A campaign whose budget a person moved is none of them.
    """

    budgets: dict[str, int]
    starved: set[str]
    refused: set[str]
    offers: dict[str, int]
    minimums: dict[str, int]
    running: int
    room: int
    refills: dict[str, list[AdSetNow]]

    def crowded(self, cap_minor: int) -> tuple[Gate, Gate]:
        """The campaigns that run have more than the room they have under the cap."""
        return (
            figure("cap", cap_minor, "minor"),
            Gate("scaling_together", self.running, "more than", self.room, "minor"),
        )

    def cut(self, campaign_id: str, operator: Comparison) -> Gate:
        """The budget of one that runs after the cut, against its minimum."""
        return self._against("budget_after_cut", campaign_id, operator)

    def offer(self, campaign_id: str) -> Gate:
        """The budget with which a paused one could come back, against its minimum."""
        return self._against("budget_offered", campaign_id, "at least")

    def _against(self, name: str, campaign_id: str, operator: Comparison) -> Gate:
        return Gate(name, self.offers[campaign_id], operator, self.minimums[campaign_id], "minor")


class _Candidate(NamedTuple):
    campaign: CampaignNow
    goal: GoalNow
    minimum_minor: int


def scaling_budgets(state: State) -> Scaling:
    """Cut what runs to the room, in proportion; resume what the rest of it can feed.

    A campaign that runs on only for ad sets that return leaves the room to the others where its budget, once
    cut, feeds none of them: it is paused as empty.
    """
    candidates = _candidates(state)
    scaling = _shared(state, candidates)
    while empty := [c for c in candidates if _is_empty(state, c.campaign, scaling)]:
        candidates = [c for c in candidates if c not in empty]
        scaling = _shared(state, candidates)
    return scaling


def _is_empty(state: State, campaign: CampaignNow, scaling: Scaling) -> bool:
    """It runs, is not starved, and has neither an ad set that runs nor one that returns."""
    if campaign.status != "ACTIVE" or campaign.id in scaling.starved or campaign.id in scaling.refills:
        return False
    return not runnable_ad_sets(state, campaign)


def _shared(state: State, candidates: list[_Candidate]) -> Scaling:
    running = [c for c in candidates if c.campaign.status == "ACTIVE"]
    room = state.limits.cap - sum(goal.learning_minor for goal in state.goals)
    given = [c.campaign.budget_minor for c in running]
    together = sum(given)
    if together > room:
        given = divided(room, given)
        starved = {c.campaign.id for c, b in zip(running, given, strict=True) if b < c.minimum_minor}
    else:
        starved = set()
    offers = {c.campaign.id: b for c, b in zip(running, given, strict=True)}
    budgets = {id_: b for id_, b in offers.items() if id_ not in starved}
    minimums = {c.campaign.id: c.minimum_minor for c in candidates}
    scaling = Scaling(budgets, starved, set(), offers, minimums, together, room, {})
    _bring_back(
        [c for c in candidates if c.campaign.status != "ACTIVE"], room - sum(budgets.values()), scaling
    )
    for candidate in candidates:
        _refill(state, candidate, scaling)
    return scaling


def _refill(state: State, candidate: _Candidate, scaling: Scaling) -> None:
    """The ad sets that return to a campaign that runs on, or that comes back for them."""
    campaign, budget = candidate.campaign, scaling.budgets.get(candidate.campaign.id)
    if budget is None or (campaign.status != "ACTIVE" and not is_dry(state, campaign)):
        return
    if found := refilled(state, candidate.goal, campaign, budget):
        scaling.refills[campaign.id] = found


def _bring_back(paused: list[_Candidate], left: int, scaling: Scaling) -> None:
    """Give each in turn what it had, at most its goal's scaling part and what is left."""
    for candidate in paused:
        budget = min(candidate.campaign.budget_minor, candidate.goal.scaling_if_split, left)
        scaling.offers[candidate.campaign.id] = budget
        if budget < candidate.minimum_minor:
            scaling.refused.add(candidate.campaign.id)
        else:
            scaling.budgets[candidate.campaign.id] = budget
            left -= budget


def _candidates(state: State) -> list[_Candidate]:
    """The scaling campaigns of working goals with something to run, by goal order and age."""
    found: list[_Candidate] = []
    for goal in working_goals(state):
        for campaign in campaigns_of(state, goal.key, "scaling"):
            least = _minimum(state, goal, campaign)
            if least is not None:
                found.append(_Candidate(campaign, goal, least))
    return found


def _minimum(state: State, goal: GoalNow, campaign: CampaignNow) -> int | None:
    """The least budget of a campaign that runs or could come back; null for every other one."""
    if campaign.status != "ACTIVE":
        return returning_minimum(state, goal, campaign)
    runs = runnable_ad_sets(state, campaign) or refilled(state, goal, campaign, campaign.budget_minor)
    return cbo_minimum(goal, fed_count(state, campaign)) if runs and not campaign.is_moved else None
