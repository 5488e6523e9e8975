"""Graph JSON and our values, both ways. Pure."""

from orchestrator.platforms.meta.wire.assets import creative_spec, promoted_object
from orchestrator.platforms.meta.wire.payloads import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec
from orchestrator.platforms.meta.wire.responses import (
    AccountReading,
    AccountState,
    Found,
    MetaAdSet,
    MetaCampaign,
)

__all__ = [
    "AccountReading",
    "AccountState",
    "AdSetSpec",
    "AdSpec",
    "CampaignSpec",
    "CreativeSpec",
    "Found",
    "MetaAdSet",
    "MetaCampaign",
    "creative_spec",
    "promoted_object",
]
