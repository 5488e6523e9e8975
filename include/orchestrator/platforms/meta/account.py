"""One ad account at Meta: the port's reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.base import (
    AccountReading,
    BudgetLevel,
    CopyingAccount,
    Found,
    Named,
    ObjectKind,
    RemoteAdSet,
    RemoteCampaign,
    RemoteTree,
    SettableStatus,
)
from orchestrator.platforms.meta import mutations, queries
from orchestrator.platforms.meta.graph import Graph
from orchestrator.platforms.meta.wire import payloads, stories
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec
from orchestrator.platforms.user_assets import Asset


class MetaAccount(CopyingAccount):
    """One ad account, accessed with one user's token; ``assets`` are what its ads promote and show."""

    def __init__(self, graph: Graph, assets: AssetsRow, *, knows_device_switch: bool = False) -> None:
        self._graph = graph
        self._assets = assets
        self._knows_device_switch = knows_device_switch
        self._id = assets.ad_account_id

    def read(
        self, campaign_ids: Sequence[str], since: date, until: date, assets: Sequence[Asset] = ()
    ) -> AccountReading:
        """Read account, structure, lifetimes and account days ``since`` to ``until``: one request.

        ``assets`` are looked for in the same one; what is in no list of the account, in a second.
        """
        return queries.account(
            self._graph, self._id, queries.AccountScope(campaign_ids, since, until, assets)
        )

    def tree(self, campaign_ids: Sequence[str]) -> RemoteTree:
        """Read campaigns and their ad sets as they are now."""
        return queries.structure(self._graph, self._id, campaign_ids)

    def marked(self, mark: str) -> RemoteTree:
        """Find the account's living campaigns and ad sets whose name holds ``mark``: two Graph reads."""
        return queries.marked(self._graph, self._id, mark)

    def campaign(self, campaign_id: str) -> RemoteCampaign:
        """Read one campaign as it is now."""
        return queries.campaign(self._graph, campaign_id)

    def ad_set(self, ad_set_id: str) -> RemoteAdSet:
        """Read one ad set as it is now."""
        return queries.ad_set(self._graph, ad_set_id)

    def ad(self, ad_id: str) -> Found:
        """Read one ad as it is now."""
        return queries.ad(self._graph, ad_id)

    def campaigns_named(self, key: str) -> list[Found]:
        """Find the account's campaigns whose name holds ``key``, of any status, oldest first."""
        return _named(queries.children(self._graph, (self._id, "campaigns"), queries.CAMPAIGN_STATUSES), key)

    def ad_sets_named(self, campaign_id: str, key: str) -> list[Found]:
        """Find a campaign's ad sets whose name holds ``key``, of any status, oldest first."""
        return _named(queries.children(self._graph, (campaign_id, "adsets"), queries.AD_SET_STATUSES), key)

    def ads_named(self, ad_set_id: str, key: str) -> list[Found]:
        """Find an ad set's ads whose name holds ``key``, of any status, oldest first."""
        return _named(self.ads_of(ad_set_id), key)

    def creatives_named(self, key: str) -> list[Found]:
        """Find the account's creatives whose name holds ``key``, oldest first."""
        return _named(queries.creatives(self._graph, self._id), key)

    def copies_of(self, ad_set_id: str, campaign_id: str) -> list[Found]:
        """Find the copies of an ad set in one campaign, of any status, oldest first."""
        return queries.copies(self._graph, ad_set_id, campaign_id)

    def ads_of(self, ad_set_id: str) -> list[Found]:
        """List an ad set's ads with their creatives, of any status, oldest first."""
        return queries.children(
            self._graph,
            (ad_set_id, "ads"),
            queries.AD_STATUSES,
            "creative{id}",
            "source_ad_id",
            "effective_status",
        )

    def create_campaign(self, spec: CampaignSpec) -> str:
        """Create a campaign, PAUSED; its id."""
        return mutations.create(self._graph, self._id, "campaigns", payloads.campaign_params(spec))

    def create_ad_set(self, spec: AdSetSpec) -> str:
        """Create an ad set, PAUSED; its id."""
        params = payloads.ad_set_params(spec, self._assets, knows_device_switch=self._knows_device_switch)
        return mutations.create(self._graph, self._id, "adsets", params)

    def create_creative(self, spec: CreativeSpec) -> str:
        """Create a creative; its id."""
        return mutations.create(
            self._graph, self._id, "adcreatives", stories.creative_params(spec, self._assets)
        )

    def create_ad(self, spec: AdSpec) -> str:
        """Create an ad, PAUSED; its id."""
        return mutations.create(self._graph, self._id, "ads", payloads.ad_params(spec, self._assets.pixel_id))

    def copy_ad_set(self, source: Named, campaign_id: str, name_suffix: str) -> str:
        """Copy an ad set without its ads into a campaign, PAUSED; the copy's id."""
        return mutations.copy_ad_set(self._graph, source, campaign_id, name_suffix)

    def copy_ad(self, source: Named, ad_set_id: str, name_suffix: str) -> str:
        """Copy an ad with its creative into an ad set, PAUSED; the copy's id."""
        return mutations.copy_ad(self._graph, source, ad_set_id, name_suffix)

    def set_daily_budget(self, level: BudgetLevel, object_id: str, minor: int) -> None:
        """Set a daily budget to ``minor`` units.

        On a campaign only when it was read to be CBO: Meta turns an ABO campaign into a CBO one.
        """
        mutations.update(self._graph, level, object_id, {"daily_budget": minor})

    def set_status(self, kind: ObjectKind, object_id: str, status: SettableStatus) -> None:
        """Make an object ACTIVE or PAUSED."""
        mutations.update(self._graph, kind, object_id, {"status": status})


def _named(listed: list[Found], key: str) -> list[Found]:
    return [each for each in listed if key in each.name]
