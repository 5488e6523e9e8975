"""The clock of a simulator, in deployments that do not use Meta itself."""

from __future__ import annotations

from datetime import datetime

import httpx

from orchestrator.settings import Settings

TIMEOUT_S = 2.0


def now(settings: Settings) -> datetime | None:
    """Return the simulator's time: its ads deliver by that clock, so runs are planned by it.

    None with Meta itself, and with a server that has no such clock.
    """
    if settings.is_real_meta():
        return None
    try:
        response = httpx.get(f"{settings.meta_base_url}/_sim/clock", timeout=TIMEOUT_S, trust_env=False)
    except httpx.TransportError:
        return None
    return datetime.fromisoformat(response.json()["now"]) if response.is_success else None
