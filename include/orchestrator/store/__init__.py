"""Our own Postgres: the only part that talks to it."""

from __future__ import annotations

from orchestrator.store.database import PoolLimits
from orchestrator.store.store import Store

__all__ = ["PoolLimits", "Store"]
