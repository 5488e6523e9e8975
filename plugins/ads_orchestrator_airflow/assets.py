"""What other DAGs may wait for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset

if TYPE_CHECKING:
    from orchestrator.domain.records import RunTotals

RUNS = Asset(name="ads_orchestrator_runs", uri="ads-orchestrator://runs", group="ads")
"""Updated when everything about a run is in Postgres, whether the run was a success or not."""


def run_event(totals: RunTotals) -> dict[str, Any]:
    """The extra of the asset's event: the run's key and what it came to."""
    return asdict(totals)
