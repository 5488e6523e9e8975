"""Whether assets are there and the user's to use: looked for in lists of the ad account, then one by one.

The lists are expanded fields of the account's node, which is read anyway. They prove what they hold, and
nothing of what they leave out: an account's list of Pages may be empty though ads for the Page are taken.
So what is in no list is read by its id, and only what Meta then does not know is absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from orchestrator.errors import AuthExpired, PlatformError, ProofRefused, Throttled, Transient
from orchestrator.platforms.meta import error_codes
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.user_assets import Asset, AssetKind

LISTED = 100
A_BATCH = 50
_EDGES: Mapping[AssetKind, str] = {
    "page": "promote_pages",
    "profile": "instagram_accounts",
    "pixel": "adspixels",
    "conversion": "customconversions",
    "video": "advideos",
}
_STATES: Mapping[AssetKind, tuple[str, object]] = {
    "conversion": ("is_archived", False),
    "form": ("status", "ACTIVE"),
}
"""A field, and what it must be, of kinds that can be there and of no use."""
_IMAGES = "adimages"
_NO_SUCH_ID_CODE = 803
_ID, _HASH = re.compile(r"[0-9]{1,32}"), re.compile(r"[0-9A-Za-z_-]{1,64}")


def listing(assets: Collection[Asset]) -> tuple[str, ...]:
    """Fields of the account's node that list what there is of the kinds of these assets."""
    kinds = {asset.kind for asset in assets}
    lists = [f"{edge}.limit({LISTED}){{{_fields(kind)}}}" for kind, edge in _EDGES.items() if kind in kinds]
    hashes = [asset.id for asset in assets if asset.kind == "image" and _is_well_formed(asset)][:LISTED]
    if hashes:
        wanted = json.dumps(hashes, separators=(",", ":"))
        lists.append(f"{_IMAGES}.hashes({wanted}).limit({LISTED}){{hash}}")
    return tuple(lists)


def _fields(kind: AssetKind) -> str:
    return f"id,{_STATES[kind][0]}" if kind in _STATES else "id"


def absent(graph: Graph, account_id: str, node: Body, assets: Sequence[Asset]) -> frozenset[Asset] | None:
    """Those of some assets that are not there: neither in the lists of ``node`` nor to be read.

    What Meta refuses to show counts as there: it was not found missing.

    Returns:
        Null when Meta did not answer: nothing is known then.

    Raises:
        AuthExpired: the token is dead.
        ProofRefused: none of our app secrets is the app's.
    """
    there = set(_listed(node))
    found = [asset for asset in assets if not _is_well_formed(asset)]
    suspects = [asset for asset in assets if asset not in there and _is_well_formed(asset)]
    for start in range(0, len(suspects), A_BATCH):
        part = suspects[start : start + A_BATCH]
        answers = _answers(graph, [_call(account_id, asset) for asset in part])
        if any(isinstance(answer, (Transient, Throttled)) for answer in answers):
            return None
        found += [asset for asset, answer in zip(part, answers, strict=True) if _is_absent(asset, answer)]
    return frozenset(found)


def _answers(graph: Graph, calls: Sequence[Call]) -> list[Body | PlatformError]:
    try:
        return graph.read_many(calls)
    except (AuthExpired, ProofRefused):
        raise
    except PlatformError as error:
        return [Transient(str(error))] * len(calls)


def _is_well_formed(asset: Asset) -> bool:
    """Whether Meta could have given this id: what people typed is part of a path, or of a field."""
    return (_HASH if asset.kind == "image" else _ID).fullmatch(asset.id) is not None


def _listed(node: Body) -> Iterator[Asset]:
    for kind, edge in _EDGES.items():
        yield from (Asset(kind, str(each.get("id"))) for each in _data(node, edge) if _is_of_use(kind, each))
    yield from (Asset("image", str(each.get("hash"))) for each in _data(node, _IMAGES))


def _data(node: Body, edge: str) -> list[Body]:
    page = node.get(edge)
    found = page.get("data") if isinstance(page, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _call(account_id: str, asset: Asset) -> Call:
    what = f"read {asset.kind} {asset.id}"
    if asset.kind == "image":
        return Call(what=what, path=(account_id, _IMAGES), params={"hashes": [asset.id], "fields": "hash"})
    return Call(what=what, path=(asset.id,), params={"fields": _fields(asset.kind)})


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
