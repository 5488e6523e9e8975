"""What of the user's is there and can be used, from what Meta answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from orchestrator.errors import AccountClosed, AuthExpired, PlatformError, Rejected, Throttled, Transient
from orchestrator.platforms.meta import asset_lookup
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.user_assets import Asset

PAGE, PIXEL, IMAGE = Asset("page", "1"), Asset("pixel", "3"), Asset("image", "abc")
CONVERSION, FORM = Asset("conversion", "4"), Asset("form", "7")
CLICK = Asset("event", "click", "3")
FANS, POP = Asset("interest", "6003"), Asset("interest", "6004")
MISSPELT = "pixel 3 receives Click: every letter counts, correct one of the two"
NO_INTEREST = "no interest of Meta's, or one that can be targeted no more"


def received(**counts: int) -> dict[str, Any]:
    return {"data": [{"data": [{"value": name, "count": count} for name, count in counts.items()]}]}


def pixel(**counts: int) -> dict[str, Any]:
    """The account's node with its pixel."""
    return {"adspixels": {"data": [{"id": "2"}, {"id": "3", "stats": received(**counts)}]}}


def validated(**valid: bool) -> dict[str, Any]:
    return {"data": [{"id": name[1:], "valid": each} for name, each in valid.items()]}


class StubGraph(Graph):
    """Answers every read alike, and remembers what was read."""

    def __init__(self, answer: Body | PlatformError) -> None:
        self.answer = answer
        self.read_calls: list[Call] = []

    def read_many(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        self.read_calls += calls
        return [self.answer for _ in calls]


TODAY = date(2026, 11, 23)
SCOPE = asset_lookup.LookupScope("act_1", TODAY)


def absent(answer: Body | PlatformError, *wanted: Asset, node: Body | None = None) -> dict[Asset, str] | None:
    return asset_lookup.absent(StubGraph(answer), SCOPE, node or {}, wanted)


def test_only_kinds_that_are_wanted_are_listed() -> None:
    assert asset_lookup.listing([], TODAY) == ()
    assert asset_lookup.listing([FORM], TODAY) == ()
    assert asset_lookup.listing([PIXEL, CONVERSION], TODAY) == (
        "adspixels.limit(100){id}",
        "customconversions.limit(100){id,is_archived}",
    )
    assert asset_lookup.listing([IMAGE, Asset("image", "def")], TODAY) == (
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

    assert asset_lookup.absent(graph, SCOPE, node, [asset]) == {}
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

    assert absent(answer, asset, node=archived) == {asset: ""}


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
    assert absent(answer, asset) == {}


@pytest.mark.parametrize("broken", [None, [], "text", {"data": None}, {"data": ["1", None]}, {"data": {}}])
def test_a_list_that_cannot_be_read_proves_nothing(broken: Any) -> None:
    assert absent({"id": "3"}, PIXEL, node={"adspixels": broken}) == {}


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

    assert assets_absent(graph, asset) == {asset: ""}
    assert graph.read_calls == []
    assert asset.id not in "".join(asset_lookup.listing([asset], TODAY)) or not asset.id


@pytest.mark.parametrize("error", [Transient("later"), Throttled("full", wait_s=300)])
def test_nothing_is_known_while_meta_does_not_answer(error: PlatformError) -> None:
    assert absent(error, PAGE, PIXEL) is None
    assert absent(error, PAGE, node={"promote_pages": {"data": [{"id": "1"}]}}) == {}


@pytest.mark.parametrize(
    "error", [Transient("later"), Throttled("full", wait_s=300), AccountClosed("closed")]
)
def test_a_look_up_that_fails_as_a_whole_says_nothing_and_fails_nothing(error: PlatformError) -> None:
    assert asset_lookup.absent(BrokenGraph(error), SCOPE, {}, [PAGE]) is None


def test_a_dead_token_ends_the_reading() -> None:
    with pytest.raises(AuthExpired):
        asset_lookup.absent(BrokenGraph(AuthExpired("dead")), SCOPE, {}, [PAGE])


class BrokenGraph(StubGraph):
    """Fails whole."""

    def read_many(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        assert isinstance(self.answer, PlatformError), calls
        raise self.answer


def assets_absent(graph: StubGraph, asset: Asset) -> dict[Asset, str] | None:
    return asset_lookup.absent(graph, SCOPE, {}, [asset])


def test_they_are_read_fifty_at_a_time() -> None:
    wanted = [Asset("video", str(number)) for number in range(51)]
    graph = StubGraph(Rejected("gone", code=100, subcode=33))

    assert asset_lookup.absent(graph, SCOPE, {}, wanted) == dict.fromkeys(wanted, "")
    assert [call.path for call in graph.read_calls] == [(str(number),) for number in range(51)]


def test_events_and_interests_are_listed_with_the_rest() -> None:
    stats = "stats.aggregation(event_total_counts).start_time(1794960000)"
    assert asset_lookup.listing([CLICK], TODAY) == (f"adspixels.limit(100){{id,{stats}}}",)
    assert asset_lookup.listing([PIXEL, CLICK, PAGE], TODAY) == (
        "promote_pages.limit(100){id}",
        f"adspixels.limit(100){{id,{stats}}}",
    )
    longest = Asset("interest", "9" * 18)
    assert asset_lookup.listing([FANS, *map(interest, NO_IDS), POP, longest], TODAY) == (
        "targetingvalidation.id_list([6003,6004,999999999999999999]).limit(3){id,valid}",
    )


NO_IDS = ("6003],x", "0077", "", "-1", "9" * 19, "٣")


def interest(number: str) -> Asset:
    return Asset("interest", number)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (pixel(Click=3), {CLICK: MISSPELT}),
        (pixel(Click=3, click=1), {}),
        (pixel(PageView=3), {}),
        ({"adspixels": {"data": [{"id": "3"}]}}, {}),
        ({"adspixels": {"data": [{"id": "3", "stats": "broken"}]}}, {}),
    ],
)
def test_the_events_of_a_listed_pixel_cost_no_read(node: dict[str, Any], expected: dict[Asset, str]) -> None:
    graph = StubGraph(received(Click=3))

    assert asset_lookup.absent(graph, SCOPE, node, [CLICK, PIXEL]) == expected
    assert graph.read_calls == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (received(Click=3), {CLICK: MISSPELT}),
        (received(click=3), {}),
        ({"data": []}, {}),
        (Rejected("gone", code=100, subcode=33), {}),
        (Rejected("no permission", code=200), {}),
        (Transient("later"), None),
    ],
)
def test_the_events_of_another_pixel_are_read(
    answer: Body | PlatformError, expected: dict[Asset, str] | None
) -> None:
    graph = StubGraph(answer)
    node = {"adspixels": {"data": [{"id": "2", "stats": received(CLICK=1)}]}}

    assert asset_lookup.absent(graph, SCOPE, node, [CLICK]) == expected
    assert [(call.path, call.params) for call in graph.read_calls] == [
        (("3", "stats"), {"aggregation": "event_total_counts", "start_time": 1_794_960_000})
    ]


