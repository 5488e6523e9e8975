"""Old rows can go: where they are found by age, and what stays of the daily figures."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add to what 0002 made."""
    run_files("0003_")
