"""A page of eligible users looks at those in a run from its own first user on, not from the first of all."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Replace one function; its rights stay."""
    run_files("0008_")
