"""What the operator's panel asks of the runs, page by page."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add indexes."""
    run_files("0005_")
