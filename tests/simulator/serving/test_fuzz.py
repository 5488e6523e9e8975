"""Whatever is asked, the answer is one of Meta's, and the world keeps adding up."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from graph_simulator.app import Simulator
from graph_simulator.seed import load
from graph_simulator.seed_form import AccountForm
from graph_simulator.spec import nodes
from graph_simulator.state.world import Setup
from tests.simulator.client import US
from tests.simulator.inside import Inside

EDGES = sorted({name.partition(" /")[2] for node in nodes().values() for name in node["edges"]})
PARAMS = sorted(
    {name for node in nodes().values() for edge in node["edges"].values() for name in edge["params"]}
)
FIELDS = sorted({name for node in nodes().values() for name in node["fields"]})
# The same examples every time: a run of the tests proves the same as the one before.
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TEXT = st.text(max_size=20)
NUMBERS = st.integers(-(2**70), 2**70).map(str)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
GOOD = st.sampled_from(
    [
        *("1000", "1", "PAUSED", "OUTCOME_TRAFFIC", "LINK_CLICKS", "IMPRESSIONS", "LOWEST_COST_WITHOUT_CAP"),
        *(
            "2026-11-25",
            "last_7d",
            "adset",
            "age",
            '["spend_descending"]',
            '[{"name":"x"}]',
            '{"creative_id":"1"}',
        ),
        *(json.dumps(US), '{"page_id":"1"}', '{"since":"2026-11-01","until":"2026-11-20"}'),
        '[{"field":"name","operator":"CONTAIN","value":1}]',
        '[{"method":"GET","relative_url":"me"}]',
        '[{"method":"POST","name":"a","relative_url":"x"},{"relative_url":"y"}]',
    ]
)
VALUES = GOOD | st.one_of(
    TEXT, NUMBERS, JSON.map(json.dumps), st.sampled_from(["", "true", "[]", "{}", "[{}]", "[[]]", "0"])
)
ASKED = st.lists(st.sampled_from(FIELDS), max_size=3).map(",".join) | st.text("abc{}().,[]\"' ", max_size=15)
LINK = "https://example.com"
BUTTON = {"type": "LEARN_MORE", "value": {"link": LINK}}
CONTROLLED = (
    *("seed", "clock", "faults", "reset", "review", "tokens", "delivery", "accounts"),
    *("people", "issues", "figures", "assets"),
)
COMMON = (
    "fields",
    "limit",
    "after",
    "before",
    "filtering",
    "summary",
    "batch",
    "asyncbatch",
    "ids",
    "method",
    "sort",
)
PARAMETERS = st.dictionaries(
    st.sampled_from(PARAMS) | st.sampled_from(COMMON) | TEXT, VALUES, max_size=5
) | st.fixed_dictionaries({"fields": ASKED})


BODIES: dict[str, Callable[[dict[str, str]], bytes]] = {
    "query": lambda _: b"",
    "noise": lambda _: b"",
    "application/json": lambda params: json.dumps(params).encode(),
    "application/x-www-form-urlencoded": lambda params: urlencode(params, errors="replace").encode(),
}


class World:
    """A simulator in this process, with one running campaign in it, and its noise."""

    def __init__(self, setup: Setup) -> None:
        self.simulator = Simulator(setup)
        form = AccountForm.model_validate(
            {"campaigns": [{"ad_sets": [{"history": [{"days": 3, "spend_minor": 99}]}]}]}
        )
        self.me = load(self.simulator.world, form)
        self.http = Inside(self.simulator)
        campaign = self.me["campaigns"][0]
        self.ids = [
            "",
            "me",
            "123",
            "act_1",
            self.me["ad_account_id"],
            campaign["id"],
            campaign["ad_sets"][0]["id"],
        ]
        self.ids += [
            campaign["ad_sets"][0]["ads"][0]["id"],
            campaign["ad_sets"][0]["ads"][0]["creative_id"],
            "debug_token",
        ]
        self.ids += [self.me["lead_form_id"], self.me["video_id"], self.me["instagram_user_id"]]
        self.ids += [self.me["page_id"], self.me["pixel_id"], self.me["custom_conversion_id"], "oauth"]


LAWS = {"learning": True, "rising": True, "twins": True, "late_reads": 0.3, "missing": 1, "taken_back": 0.5}


@pytest.fixture(
    scope="module", params=[{}, {"lenient": True}, LAWS | {"issues": 0.5}], ids=["strict", "lenient", "all"]
)
def world(request: pytest.FixtureRequest) -> World:
    return World(Setup(accounts=1, **request.param))


class Heard(logging.Handler):
    """What the simulator says about its own bugs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info}")


