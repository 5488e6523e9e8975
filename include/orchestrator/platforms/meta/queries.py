"""What is read from one ad account: its structure, its Insights, and listings to find things again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    PlatformError,
    ProofRefused,
    Throttled,
    TooMuchData,
    Transient,
    VersionExpired,
)
from orchestrator.platforms.base import AccountReading, Found, RemoteAdSet, RemoteCampaign, RemoteTree
from orchestrator.platforms.meta import asset_lookup, reports
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.meta.wire import responses
from orchestrator.platforms.user_assets import Asset

CAMPAIGN_STATUSES = ("ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")
AD_SET_STATUSES = (*CAMPAIGN_STATUSES, "CAMPAIGN_PAUSED")
AD_STATUSES = (
    *AD_SET_STATUSES,
    "ADSET_PAUSED",
    "PENDING_REVIEW",
    "DISAPPROVED",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
)
INSIGHT_FIELDS = (
    "campaign_id",
    "adset_id",
    "spend",
    "impressions",
    "actions",
    "conversions",
    "video_thruplay_watched_actions",
    "instagram_profile_visits",
)
CAMPAIGNS_A_PAGE = 100
AD_SETS_A_PAGE = 200
ADS_A_PAGE = 50  # an ad set can have no more
ROWS_A_PAGE = 500
LISTED_A_PAGE = 200


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _comma(fields: Sequence[str]) -> str:
    return ",".join(fields)


_AD_FIELDS = _comma(responses.AD_FIELDS)
_AD_SET_FIELDS = _comma((*responses.AD_SET_FIELDS, f"ads.limit({ADS_A_PAGE}){{{_AD_FIELDS}}}"))
_AD_SETS = f"adsets.effective_status({_compact(AD_SET_STATUSES)}).limit({AD_SETS_A_PAGE}){{{_AD_SET_FIELDS}}}"
_CAMPAIGN_FIELDS = _comma((*responses.CAMPAIGN_FIELDS, _AD_SETS))

_Rows = tuple[list[Body], str | None]  # rows, and why they are not all there
_NOTHING: tuple[_Rows, _Rows] = (([], None), ([], None))
# A user whose token or account is dead has no Insights to wait for.
_FATAL = (AuthExpired, AccountClosed, ProofRefused, VersionExpired)


class AccountScope(NamedTuple):
    """What to read of an account: campaigns, the first and the last day, assets to look for."""

    campaign_ids: Sequence[str]
    since: date
    until: date
    assets: Sequence[Asset] = ()


def account(graph: Graph, account_id: str, scope: AccountScope) -> AccountReading:
    """Read account, structure, lifetimes and days in one HTTP request of three Graph reads.

    Without campaigns only the account node is read. More pages are more reads, and so is an asset that is
    in no list of the account.

    Raises:
        PlatformError: The account or its structure could not be had. Insights that could not be had
            make the reading incomplete instead.
    """
    calls = _calls(account_id, scope)
    node, *insights = graph.read_many(calls) if len(calls) > 1 else [_read(graph, calls[0])]
    if isinstance(node, ProofRefused):  # no other read would be answered
        raise node
    if scope.assets and isinstance(node, PlatformError) and not isinstance(node, (AuthExpired, Throttled)):
        # A list that may not be read prevents no reading of the account.
        node = _read(graph, _structure_call(account_id, scope.campaign_ids))
    found = _structure(graph, account_id, scope.campaign_ids, node)
    if isinstance(node, PlatformError):
        node = graph.read(_structure_call(account_id, ()))
    windows = [_rows(graph, call, rows) for call, rows in zip(calls[1:], insights, strict=True)]
    reading = _reading(node, found, *(windows or _NOTHING))
    if not scope.assets:
        return reading
    where = asset_lookup.LookupScope(account_id, scope.until)
    return replace(reading, absent_assets=asset_lookup.absent(graph, where, node, scope.assets))


def _calls(account_id: str, scope: AccountScope) -> list[Call]:
    lists = asset_lookup.listing(scope.assets, scope.until)
    node = _structure_call(account_id, scope.campaign_ids, lists)
    if not scope.campaign_ids:
        return [node]
    return [
        node,
        _insights_call(account_id, scope.campaign_ids, {"date_preset": "maximum"}),
        _insights_call(account_id, scope.campaign_ids, _daily(scope.since, scope.until)),
    ]


def _read(graph: Graph, call: Call) -> Body | PlatformError:
    try:
        return graph.read(call)
    except PlatformError as error:
        return error


def structure(graph: Graph, account_id: str, campaign_ids: Sequence[str]) -> RemoteTree:
    """Read campaigns and their ad sets as they are now: one Graph read."""
    if not campaign_ids:
        return (), ()
    try:
        return _structure(
            graph, account_id, campaign_ids, graph.read(_structure_call(account_id, campaign_ids))
        )
    except TooMuchData as error:
        return _structure(graph, account_id, campaign_ids, error)


def marked(graph: Graph, account_id: str, mark: str) -> RemoteTree:
    """Find the account's living campaigns and ad sets whose name holds ``mark``."""

    def edge(name: str, fields: Sequence[str], statuses: Sequence[str]) -> Iterable[Body]:
        params = {
            "fields": _comma(fields),
            "filtering": [{"field": "name", "operator": "CONTAIN", "value": mark}],
            "effective_status": [status for status in statuses if status not in ("DELETED", "ARCHIVED")],
            "limit": LISTED_A_PAGE,
        }
        return graph.nodes(Call(what=f"list {name} by name", path=(account_id, name), params=params))

    campaigns = edge("campaigns", responses.CAMPAIGN_FIELDS, CAMPAIGN_STATUSES)
    ad_sets = edge("adsets", responses.AD_SET_FIELDS, AD_SET_STATUSES)
    return tuple(map(responses.campaign, campaigns)), tuple(map(responses.ad_set, ad_sets))


