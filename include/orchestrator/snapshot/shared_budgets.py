"""Budgets of ad sets on a platform where only campaigns own them. Pure.

The rules give each ad set of a learning campaign a budget of its own. Where an ad set can own none, its
campaign owns the sum of its ACTIVE ad sets' budgets, and each one's part is in our row alone. A campaign
whose budget is not that sum was changed by a person: it is divided in proportion to the parts, so that
the rules see an ad set budget that differs from what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from orchestrator.domain.records import AdSetRow, CampaignRow


def sum_minor(campaign_id: str, ad_sets: Iterable[AdSetRow]) -> int:
    """The sum of the budgets of a campaign's ACTIVE ad sets, in minor units."""
    return sum(each.daily_budget_minor or 0 for each in _active(campaign_id, ad_sets))


@dataclass(frozen=True, slots=True)
class Sharing:
    """The view of such a platform. ``intended``: an ad set as a write of unknown outcome would leave it."""

    intended: AdSetRow | None = None

    def with_parts(
        self, known: Sequence[AdSetRow], observed: Sequence[AdSetRow], campaigns: Iterable[CampaignRow]
    ) -> tuple[AdSetRow, ...]:
        """The observed ad sets, each ACTIVE one with its part of what its campaign has on the platform.

        Args:
            known: our rows, in the same order, with the parts.
            observed: without budgets.
            campaigns: as observed. A scaling campaign is not divided: the rules budget it as a whole.
        """
        own = [
            replace(new, daily_budget_minor=old.daily_budget_minor)
            for old, new in zip(known, observed, strict=True)
        ]
        parts: dict[str, int] = {}
        for campaign in campaigns:
            if campaign.role == "testing":
                active = _active(campaign.id, own)
                parts |= _parts(campaign.daily_budget_minor, active, _replaced(active, self.intended))
        return tuple(replace(a, daily_budget_minor=parts[a.id]) if a.id in parts else a for a in own)

    def without_sums(self, campaigns: Iterable[CampaignRow]) -> tuple[CampaignRow, ...]:
        """The campaigns; a learning one owns no budget but its ad sets', though the platform has it there."""
        return tuple(replace(c, daily_budget_minor=None) if c.role == "testing" else c for c in campaigns)


def _parts(
    campaign_minor: int | None, known: Sequence[AdSetRow], intended: Sequence[AdSetRow]
) -> dict[str, int]:
    """Known parts where they explain the campaign's budget, else its budget in proportion to them."""
    weights = [each.daily_budget_minor or 0 for each in known]
    whole = sum(weights)
    if campaign_minor is None or whole in (0, campaign_minor):
        return {}
    if sum(each.daily_budget_minor or 0 for each in intended) == campaign_minor:
        return {each.id: each.daily_budget_minor or 0 for each in intended}
    shares = [campaign_minor * weight // whole for weight in weights]
    shares[0] += campaign_minor - sum(shares)
    return {each.id: share for each, share in zip(known, shares, strict=True)}


def _active(campaign_id: str, ad_sets: Iterable[AdSetRow]) -> list[AdSetRow]:
    return [each for each in ad_sets if each.campaign_id == campaign_id and each.status == "ACTIVE"]


def _replaced(ad_sets: Iterable[AdSetRow], intended: AdSetRow | None) -> list[AdSetRow]:
    if intended is None:
        return list(ad_sets)
    return [replace(intended, status=each.status) if each.id == intended.id else each for each in ad_sets]
