"""Whether assets are there and the user's to use: looked for in lists of the ad account, then one by one.

The lists are expanded fields of the account's node, which is read anyway. They prove what they hold, and
nothing of what they leave out: an account's list of Pages may be empty though ads for the Page are taken.
So what is in no list is read by its id, and only what Meta then does not know is absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from orchestrator.errors import AuthExpired, PlatformError, ProofRefused, Throttled, Transient
from orchestrator.platforms.meta import error_codes, received_events
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.user_assets import Asset, AssetKind

LISTED = 100
A_BATCH = 50
_PIXELS = "adspixels"
_EDGES: Mapping[AssetKind, str] = {
    "page": "promote_pages",
    "profile": "instagram_accounts",
    "pixel": _PIXELS,
    "conversion": "customconversions",
    "video": "advideos",
}
_STATES: Mapping[AssetKind, tuple[str, object]] = {
    "conversion": ("is_archived", False),
    "form": ("status", "ACTIVE"),
}
"""A field, and what it must be, of kinds that can be there and of no use."""
_IMAGES = "adimages"
_INTERESTS = "targetingvalidation"
_NO_INTEREST = "no interest of Meta's, or one that can be targeted no more"
_NO_SUCH_ID_CODE = 803
_ID, _HASH = re.compile(r"[0-9]{1,32}"), re.compile(r"[0-9A-Za-z_-]{1,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_FORMS: Mapping[AssetKind, re.Pattern[str]] = {"image": _HASH, "interest": _NUMBER}


class LookupScope(NamedTuple):
    """Where assets are looked for, and the account's day."""

    account_id: str
    today: date


class _Question(NamedTuple):
    call: Call
    assets: tuple[Asset, ...]


def listing(assets: Collection[Asset], today: date) -> tuple[str, ...]:
    """Fields of the account's node that list what there is of the kinds of these assets."""
    kinds = {asset.kind for asset in assets}
    edges = {edge: _fields(kind) for kind, edge in _EDGES.items() if kind in kinds}
    if "event" in kinds:
        edges[_PIXELS] = f"id,{received_events.expansion(today)}"
    lists = [f"{edge}.limit({LISTED}){{{fields}}}" for edge, fields in edges.items()]
    hashes = [asset.id for asset in assets if asset.kind == "image" and _is_well_formed(asset)][:LISTED]
    if hashes:
        wanted = json.dumps(hashes, separators=(",", ":"))
        lists.append(f"{_IMAGES}.hashes({wanted}).limit({LISTED}){{hash}}")
    interests = [asset.id for asset in assets if asset.kind == "interest" and _is_well_formed(asset)]
    if interests:
        lists.append(f"{_INTERESTS}.id_list([{','.join(interests)}]).limit({len(interests)}){{id,valid}}")
    return tuple(lists)


def _fields(kind: AssetKind) -> str:
    return f"id,{_STATES[kind][0]}" if kind in _STATES else "id"


def absent(graph: Graph, scope: LookupScope, node: Body, assets: Sequence[Asset]) -> dict[Asset, str] | None:
    """Those of some assets that are not there: neither in the lists of ``node`` nor to be read.

    What Meta refuses to show counts as there: it was not found missing.

    Returns:
        Each with what Meta says of it, or nothing. Null when Meta did not answer: nothing is known then.

    Raises:
        AuthExpired: the token is dead.
        ProofRefused: none of our app secrets is the app's.
    """
    found = {asset: _default(asset) for asset in assets if not _is_well_formed(asset)}
    found |= dict(_refuted(node, assets))
    known = {*_listed(node), *found}
    questions = list(_questions(scope, [asset for asset in assets if _without_name(asset) not in known]))
    for start in range(0, len(questions), A_BATCH):
        part = questions[start : start + A_BATCH]
        answers = _answers(graph, [question.call for question in part])
        if any(isinstance(answer, (Transient, Throttled)) for answer in answers):
            return None
        for question, answer in zip(part, answers, strict=True):
            found |= _absent_of(question, answer)
    return found


def _default(asset: Asset) -> str:
    return _NO_INTEREST if asset.kind == "interest" else ""


def _without_name(asset: Asset) -> Asset:
    """What answers for an asset in the lists: for an event its pixel, of which all events are listed."""
    return Asset("event", "", asset.of) if asset.kind == "event" else asset


def _answers(graph: Graph, calls: Sequence[Call]) -> list[Body | PlatformError]:
    try:
        return graph.read_many(calls)
    except (AuthExpired, ProofRefused):
        raise
    except PlatformError as error:
        return [Transient(str(error))] * len(calls)


