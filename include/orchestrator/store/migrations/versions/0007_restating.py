"""When a user's restated days of Insights were last read."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add to what 0006 made."""
    run_files("0007_")
