"""The edges that list children: what hangs under a node, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graph_simulator.state.assets import InstagramUser, Label, Page
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign, Node
from graph_simulator.state.world import World

Lister = Callable[[Any, World], list[Node]]


def _newest(found: Iterable[Node]) -> list[Node]:
    return sorted(found, key=lambda node: (len(node.id), node.id), reverse=True)


def _ad_sets(account: Account, world: World) -> list[Node]:
    return _newest(ad_set for campaign in account.campaigns for ad_set in campaign.ad_sets)


def _ads(node: Account | Campaign, world: World) -> list[Node]:
    campaigns = node.campaigns if isinstance(node, Account) else [node]
    return _newest(ad for campaign in campaigns for ad_set in campaign.ad_sets for ad in ad_set.ads)


def _copies(node: Campaign | AdSet | Ad, world: World) -> list[Node]:
    same: dict[type, Callable[[], Iterable[Node]]] = {
        Campaign: lambda: node.account.campaigns,
        AdSet: lambda: _ad_sets(node.account, world),
        Ad: lambda: _ads(node.account, world),
    }
    return _newest(item for item in same[type(node)]() if getattr(item, "source_id", "0") == node.id)


def _labelled(label: Label, found: Iterable[Any]) -> list[Node]:
    return _newest(node for node in found if label.id in node.labels)


def _creatives_of(ads: Iterable[Ad]) -> list[Node]:
    return _newest({ad.creative.id: ad.creative for ad in ads}.values())


EDGES: dict[tuple[str, str], tuple[str, Lister]] = {
    ("AdAccount", "campaigns"): ("Campaign", lambda account, world: _newest(account.campaigns)),
    ("AdAccount", "adsets"): ("AdSet", _ad_sets),
    ("AdAccount", "ads"): ("Ad", _ads),
    ("AdAccount", "adcreatives"): ("AdCreative", lambda account, world: _newest(account.creatives)),
    ("AdAccount", "adlabels"): ("AdLabel", lambda account, world: _newest(account.labels.values())),
    ("AdAccount", "adimages"): ("AdImage", lambda account, world: _newest(account.images.values())),
    ("AdAccount", "adspixels"): ("AdsPixel", lambda account, world: _newest(account.pixels)),
    ("AdAccount", "customconversions"): (
        "CustomConversion",
        lambda account, world: _newest(account.conversions),
    ),
    ("AdAccount", "promote_pages"): ("Page", lambda account, world: [Page(account.page_id, account)]),
    ("AdAccount", "instagram_accounts"): (
        "IGUser",
        lambda account, world: [InstagramUser(account.instagram_user_id, account)],
    ),
    ("Campaign", "adsets"): ("AdSet", lambda campaign, world: _newest(campaign.ad_sets)),
    ("Campaign", "ads"): ("Ad", _ads),
    ("Campaign", "copies"): ("Campaign", _copies),
    ("AdSet", "ads"): ("Ad", lambda ad_set, world: _newest(ad_set.ads)),
    ("AdSet", "adcreatives"): ("AdCreative", lambda ad_set, world: _creatives_of(ad_set.ads)),
    ("AdSet", "copies"): ("AdSet", _copies),
    ("Ad", "adcreatives"): ("AdCreative", lambda ad, world: [ad.creative]),
    ("Ad", "copies"): ("Ad", _copies),
    ("AdLabel", "campaigns"): ("Campaign", lambda label, world: _labelled(label, label.account.campaigns)),
    ("AdLabel", "adsets"): ("AdSet", lambda label, world: _labelled(label, _ad_sets(label.account, world))),
    ("AdLabel", "ads"): ("Ad", lambda label, world: _labelled(label, _ads(label.account, world))),
    ("AdLabel", "adcreatives"): (
        "AdCreative",
        lambda label, world: _labelled(label, label.account.creatives),
    ),
    ("User", "adaccounts"): ("AdAccount", lambda user, world: list(user.accounts)),
    ("User", "accounts"): ("Page", lambda user, world: [Page(one.page_id, one) for one in user.accounts]),
    ("AdAccount", "customaudiences"): ("CustomAudience", lambda account, world: _newest(account.audiences)),
    ("AdAccount", "advideos"): ("AdVideo", lambda account, world: [world.objects[account.video_id]]),
    ("Page", "leadgen_forms"): ("LeadgenForm", lambda page, world: _newest(page.account.lead_forms)),
    ("Page", "instagram_accounts"): (
        "IGUser",
        lambda page, world: [InstagramUser(page.account.instagram_user_id, page.account)],
    ),
    ("AdsPixel", "adaccounts"): ("AdAccount", lambda pixel, world: [pixel.account]),
}
