"""Queries of the operators' panel and of ``why``: typed rows, one short transaction a call."""

from __future__ import annotations

from orchestrator.store.database import Database, PoolLimits
from orchestrator.store.panel.panel_fleet import FleetQueries
from orchestrator.store.panel.panel_performance import PerformanceQueries
from orchestrator.store.panel.panel_run import RunQueries
from orchestrator.store.panel.panel_user import UserQueries
from orchestrator.store.runs import RunRepository

__all__ = ["PanelStore"]

STATEMENT_S = 15
"""Statement timeout, in seconds: a person waits for the page."""


class PanelStore:
    """Our Postgres, as the service, for pages that a person waits for.

    Every method of every member raises ``DatabaseUnavailable`` when Postgres cannot be reached or
    takes longer than ``STATEMENT_S``.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_service``.
        connections: upper bound of the pool.
    """

    def __init__(self, dsn: str, *, connections: int = 4) -> None:
        self._database = Database(dsn, PoolLimits(connections=connections, statement_s=STATEMENT_S))
        begin = self._database.transaction
        self.fleet = FleetQueries(begin)
        self.user = UserQueries(begin)
        self.run = RunQueries(begin)
        self.performance = PerformanceQueries(begin)
        self.runs = RunRepository(begin)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
