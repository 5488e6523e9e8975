"""The control API under ``/_sim``: what a test or a demonstration does to the world.

README.md beside this file has the shapes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from graph_simulator import figures, people
from graph_simulator.answers.view import View
from graph_simulator.control_forms import (
    AccountChangeForm,
    AssetForm,
    ClockForm,
    DeliveryForm,
    FaultForm,
    FiguresForm,
    IssuesForm,
    ResetForm,
    ReviewForm,
    TokenForm,
)
from graph_simulator.delivery.run import SWITCHES
from graph_simulator.errors import GraphError
from graph_simulator.people import PeopleForm
from graph_simulator.seed import load
from graph_simulator.seed_form import SeedForm
from graph_simulator.serving import faults
from graph_simulator.snapshot import account_row, state
from graph_simulator.state.assets import CustomConversion, LeadForm, Pixel
from graph_simulator.state.clock import iso
from graph_simulator.state.ids import is_interest
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign, Issue

if TYPE_CHECKING:
    from graph_simulator.app import Simulator

Answer = Callable[["Simulator", Request, bytes], Any]


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
            # Raw bytes: a form parses them itself and interns equal strings.
            body = await request.body() if method == "POST" else b""
            return JSONResponse(answer(simulator, request, body or b"{}"))
        except ValidationError as error:
            return JSONResponse({"error": _line(error)}, status_code=400)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return Route(f"/_sim{path}", endpoint, methods=[method])


def _line(error: ValidationError) -> str:
    """The first thing that is wrong with a body, and where."""
    first = error.errors(include_url=False, include_input=False)[0]
    place, message = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _ready(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    return {"ready": True, "now": iso(simulator.world.now()), "accounts": len(simulator.world.accounts)}


def _app(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    world = simulator.world
    return {
        "app_id": world.app_id,
        "app_secret": world.app_secret,
        "tier": world.setup.tier,
        "new_app": world.setup.new_app,
    }


def _accounts(simulator: Simulator, request: Request, body: bytes) -> list[dict[str, Any]]:
    return [account_row(account) for account in simulator.world.accounts]


def _reset(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Begin again; whatever is not named stays as the process was started."""
    wishes = ResetForm.model_validate_json(body).model_dump(exclude_none=True)
    if "now" in wishes:
        wishes["start"] = _utc(wishes.pop("now"))
    simulator.reset(replace(simulator.started_with, **wishes))
    return _ready(simulator, request, body)


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


