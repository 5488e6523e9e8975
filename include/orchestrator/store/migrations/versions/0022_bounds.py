"""Numbers, times and documents have bounds."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Check what is written from now on; and what is there, where all of it fits."""
    run_files("0022_")
