"""Derive the v26 nodes from the installed SDK's source, without importing it.

The SDK's classes are generated from Meta's own specification: fields, enums, and the
parameters of every edge are in them as literals. ``python -m graph_simulator.spec.extract``
writes ``v26.json`` beside this file; ``--check`` fails when it no longer agrees.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from graph_simulator.spec import SPEC_FILE

NODES = (
    "Ad",
    "AdAccount",
    "AdAccountTargetingUnified",
    "AdActivity",
    "AdAsyncRequest",
    "AdAsyncRequestSet",
    "AdCreative",
    "AdCreativeLinkData",
    "AdCreativeObjectStorySpec",
    "AdCreativeVideoData",
    "AdImage",
    "AdLabel",
    "AdPromotedObject",
    "AdReportRun",
    "AdSet",
    "AdsInsights",
    "AdVideo",
    "AdsPixel",
    "AdsPixelStatsResult",
    "Business",
    "Campaign",
    "CustomAudience",
    "CustomConversion",
    "IGUser",
    "LeadgenForm",
    "MinimumBudget",
    "Page",
    "Targeting",
    "TargetingAutomation",
    "TargetingGeoLocation",
    "User",
)
# The edges the simulator serves; the others are left out to limit the file's size.
EDGES = frozenset(
    {
        None,
        "accounts",
        "activities",
        "adaccounts",
        "adcreatives",
        "adimages",
        "adlabels",
        "ads",
        "adsbylabels",
        "adsets",
        "adsetsbylabels",
        "adspixels",
        "advideos",
        "customaudiences",
        "leadgen_forms",
        "adcreativesbylabels",
        "asyncadrequestsets",
        "async_batch_requests",
        "async_requests",
        "campaigns",
        "campaignsbylabels",
        "copies",
        "customconversions",
        "insights",
        "instagram_accounts",
        "minimum_budgets",
        "requests",
        "stats",
        "targetingvalidation",
    }
)


def sdk_objects() -> Path:
    """The folder of the installed SDK's generated classes."""
    found = importlib.util.find_spec("facebook_business")
    if found is None or found.origin is None:
        msg = "the package facebook-business is not installed"
        raise FileNotFoundError(msg)
    return Path(found.origin).parent / "adobjects"


@cache
def extract(*, every_edge: bool = False) -> dict[str, Any]:
    """All nodes: ``{node: {"fields": {name: type}, "enums": {...}, "edges": {"POST /ads": {...}}}}``."""
    classes = {node: _class_of(node) for node in NODES}
    enums = {node: _enums(tree) for node, tree in classes.items()}
    lookup = {f"{node}.{name}": values for node, named in enums.items() for name, values in named.items()}
    return {
        node: {
            "fields": _fields(tree),
            "enums": enums[node],
            "edges": dict(_edges(tree, lookup, every_edge=every_edge)),
        }
        for node, tree in classes.items()
    }


def _class_of(node: str) -> ast.ClassDef:
    tree = ast.parse((sdk_objects() / f"{node.lower()}.py").read_text(encoding="utf-8"))
    return next(item for item in tree.body if isinstance(item, ast.ClassDef) and item.name == node)


def _enums(tree: ast.ClassDef) -> dict[str, list[str]]:
    return {
        item.name: [ast.literal_eval(line.value) for line in item.body if isinstance(line, ast.Assign)]
        for item in tree.body
        if isinstance(item, ast.ClassDef) and item.name != "Field"
    }


def _fields(tree: ast.ClassDef) -> dict[str, str]:
    return next(
        (
            ast.literal_eval(item.value)
            for item in tree.body
            if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "_field_types"
        ),
        {},
    )


def _edges(
    tree: ast.ClassDef, lookup: dict[str, list[str]], *, every_edge: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    for function in (item for item in tree.body if isinstance(item, ast.FunctionDef)):
        request = _request_of(function)
        if request is None or not (every_edge or request["endpoint"] in EDGES):
            continue
        local = {
            ast.unparse(line.targets[0]): line.value for line in function.body if isinstance(line, ast.Assign)
        }
        name = f"{request['method']} /{request['endpoint'] or ''}"
        yield (
            name,
            {
                "params": ast.literal_eval(local["param_types"]),
                "enums": _local_enums(local["enums"], lookup),
            },
        )


def _request_of(function: ast.FunctionDef) -> dict[str, Any] | None:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) != "FacebookRequest":
            continue
        words = {word.arg: word.value for word in call.keywords}
        endpoint = ast.literal_eval(words["endpoint"]).strip("/") or None
        return {"method": ast.literal_eval(words["method"]), "endpoint": endpoint}
    return None


def _local_enums(tree: ast.expr, lookup: dict[str, list[str]]) -> dict[str, list[str]]:
    if not isinstance(tree, ast.Dict):
        return {}
    named = zip(tree.keys, tree.values, strict=True)
    return {ast.literal_eval(key): _values(value, lookup) for key, value in named if key is not None}


def _values(value: ast.expr, lookup: dict[str, list[str]]) -> list[str]:
    if isinstance(value, ast.List):
        return list(ast.literal_eval(value))
    return lookup.get(ast.unparse(value).removesuffix(".__dict__.values()"), [])


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` compare it."""
    text = json.dumps(extract(), indent=1, sort_keys=True) + "\n"
    if "--check" in arguments:
        return 0 if SPEC_FILE.read_text(encoding="utf-8") == text else 1
    SPEC_FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
