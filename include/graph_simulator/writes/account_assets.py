"""Images, pixels, custom conversions, and the account itself."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, bad_param
from graph_simulator.spec.check import parsed
from graph_simulator.state import money
from graph_simulator.state.assets import CustomConversion, Image, Pixel
from graph_simulator.state.clock import HOUR
from graph_simulator.state.objects import Account
from graph_simulator.writes import params

Files = list[tuple[str, str, bytes]]
_CAP_EDITS_A_DAY = 10
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")


def images(view: View, account: Account, raw: dict[str, Any], files: Files) -> dict[str, Any]:
    """``POST /act_X/adimages``: multipart files, or ``bytes`` in base64.

    Raises:
        GraphError: 100 without an image, 3 for an address instead of one.
    """
    if "url" in raw:
        raise GraphError("(#3) Application does not have the capability to make this API call.", code=3)
    given = params.typed(
        view, "AdAccount", "adimages", {k: v for k, v in raw.items() if k not in {"filename", "name"}}
    )
    named = [(filename, data) for _, filename, data in files]
    if "bytes" in given:
        named.append((str(raw.get("name", "bytes")), _decoded(given["bytes"])))
    if not named:
        raise bad_param("The parameter filename is required.", "filename")
    return {"images": {name: _shown(view, _image(view, account, name, data)) for name, data in named}}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise bad_param("Param bytes must be an image in base64", "bytes") from None


def _image(view: View, account: Account, name: str, data: bytes) -> Image:
    if not data.startswith(_SIGNATURES):
        raise GraphError("(#100) The file is not an image", subcode=1487411, blame=("filename",))
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    found = account.images.get(digest)
    if found is None:
        found = Image(f"{account.number}:{digest}", account, name, digest, 1080, 1080, view.now)
        account.images[digest] = found
        view.world.add(found)
        view.world.changes += 1
    return found


def _shown(view: View, image: Image) -> dict[str, Any]:
    url = f"{view.base}/images/{image.hash}.png"
    return {"hash": image.hash, "url": url, "name": image.name, "width": image.width, "height": image.height}


def delete_image(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``DELETE /act_X/adimages?hash=…``.

    Raises:
        GraphError: 100 when there is no such image.
    """
    image = account.images.pop(str(raw.get("hash")), None)
    if image is None:
        raise bad_param("Param hash must be the hash of an image of this ad account", "hash")
    del view.world.objects[image.id]
    view.world.changes += 1
    return {"success": True}


def pixel(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/adspixels``: an account has one pixel of its own.

    Raises:
        GraphError: 6200 when it has one.
    """
    given = params.typed(view, "AdAccount", "adspixels", raw)
    params.require(given, "name")
    if account.pixels:
        raise GraphError("(#6200) A pixel already exists for this account", code=6200)
    made = Pixel(view.world.ids.object_id(), account, given["name"], view.now)
    account.pixels.append(made)
    view.world.add(made)
    view.world.changes += 1
    return {"id": made.id}


def conversion(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/customconversions``.

    Raises:
        GraphError: 100 for a rule that is none, or a pixel of someone else.
    """
    given = params.typed(view, "AdAccount", "customconversions", raw)
    params.require(given, "name", "event_source_id", "rule")
    source = given["event_source_id"]
    if source not in {each.id for each in account.pixels}:
        raise bad_param("Param event_source_id must be a pixel of this ad account", "event_source_id")
    if not isinstance(parsed(given["rule"]), dict):
        raise bad_param("Param rule must be a JSON-encoded rule", "rule")
    made = CustomConversion(
        view.world.ids.object_id(),
        account,
        given["name"],
        source,
        given.get("custom_event_type", "OTHER"),
        given["rule"],
        view.now,
    )
    account.conversions.append(made)
    view.world.add(made)
    view.world.changes += 1
    return {"id": made.id}


def account(view: View, node: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X``: name, spending limit, the EU's beneficiary and payer.

    Raises:
        GraphError: 17/1885172 for an eleventh change of the spending limit in a day.
    """
    given = params.typed(view, "AdAccount", None, raw)
    if "spend_cap" in given or given.get("spend_cap_action") in {"reset", "delete"}:
        _cap(view, node, given)
    node.name = given.get("name", node.name)
    node.dsa_beneficiary = given.get("default_dsa_beneficiary", node.dsa_beneficiary)
    node.dsa_payor = given.get("default_dsa_payor", node.dsa_payor)
    view.world.changes += 1
    return {"success": True}


def _cap(view: View, node: Account, given: dict[str, Any]) -> None:
    recent = tuple(at for at in node.cap_edits if at > view.now - 24 * HOUR)
    if len(recent) >= _CAP_EDITS_A_DAY:
        raise GraphError("(#17) User request limit reached", code=17, subcode=1885172, transient=False)
    node.cap_edits = (*recent, view.now)
    node.spend_cap = money.minor(given.get("spend_cap", 0), node.currency)


def minimum_budgets(view: View, node: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``GET /act_X/minimum_budgets``: whole minor units, the account's own currency first."""
    bid = str(raw.get("bid_amount") or 0)
    if not (bid.isascii() and bid.isdigit()):
        raise bad_param("Param bid_amount must be an integer", "bid_amount")
    currencies = [node.currency, *(each for each in money.PER_USD if each != node.currency)]
    return {"data": [_minimums(currency, int(bid)) for currency in currencies]}


def _minimums(currency: str, bid: int) -> dict[str, Any]:
    least = {f"min_daily_budget_{kind}": money.minimum(kind, currency) for kind in money.MINIMUM_CENTS}
    times = {"min_daily_budget_imp": 1}
    return {"currency": currency} | {
        name: max(value, bid * times.get(name, 5)) for name, value in least.items()
    }