def test_the_events_of_what_is_no_pixel_s_id_are_never_read() -> None:
    graph = StubGraph(received(Click=3))

    assert asset_lookup.absent(graph, SCOPE, {}, [Asset("event", "click", "me/accounts")]) == {}
    assert graph.read_calls == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (validated(_6003=True, _6004=False), {POP: NO_INTEREST}),
        (validated(_6003=True), {POP: NO_INTEREST}),
        ({"data": [{"id": 6003, "valid": True}, {"id": 6004, "valid": False}]}, {POP: NO_INTEREST}),
        ({"data": []}, {}),
        # Without ids nobody knows which of them an answer is about.
        ({"data": [{"name": "Pop", "valid": True}, {"id": "6003", "valid": False}]}, {}),
        ({"data": [{"id": "6003"}, {"id": "6004"}]}, {}),
        ({"data": None}, {}),
        ({}, {}),
        (Rejected("no permission", code=200), {}),
        (Throttled("full", wait_s=300), None),
    ],
)
def test_interests_in_no_list_are_searched_together(
    answer: Body | PlatformError, expected: dict[Asset, str] | None
) -> None:
    graph = StubGraph(answer)

    assert asset_lookup.absent(graph, SCOPE, {}, [FANS, POP]) == expected
    assert [(call.path, call.params) for call in graph.read_calls] == [
        (("search",), {"type": "adinterestvalid", "interest_fbid_list": ["6003", "6004"]})
    ]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (validated(_6003=True, _6004=True), {}),
        (validated(_6003=False, _6004=True), {FANS: NO_INTEREST}),
        ({"data": [{"id": "6003"}, {"id": "6004"}]}, {}),
    ],
)
def test_listed_interests_are_searched_no_more(listed: dict[str, Any], expected: dict[Asset, str]) -> None:
    graph = StubGraph({"data": []})

    assert asset_lookup.absent(graph, SCOPE, {"targetingvalidation": listed}, [FANS, POP]) == expected
    assert graph.read_calls == []


@pytest.mark.parametrize("number", NO_IDS)
def test_what_is_no_interest_s_id_is_never_sent(number: str) -> None:
    graph, wrong = StubGraph({"data": []}), interest(number)

    assert asset_lookup.absent(graph, SCOPE, {}, [wrong]) == {wrong: NO_INTEREST}
    assert graph.read_calls == []


def test_fifty_interests_are_one_read() -> None:
    wanted = [interest(str(number)) for number in range(1, 52)]
    graph = StubGraph(validated(_6003=True))

    assert asset_lookup.absent(graph, SCOPE, {}, wanted) == dict.fromkeys(wanted, NO_INTEREST)
    assert [len(call.params["interest_fbid_list"]) for call in graph.read_calls] == [50, 1]
