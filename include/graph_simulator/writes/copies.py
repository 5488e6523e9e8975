"""Copying campaigns, ad sets and ads: everything is checked again, as if it were new."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from graph_simulator.answers.render import check_fields, render, requested_fields
from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, bad_param, invalid
from graph_simulator.rules.ad_sets import check_new_ad_set
from graph_simulator.rules.budgets import NO_CAP
from graph_simulator.rules.campaigns import check_new_campaign
from graph_simulator.rules.creatives import check_new_ad
from graph_simulator.rules.devices import widen_devices
from graph_simulator.state.objects import Ad, AdSet, Campaign
from graph_simulator.state.status import GONE
from graph_simulator.writes import params
from graph_simulator.writes.create import attach_ad, attach_ad_set, attach_campaign, find_same_account

MOST_ADS_SYNC = 3
MOST_ADS_ASYNC = 51
_STRATEGIES = ("DEEP_RENAME", "ONLY_TOP_LEVEL_RENAME", "NO_RENAME")
_KEYS = {"Campaign": "copied_campaign_id", "AdSet": "copied_adset_id", "Ad": "copied_ad_id"}
_KINDS = {"Campaign": "campaign", "AdSet": "ad_set", "Ad": "ad"}


@dataclass(slots=True)
class Job:
    """One copy under way: how to name, with which status, and what has been made."""

    view: View
    given: dict[str, Any]
    most_ads: int
    made: list[tuple[Any, Any]]

    def name_of(self, source: Any, *, is_top: bool) -> str:
        """The copy's name, as ``rename_options`` specify."""
        options = self.given.get("rename_options") or {}
        strategy = options.get("rename_strategy", "ONLY_TOP_LEVEL_RENAME")
        if strategy not in _STRATEGIES:
            raise bad_param(
                f"Param rename_options[rename_strategy] must be one of {{{', '.join(_STRATEGIES)}}}",
                "rename_options",
            )
        if strategy == "NO_RENAME" or (strategy == "ONLY_TOP_LEVEL_RENAME" and not is_top):
            return str(source.name)
        prefix, suffix = options.get("rename_prefix"), options.get("rename_suffix")
        if prefix is None and suffix is None:
            suffix = " - Copy"
        return f"{prefix or ''}{source.name}{suffix or ''}"

    def status_of(self, source: Any) -> str:
        """The copy's status, as ``status_option`` specifies."""
        option = self.given.get("status_option", "PAUSED")
        if option == "INHERITED_FROM_SOURCE":
            return source.status if source.status not in GONE else "PAUSED"
        return str(option)


def copy_node(view: View, node: Any, raw: dict[str, Any], most_ads: int = MOST_ADS_SYNC) -> dict[str, Any]:
    """``POST /{id}/copies`` of a campaign, an ad set or an ad.

    Raises:
        GraphError: 100/1885194 for too many ads, else whatever a create of the same thing would deserve.
    """
    given = params.typed(view, node.node, "copies", raw)
    job = Job(view, given, most_ads, [])
    requested = requested_fields(raw)
    check_fields(node.node, requested)
    try:
        made = _copy(job, node)
    except GraphError:
        _undo(job)
        raise
    return (
        {_KEYS[node.node]: made.id} | _listing(job) | (_read_back(made, requested, view) if requested else {})
    )


def _copy(job: Job, node: Any) -> Any:
    if isinstance(node, Campaign):
        return _copy_campaign(job, node)
    if isinstance(node, AdSet):
        return _copy_ad_set(job, node, _target(job, node), is_top=True)
    return _copy_ad(job, node, _parent(job, node), is_top=True)


def _undo(job: Job) -> None:
    """A copy is made whole or not at all."""
    for _, made in reversed(job.made):
        del job.view.world.objects[made.id]
        _siblings(made).remove(made)
    job.view.world.changes -= len(job.made)


def _siblings(node: Any) -> list[Any]:
    if isinstance(node, Campaign):
        return node.account.campaigns
    return node.campaign.ad_sets if isinstance(node, AdSet) else node.ad_set.ads


def _read_back(made: Any, requested: Any, view: View) -> dict[str, Any]:
    answer = render(made, requested, view)
    return (
        answer
        if any(each.name == "id" for each in requested)
        else {k: v for k, v in answer.items() if k != "id"}
    )


