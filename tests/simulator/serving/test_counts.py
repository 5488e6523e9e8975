"""What the simulator counts, kept in its journal or not."""

from __future__ import annotations

from tests.simulator.client import Client

NONE = {"round_trips": 0, "calls": 0, "writes": 0, "refused": 0}


def test_a_new_world_has_answered_nothing(graph: Client):
    graph.sim("reset", {})

    assert graph.sim("counts") == NONE


def test_a_batch_is_one_round_trip_of_many_calls(graph: Client):
    before = graph.sim("counts")

    graph.post("", batch=[{"method": "GET", "relative_url": graph.act}] * 3)

    assert graph.sim("counts") == before | {
        "round_trips": before["round_trips"] + 1,
        "calls": before["calls"] + 3,
    }


def test_a_refused_write_is_counted_as_both(graph: Client):
    before = graph.sim("counts")

    graph.refused(f"{graph.act}/campaigns", name="no objective")

    assert graph.sim("counts") == {
        "round_trips": before["round_trips"] + 1,
        "calls": before["calls"] + 1,
        "writes": before["writes"] + 1,
        "refused": before["refused"] + 1,
    }


def test_what_the_journal_forgets_stays_counted(graph: Client):
    graph.get(graph.act)
    before = graph.sim("counts")

    graph.sim("requests", method="DELETE")

    assert graph.sim("counts") == before
