"""Which accounts the platform stopped, since when; and old rows of the host application can be updated."""

from __future__ import annotations

from orchestrator.store.migrations import run_files

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Leave out the first checks that older rows break; add the columns, null until the next run."""
    run_files("0024_")
