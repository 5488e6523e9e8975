"""All tables, rows' owners, views and the eligibility functions."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing; keep what the host application has."""
    run_files("0001_")
