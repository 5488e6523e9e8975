"""Our rows and Meta's objects, each plain but for what a test changes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from orchestrator.domain.records import AdSetRow, AssetsRow, CampaignRow, CreativeRow, GoalRow, UserRows
from orchestrator.platforms.base import RemoteAdSet, RemoteCampaign

USER = UUID("6f9c2a1e-0000-4000-8000-000000000001")
CREATED = datetime(2026, 11, 1, tzinfo=UTC)
ACTIVATED = datetime(2026, 11, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_campaign_row(**change: Any) -> CampaignRow:
    plain = {
        "id": "1",
        "user_id": USER,
        "goal_key": "streams",
        "role": "testing",
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": None,
        "created_at": CREATED,
        "active_since": ACTIVATED,
        "removed_at": None,
    }
    return CampaignRow(**(plain | change))


def an_ad_set_row(**change: Any) -> AdSetRow:
    plain = {
        "id": "11",
        "user_id": USER,
        "campaign_id": "1",
        "goal_key": "streams",
        "audience": "broad",
        "creative_id": "c1",
        "source_adset_id": None,
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": 250,
        "created_at": CREATED,
        "active_since": CREATED,
        "removed_at": None,
    }
    return AdSetRow(**(plain | change))


def on_meta(**change: Any) -> RemoteCampaign:
    plain = {
        "id": "1",
        "name": "Streams",
        "objective": "OUTCOME_SALES",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "daily_budget_minor": None,
        "created_at": CREATED,
        "updated_at": CREATED,
    }
    return RemoteCampaign(**(plain | change))


def ad_set_on_meta(**change: Any) -> RemoteAdSet:
    plain = {
        "id": "11",
        "campaign_id": "1",
        "name": "broad",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "daily_budget_minor": 250,
        "optimization_goal": "OFFSITE_CONVERSIONS",
        "created_at": CREATED,
        "updated_at": CREATED,
        "start_at": None,
        "source_adset_id": None,
    }
    return RemoteAdSet(**(plain | change))


def an_assets_row(**change: Any) -> AssetsRow:
    plain = {
        "ad_account_id": "act_1",
        "page_id": None,
        "instagram_user_id": None,
        "pixel_id": None,
        "conversions": {},
        "currency": "USD",
        "timezone": "America/Los_Angeles",
        "access_token": SecretStr("secret-token"),
    }
    return AssetsRow(**(plain | change))


def a_creative_row(creative_id: str = "c1", **change: Any) -> CreativeRow:
    plain = {
        "id": creative_id,
        "goal_key": "streams",
        "status": "approved",
        "created_at": CREATED,
        "spec": {"message": "listen"},
        "remote_id": None,
    }
    return CreativeRow(**(plain | change))


def a_user(**change: Any) -> UserRows:
    plain = {
        "user_id": USER,
        "auto_scale_winners": True,
        "auto_pause_losers": True,
        "global_daily_budget": Decimal(10),
        "max_daily_budget": None,
        "goals": (
            GoalRow(goal_key="streams", is_active=True, priority=5, budget_hint=None, learning_share_bp=None),
        ),
        "assets": an_assets_row(),
        "templates": (),
        "creatives": (),
        "campaigns": (a_campaign_row(),),
        "ad_sets": (),
        "history": (),
        "units_per_usd": None,
    }
    return UserRows(**(plain | change))