@pytest.fixture(scope="module")
def bugs() -> Iterator[list[str]]:
    heard = Heard()
    logging.getLogger("graph_simulator").addHandler(heard)
    yield heard.lines
    logging.getLogger("graph_simulator").removeHandler(heard)


def is_metas(status: int, body: Any) -> bool:
    """Whether an answer is a good one, or an error with Meta's keys."""
    if status == 200:
        return isinstance(body, dict | list)
    error = body["error"]
    return isinstance(error["code"], int) and {"message", "type", "code", "fbtrace_id"} <= error.keys()


@settings(STEADY, max_examples=200)
@given(data=st.data())
def test_any_request_gets_an_answer_of_metas(world: World, bugs: list[str], data: st.DataObject):
    node = data.draw(
        st.sampled_from(world.ids) | TEXT.map(lambda text: text.replace("/", "").replace("?", ""))
    )
    edge = data.draw(st.sampled_from(EDGES) | TEXT.map(lambda text: text.replace("?", "")))
    method = data.draw(st.sampled_from(["GET", "POST", "DELETE"]))
    params = data.draw(PARAMETERS)
    token = {"access_token": world.me["access_token"]} if data.draw(st.integers(0, 9)) else {}
    way = data.draw(st.sampled_from(sorted(BODIES)))
    body = BODIES[way](params) if way != "noise" else data.draw(st.binary(max_size=40))
    kind = data.draw(st.sampled_from([way, "x", "multipart/form-data", "multipart/form-data; boundary=x"]))
    query = token | params if way == "query" else token

    bugs.clear()
    answer = world.http.ask(method, f"/v26.0/{node}/{edge}", query, body, kind)

    assert not bugs, bugs
    assert is_metas(answer.status_code, answer.json())


@settings(STEADY, max_examples=100)
@given(
    body=JSON,
    name=st.sampled_from(CONTROLLED),
)
def test_any_control_call_gets_an_answer(body: Any, name: str):
    http = Inside(Simulator(Setup()))

    answer = http.ask("POST", f"/_sim/{name}", {}, json.dumps(body).encode(), "application/json")

    assert answer.status_code in {200, 400}


