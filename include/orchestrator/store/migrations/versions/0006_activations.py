"""Campaigns whose activation is open are found again; Meta's raw answer is not kept."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add to what 0005 made."""
    run_files("0006_")
