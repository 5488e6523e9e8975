"""Each account, campaign, ad set and run says which platform it is of."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns; what is there is Meta's."""
    run_files("0018_")