def _listing(job: Job) -> dict[str, Any]:
    if all(isinstance(source, Ad) for source, _ in job.made):
        return {}
    rows = [
        {"ad_object_type": _KINDS[source.node], "source_id": source.id, "copied_id": made.id}
        for source, made in job.made
    ]
    return {"ad_object_ids": rows}


def _is_deep(job: Job) -> bool:
    return bool(job.given.get("deep_copy", False))


def _refuse_large(job: Job, ad_sets: list[AdSet]) -> None:
    ads = sum(len(_living(each.ads)) for each in ad_sets) if _is_deep(job) else 0
    if ads > job.most_ads:
        raise GraphError(
            "Copy request is too large",
            subcode=1885194,
            type="FacebookApiException",
            title="Copy request is too large",
            text=f"The total number of children ads to copy should not exceed {job.most_ads}.",
            transient=False,
        )


def _living(items: list[Any]) -> list[Any]:
    return [item for item in items if item.status not in GONE]


def _target(job: Job, node: AdSet) -> Campaign:
    number = job.given.get("campaign_id")
    if number is None:
        return node.campaign
    found: Campaign = find_same_account(job.view, node.account, number, Campaign)
    return found


def _parent(job: Job, node: Ad) -> AdSet:
    number = job.given.get("adset_id")
    if number is None:
        return node.ad_set
    found: AdSet = find_same_account(job.view, node.account, number, AdSet)
    return found


def _copy_campaign(job: Job, source: Campaign) -> Campaign:
    _refuse_large(job, _living(source.ad_sets))
    draft: Campaign = _draft(job, source, is_top=True)
    draft.ad_sets = []
    draft.start, draft.stop = _times(job, source.start, source.stop)
    check_new_campaign(draft)
    attach_campaign(job.view, draft)
    job.made.append((source, draft))
    if _is_deep(job):
        for each in _living(source.ad_sets):
            _copy_ad_set(job, each, draft, is_top=False)
    return draft


def _copy_ad_set(job: Job, source: AdSet, target: Campaign, *, is_top: bool) -> AdSet:
    if is_top:
        _refuse_large(job, [source])
    draft: AdSet = _draft(job, source, is_top=is_top)
    draft.campaign, draft.ads, draft.issues = target, [], ()
    draft.start, draft.end = _times(job, source.start, source.end)
    draft.budget_edits, draft.paused_at = (), None
    _inherit_budget(draft, source)
    check_new_ad_set(draft)
    widen_devices(draft, job.view.version, job.view.now)
    attach_ad_set(job.view, draft)
    job.made.append((source, draft))
    if _is_deep(job):
        for each in _living(source.ads):
            _copy_ad(job, each, draft, is_top=False)
    return draft


def _inherit_budget(draft: AdSet, source: AdSet) -> None:
    """Into CBO the ad set's own budget is dropped; out of CBO there is none to bring."""
    if draft.campaign.is_cbo:
        draft.daily_budget = draft.lifetime_budget = None
        draft.bid_strategy = None
    elif source.campaign.is_cbo:
        raise invalid(
            None,
            "Budget is missing",
            "The copy has no budget: its source uses a campaign budget.",
            "campaign_id",
        )
    else:
        draft.bid_strategy = draft.bid_strategy or NO_CAP


def _times(job: Job, start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """A finished run is scheduled again from now on, with the same duration."""
    now = job.view.now
    start, end = job.given.get("start_time", start), job.given.get("end_time", end)
    if end and end <= now and "end_time" not in job.given:
        return now, now + end - (start or now)
    return start, end or None


def _copy_ad(job: Job, source: Ad, parent: AdSet, *, is_top: bool) -> Ad:
    draft: Ad = _draft(job, source, is_top=is_top)
    draft.ad_set, draft.ledger, draft.issues = parent, None, ()
    check_new_ad(draft)
    attach_ad(job.view, draft)
    job.made.append((source, draft))
    return draft


def _draft(job: Job, source: Any, *, is_top: bool) -> Any:
    if source.status == "DELETED":
        raise invalid(None, "Object was deleted", "A deleted object cannot be copied.")
    draft = copy(source)
    draft.id, draft.source_id, draft.labels = "0", source.id, ()
    draft.name = job.name_of(source, is_top=is_top)
    draft.status = job.status_of(source)
    draft.created = draft.updated = job.view.now
    return draft
