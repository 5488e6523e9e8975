"""Where one user's actions are made, and what every handler needs there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from msgspec import structs

from orchestrator.domain import reasons
from orchestrator.domain.action_log import OPEN, ActionRow
from orchestrator.domain.model import Action
from orchestrator.domain.records import AdSetRow, CampaignRow, UserRows
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.execution.own_writes import OwnWrite
from orchestrator.platforms.base import (
    AdsAccount,
    AtomicAccount,
    Capabilities,
    CopyingAccount,
    Found,
    ObjectKind,
)
from orchestrator.snapshot.shared_budgets import Sharing
from orchestrator.store import Store


@dataclass(slots=True, kw_only=True)
class ExecutionContext:
    """Where one user's actions are made: their account, their rows, this run's new ids.

    ``ids`` maps the plan's ``new:...`` ids to the platform's; ``copies`` are those of copies, which the plan
    does not name. ``campaigns`` and ``ad_sets`` are our rows by the platform's id and follow what is written.
    ``intended_activations``: by action, what it was about to activate. ``pause`` waits for a listing to
    catch up. ``own_writes``: what was written a moment ago, by earlier runs too; ``late``: the objects of
    which the last reading did not show it yet. ``open_rises``: rises of this run that may have happened.
    """

    account: AdsAccount
    capabilities: Capabilities
    store: Store
    user: UserRows
    now: datetime
    pause: Callable[[], None]
    ids: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, CampaignRow] = field(default_factory=dict)
    ad_sets: dict[str, AdSetRow] = field(default_factory=dict)
    creatives: dict[str, str] = field(default_factory=dict)
    copies: set[str] = field(default_factory=set)
    intended_activations: dict[int, list[str]] = field(default_factory=dict)
    own_writes: list[OwnWrite] = field(default_factory=list)
    late: frozenset[str] = frozenset()
    open_rises: list[Action] = field(default_factory=list)

    @property
    def copying(self) -> CopyingAccount:
        """The account, on a platform with ``copies``."""
        return cast("CopyingAccount", self.account)

    def sharing(self, intended: AdSetRow | None = None) -> Sharing | None:
        """How ad sets share their campaign's budget; null where they own their own."""
        return None if "ad_set" in self.capabilities.budget_levels else Sharing(intended)

    @property
    def atomic(self) -> AtomicAccount:
        """The account, on a platform with ``atomic_writes``."""
        return cast("AtomicAccount", self.account)

    def remote_id(self, planned_id: str | None) -> str | None:
        """The platform's id of a planned id; null when it was not created."""
        if planned_id is None or not planned_id.startswith("new:"):
            return planned_id
        return self.ids.get(planned_id)

    @property
    def trusted(self) -> frozenset[str]:
        """What this run created: it is there, though a listing may not show it yet."""
        return frozenset(self.ids.values()) | self.copies

    def remember(self, row: CampaignRow | AdSetRow) -> None:
        """Remember what we now know of an object of ours."""
        if isinstance(row, CampaignRow):
            self.store.ad_objects.upsert_campaigns([row])
            self.campaigns[row.id] = row
        else:
            self.store.ad_objects.upsert_ad_sets([row])
            self.ad_sets[row.id] = row

    def remember_active(self, kind: ObjectKind, object_id: str) -> None:
        """Remember that an object of ours delivers. In a campaign that ran dry it begins the revival."""
        known = self.row_of(kind, object_id)
        active = replace(known, status="ACTIVE", paused_by=None, paused_reason=None, active_since=self.now)
        if isinstance(active, CampaignRow):
            self.remember(active)
            return
        is_revived = self.store.ad_objects.activate_ad_set(active)
        self.ad_sets[active.id] = active
        if is_revived:
            campaign = self.campaigns[active.campaign_id]
            self.campaigns[campaign.id] = replace(campaign, paused_reason=reasons.REVIVING.code)

    def leave_no_revival(self, row: ActionRow) -> None:
        """Remember that a campaign is as dry as before, when what began its revival counts as not made."""
        campaign = self.campaigns.get(self.remote_id(row.action.campaign_id) or "")
        if campaign is None or campaign.paused_reason != reasons.REVIVING.code:
            return
        active = (a for a in self.ad_sets.values() if (a.campaign_id, a.status) == (campaign.id, "ACTIVE"))
        if all(a.source_adset_id == row.action.adset_id for a in active):
            self.remember(replace(campaign, paused_reason=reasons.NO_ACTIVE_ADSET.code))

    def remember_paused_by_user(self, kind: ObjectKind, object_id: str) -> None:
        """Remember that a person paused an object of ours: it stays so until a person resumes it."""
        known = self.row_of(kind, object_id)
        self.remember(replace(known, status="PAUSED", paused_by="user", paused_reason=None))

    def known(self, kind: str, object_id: str) -> CampaignRow | AdSetRow | None:
        """Our row of an object; null when there is none."""
        return self.campaigns.get(object_id) if kind == "campaign" else self.ad_sets.get(object_id)

    def row_of(self, kind: str, object_id: str) -> CampaignRow | AdSetRow:
        """Our row of an object."""
        return self.campaigns[object_id] if kind == "campaign" else self.ad_sets[object_id]

    def remember_ids(self, row: ActionRow) -> None:
        """Map the plan's ids of what a row created to the platform's."""
        made = RemoteIds.of(row.details)
        for planned, remote in (
            (row.action.campaign_id, made.campaign_id),
            (row.action.adset_id, made.adset_id),
        ):
            if planned is not None and planned.startswith("new:") and remote is not None:
                self.ids[planned] = remote

    def find(self, row: ActionRow, look: Callable[[], Sequence[Found]]) -> Sequence[Found]:
        """What an action that may have been begun created; nothing for one that was not.

        Found nothing once, it is looked for again after a pause: a listing may lag behind.
        """
        if not may_have_been_sent(row):
            return ()
        found = look()
        if not found:
            self.pause()
            found = look()
        return found

    def adopt(self, kind: ObjectKind, found: Sequence[Found]) -> tuple[dict[str, Any], str | None]:
        """Keep the oldest of what is found; pause the rest, which must never spend, and report it."""
        if not found:
            return {}, None
        for duplicate in found[1:]:
            self.account.set_status(kind, duplicate.id, "PAUSED")
        details = {"duplicates_paused": [d.id for d in found[1:]]} if found[1:] else {}
        return details, found[0].id