def _clock(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    form, clock = ClockForm.model_validate_json(body), simulator.world.clock
    if form.now is not None:
        if _utc(form.now).timestamp() < clock.now():
            msg = (
                f"now must not be before {iso(clock.now())}: time does not run backwards (reset begins anew)"
            )
            raise ValueError(msg)
        clock.set(_utc(form.now))
    if form.factor is not None:
        clock.run(form.factor)
    clock.advance(3600 * form.advance_hours + form.advance_seconds)
    return {"now": iso(clock.now()), "factor": clock.factor}


def _seed(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Load accounts with campaigns, ad sets, ads and history."""
    form = SeedForm.model_validate_json(body)
    return {"accounts": [load(simulator.world, account) for account in form.accounts]}


def _requests(simulator: Simulator, request: Request, body: bytes) -> list[dict[str, Any]]:
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


def _counts(simulator: Simulator, request: Request, body: bytes) -> dict[str, int]:
    return asdict(simulator.graph.journal.counts)


def _forget(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    simulator.graph.journal.clear()
    return {"requests": 0}


def _state(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    return state(simulator.world, request.query_params.get("account"))


def _faults(simulator: Simulator, request: Request, body: bytes) -> list[dict[str, Any]]:
    return [faults.shown(fault) for fault in simulator.graph.faults]


def _add_faults(simulator: Simulator, request: Request, body: bytes) -> list[dict[str, Any]]:
    """Add a list of rules (or one); they are tried in order, the first that strikes decides."""
    given = from_json(body)
    forms = [FaultForm.model_validate(each) for each in (given if isinstance(given, list) else [given])]
    simulator.graph.faults += [faults.Fault(**form.model_dump()) for form in forms]
    return _faults(simulator, request, body)


def _clear_faults(simulator: Simulator, request: Request, body: bytes) -> list[dict[str, Any]]:
    simulator.graph.faults.clear()
    return []


def _delivery(simulator: Simulator, request: Request, body: bytes) -> dict[str, bool | float]:
    form = DeliveryForm.model_validate_json(body)
    simulator.world.set_laws(**form.model_dump(exclude_none=True))
    return {name: getattr(simulator.world.laws, name) for name in SWITCHES}


def _figures(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Withhold figures, or take some back."""
    return figures.correct(simulator.world, FiguresForm.model_validate_json(body))


def _account(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Change an account from outside: its status, its reason, its DSA defaults."""
    form = AccountChangeForm.model_validate_json(body)
    account = simulator.world.objects.get(form.ad_account_id)
    if not isinstance(account, Account):
        msg = f"there is no ad account {form.ad_account_id}"
        raise ValueError(msg)  # noqa: TRY004 - the body is at fault
    simulator.world.record_outcome(account)
    for name, value in form.model_dump(exclude_none=True, exclude={"ad_account_id"}).items():
        setattr(account, name, value)
    return account_row(account)


def _asset(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Take an asset from its account or archive it, or give it back."""
    form, world = AssetForm.model_validate_json(body), simulator.world
    if is_interest(form.id) and form.is_gone is not None:
        change = world.retired.add if form.is_gone else world.retired.discard
        change(form.id)
        return {"id": form.id, "is_gone": form.is_gone}
    node = world.objects.get(form.id)
    account = getattr(node, "account", None)
    is_of_kind = (form.is_archived is None or isinstance(node, LeadForm | CustomConversion)) and (
        not form.received or isinstance(node, Pixel)
    )
    if account is None or not is_of_kind:
        msg = f"there is no such asset {form.id}"
        raise ValueError(msg)
    if isinstance(node, Pixel):
        node.received += [(world.now(), event, count) for event, count in form.received.items()]
    if form.is_gone is not None:
        change = account.gone.add if form.is_gone else account.gone.discard
        change(form.id)
    if isinstance(node, CustomConversion) and form.is_archived is not None:
        node.archived = form.is_archived
    if isinstance(node, LeadForm) and form.is_archived is not None:
        node.status = "ARCHIVED" if form.is_archived else "ACTIVE"
    return {"id": form.id, "is_gone": form.id in account.gone}


def _review(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Decide an ad's review now."""
    form = ReviewForm.model_validate_json(body)
    ad = simulator.world.objects.get(form.ad_id)
    if not isinstance(ad, Ad):
        msg = f"there is no ad {form.ad_id}"
        raise ValueError(msg)  # noqa: TRY004 - the body is at fault
    simulator.world.record_outcome(ad.account)
    now = simulator.world.now()
    ad.processed_at = ad.reviewed_at = now
    ad.disapproved, ad.rejected_at = form.verdict == "DISAPPROVED", None
    ad.preapproved = form.verdict == "PREAPPROVED"
    return {"ad_id": ad.id, "verdict": form.verdict}


def _people(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Do what a person does in Ads Manager."""
    form = PeopleForm.model_validate_json(body)
    world = simulator.world
    account = getattr(world.objects.get(form.id), "account", None)
    if account is None:
        msg = f"there is no object {form.id}"
        raise ValueError(msg)
    view = View(world, world.now(), account.token, "http://localhost", world.users[account.token])
    try:
        return people.do(view, form)
    except GraphError as error:
        raise ValueError(error.text or error.message) from None


def _issues(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Report issues of a campaign, ad set or ad."""
    form = IssuesForm.model_validate_json(body)
    node = simulator.world.objects.get(form.id)
    if not isinstance(node, Campaign | AdSet | Ad):
        msg = f"there is no campaign, ad set or ad {form.id}"
        raise ValueError(msg)  # noqa: TRY004 - the body is at fault
    simulator.world.record_outcome(node.account)
    level = {"Campaign": "CAMPAIGN", "AdSet": "AD_SET", "Ad": "AD"}[node.node]
    node.issues = tuple(Issue(level=level, **each.model_dump()) for each in form.issues)
    return {"id": node.id, "issues": len(node.issues)}


def _tokens(simulator: Simulator, request: Request, body: bytes) -> dict[str, Any]:
    """Kill a token, revive it, or set when it expires."""
    form = TokenForm.model_validate_json(body)
    user = simulator.world.users.get(form.access_token)
    if user is None:
        msg = "there is no such token"
        raise ValueError(msg)
    user.dead = form.dead
    if form.expires is not None:
        user.expires = int(_utc(form.expires).timestamp())
    return {"access_token": user.token, "dead": user.dead, "expires": user.expires}


_ROUTES: dict[str, dict[str, Answer]] = {
    "/ready": {"GET": _ready},
    "/app": {"GET": _app},
    "/accounts": {"GET": _accounts, "POST": _account},
    "/reset": {"POST": _reset},
    "/clock": {"GET": _clock, "POST": _clock},
    "/seed": {"POST": _seed},
    "/requests": {"GET": _requests, "DELETE": _forget},
    "/counts": {"GET": _counts},
    "/state": {"GET": _state},
    "/faults": {"GET": _faults, "POST": _add_faults, "DELETE": _clear_faults},
    "/delivery": {"GET": _delivery, "POST": _delivery},
    "/figures": {"POST": _figures},
    "/assets": {"POST": _asset},
    "/review": {"POST": _review},
    "/people": {"POST": _people},
    "/issues": {"POST": _issues},
    "/tokens": {"POST": _tokens},
}
