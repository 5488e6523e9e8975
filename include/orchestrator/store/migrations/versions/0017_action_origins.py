"""An action's origin and the transitions of its status; the live daily budget of a campaign."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column and the trigger, correct what emergency stops recorded, and create the view."""
    run_files("0017_")
