"""What of the user's is there and can be used, from what Meta answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from orchestrator.errors import AccountClosed, AuthExpired, PlatformError, Rejected, Throttled, Transient
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


def absent(answer: Body | PlatformError, *wanted: Asset, node: Body | None = None) -> frozenset[Asset] | None:
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
        (PAGE, AccountClosed("may not advertise", code=200)),
    ],
)
def test_what_was_not_found_missing_counts_as_there(asset: Asset, answer: Body | PlatformError) -> None:
    assert absent(answer, asset) == frozenset()


@pytest.mark.parametrize("broken", [None, [], "text", {"data": None}, {"data": ["1", None]}, {"data": {}}])
def test_a_list_that_cannot_be_read_proves_nothing(broken: Any) -> None:
    assert absent({"id": "3"}, PIXEL, node={"adspixels": broken}) == frozenset()


@pytest.mark.parametrize(
    "asset",
    [
        Asset("page", ""),
        Asset("page", "me/accounts"),
        Asset("pixel", "3?fields=access_token"),
        Asset("video", "{'a': 1}"),
        Asset("image", 'abc"])},access_token'),
        Asset("image", "a" * 65),
    ],
)
def test_what_is_no_id_of_meta_s_is_absent_and_never_sent(asset: Asset) -> None:
    graph = StubGraph({"id": "1", "data": [{"hash": "abc"}]})

    assert assets_absent(graph, asset) == {asset}
    assert graph.read_calls == []
    assert asset.id not in "".join(asset_lookup.listing([asset])) or not asset.id


@pytest.mark.parametrize("error", [Transient("later"), Throttled("full", wait_s=300)])
def test_nothing_is_known_while_meta_does_not_answer(error: PlatformError) -> None:
    assert absent(error, PAGE, PIXEL) is None
    assert absent(error, PAGE, node={"promote_pages": {"data": [{"id": "1"}]}}) == frozenset()


@pytest.mark.parametrize(
    "error", [Transient("later"), Throttled("full", wait_s=300), AccountClosed("closed")]
)
def test_a_look_up_that_fails_as_a_whole_says_nothing_and_fails_nothing(error: PlatformError) -> None:
    assert asset_lookup.absent(BrokenGraph(error), "act_1", {}, [PAGE]) is None


def test_a_dead_token_ends_the_reading() -> None:
    with pytest.raises(AuthExpired):
        asset_lookup.absent(BrokenGraph(AuthExpired("dead")), "act_1", {}, [PAGE])


class BrokenGraph(StubGraph):
    """Fails whole."""

    def read_many(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        assert isinstance(self.answer, PlatformError), calls
        raise self.answer


def assets_absent(graph: StubGraph, asset: Asset) -> frozenset[Asset] | None:
    return asset_lookup.absent(graph, "act_1", {}, [asset])


def test_they_are_read_fifty_at_a_time() -> None:
    wanted = [Asset("video", str(number)) for number in range(51)]
    graph = StubGraph(Rejected("gone", code=100, subcode=33))

    assert asset_lookup.absent(graph, "act_1", {}, wanted) == set(wanted)
    assert [call.path for call in graph.read_calls] == [(str(number),) for number in range(51)]
