"""The end state of a run without ids and times, so that two of them can be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chaos.seed import SeededUser, SeededWorld
from chaos.workbench import rows
from orchestrator.domain.goals import REGISTRY

_KEY = re.compile(r"\[k:([0-9a-f]+)\]")
_OBJECTS = """
    select 'campaign' as kind, id, null as campaign_id, null as source_adset_id,
           goal_key || ' ' || role as what, status, paused_by, paused_reason, daily_budget_minor
    from ads_campaigns where user_id = %(user_id)s
    union all
    select 'ad set', id, campaign_id, source_adset_id, audience || ' ' || coalesce(creative_id, ''),
           status, paused_by, paused_reason, daily_budget_minor
    from ads_ad_sets where user_id = %(user_id)s
"""
_ACTIONS = """
    select r.run_key, a.step, a.ordinal, a.action_type, a.goal_key, a.reason, a.campaign_id, a.adset_id,
           a.before_minor, a.after_minor, a.status, a.idempotency_key, a.message
    from ads_automation_actions a join ads_automation_runs r on r.id = a.run_id
    where a.user_id = %(user_id)s
    order by r.run_key, a.id
"""
CREATIONS = ("create_campaign", "create_adset", "promote_winner")
OPEN = ("planned", "intended", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One user's end: Meta's tree, our rows of it, the log, and keys found on two objects."""

    tree: str
    objects: str
    actions: tuple[Mapping[str, Any], ...]
    doubled: tuple[str, ...]

    @property
    def log(self) -> tuple[tuple[str, ...], ...]:
        """The log without keys and messages."""
        return tuple(
            tuple(str(v) for n, v in row.items() if n not in {"idempotency_key", "message", "run_key"})
            for row in self.actions
        )

    @property
    def made(self) -> Counter[tuple[str, ...]]:
        """What was created, whichever run did it. Budgets and states are compared as they ended."""
        return Counter(
            (row["action_type"], row["reason"], str(row["adset_id"] or row["campaign_id"]))
            for row in self.actions
            if row["status"] == "success" and row["action_type"] in CREATIONS
        )

    @property
    def left_open(self) -> tuple[str, ...]:
        """Actions nobody settled."""
        return tuple(f"{r['action_type']} {r['status']}" for r in self.actions if r["status"] in OPEN)


def end_of(world: SeededWorld, seeded_user: SeededUser) -> End:
    """How it ended for one user."""
    account = world.workbench.simulator.state(seeded_user.account.ad_account_id)
    labels = _labels(account, seeded_user)
    tree = sorted((_campaign(c, labels) for c in account["campaigns"]), key=json.dumps)
    ours = [
        {n: labels.get(str(v), v) for n, v in row.items()}
        for row in rows(world.dsn, _OBJECTS, user_id=seeded_user.user_id)
    ]
    for row in ours:
        row["what"] = _renamed(str(row["what"]), labels)
    acts = rows(world.dsn, _ACTIONS, user_id=seeded_user.user_id)
    return End(
        tree=json.dumps(tree, indent=1),
        objects=json.dumps(sorted(ours, key=lambda r: json.dumps(r, default=str)), indent=1, default=str),
        actions=tuple({n: _plain(v, labels) for n, v in row.items()} for row in acts),
        doubled=tuple(doubled(account)),
    )


def doubled(account: Mapping[str, Any]) -> Iterator[str]:
    """Keys that two things of one kind carry which are not deleted."""
    ad_sets = [a for c in account["campaigns"] for a in c["ad_sets"]]
    for kind, things in (
        ("campaign", account["campaigns"]),
        ("ad set", ad_sets),
        ("ad", [ad for a in ad_sets for ad in a["ads"]]),
    ):
        keys = Counter(
            (key_of(t["name"]), t["source_id"] if kind == "ad" else None)
            for t in things
            if t["status"] not in ("DELETED", "ARCHIVED") and key_of(t["name"])
        )
        yield from (f"{kind} {key} x{n}" for (key, _), n in keys.items() if n > 1)


def key_of(name: str) -> str | None:
    """The key of the action that made a thing: the last one, a copy carries its source's before it."""
    found = _KEY.findall(name)
    return found[-1] if found else None


def _plain(value: Any, labels: Mapping[str, str]) -> Any:
    """A planned id holds the creative's: each user has their own."""
    return _renamed(labels.get(value, value), labels) if isinstance(value, str) else value


def _renamed(text: str, labels: Mapping[str, str]) -> str:
    for found, label in labels.items():
        if "-" in found and found in text:
            text = text.replace(found, label)
    return text


def _labels(account: Mapping[str, Any], seeded_user: SeededUser) -> dict[str, str]:
    """A name for every id, the same in every copy of this user."""
    person = seeded_user.user.person
    labels = {str(person.creative_id(idea.name)): idea.name for idea in person.creatives}
    for goal in REGISTRY.values():
        labels |= {f"new:{r}:{goal.goal_key}": f"campaign {goal.title} · {r}" for r in ("testing", "scaling")}
    for campaign in account["campaigns"]:
        name = _KEY.sub("", _renamed(campaign["name"], labels)).strip()
        labels[campaign["id"]] = f"campaign {name}"
        for ad_set in campaign["ad_sets"]:
            labels[ad_set["id"]] = f"{name} / {_KEY.sub('', _renamed(ad_set['name'], labels)).strip()}"
    return labels


def _campaign(campaign: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    ad_sets = sorted((_ad_set(a, labels) for a in campaign["ad_sets"]), key=json.dumps)
    return _common(campaign, labels) | {"objective": campaign["objective"], "ad_sets": ad_sets}


def _ad_set(ad_set: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    ads = sorted((_named(ad, labels) for ad in ad_set["ads"]), key=json.dumps)
    return _common(ad_set, labels) | {"optimization_goal": ad_set["optimization_goal"], "ads": ads}


def _common(thing: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    source = thing["source_id"]
    return _named(thing, labels) | {
        "budget": thing["daily_budget_minor"],
        "source": labels.get(source, source) if source else None,
    }


def _named(thing: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": _KEY.sub("[k]", _renamed(thing["name"], labels)).strip(),
        "status": thing["status"],
    }
