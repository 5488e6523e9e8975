"""Pages of runs are filled: no update of a run can use what was left free."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add to what 0009 made."""
    run_files("0010_")
