"""Tokens: what they are, and new ones for old ones."""

from __future__ import annotations

import hmac
from typing import Any

from graph_simulator.errors import GraphError, token_error
from graph_simulator.serving.access import refuse_dead
from graph_simulator.state.assets import User
from graph_simulator.state.ids import letters
from graph_simulator.state.world import World

_SCOPES = [
    "ads_management",
    "ads_read",
    "business_management",
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_ads",
    "instagram_basic",
]
_SIXTY_DAYS = 60 * 86400


def debug(world: World, raw: dict[str, Any]) -> dict[str, Any]:
    """``GET /debug_token``: needs the app's own token, or that of a user.

    Raises:
        GraphError: 190 for a token without the right, 100 without ``input_token``.
    """
    asker = str(raw.get("access_token", ""))
    if not _is_app(world, asker) and asker not in world.users:
        raise token_error("Invalid OAuth access token - Cannot parse access token")
    wanted = raw.get("input_token")
    if not wanted:
        raise GraphError("(#100) The parameter input_token is required.")
    user = world.users.get(str(wanted))
    if user is None:
        return {"data": {"is_valid": False, "scopes": [], "error": _unreadable()}}
    return {"data": _known(world, user)}


def _unreadable() -> dict[str, Any]:
    return {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}


def _is_app(world: World, token: str) -> bool:
    return hmac.compare_digest(token.encode(), f"{world.app_id}|{world.app_secret}".encode())


def _known(world: World, user: User) -> dict[str, Any]:
    found: dict[str, Any] = {
        "app_id": world.app_id,
        "type": "USER" if user.expires else "SYSTEM_USER",
        "application": "Simulated app",
        "data_access_expires_at": user.expires,
        "expires_at": user.expires,
        "is_valid": True,
        "issued_at": user.issued,
        "scopes": _SCOPES,
        "granular_scopes": [{"scope": scope} for scope in _SCOPES],
        "user_id": user.id,
    }
    try:
        refuse_dead(world, user)
    except GraphError as error:
        problem = {"code": error.code, "message": error.message, "subcode": error.subcode}
        found |= {"is_valid": False, "error": problem}
    return found


def exchange(world: World, raw: dict[str, Any]) -> dict[str, Any]:
    """``GET /oauth/access_token``: a new token for one that still works; the old one stays as it is.

    Raises:
        GraphError: 101 for a wrong app or secret, 1 for another grant, 190 for a token that is dead.
    """
    if raw.get("client_id") != world.app_id:
        raise GraphError(
            "Error validating application. Cannot get application info due to a system error.", code=101
        )
    if not hmac.compare_digest(str(raw.get("client_secret", "")).encode(), world.app_secret.encode()):
        raise GraphError("Error validating client secret.", code=1)
    if raw.get("grant_type") == "client_credentials":
        return {"access_token": f"{world.app_id}|{world.app_secret}", "token_type": "bearer"}
    if raw.get("grant_type") != "fb_exchange_token":
        raise GraphError("(#100) Param grant_type must be one of {client_credentials, fb_exchange_token}")
    user = world.users.get(str(raw.get("fb_exchange_token")))
    if user is None:
        raise token_error("Invalid OAuth access token - Cannot parse access token")
    refuse_dead(world, user)
    made = _renewed(world, user)
    return {"access_token": made.token, "token_type": "bearer", "expires_in": _SIXTY_DAYS}


def _renewed(world: World, user: User) -> User:
    world.changes += 1
    token = "EAAG" + letters(60, world.setup.seed, 6, world.changes, int(user.id))
    made = User(user.id, token, world.now(), user.accounts, world.now() + _SIXTY_DAYS)
    world.users[token] = made
    return made


def revoke(world: World, raw: dict[str, Any]) -> dict[str, Any]:
    """``GET /oauth/revoke``: the token is dead from now on.

    Raises:
        GraphError: 101 or 1 for a wrong app, 190 for a token of nobody.
    """
    if raw.get("client_id") != world.app_id or raw.get("client_secret") != world.app_secret:
        raise GraphError("Error validating application.", code=101)
    user = world.users.get(str(raw.get("revoke_token")))
    if user is None:
        raise token_error("Invalid OAuth access token - Cannot parse access token")
    user.dead = 458
    world.changes += 1
    return {"success": True}
