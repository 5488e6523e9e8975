"""The control API under ``/_sim``: what a test or a demonstration does to the world.

README.md beside this file has the shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from graph_simulator.seed_form import SeedForm
from graph_simulator.seeding import load
from graph_simulator.serving import faults
from graph_simulator.snapshot import account_row, state
from graph_simulator.state.clock import iso, read_instant
from graph_simulator.state.objects import Account, Ad
from graph_simulator.state.world import Setup

if TYPE_CHECKING:
    from graph_simulator.app import Simulator

_SWITCHES = {"flex", "delays", "fatigue", "weekday"}
Answer = Callable[["Simulator", Request, Any], Any]


def control(simulator: Simulator) -> Starlette:
    """The control API of one simulator."""
    routes = [
        _route(simulator, path, method, answer)
        for path, methods in _ROUTES.items()
        for method, answer in methods.items()
    ]
    return Starlette(routes=routes)


def _route(simulator: Simulator, path: str, method: str, answer: Answer) -> Route:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            body = await request.json() if method == "POST" and await request.body() else {}
            return JSONResponse(answer(simulator, request, body))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, status_code=400)

    return Route(f"/_sim{path}", endpoint, methods=[method])


def _ready(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    return {"ready": True, "now": iso(simulator.world.now()), "accounts": len(simulator.world.accounts)}


def _app(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    world = simulator.world
    return {"app_id": world.app_id, "app_secret": world.app_secret, "tier": world.setup.tier}


def _accounts(simulator: Simulator, request: Request, body: Any) -> list[dict[str, Any]]:
    return [account_row(account) for account in simulator.world.accounts]


def _reset(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    """Begin again; whatever is not named stays as the process was started."""
    known = {field.name for field in fields(Setup)} | {"now"}
    unknown = sorted(set(body) - known)
    if unknown:
        msg = f"reset has no {unknown[0]}; it has {', '.join(sorted(known))}"
        raise ValueError(msg)
    wishes = {name: value for name, value in body.items() if name != "now"}
    if "now" in body:
        wishes["start"] = read_instant(body["now"])
    simulator.reset(replace(simulator.started_with, **wishes))
    return _ready(simulator, request, body)


def _clock(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    clock = simulator.world.clock
    if "factor" in body:
        clock.run(float(body["factor"]))
    if "now" in body:
        _refuse_past(read_instant(body["now"]), clock.now())
        clock.set(read_instant(body["now"]))
    clock.advance(3600 * _positive(body, "advance_hours") + _positive(body, "advance_seconds"))
    return {"now": iso(clock.now()), "factor": clock.factor}


def _positive(body: dict[str, Any], name: str) -> float:
    number = float(body.get(name, 0))
    if number < 0:
        msg = f"{name} must not be negative: time does not run backwards"
        raise ValueError(msg)
    return number


def _refuse_past(instant: datetime, now: int) -> None:
    if instant.timestamp() < now:
        msg = f"now must not be before {iso(now)}: time does not run backwards (reset begins anew)"
        raise ValueError(msg)


def _seed(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    """Load accounts with campaigns, ad sets, ads and history; all of them or none."""
    form = SeedForm.model_validate(body)
    return {"accounts": [load(simulator.world, account) for account in form.accounts]}


def _requests(simulator: Simulator, request: Request, body: Any) -> list[dict[str, Any]]:
    query = request.query_params
    since, method = int(query.get("since", 0)), query.get("method")
    wants_effect, account = query.get("took_effect"), query.get("account")
    found = [
        entry
        for entry in simulator.graph.journal.entries()
        if entry.number > since
        and (method is None or entry.call.method == method.upper())
        and (account is None or entry.account == account)
        and (wants_effect is None or entry.took_effect == (wants_effect in {"1", "true"}))
    ]
    return [entry.shown() for entry in found]


def _forget(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    simulator.graph.journal.clear()
    return {"requests": 0}


def _state(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    return state(simulator.world, request.query_params.get("account"))


def _faults(simulator: Simulator, request: Request, body: Any) -> list[dict[str, Any]]:
    return [faults.shown(fault) for fault in simulator.graph.faults]


def _add_faults(simulator: Simulator, request: Request, body: Any) -> list[dict[str, Any]]:
    """Add a list of rules (or one); they are tried in order, the first that strikes decides."""
    items = body if isinstance(body, list) else [body]
    simulator.graph.faults += [faults.read_fault(item) for item in items]
    return _faults(simulator, request, body)


def _clear_faults(simulator: Simulator, request: Request, body: Any) -> list[dict[str, Any]]:
    simulator.graph.faults.clear()
    return []


def _delivery(simulator: Simulator, request: Request, body: Any) -> dict[str, bool]:
    unknown = sorted(set(body) - _SWITCHES)
    if unknown:
        msg = f"delivery has no {unknown[0]}; it has {', '.join(sorted(_SWITCHES))}"
        raise ValueError(msg)
    simulator.world.set_laws(**{name: bool(value) for name, value in body.items()})
    return {name: getattr(simulator.world.laws, name) for name in sorted(_SWITCHES)}


def _account(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    """Change an account from outside: its status, its reason, its DSA defaults."""
    account = simulator.world.objects.get(body.pop("ad_account_id"))
    if not isinstance(account, Account):
        msg = "there is no such ad account"
        raise TypeError(msg)
    simulator.world.settle(account)
    for name, value in body.items():
        if name not in {"account_status", "disable_reason", "spend_cap", "dsa_beneficiary", "dsa_payor"}:
            msg = f"account has no {name}"
            raise ValueError(msg)
        setattr(account, name, value)
    return account_row(account)


def _review(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    """Decide an ad's review now: approved, or disapproved."""
    ad = simulator.world.objects.get(str(body["ad_id"]))
    if not isinstance(ad, Ad):
        msg = "there is no such ad"
        raise TypeError(msg)
    simulator.world.settle(ad.account)
    ad.reviewed_at, ad.disapproved = simulator.world.now(), body["verdict"] == "DISAPPROVED"
    return {"ad_id": ad.id, "verdict": "DISAPPROVED" if ad.disapproved else "APPROVED"}


def _tokens(simulator: Simulator, request: Request, body: Any) -> dict[str, Any]:
    """Kill a token (``dead``: 458, 459, 460, 463, 464 or 467), revive it (null), or let it expire."""
    user = simulator.world.users.get(str(body["access_token"]))
    if user is None:
        msg = "there is no such token"
        raise ValueError(msg)
    user.dead = int(body["dead"]) if body.get("dead") else None
    user.expires = int(read_instant(body["expires"]).timestamp()) if body.get("expires") else user.expires
    return {"access_token": user.token, "dead": user.dead, "expires": user.expires}


_ROUTES: dict[str, dict[str, Answer]] = {
    "/ready": {"GET": _ready},
    "/app": {"GET": _app},
    "/accounts": {"GET": _accounts, "POST": _account},
    "/reset": {"POST": _reset},
    "/clock": {"GET": _clock, "POST": _clock},
    "/seed": {"POST": _seed},
    "/requests": {"GET": _requests, "DELETE": _forget},
    "/state": {"GET": _state},
    "/faults": {"GET": _faults, "POST": _add_faults, "DELETE": _clear_faults},
    "/delivery": {"GET": _delivery, "POST": _delivery},
    "/review": {"POST": _review},
    "/tokens": {"POST": _tokens},
}
