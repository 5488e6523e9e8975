"""The writes of one ad account in words, from the simulator's log of requests. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from stack.simulator_control import Request

_EDGES = {"campaigns": "campaign", "adsets": "ad set", "adcreatives": "creative", "ads": "ad"}
_STATUS = {"ACTIVE": "activate", "PAUSED": "pause"}


class Write(NamedTuple):
    """One write: ``verb`` what, of which ``kind``; ``amount`` when a budget was written, minor units."""

    verb: str
    kind: str
    amount: str = ""


def kinds_of(account: Mapping[str, Any]) -> dict[str, str]:
    """What each id of an account in the simulator's state is."""
    found: dict[str, str] = {}
    for campaign in account["campaigns"]:
        found[campaign["id"]] = "campaign"
        for ad_set in campaign["ad_sets"]:
            found[ad_set["id"]] = "ad set"
            found |= {ad["id"]: "ad" for ad in ad_set["ads"]}
    return found


def read(request: Request, kinds: Mapping[str, str]) -> Write:
    """What one request wanted to write."""
    first, _, edge = request["path"].strip("/").partition("/")
    params = request["params"]
    if edge == "copies":
        return Write("copy", kinds.get(first, first))
    if edge:
        return Write("create", _EDGES.get(edge, edge), str(params.get("daily_budget", "")))
    kind = kinds.get(first, first)
    if "daily_budget" in params:
        return Write("set the budget of", kind, str(params["daily_budget"]))
    return Write(_STATUS.get(str(params.get("status")), "change"), kind)


def lines(requests: Iterable[Request], kinds: Mapping[str, str]) -> list[str]:
    """One line a verb in the order in which they first came: "create 3 campaigns, 8 ad sets"."""
    groups: dict[str, dict[str, list[Write]]] = {}
    for request in requests:
        write = read(request, kinds)
        groups.setdefault(write.verb, {}).setdefault(write.kind, []).append(write)
    return [
        f"{verb} " + ", ".join(_counted(kind, writes) for kind, writes in of_verb.items())
        for verb, of_verb in groups.items()
    ]


def _counted(kind: str, writes: Sequence[Write]) -> str:
    amounts = list(dict.fromkeys(write.amount for write in writes if write.amount))
    amount = f" ({', '.join(amounts)})" if amounts else ""
    return f"{len(writes)} {kind}{'s' if len(writes) > 1 else ''}{amount}"
