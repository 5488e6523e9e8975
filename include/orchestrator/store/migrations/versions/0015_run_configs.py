"""A run's settings are written once, not with every change of its status."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add a table for them; those of earlier runs stay where they are."""
    run_files("0015_")
