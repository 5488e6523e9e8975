"""What is open, and in which state a user is, each said once."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add two views."""
    run_files("0012_")
