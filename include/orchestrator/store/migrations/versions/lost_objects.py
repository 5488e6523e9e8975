"""Each account says since which start of the database it was looked through for objects of ours."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "lost_objects"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns; null: not yet."""
    run_files("lost_objects_")
