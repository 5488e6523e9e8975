"""Reads that are late: what was made is not there yet, what was changed is as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

MOST_READS = 3


def budgets_read(graph: Client, node: str, reads: int) -> list[str]:
    return [graph.get(node, fields="daily_budget")["daily_budget"] for _ in range(reads)]


@pytest.fixture
def late(graph: Client) -> Client:
    """A world in which every write is late, after a running tree was made."""
    graph.me |= dict(zip(("campaign", "ad_set", "ad"), graph.tree(), strict=True))
    graph.sim("delivery", {"late_reads": 1})
    return graph


def test_an_update_is_acknowledged_and_seen_some_reads_later(late: Client):
    ad_set = late.me["ad_set"]
    assert late.post(ad_set, daily_budget=2000) == {"success": True}

    seen = budgets_read(late, ad_set, MOST_READS + 1)

    changed = seen.index("2000")
    assert 1 <= changed <= MOST_READS
    assert seen == ["1000"] * changed + ["2000"] * (MOST_READS + 1 - changed)


def test_the_write_itself_reads_back_what_it_wrote(late: Client):
    ad_set = late.me["ad_set"]
    assert late.post(ad_set, daily_budget=2000, fields="daily_budget")["daily_budget"] == "2000"


def test_a_list_shows_the_old_value_and_selects_by_it(late: Client):
    campaign, ad_set = late.me["campaign"], late.me["ad_set"]
    late.post(ad_set, status="PAUSED")

    found = late.get(f"{campaign}/adsets", fields="status,updated_time", effective_status=["ACTIVE"])["data"]

    assert [each["status"] for each in found] == ["ACTIVE"]


def test_the_clock_ends_a_delay_too(late: Client):
    ad_set = late.me["ad_set"]
    late.post(ad_set, daily_budget=2000)
    late.sim("clock", {"advance_seconds": 59})
    assert budgets_read(late, ad_set, 1) == ["1000"]
    late.post(ad_set, daily_budget=3000)
    late.sim("clock", {"advance_seconds": 60})
    assert budgets_read(late, ad_set, 1) == ["3000"]


def test_what_was_made_is_absent_for_some_reads_but_can_be_written_to(late: Client):
    campaign = late.me["campaign"]
    made = late.ad_set(campaign, name="second")
    assert late.post(made, name="renamed") == {"success": True}

    lists = [len(late.get(f"{campaign}/adsets")["data"]) for _ in range(MOST_READS + 1)]

    assert lists[0] == 1
    assert lists[-1] == 2
    assert late.get(made, fields="name")["name"] == "renamed"


def test_what_was_made_is_no_object_to_the_first_reads(late: Client):
    made = late.campaign(name="second")
    answers = [late.get(made) for _ in range(MOST_READS + 1)]
    assert answers[0]["error"]["error_subcode"] == 33
    assert answers[-1] == {"id": made}


def test_a_refused_write_is_not_late(late: Client):
    ad_set = late.me["ad_set"]
    assert late.refused(ad_set, daily_budget=1) == (100, 1885272)
    assert late.get(ad_set, fields="daily_budget")["daily_budget"] == "1000"


def test_chance_and_seed_decide_which_writes_are_late(graph: Client):
    def lateness() -> list[bool]:
        graph.sim("reset", {"late_reads": 0.5})
        graph.open_account()
        ids = [graph.campaign(name=str(number)) for number in range(20)]
        return ["error" in graph.get(each) for each in ids]

    first = lateness()
    assert 3 <= sum(first) <= 17
    assert lateness() == first


def test_the_fault_lag_delays_an_update_too(graph: Client):
    campaign = graph.campaign()
    graph.sim("faults", {"kind": "lag", "method": "POST", "path": f"/{campaign}", "count": 1, "seconds": 30})
    graph.post(campaign, name="new")
    assert [graph.get(campaign, fields="name")["name"] for _ in range(4)] == ["campaign"] * 4
    graph.post(campaign, name="newer")
    assert graph.get(campaign, fields="name")["name"] == "campaign"


def test_reads_are_never_late_unless_wanted(graph: Client):
    ids: list[Any] = [graph.campaign(name=str(number)) for number in range(10)]
    assert all(graph.get(each) == {"id": each} for each in ids)