class Life(RuleBasedStateMachine):
    """Creates, changes, deletes and lets time pass, at random; the invariants hold all the while."""

    campaigns: Bundle[str] = Bundle("campaigns")
    ad_sets: Bundle[str] = Bundle("ad_sets")
    ads: Bundle[str] = Bundle("ads")

    def __init__(self) -> None:
        super().__init__()
        self.simulator = Simulator(Setup(accounts=1))
        self.me = self.simulator.world.accounts[0]
        self.http = Inside(self.simulator)

    def ask(self, method: str, path: str, **params: Any) -> Any:
        answer = self.http.form(method, f"/v26.0/{path}", self.me.token, params)
        note(f"{method} {path} {params} -> {str(answer)[:200]}")
        return answer

    def state(self) -> Any:
        return self.http.ask("GET", "/_sim/state", {}).json()["accounts"][0]

    @rule(
        target=campaigns,
        budget=st.none() | st.integers(1, 5000),
        status=st.sampled_from(["ACTIVE", "PAUSED"]),
    )
    def create_campaign(self, budget: int | None, status: str) -> Any:
        kind = (
            {"daily_budget": budget, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"}
            if budget
            else {"is_adset_budget_sharing_enabled": False}
        )
        answer = self.ask(
            "POST",
            f"{self.me.id}/campaigns",
            name="c",
            objective="OUTCOME_TRAFFIC",
            special_ad_categories=[],
            status=status,
            **kind,
        )
        return answer["id"] if "id" in answer else multiple()

    @rule(
        target=ad_sets,
        campaign=campaigns,
        budget=st.none() | st.integers(1, 5000),
        goal=st.sampled_from(["LINK_CLICKS", "LANDING_PAGE_VIEWS"]),
        status=st.sampled_from(["ACTIVE", "PAUSED"]),
    )
    def create_ad_set(self, campaign: str, budget: int | None, goal: str, status: str) -> Any:
        own = {"daily_budget": budget, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"} if budget else {}
        answer = self.ask(
            "POST",
            f"{self.me.id}/adsets",
            name="s",
            campaign_id=campaign,
            optimization_goal=goal,
            billing_event="IMPRESSIONS",
            targeting=US,
            status=status,
            **own,
        )
        return answer["id"] if "id" in answer else multiple()

    @rule(target=ads, ad_set=ad_sets)
    def create_ad(self, ad_set: str) -> Any:
        story = {"page_id": self.me.page_id, "link_data": {"link": LINK, "call_to_action": BUTTON}}
        answer = self.ask(
            "POST",
            f"{self.me.id}/ads",
            name="a",
            adset_id=ad_set,
            creative={"object_story_spec": story},
            status="ACTIVE",
        )
        return answer["id"] if "id" in answer else multiple()

    @rule(target=ad_sets, source=ad_sets, campaign=campaigns, deep=st.booleans())
    def copy_ad_set(self, source: str, campaign: str, deep: bool) -> Any:  # noqa: FBT001 - drawn by hypothesis
        answer = self.ask(
            "POST", f"{source}/copies", campaign_id=campaign, deep_copy=deep, status_option="ACTIVE"
        )
        return answer.get("copied_adset_id") or multiple()

    @rule(target=campaigns, source=campaigns)
    def copy_campaign(self, source: str) -> Any:
        answer = self.ask("POST", f"{source}/copies", deep_copy=True, status_option="INHERITED_FROM_SOURCE")
        return answer.get("copied_campaign_id") or multiple()

    @rule(node=campaigns | ad_sets, budget=st.integers(0, 6000))
    def set_budget(self, node: str, budget: int) -> None:
        self.ask("POST", node, daily_budget=budget)

    @rule(node=campaigns | ad_sets | ads, status=st.sampled_from(["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]))
    def set_status(self, node: str, status: str) -> None:
        self.ask("POST", node, status=status)

    @rule(node=campaigns | ad_sets | ads)
    def delete(self, node: str) -> None:
        self.ask("DELETE", node)

    @rule(hours=st.integers(1, 60))
    def let_time_pass(self, hours: int) -> None:
        self.simulator.world.clock.advance(hours * 3600)

    @invariant()
    def budgets_stand_on_one_level(self) -> None:
        for campaign in self.me.campaigns:
            for ad_set in campaign.ad_sets:
                assert campaign.is_cbo == (ad_set.daily_budget is None)
                assert campaign.is_cbo or (ad_set.daily_budget or 0) >= 20

    @invariant()
    def one_budget_one_goal(self) -> None:
        for campaign in self.me.campaigns:
            goals = {
                each.optimization_goal
                for each in campaign.ad_sets
                if each.status not in {"DELETED", "ARCHIVED"}
            }
            assert not campaign.is_cbo or len(goals) <= 1

    @invariant()
    def children_know_their_parents(self) -> None:
        found = self.simulator.world.objects
        for campaign in self.me.campaigns:
            assert found[campaign.id] is campaign
            for ad_set in campaign.ad_sets:
                assert (ad_set.campaign, found[ad_set.id]) == (campaign, ad_set)
                assert all(ad.ad_set is ad_set and found[ad.id] is ad for ad in ad_set.ads)

    @invariant()
    def nobody_spends_more_than_175_percent(self) -> None:
        state = self.state()
        days = 2 + (self.simulator.world.now() - self.me.created) // 86400
        for campaign in state["campaigns"]:
            assert campaign["spend_minor"] <= days * 1.75 * 6000 * max(1, len(campaign["ad_sets"]))

    @invariant()
    def insights_add_up_to_the_state(self) -> None:
        state = self.state()
        spend = state["spend_minor"]
        for level in ("account", "ad"):
            everything = [{"field": "ad.effective_status", "operator": "NOT_IN", "value": []}]
            rows = self.ask(
                "GET",
                f"{self.me.id}/insights",
                level=level,
                date_preset="maximum",
                fields="spend",
                limit="5000",
                filtering=everything,
            )
            assert sum(round(float(row["spend"]) * 100) for row in rows["data"]) in {spend, spend * 100}

    @invariant()
    def edges_count_what_is_there(self) -> None:
        alive = sum(each.status not in {"DELETED", "ARCHIVED"} for each in self.me.campaigns)
        answer = self.ask("GET", f"{self.me.id}/campaigns", summary="true", limit="1")
        assert answer["summary"]["total_count"] == alive


Life.TestCase.settings = settings(STEADY, max_examples=15, stateful_step_count=20)
TestLife = Life.TestCase
