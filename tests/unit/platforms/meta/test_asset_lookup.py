"""What of the user's is there and can be used, from what Meta answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from orchestrator.errors import PlatformError, Rejected, Transient
from orchestrator.platforms.meta import asset_lookup
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.user_assets import Asset

PAGE, PIXEL, IMAGE = Asset("page", "1"), Asset("pixel", "3"), Asset("image", "abc")
CONVERSION, FORM = Asset("conversion", "4"), Asset("form", "7")


class StubGraph(Graph):
    """Answers every read alike, and remembers what was read."""

    def __init__(self, answer: Body | PlatformError) -> None:
        self.answer = answer
        self.read_calls: list[Call] = []

    def read_many(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        self.read_calls += calls
        return [self.answer for _ in calls]


def absent(answer: Body | PlatformError, *wanted: Asset, node: Body | None = None) -> frozenset[Asset]:
    return asset_lookup.absent(StubGraph(answer), "act_1", node or {}, wanted)


def test_only_kinds_that_are_wanted_are_listed() -> None:
    assert asset_lookup.listing([]) == ()
    assert asset_lookup.listing([FORM]) == ()
    assert asset_lookup.listing([PIXEL, CONVERSION]) == (
        "adspixels.limit(100){id}",
        "customconversions.limit(100){id,is_archived}",
    )
    assert asset_lookup.listing([IMAGE, Asset("image", "def")]) == (
        'adimages.hashes(["abc","def"]).limit(100){hash}',
    )


@pytest.mark.parametrize(
    ("asset", "node"),
    [
        (PAGE, {"promote_pages": {"data": [{"id": "1"}]}}),
        (PIXEL, {"adspixels": {"data": [{"id": "2"}, {"id": "3"}]}}),
        (CONVERSION, {"customconversions": {"data": [{"id": "4", "is_archived": False}]}}),
        (CONVERSION, {"customconversions": {"data": [{"id": "4"}]}}),
        (IMAGE, {"adimages": {"data": [{"hash": "abc"}]}}),
    ],
)
def test_what_is_listed_is_not_read_again(asset: Asset, node: dict[str, Any]) -> None:
    graph = StubGraph({})

    assert asset_lookup.absent(graph, "act_1", node, [asset]) == frozenset()
    assert graph.read_calls == []


@pytest.mark.parametrize(
    ("asset", "answer"),
    [
        (CONVERSION, {"id": "4", "is_archived": True}),
        (FORM, {"id": "7", "status": "ARCHIVED"}),
        (FORM, {"id": "7", "status": "DELETED"}),
        (IMAGE, {"data": []}),
        (PAGE, Rejected("gone", code=100, subcode=33)),
        (PAGE, Rejected("gone", code=803)),
    ],
)
def test_what_is_gone_or_archived_is_absent(asset: Asset, answer: Body | PlatformError) -> None:
    archived = {"customconversions": {"data": [{"id": "4", "is_archived": True}]}}

    assert absent(answer, asset, node=archived) == {asset}


@pytest.mark.parametrize(
    ("asset", "answer"),
    [
        (CONVERSION, {"id": "4", "is_archived": False}),
        (FORM, {"id": "7", "status": "ACTIVE"}),
        (FORM, {"id": "7"}),
        (IMAGE, {"data": [{"hash": "abc"}]}),
        (PAGE, {"id": "1"}),
        (PAGE, Rejected("no permission", code=200)),
        (PAGE, Rejected("no permission", code=10)),
        (PAGE, Transient("later")),
    ],
)
def test_what_was_not_found_missing_counts_as_there(asset: Asset, answer: Body | PlatformError) -> None:
    assert absent(answer, asset) == frozenset()


@pytest.mark.parametrize("broken", [None, [], "text", {"data": None}, {"data": ["1", None]}, {"data": {}}])
def test_a_list_that_cannot_be_read_proves_nothing(broken: Any) -> None:
    assert absent({"id": "3"}, PIXEL, node={"adspixels": broken}) == frozenset()


def test_they_are_read_fifty_at_a_time() -> None:
    wanted = [Asset("video", str(number)) for number in range(51)]
    graph = StubGraph(Rejected("gone", code=100, subcode=33))

    assert asset_lookup.absent(graph, "act_1", {}, wanted) == set(wanted)
    assert [call.path for call in graph.read_calls] == [(str(number),) for number in range(51)]
