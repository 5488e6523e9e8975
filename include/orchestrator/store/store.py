"""The store: one repository an aggregate over one pool of connections.

Each call of a repository is one short transaction; none is open between two calls. The number of
statements of a call does not depend on the number of users. Every call that may be repeated after
a break finds what it did before and does not do it twice.
"""

from __future__ import annotations

from datetime import timedelta
from types import TracebackType
from typing import Self

from orchestrator.store.action_log import ActionLog
from orchestrator.store.ad_objects import AdObjects
from orchestrator.store.database import Database, PoolLimits
from orchestrator.store.encryption import Secrets
from orchestrator.store.insight_days import InsightDays
from orchestrator.store.kill_switch import KillSwitch
from orchestrator.store.leases import LEASE, LeaseRepository
from orchestrator.store.retention import RetentionStore
from orchestrator.store.run_openings import RunOpenings
from orchestrator.store.runs import RunRepository
from orchestrator.store.snapshots import SnapshotRepository
from orchestrator.store.tokens import TokenRepository
from orchestrator.store.users import UserRepository


class Store:
    """Our Postgres, as the service that sees every user. Close it, or use it with ``with``.

    Every method of every repository raises ``DatabaseUnavailable`` when Postgres cannot be reached
    or the connection breaks.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_service``.
        secrets: decrypts the access tokens.
        lease: how long the user of a run that died stays locked; longer than the longest step.
        limits: connections and statement time.
    """

    def __init__(
        self,
        dsn: str,
        secrets: Secrets,
        *,
        lease: timedelta = LEASE,
        limits: PoolLimits | None = None,
    ) -> None:
        self._database = database = Database(dsn, limits or PoolLimits())
        begin = database.transaction
        self.run_openings = RunOpenings(begin)
        self.runs = RunRepository(begin, lease)
        self.leases = LeaseRepository(begin, lease)
        self.kill_switch = KillSwitch(begin)
        self.users = UserRepository(begin, secrets)
        self.ad_objects = AdObjects(begin)
        self.insight_days = InsightDays(begin)
        self.snapshots = SnapshotRepository(begin)
        self.action_log = ActionLog(begin)
        self.retention = RetentionStore(begin)
        self.tokens = TokenRepository(begin, secrets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
