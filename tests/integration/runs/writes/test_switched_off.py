"""A goal that is switched off stops on Meta within one run, whatever Meta answered to what was created.

One user for each kind of answer at each edge of creation, all in the same two runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from demo import demo_users
from demo.demo_users import a_test, creatives, goal, learning, steady
from demo.personas import Persona
from orchestrator.domain.policy import overridden
from orchestrator.resources import build_resources
from tests.integration.runs.conftest import Workbench

Rule = Mapping[str, Any]

LEARNER = Persona(
    name="learner",
    why="a goal that runs gets a new test, another one its first campaign",
    audiences=("broad",),
    goals={"streams": goal(5), "followers": goal(3)},
    creatives=(*creatives("streams", "teaser", "hook"), *creatives("followers", "backstage")),
    campaigns=(learning("streams", a_test("broad", "teaser", 350, steady(3, 300, 8_000, 4))),),
)
WINNER = demo_users.BO

EDGES: Mapping[str, tuple[Persona, Rule]] = {
    "campaign": (LEARNER, {"edge": "campaigns"}),
    "ad set": (LEARNER, {"edge": "adsets"}),
    "creative": (LEARNER, {"edge": "adcreatives"}),
    "ad": (LEARNER, {"edge": "ads"}),
    "activation of the ad": (LEARNER, {"edge": "", "body": {"status": "ACTIVE"}}),
    "activation of the ad set": (LEARNER, {"edge": "", "body": {"status": "ACTIVE"}, "after": 1}),
    "activation of the campaign": (LEARNER, {"edge": "", "body": {"status": "ACTIVE"}, "after": 4}),
    "scaling campaign": (WINNER, {"edge": "campaigns"}),
    "copy": (WINNER, {"edge": "copies", "body": {"campaign_id": "?*"}}),
    "copied ad": (WINNER, {"edge": "copies", "body": {"adset_id": "?*"}}),
    "activation of a copied ad": (WINNER, {"edge": "", "body": {"status": "ACTIVE"}}),
    "activation of the copy": (WINNER, {"edge": "", "body": {"status": "ACTIVE"}, "after": 1}),
    "activation of the scaling campaign": (WINNER, {"edge": "", "body": {"status": "ACTIVE"}, "after": 4}),
}


def refused(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> Rule:
    """Meta's refusal with a code."""
    return {"kind": "refusal", "refusal": {"code": code, "subcode": subcode, "status": status, **more}}


CODES: Mapping[str, Rule] = {
    **{str(code): refused(code) for code in (4, 17, 32, 341, 613, *range(80000, 80015))},
    **{f"613/{sub}": refused(613, sub) for sub in (1487632, 1487225, 5044001, 1487742)},
    "17/1885172": refused(17, 1885172),
    **{str(code): refused(code) for code in (102, 104, 190)},
    **{str(code): refused(code) for code in (3, 12, 2500, 2635)},
    **{str(code): refused(code, status=403) for code in (10, 200, 270, 273, 275, 294, 299)},
    "368": refused(368),
    **{f"100/{sub}": refused(100, sub) for sub in (1359188, 1404078, 1404163, 2859015, 3191001)},
    **{f"100/{sub}": refused(100, sub) for sub in (1487534, 1504018, 1504045, 33, 1870227, 1885272)},
    **{f"2/{sub}": refused(2, sub) for sub in (1504038, 1504041)},
    "-2/2490547": refused(-2, 2490547),
    **{str(code): refused(code, status=500) for code in (1, 2)},
    **{str(code): refused(code) for code in (0, 100, 300, 801, 900, 960, 2615, 1487007)},
    "a passing one": refused(100, transient=True),
    **{kind: {"kind": kind} for kind in ("html_502", "empty_200", "empty_500", "reset_before")},
    **{kind: {"kind": kind} for kind in ("html_502_after", "empty_200_after", "reset_after", "broken_json")},
}
"""Every code that the adapter knows, one beyond each, and answers without any."""

OF_EACH_CLASS = ("17", "613/1487632", "190", "200", "368", "1", "html_502_after")
"""An answer for each way of going on."""


def cases() -> Iterator[tuple[str, str]]:
    """Every code at one edge, an answer of each class at every edge."""
    yield from (("creative", code) for code in CODES)
    yield from ((edge, code) for edge in EDGES if edge != "creative" for code in OF_EACH_CLASS)


CASES = tuple(cases())
PEOPLE = [replace(EDGES[edge][0], name=f"{edge} {code}") for edge, code in CASES]


def switch_off(town: Workbench) -> None:
    """Every user switches every goal off."""
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(
            "update user_ads_modes set goal_settings = (select jsonb_object_agg(key, "
            "value || '{\"is_active\": false}') from jsonb_each(goal_settings))"
        )


def forget_the_pace(town: Workbench) -> None:
    """Six hours on the simulator's clock are none on ours: what we waited for would still hold."""
    settings, policy = town.resources.settings, town.resources.policy
    town.resources.close()
    town.resources = replace(build_resources(settings, dsn=town.dsn), policy=policy)


def rules(town: Workbench) -> Sequence[Rule]:
    return [
        {"method": "POST", "account": town.accounts[f"{edge} {code}"].ad_account_id}
        | EDGES[edge][1]
        | CODES[code]
        for edge, code in CASES
    ]


@pytest.mark.people(*PEOPLE)
def test_a_goal_that_is_switched_off_is_paused_within_one_run_whatever_was_refused(town: Workbench):
    # What stops everybody is another matter.
    town.resources = replace(town.resources, policy=overridden({"breaker_errors": 100_000}))
    town.users_per_batch = len(PEOPLE)
    town.simulator.add_faults(rules(town))
    town.run("run")
    not_met = [case for case, rule in zip(CASES, town.simulator.faults(), strict=True) if not rule["hits"]]
    assert not_met == []

    switch_off(town)
    town.later(6)
    forget_the_pace(town)
    town.run("next")

    spending = [
        (name, [c["name"] for c in town.campaigns(name) if c["status"] == "ACTIVE"]) for name in town.accounts
    ]
    assert [each for each in spending if each[1]] == []
