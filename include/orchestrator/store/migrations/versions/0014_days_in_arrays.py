"""A user's day is one row, read ad set by ad set through a view of the old name."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Move the daily figures; nothing of them is lost."""
    run_files("0014_")
