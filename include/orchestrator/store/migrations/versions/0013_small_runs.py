"""What is updated in every run has room for it in its page."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Change how rows are laid out on disk, and no column."""
    run_files("0013_")
