"""Graph JSON and our values, both ways. Pure."""

from orchestrator.meta.wire.answers import AccountReading, AccountState, Found, MetaAdSet, MetaCampaign
from orchestrator.meta.wire.assets import creative_spec, promoted_object
from orchestrator.meta.wire.specs import (
    AdSetSpec,
    AdSpec,
    CampaignSpec,
    CreativeSpec,
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
