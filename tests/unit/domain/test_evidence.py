"""Gates compare exactly, and only as far as the first that fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from orchestrator.domain.evidence import Comparison, Gate, Value, figure, first_failed


@pytest.mark.parametrize(
    ("have", "operator", "need", "passed"),
    [
        pytest.param(3, "at least", 3, True, id="3 is at least 3"),
        pytest.param(2, "at least", 3, False, id="2 is not"),
        pytest.param(3, "at most", 3, True, id="3 is at most 3"),
        pytest.param(4, "at most", 3, False, id="4 is not"),
        pytest.param(3, "more than", 3, False, id="3 is not more than 3"),
        pytest.param(4, "more than", 3, True, id="4 is"),
        pytest.param(3, "less than", 3, False, id="3 is not less than 3"),
        pytest.param(2, "less than", 3, True, id="2 is"),
        pytest.param("on", "is", "on", True, id="on is on"),
        pytest.param("off", "is", "on", False, id="off is not"),
        pytest.param("new", "is not", "approved", True, id="new is not approved"),
        pytest.param("approved", "is not", "approved", False, id="approved is"),
        pytest.param(timedelta(hours=24), "at least", timedelta(days=1), True, id="24 h are a day"),
        pytest.param((1, 3), "at most", (2, 6), True, id="a third is two sixths"),
        pytest.param((2, 3), "at most", (67, 100), True, id="two thirds are less than 0.67"),
        pytest.param((2, 3), "at most", (66, 100), False, id="and more than 0.66"),
        pytest.param((10, 1), "more than", (9, 1), True, id="ten is more than nine"),
        pytest.param(0, "", 5, True, id="a figure compares nothing"),
    ],
)
def test_a_gate_compares(have: Value, operator: Comparison, need: Value, *, passed: bool) -> None:
    assert Gate("x", have, operator, need).passed is passed


def test_what_follows_the_first_failed_gate_is_not_computed() -> None:
    def gates() -> Iterator[tuple[str, Gate]]:
        yield "too_young", Gate("age", 3, "at least", 2)
        yield "", figure("limit", 7)
        yield "too_few_events", Gate("core_events", 1, "at least", 2)
        raise AssertionError("computed")

    reason, evidence = first_failed(gates())

    assert reason == "too_few_events"
    assert [gate.name for gate in evidence] == ["age", "limit", "core_events"]


def test_when_no_gate_fails_all_are_the_evidence() -> None:
    gates = [("too_young", Gate("age", 2, "at least", 2))]

    assert first_failed(gates) == (None, (Gate("age", 2, "at least", 2),))
    assert first_failed([]) == (None, ())
