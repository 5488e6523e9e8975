"""What the users' API asks for: acting as a user, and a user's runs in order."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add to what 0003 made."""
    run_files("0004_")
