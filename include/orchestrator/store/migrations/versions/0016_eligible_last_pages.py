"""The last pages of eligible users are found like the others."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Replace the function that finds a page."""
    run_files("0016_")
