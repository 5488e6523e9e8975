"""Assets are looked for in the reading of the account; only what is in no list costs a read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from orchestrator.errors import AuthExpired
from orchestrator.platforms.base import AccountReading
from orchestrator.platforms.user_assets import Asset
from tests.integration.platforms.meta.conftest import Tree, User, build_tree

LISTED = ("page", "profile", "pixel", "conversion", "image", "video")
KNOWN, RETIRED, NEVER = (Asset("interest", each) for each in ("6003139266461", "6003020622093", "77"))
NO_INTEREST = "no interest of Meta's, or one that can be targeted no more"


def owned(user: User) -> dict[str, Asset]:
    facts = user.facts
    return {
        "page": Asset("page", facts["page_id"]),
        "profile": Asset("profile", facts["instagram_user_id"]),
        "pixel": Asset("pixel", facts["pixel_id"]),
        "conversion": Asset("conversion", facts["custom_conversion_id"]),
        "image": Asset("image", facts["image_hash"]),
        "video": Asset("video", facts["video_id"]),
        "form": Asset("form", facts["lead_form_id"]),
    }


def event(user: User, name: str) -> Asset:
    return Asset("event", name, user.facts["pixel_id"])


def receive(user: User, **events: int) -> None:
    user.simulator.post("assets", {"id": user.facts["pixel_id"], "received": events})


def misspelt(user: User, received: str) -> str:
    return f"pixel {user.facts['pixel_id']} receives {received}: every letter counts, correct one of the two"


@pytest.fixture
def retired(user: User) -> Iterator[Asset]:
    """An interest that nobody can target, while a test lasts."""
    user.simulator.post("assets", {"id": RETIRED.id, "is_gone": True})
    yield RETIRED
    user.simulator.post("assets", {"id": RETIRED.id, "is_gone": False})


def look_for(user: User, trees: list[Tree], *wanted: Asset) -> AccountReading:
    today = date.fromisoformat(user.simulator.get("clock")["now"][:10])
    campaigns = [tree.campaign for tree in trees]
    return user.account.read(campaigns, today - timedelta(days=2), today, wanted)


def round_trips(user: User, before: int) -> list[list[str]]:
    """The reads since, a list a round trip."""
    trips: dict[object, list[str]] = {}
    for number, each in enumerate(user.requests()[before:]):
        if each["batch"] is None and each["path"] == "/":
            continue
        trips.setdefault(each["batch"] or f"alone {number}", []).append(each["path"])
    return list(trips.values())


def test_what_the_account_lists_costs_nothing(user: User):
    trees = [build_tree(user, "streams")]
    before = len(user.requests())

    got = look_for(user, trees, *(owned(user)[kind] for kind in LISTED))

    assert got.absent_assets == {}
    assert got.insights_complete
    assert round_trips(user, before) == [[f"/{user.id}", f"/{user.id}/insights", f"/{user.id}/insights"]]


def test_events_and_interests_cost_nothing_either(user: User, retired: Asset):
    trees = [build_tree(user, "streams")]
    receive(user, SmartLinkClick=3)
    wrong = event(user, "smartlinkclick")
    before = len(user.requests())

    got = look_for(user, trees, *(owned(user)[kind] for kind in LISTED), wrong, KNOWN, retired)

    assert got.absent_assets == {wrong: misspelt(user, "SmartLinkClick"), retired: NO_INTEREST}
    assert got.insights_complete
    assert round_trips(user, before) == [[f"/{user.id}", f"/{user.id}/insights", f"/{user.id}/insights"]]


@pytest.mark.parametrize("name", ["SmartLinkClick", "SmartLinkClicked", "NeverSent"])
def test_an_event_that_is_received_or_new_is_not_absent(user: User, name: str):
    receive(user, SmartLinkClick=3, smartlinkclick=9)
    before = len(user.requests())

    assert look_for(user, [], event(user, name)).absent_assets == {}
    assert round_trips(user, before) == [[f"/{user.id}"]]


def test_an_ad_set_for_an_event_that_was_never_received_is_taken(user: User):
    assert build_tree(user, "streams").ad_set


def test_an_event_of_a_pixel_that_is_gone_is_not_said_to_be_wrong(user: User):
    receive(user, SmartLinkClick=3)
    pixel, wrong = owned(user)["pixel"], event(user, "smartlinkclick")
    user.simulator.post("assets", {"id": pixel.id, "is_gone": True})

    assert look_for(user, [], pixel, wrong).absent_assets == {pixel: ""}


def test_an_interest_that_never_was_costs_one_read_more(user: User, retired: Asset):
    before = len(user.requests())

    got = look_for(user, [], KNOWN, retired, NEVER, Asset("interest", "78"))

    assert got.absent_assets == dict.fromkeys((retired, NEVER, Asset("interest", "78")), NO_INTEREST)
    searches = [each for each in user.requests()[before:] if each["path"] == "/search"]
    assert [each["params"]["interest_fbid_list"] for each in searches] == ['["77","78"]']


def test_where_the_lists_may_not_be_read_events_and_interests_are_read_alone(user: User, retired: Asset):
    receive(user, SmartLinkClick=3)
    wrong = event(user, "smartlinkclick")
    refuse(user, 100, fields="*targetingvalidation*")

    got = look_for(user, [], owned(user)["page"], wrong, KNOWN, retired)

    assert got.absent_assets == {wrong: misspelt(user, "SmartLinkClick"), retired: NO_INTEREST}


def test_a_new_user_s_assets_are_looked_for_too(user: User):
    before = len(user.requests())
    got = look_for(user, [], owned(user)["page"], Asset("image", "0" * 32))

    assert got.absent_assets == {Asset("image", "0" * 32): ""}
    assert round_trips(user, before) == [[f"/{user.id}"], [f"/{user.id}/adimages"]]


def test_what_is_in_no_list_is_read_by_its_id(user: User):
    trees, form = [build_tree(user, "streams")], owned(user)["form"]
    before = len(user.requests())

    assert look_for(user, trees, form).absent_assets == {}
    assert round_trips(user, before)[1:] == [[f"/{form.id}"]]


@pytest.mark.parametrize("kind", ["page", "profile", "pixel", "conversion", "video", "form"])
def test_what_is_gone_is_absent(user: User, kind: str):
    asset = owned(user)[kind]
    user.simulator.post("assets", {"id": asset.id, "is_gone": True})

    assert look_for(user, [], *owned(user).values()).absent_assets == {asset: ""}

    user.simulator.post("assets", {"id": asset.id, "is_gone": False})
    assert look_for(user, [], *owned(user).values()).absent_assets == {}


@pytest.mark.parametrize("kind", [*LISTED, "form"])
def test_what_is_somebody_else_s_is_absent(user: User, kind: str):
    other = Asset(owned(user)[kind].kind, "f" * 32 if kind == "image" else "99999999999")

    assert look_for(user, [], other, *owned(user).values()).absent_assets == {other: ""}


def test_a_list_may_leave_out_what_is_there(user: User):
    """An account that lists no Page, though its ads may speak for one."""
    trees = [build_tree(user, "streams")]
    refuse(user, 200, fields="*promote_pages*")
    before = len(user.requests())

    got = look_for(user, trees, *(owned(user)[kind] for kind in LISTED))

    assert got.absent_assets == {}
    assert (len(got.campaigns), got.insights_complete) == (1, True)
    assert [len(trip) for trip in round_trips(user, before)] == [3, 1, 6]


def refuse(user: User, code: int, **body: str) -> None:
    user.fault("refusal", count=None, body=body, refusal={"code": code, "message": f"(#{code}) refused"})


@pytest.mark.parametrize("code", [10, 200, 2500, 100])
def test_what_may_not_be_read_is_not_said_to_be_missing(user: User, code: int):
    page = owned(user)["page"]
    refuse(user, code, fields="*promote_pages*")
    user.simulator.post(
        "faults",
        [{"kind": "refusal", "path": f"/{page.id}", "refusal": {"code": code, "message": "refused"}}],
    )

    assert look_for(user, [], page).absent_assets == {}


def test_a_dead_token_is_no_missing_asset(user: User):
    user.fault("token_463", count=None)

    with pytest.raises(AuthExpired):
        look_for(user, [], owned(user)["page"])
