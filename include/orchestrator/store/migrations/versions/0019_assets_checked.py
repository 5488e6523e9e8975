"""What was found of the user's assets on the platform is kept for a day."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns; nobody's assets were looked for."""
    run_files("0019_assets_checked")
