"""What Meta can. Loads no SDK."""

from __future__ import annotations

from orchestrator.platforms.base import ALL_LEVELS, Capabilities

NAME = "meta"
CAPABILITIES = Capabilities(
    budget_levels=ALL_LEVELS,
    copies=True,
    atomic_writes=False,
    # developers.facebook.com/docs/marketing-api/insights/best-practices
    restated_days=28,
)
