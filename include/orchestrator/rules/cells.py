"""Test cells: what could be tested for a goal and was not yet.

A cell is an approved creative that fits its goal (newest first) with an audience of the goal's template (by
position) whose interests are all there. It is tried when any ad set of ours ever had it, but for one that
was refused while it was built and may be tried again.
"""

from __future__ import annotations

from msgspec.structs import replace

from orchestrator.rules.state import AdSetNow, Cell, State, by_age, goal_ad_sets, is_in_creation

_Pair = tuple[str, str | None]


class UntriedCells(dict[str, tuple[Cell, ...]]):
    """The untried cells of each goal, creative by creative, found when they are first looked up."""

    def __init__(self, start: State) -> None:
        super().__init__()
        self._start = start

    def __missing__(self, goal_key: str) -> tuple[Cell, ...]:
        found = self[goal_key] = _untried(self._start, goal_key)
        return found


def _untried(state: State, goal_key: str) -> tuple[Cell, ...]:
    tried, begun = _tried(goal_ad_sets(state, goal_key))
    untried = [
        Cell(audience, creative)
        for creative in state.usable.get(goal_key, ())
        for audience in state.audiences.get(goal_key, ())
        if (audience, creative) not in tried
    ]
    is_plain = not begun and not state.refusals.refused
    return tuple(untried if is_plain else [_cell(state, cell, begun) for cell in untried])


def _tried(ad_sets: list[AdSetNow]) -> tuple[set[_Pair], dict[_Pair, list[AdSetNow]]]:
    """The cells that were tried, and the ad sets of the others whose build may be tried again."""
    tried: set[_Pair] = set()
    begun: dict[_Pair, list[AdSetNow]] = {}
    for a in ad_sets:
        if a.retry and is_in_creation(a):
            begun.setdefault((a.audience, a.creative_id), []).append(a)
        else:
            tried.add((a.audience, a.creative_id))
    return tried, begun


def _cell(state: State, cell: Cell, begun: dict[_Pair, list[AdSetNow]]) -> Cell:
    pair = (cell.audience, cell.creative_id)
    refused = state.refusals.gate("create_adset", *pair)
    return replace(cell, begun=tuple(by_age(begun.get(pair, ()))), refused=refused)