def campaign(graph: Graph, campaign_id: str) -> RemoteCampaign:
    """Read one campaign as it is now."""
    return responses.campaign(graph.read(_node_call("read campaign", campaign_id, responses.CAMPAIGN_FIELDS)))


def ad_set(graph: Graph, ad_set_id: str) -> RemoteAdSet:
    """Read one ad set as it is now."""
    return responses.ad_set(graph.read(_node_call("read ad set", ad_set_id, responses.AD_SET_FIELDS)))


def ad(graph: Graph, ad_id: str) -> Found:
    """Read one ad as it is now."""
    return responses.found(graph.read(_node_call("read ad", ad_id, responses.FOUND_FIELDS)))


def children(graph: Graph, path: tuple[str, str], statuses: Sequence[str], *fields: str) -> list[Found]:
    """List an edge of its parent, all statuses, oldest first.

    The parent's own edge shows a new object sooner than a filter over the account does.
    """
    params: dict[str, Any] = {"fields": _comma((*responses.FOUND_FIELDS, *fields)), "limit": LISTED_A_PAGE}
    if statuses:
        params["effective_status"] = list(statuses)
    call = Call(what=f"list {path[1]} of {path[0]}", path=path, params=params)
    return responses.oldest_first([responses.found(node) for node in graph.nodes(call)])


def creatives(graph: Graph, account_id: str) -> list[Found]:
    """List the account's creatives; Meta neither reports their age nor filters them."""
    params = {"fields": "id,name,status", "limit": LISTED_A_PAGE}
    call = Call(what="list creatives", path=(account_id, "adcreatives"), params=params)
    return responses.oldest_first([responses.found(node) for node in graph.nodes(call)])


def copies(graph: Graph, ad_set_id: str, campaign_id: str) -> list[Found]:
    """List the copies of an ad set that lie in one campaign, oldest first."""
    params = {
        "fields": _comma((*responses.FOUND_FIELDS, "campaign_id")),
        "effective_status": list(AD_SET_STATUSES),
        "limit": LISTED_A_PAGE,
    }
    call = Call(what=f"list copies of ad set {ad_set_id}", path=(ad_set_id, "copies"), params=params)
    nodes = [node for node in graph.nodes(call) if node.get("campaign_id") == campaign_id]
    return responses.oldest_first([responses.found(node) for node in nodes])


def _reading(node: Body, found: RemoteTree, lifetime: _Rows, daily: _Rows) -> AccountReading:
    problem = lifetime[1] or daily[1]
    return AccountReading(
        account=responses.account(node),
        campaigns=found[0],
        ad_sets=found[1],
        lifetime_rows=lifetime[0],
        daily_rows=daily[0],
        insights_complete=problem is None,
        insights_problem=problem,
    )


def _rows(graph: Graph, call: Call, first: Body | PlatformError) -> _Rows:
    try:
        return _all_rows(graph, call, first), None
    except _FATAL:
        raise
    except PlatformError as error:
        return [], str(error)


