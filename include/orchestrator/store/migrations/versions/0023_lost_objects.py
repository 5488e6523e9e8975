"""Each account says since which start of the database it was looked through for objects of ours."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the columns; null: not yet."""
    run_files("0023_")
