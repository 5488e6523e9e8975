"""What later steps decide may stand in an earlier step's row."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add to what 0008 made."""
    run_files("0009_")