def _all_rows(graph: Graph, call: Call, first: Body | PlatformError) -> list[Body]:
    """Page after page; in smaller pages, and then by report runs, when Meta finds it too much at once."""
    try:
        if isinstance(first, TooMuchData) and first.subcode is None:
            return list(graph.nodes(replace(call, params={**call.params, "limit": ROWS_A_PAGE // 2})))
        if isinstance(first, PlatformError):
            raise first
        return list(graph.nodes(call, first))
    except TooMuchData:
        return reports.rows(graph, call)


def _structure(
    graph: Graph, account_id: str, campaign_ids: Sequence[str], node: Body | PlatformError
) -> RemoteTree:
    """What hangs under the account's node; page by page when Meta finds it too much at once."""
    if not campaign_ids:
        return (), ()
    if isinstance(node, PlatformError) and not isinstance(node, TooMuchData):
        raise node
    edge = Call(
        what="read campaigns",
        path=(account_id, "campaigns"),
        params={
            "fields": _CAMPAIGN_FIELDS,
            "filtering": _of_campaigns(campaign_ids),
            "effective_status": list(CAMPAIGN_STATUSES),
            "limit": CAMPAIGNS_A_PAGE,
        },
    )
    first = None if isinstance(node, PlatformError) else _edge(node, "campaigns")
    nodes = list(graph.nodes(edge, first))
    sets = [each for campaign_node in nodes for each in _ad_sets(graph, campaign_node)]
    return tuple(map(responses.campaign, nodes)), tuple(
        responses.ad_set(each, [responses.ad(ad_node) for ad_node in _ads(graph, each)]) for each in sets
    )


def _ad_sets(graph: Graph, campaign_node: Body) -> Iterable[Body]:
    edge = Call(
        what="read ad sets",
        path=(str(campaign_node.get("id")), "adsets"),
        params={
            "fields": _AD_SET_FIELDS,
            "effective_status": list(AD_SET_STATUSES),
            "limit": AD_SETS_A_PAGE,
        },
    )
    return graph.nodes(edge, _edge(campaign_node, "adsets"))


def _ads(graph: Graph, ad_set_node: Body) -> Iterable[Body]:
    """The ads of an ad set that are neither archived nor deleted."""
    edge = Call(
        what="read ads",
        path=(str(ad_set_node.get("id")), "ads"),
        params={"fields": _AD_FIELDS, "limit": ADS_A_PAGE},
    )
    return graph.nodes(edge, _edge(ad_set_node, "ads"))


def _edge(node: Body, name: str) -> Body:
    # Meta leaves an expanded edge out when nothing is on it.
    edge = node.get(name, {"data": []})
    if not isinstance(edge, dict):
        raise Transient(f"Meta's answer has no readable {name!r}. Read it again later.")
    return edge


def _node_call(what: str, node_id: str, fields: Sequence[str]) -> Call:
    return Call(what=f"{what} {node_id}", path=(node_id,), params={"fields": _comma(fields)})


def _structure_call(account_id: str, campaign_ids: Sequence[str], more: Sequence[str] = ()) -> Call:
    if not campaign_ids:
        return _node_call("read ad account", account_id, (*responses.ACCOUNT_FIELDS, *more))
    campaigns = (
        f"campaigns.filtering({_compact(_of_campaigns(campaign_ids))})"
        f".effective_status({_compact(CAMPAIGN_STATUSES)}).limit({CAMPAIGNS_A_PAGE})"
        f"{{{_CAMPAIGN_FIELDS}}}"
    )
    return _node_call("read ad account", account_id, (*responses.ACCOUNT_FIELDS, campaigns, *more))


def _insights_call(account_id: str, campaign_ids: Sequence[str], period: dict[str, Any]) -> Call:
    alive_or_not = {"field": "adset.effective_status", "operator": "IN", "value": list(AD_SET_STATUSES)}
    params = {
        "level": "adset",
        "fields": _comma(INSIGHT_FIELDS),
        "filtering": [*_of_campaigns(campaign_ids), alive_or_not],
        "limit": ROWS_A_PAGE,
    }
    return Call(what="read insights", path=(account_id, "insights"), params=params | period)


def _daily(since: date, until: date) -> dict[str, Any]:
    return {"time_range": {"since": since.isoformat(), "until": until.isoformat()}, "time_increment": 1}


def _of_campaigns(campaign_ids: Sequence[str]) -> list[dict[str, Any]]:
    return [{"field": "campaign.id", "operator": "IN", "value": list(campaign_ids)}]
