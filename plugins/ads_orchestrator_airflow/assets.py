"""The asset that other DAGs may be scheduled on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset

if TYPE_CHECKING:
    from orchestrator.domain.records import RunTotals

RUNS = Asset(name="ads_orchestrator_runs", uri="ads-orchestrator://runs", group="ads")
"""Updated when all rows of a run are in Postgres, whether the run succeeded or not."""


def run_event(totals: RunTotals) -> dict[str, Any]:
    """Return the extra of the asset's event: the run's key and totals."""
    return asdict(totals)
