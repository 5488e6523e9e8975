"""What Meta can. Loads no SDK."""

from __future__ import annotations

from orchestrator.platforms.base import Capabilities

NAME = "meta"
CAPABILITIES = Capabilities(
    budget_levels=frozenset({"campaign", "ad_set"}),
    copies=True,
    atomic_writes=False,
    # developers.facebook.com/docs/marketing-api/insights/best-practices
    restated_days=28,
)
