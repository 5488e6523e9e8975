"""What lowers the spending is done whatever else a run meets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo import demo_users
from demo.demo_users import a_test, creatives, goal, learning, steady
from orchestrator import rules
from orchestrator.domain.action_log import ActionRow
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.test_human_edits import by_hand, live_minor, rises_of
from tests.integration.runs.test_partial_writes import PROMOTE, copies, dies, first

AT_LIMIT = "Its budget can change again in an hour; the next run does it. The next run does it if it is still"


@pytest.mark.people(demo_users.NIA)
def test_the_limit_of_one_ad_set_holds_that_ad_set_alone(town: Workbench):
    first = town.ad_sets("Nia")[0]["id"]
    town.simulator.add_faults(
        [{"kind": "throttle_1487632", "method": "POST", "path": f"/{first}", "count": 1}]
    )

    town.run("run")

    cuts = [r for r in town.actions("run") if r.action.action_type == "update_budget"]
    assert [r.status for r in cuts if r.action.adset_id == first] == ["held"]
    assert AT_LIMIT in str(cuts[0].message)
    assert [r.status for r in cuts if r.action.adset_id != first] == ["success"] * 4
    assert town.statuses("run") == {"success"}

    town.later(6)
    town.run("next")
    (last,) = town.actions("next")
    assert (last.action.adset_id, last.status) == (first, "success")


def pauses_of(town: Workbench, ad_set_id: str) -> list[str]:
    pauses = [r for r in town.actions("run") if r.action.action_type == "pause_adset"]
    return [r.status for r in pauses if r.action.adset_id == ad_set_id]


def rises(town: Workbench, goal_key: str) -> list[ActionRow]:
    return [r for r in town.actions("next") if r.action.goal_key == goal_key and rules.is_increase(r.action)]


BO_WITH_A_LOSER = replace(
    demo_users.BO,
    goals={"virality": goal(5), "streams": goal(3)},
    creatives=(*demo_users.BO.creatives, *creatives("streams", "teaser")),
    campaigns=(
        *demo_users.BO.campaigns,
        learning(
            "streams",
            a_test("broad", "teaser", 300, steady(9, 300, 8_000, 4)),
            a_test("lookalike", "teaser", 300, steady(9, 300, 8_000, 0)),
        ),
    ),
)


@pytest.mark.people(BO_WITH_A_LOSER)
@pytest.mark.parametrize("code", [pytest.param(368, id="a closed account"), pytest.param(3, id="the app's")])
def test_an_account_that_may_not_rise_still_has_its_losers_paused(town: Workbench, code: int):
    blocked = {"code": code, "title": "Temporarily blocked"}
    town.simulator.add_faults(
        [{"kind": "refusal", "method": "POST", "edge": "campaigns", "refusal": blocked}]
    )
    loser = town.ad_sets("Bo")[-1]["id"]
    live = live_minor(town, "Bo")

    town.run("run")

    assert {s for s, _ in rises_of(town, "run")} == {"failed", "held"}
    assert pauses_of(town, loser) == ["success"]
    assert town.ad_sets("Bo")[-1]["status"] == "PAUSED"
    assert live_minor(town, "Bo") < live
    assert town.statuses("run") == {"failed"}
    refused = [
        r for r in town.simulator.requests() if r["path"].endswith("/campaigns") and r["method"] == "POST"
    ]
    assert len(refused) == 1


@pytest.mark.people(BO_WITH_A_LOSER)
def test_what_cannot_be_read_back_holds_its_goal_and_no_reduction(town: Workbench):
    town.simulator.add_faults([{"kind": "html_502_after", "method": "POST", "edge": "copies"}])
    loser = town.ad_sets("Bo")[-1]["id"]
    town.run("run")
    assert town.ad_sets("Bo")[-1]["id"] != loser  # copies are there, and nobody had their ids

    assert pauses_of(town, loser) == ["success"]
    (kept,) = [a for a in town.ad_sets("Bo") if a["id"] == loser]
    assert kept["status"] == "PAUSED"


@pytest.mark.parametrize(
    "reductions",
    [
        pytest.param(1, marks=pytest.mark.people(demo_users.BO), id="in the first step"),
        pytest.param(2, marks=pytest.mark.people(BO_WITH_A_LOSER), id="in the first and the last step"),
    ],
)
def test_what_is_half_made_is_finished_by_a_run_with_reductions_and_after_these(
    town: Workbench, reductions: int
):
    dies(town, PROMOTE, "begin_write", 9)
    copy = copies(town)[0]["id"]
    # The last learning campaign's: the first has a budget that is lowered, the second is a loser.
    reduced = [a["id"] for a in town.campaigns("Bo")[reductions - 1]["ad_sets"]][:reductions]
    by_hand(town, "Bo").set_daily_budget("ad_set", reduced[0], 900)
    made = len(town.writes())

    town.run("next")

    assert first(town, "promote_winner").status == "success"
    assert copies(town)[0]["status"] == "ACTIVE"
    written = [str(request["path"]).rpartition("/")[2] for request in town.writes()[made:]]
    assert set(reduced) <= set(written)
    assert max(n for n, each in enumerate(written) if each in reduced) < written.index(copy)
    assert {r.details.get("hold") for r in rises(town, "virality")} == {"unsettled"}
    assert town.statuses("next") == {"success"}

    town.later(6)
    town.run("after")
    assert {c["status"] for c in town.campaigns("Bo") if c["is_cbo"]} == {"ACTIVE"}
    assert live_minor(town, "Bo") <= 2000
