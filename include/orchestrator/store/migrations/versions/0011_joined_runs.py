"""The run that an Idempotency-Key joined stays its run."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add one table."""
    run_files("0011_")
