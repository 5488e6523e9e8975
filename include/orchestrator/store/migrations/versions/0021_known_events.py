"""What is known of an ad set is stored, and what people decided about evidence and paused goals."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns, filled from the stored days, and the table."""
    run_files("0021_")
