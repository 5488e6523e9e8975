"""What is asked before every write: who holds the user, until when, and whether writing is stopped."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add to what 0001 made."""
    run_files("0002_")
