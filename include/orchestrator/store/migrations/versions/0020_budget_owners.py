"""Lifetime budgets and people's own ad sets count among the live budgets, whoever owns them."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns, filled by the next run, and count them."""
    run_files("0020_budget_owners")
