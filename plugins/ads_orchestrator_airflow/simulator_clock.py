"""The present of a simulator, where requests do not go to Meta itself."""

from __future__ import annotations

from datetime import datetime

import httpx

from orchestrator.settings import Settings

TIMEOUT_S = 2.0


def present(settings: Settings) -> datetime | None:
    """Return what a simulator's clock says: its ads deliver by that clock, so runs are asked for at it.

    Null with Meta itself, and with a server that has no such clock: then it is now.
    """
    if settings.is_real_meta():
        return None
    try:
        answer = httpx.get(f"{settings.meta_base_url}/_sim/clock", timeout=TIMEOUT_S, trust_env=False)
    except httpx.TransportError:
        return None
    return datetime.fromisoformat(answer.json()["now"]) if answer.is_success else None