def _is_well_formed(asset: Asset) -> bool:
    """Whether Meta could have given this id: what people typed is part of a path, or of a field."""
    # The name of an event is sent nowhere.
    return asset.kind == "event" or _FORMS.get(asset.kind, _ID).fullmatch(asset.id) is not None


def _listed(node: Body) -> Iterator[Asset]:
    for kind, edge in _EDGES.items():
        yield from (Asset(kind, str(each.get("id"))) for each in _data(node, edge) if _is_of_use(kind, each))
    yield from (Asset("event", "", str(each.get("id"))) for each in _data(node, _PIXELS))
    yield from (Asset("image", str(each.get("hash"))) for each in _data(node, _IMAGES))
    yield from (Asset("interest", str(each.get("id"))) for each in _data(node, _INTERESTS))


def _refuted(node: Body, assets: Sequence[Asset]) -> Iterator[tuple[Asset, str]]:
    """What the lists say is of no use, each with why: interests, and misspelt events."""
    pixels = {pixel.get("id"): pixel for pixel in _data(node, _PIXELS)}
    retired = {str(each.get("id")) for each in _data(node, _INTERESTS) if each.get("valid") is False}
    for asset in assets:
        if asset.kind == "interest" and asset.id in retired:
            yield asset, _NO_INTEREST
        elif asset.kind == "event" and asset.of in pixels:
            remark = received_events.remark(asset.id, asset.of, pixels[asset.of].get(received_events.EDGE))
            if remark is not None:
                yield asset, remark


def _data(node: Body, edge: str) -> list[Body]:
    page = node.get(edge)
    found = page.get("data") if isinstance(page, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _questions(scope: LookupScope, suspects: Sequence[Asset]) -> Iterator[_Question]:
    """A read for each, but for interests, of which many go into one."""
    interests = [asset for asset in suspects if asset.kind == "interest"]
    for start in range(0, len(interests), A_BATCH):
        yield _of_interests(interests[start : start + A_BATCH])
    for asset in suspects:
        if asset.kind == "event":
            if _ID.fullmatch(asset.of):
                yield _Question(_stats_call(asset.of, scope.today), (asset,))
        elif asset.kind != "interest":
            yield _Question(_call(scope.account_id, asset), (asset,))


def _of_interests(interests: Sequence[Asset]) -> _Question:
    params = {"type": "adinterestvalid", "interest_fbid_list": [asset.id for asset in interests]}
    return _Question(Call(what="look interests up", path=("search",), params=params), tuple(interests))


def _stats_call(pixel_id: str, today: date) -> Call:
    what, params = f"read events of pixel {pixel_id}", received_events.params(today)
    return Call(what=what, path=(pixel_id, received_events.EDGE), params=params)


def _call(account_id: str, asset: Asset) -> Call:
    what = f"read {asset.kind} {asset.id}"
    if asset.kind == "image":
        return Call(what=what, path=(account_id, _IMAGES), params={"hashes": [asset.id], "fields": "hash"})
    return Call(what=what, path=(asset.id,), params={"fields": _fields(asset.kind)})


def _absent_of(question: _Question, answer: Body | PlatformError) -> dict[Asset, str]:
    first, *_ = question.assets
    if first.kind == "event":
        remark = None
        if not isinstance(answer, PlatformError):
            remark = received_events.remark(first.id, first.of, answer)
        return {} if remark is None else {first: remark}
    if first.kind == "interest":
        invalid = frozenset() if isinstance(answer, PlatformError) else _invalid(question.assets, answer)
        return dict.fromkeys(invalid, _NO_INTEREST)
    return {first: ""} if _is_absent(first, answer) else {}


def _invalid(interests: Sequence[Asset], answer: Body) -> frozenset[Asset]:
    """Those that a search calls invalid, or leaves out though it names others."""
    listed = _data({_INTERESTS: answer}, _INTERESTS)
    if not listed or any(each.get("id") is None for each in listed):
        return frozenset()
    valid = {str(each["id"]) for each in listed if each.get("valid") is not False}
    return frozenset(each for each in interests if each.id not in valid)


def _is_absent(asset: Asset, answer: Body | PlatformError) -> bool:
    if isinstance(answer, PlatformError):
        return answer.subcode == error_codes.NOT_FOUND_SUBCODE or answer.code == _NO_SUCH_ID_CODE
    if asset.kind == "image":
        return not _data({_IMAGES: answer}, _IMAGES)
    return not _is_of_use(asset.kind, answer)


def _is_of_use(kind: AssetKind, node: Body) -> bool:
    """Whether something that is there can be used; it can where Meta does not say."""
    field, expected = _STATES.get(kind, ("", None))
    return bool(node.get(field, expected) == expected)