def may_have_been_sent(row: ActionRow) -> bool:
    """Whether an action may have been sent by a process that died, or its answer was lost."""
    return row.status in OPEN


def target(context: ExecutionContext, action: Action) -> tuple[Literal["campaign", "ad_set"], str]:
    """What an update writes to: the ad set when one is named, else the campaign."""
    if action.adset_id is not None:
        return "ad_set", context.remote_id(action.adset_id) or ""
    return "campaign", context.remote_id(action.campaign_id) or ""


def with_remote_ids(context: ExecutionContext, action: Action) -> Action:
    """The action with the platform's ids. What it creates retains its planned id."""
    ad_set_id = (
        action.adset_id if action.action_type == "create_adset" else context.remote_id(action.adset_id)
    )
    return structs.replace(action, campaign_id=context.remote_id(action.campaign_id), adset_id=ad_set_id)


def new_ad_set(
    context: ExecutionContext,
    row: ActionRow,
    ad_set_id: str,
    campaign_id: str,
    *,
    cell: tuple[str, str | None],
) -> AdSetRow:
    """Our row of an ad set that this action created: PAUSED, in creation."""
    return AdSetRow(
        id=ad_set_id,
        user_id=row.user_id,
        campaign_id=campaign_id,
        goal_key=row.action.goal_key,
        audience=cell[0],
        creative_id=cell[1],
        source_adset_id=None,
        status="PAUSED",
        paused_by="creation",
        paused_reason=None,
        daily_budget_minor=row.action.after_minor,
        created_at=context.now,
        active_since=None,
        removed_at=None,
        platform=context.user.assets.platform,
    )
