"""Judge every write by the simulator's own log: the live daily budget after it against the user's cap.

The live daily budget sums every owner of a budget: ACTIVE campaigns with one of their own, daily or for
their lifetime, else their ACTIVE ad sets, those made by people too. Independent of the orchestrator: its
ledger starts from the state before a run and adds the writes that took effect; the state after the run
must equal it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Breach:
    """A write that took the live daily budget above the cap, or raised it while it was above. Minor units."""

    request: int
    before_minor: int
    after_minor: int
    cap_minor: int


@dataclass(slots=True)
class Books:
    """Budgets and states of one account, followed write by write."""

    campaigns: dict[str, Node]
    ad_sets: dict[str, Node]

    @classmethod
    def of(cls, account: Mapping[str, Any], now: datetime) -> Books:
        """From the simulator's state of one account."""
        campaigns = account["campaigns"]
        return cls(
            {c["id"]: _node(c, "", now) for c in campaigns},
            {a["id"]: _node(a, c["id"], now) for c in campaigns for a in c["ad_sets"]},
        )

    def live_sum_minor(self) -> int:
        """What the account can spend a day."""
        active = {i: c for i, c in self.campaigns.items() if c["status"] == "ACTIVE"}
        in_abo = (
            _a_day(a)
            for a in self.ad_sets.values()
            if a["status"] == "ACTIVE" and a["parent"] in active and not _a_day(active[a["parent"]])
        )
        return sum(map(_a_day, active.values())) + sum(in_abo)

    def follow(self, request: Mapping[str, Any]) -> None:
        """Apply an update that took effect. (What is created is entered by ``enter_new``, PAUSED.)."""
        node = self.campaigns.get(request["path"][1:]) or self.ad_sets.get(request["path"][1:])
        if node is None:
            return
        params = request["params"]
        if "status" in params:
            node["status"] = params["status"]
        if "daily_budget" in params:
            node["budget"] = int(params["daily_budget"])

    def enter_new(self, after: Books) -> None:
        """Enter what a run created, as it was created: an answer that was lost has no id to enter it by."""
        for mine, theirs in ((self.campaigns, after.campaigns), (self.ad_sets, after.ad_sets)):
            for new in theirs.keys() - mine.keys():
                mine[new] = {**theirs[new], "status": "PAUSED"}


def breaches(
    before: Books, requests: Iterable[Mapping[str, Any]], after: Books, cap_minor: int
) -> tuple[list[Breach], list[str]]:
    """Follow one account through one run; the breaches, and what the books do not explain.

    Args:
        before: the account's books before the run. They are moved on.
        requests: its writes that took effect, in order.
        after: the account as it is after the run.
        cap_minor: the most that may be live a day.
    """
    before.enter_new(after)
    found, sum_minor = [], before.live_sum_minor()
    for request in requests:
        before.follow(request)
        was, sum_minor = sum_minor, before.live_sum_minor()
        if sum_minor > cap_minor and sum_minor > was:
            found.append(Breach(request["id"], was, sum_minor, cap_minor))
    unexplained = [i for i, node in after.campaigns.items() if before.campaigns.get(i) != node]
    unexplained += [i for i, node in after.ad_sets.items() if before.ad_sets.get(i) != node]
    return found, unexplained


def duplicates(accounts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Things of one key of which more than one could spend; a person's duplicate has more behind the key."""
    for account in accounts:
        alive: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for kind, thing in _spending(account):
            alive[kind, thing["name"]].append(thing["id"])
        yield from (f"{kind} {name}: {ids}" for (kind, name), ids in alive.items() if len(ids) > 1)


def _spending(account: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for campaign in account["campaigns"]:
        if _is_marked(campaign) and campaign["status"] == "ACTIVE":
            yield "campaign", campaign
        for ad_set in campaign["ad_sets"]:
            if ad_set["status"] == "ACTIVE" and _is_marked(ad_set):
                yield "ad set", ad_set
            for ad in ad_set["ads"]:
                if ad["status"] == "ACTIVE" and _is_marked(ad):
                    yield f"ad in {ad_set['id']}", ad


def _is_marked(thing: Mapping[str, Any]) -> bool:
    return re.search(r"\[k:[0-9a-f]+\]$", thing["name"]) is not None


def _a_day(node: Node) -> int:
    return node["budget"] or node["lifetime"] or 0


def _node(thing: Mapping[str, Any], parent: str, now: datetime) -> Node:
    return {
        "parent": parent,
        "status": thing["status"],
        "budget": thing["daily_budget_minor"],
        "lifetime": _lifetime_a_day(thing, now),
    }


def _lifetime_a_day(thing: Mapping[str, Any], now: datetime) -> int | None:
    """What is left of a lifetime budget over the days until its end; without an end, all of it."""
    if not thing["lifetime_budget_minor"]:
        return None
    left: int = max(0, thing["lifetime_budget_minor"] - round(thing["spend_minor"]))
    if thing["end"] is None:
        return left
    hours = (datetime.fromisoformat(thing["end"]) - now).total_seconds() / 3600
    return ceil(Fraction(left, max(1, ceil(hours / 24))))
