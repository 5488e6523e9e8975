"""When assets are looked for, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.domain.records import AssetCheck, UserRows
from orchestrator.platforms.user_assets import Asset, Need
from orchestrator.snapshot.asset_facts import due, unusable_text, with_facts
from tests.unit.platforms.meta.test_needs import creative
from tests.unit.snapshot.rows import USER, a_user

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE, IMAGE, VIDEO = Asset("page", "1"), Asset("image", "abc"), Asset("video", "6")
NEEDS = (
    Need("streams", None, "Facebook Page", PAGE),
    Need("streams", None, "custom event of the pixel", None),
    Need("streams", "c1", "image", IMAGE),
    Need("streams", "c2", "link that works", None),
    Need("streams", "c2", "video", VIDEO),
)
WANTED = (IMAGE, PAGE, VIDEO)
CREATIVES = tuple(creative("streams", {}, id=name) for name in ("c1", "c2", "c3"))


def rows(checked: AssetCheck | None = None) -> UserRows:
    plain = a_user(creatives=CREATIVES)
    return replace(plain, assets=replace(plain.assets, checked=checked))


def answer(*absent: Asset, at: datetime = NOW) -> UserRows:
    """The rows after the assets were looked for."""
    return with_facts(rows(), NEEDS, absent, at)


def test_what_was_never_looked_for_is() -> None:
    assert due(rows(), NEEDS, NOW) == WANTED


def test_nothing_is_looked_for_where_nothing_is_needed() -> None:
    assert due(rows(), (), NOW) == ()
    assert due(rows(), NEEDS[1:2], NOW) == ()


# The user's own hour is 1: their number ends so.
@pytest.mark.parametrize(
    ("at", "now", "is_due"),
    [
        (NOW, NOW, False),
        (NOW, NOW + 12 * HOUR, False),
        (NOW, NOW + 13 * HOUR - timedelta(seconds=1), False),
        (NOW, NOW + 13 * HOUR, True),
        (NOW, NOW + 24 * HOUR, True),
        (NOW - 12 * HOUR, NOW, True),
    ],
)
def test_it_is_looked_for_once_a_day(at: datetime, now: datetime, *, is_due: bool) -> None:
    assert USER.int % 24 == 1
    assert due(answer(at=at), NEEDS, now) == (WANTED if is_due else ())


def test_it_is_looked_for_again_when_something_else_is_needed() -> None:
    checked = answer()

    assert due(checked, NEEDS, NOW + HOUR) == ()
    assert due(checked, NEEDS[:-1], NOW + HOUR) == (IMAGE, PAGE)
    other = (*NEEDS[1:], Need("streams", None, "Facebook Page", Asset("page", "2")))
    assert due(checked, other, NOW + HOUR) == (IMAGE, Asset("page", "2"), VIDEO)


def test_what_is_missing_is_looked_for_each_time() -> None:
    assert due(answer(VIDEO), NEEDS, NOW + HOUR) == WANTED


@pytest.mark.parametrize(
    ("absent", "missing", "usable"),
    [
        ((), ("custom event of the pixel",), [True, False, True]),
        (
            (PAGE,),
            ("Facebook Page 1 (gone, or not shared with this app)", "custom event of the pixel"),
            [True, False, True],
        ),
        ((IMAGE,), ("custom event of the pixel",), [False, False, True]),
    ],
)
def test_missing_are_assets_that_are_not_configured_or_not_there(
    absent: tuple[Asset, ...], missing: tuple[str, ...], usable: list[bool]
) -> None:
    found = answer(*absent)

    assert found.goals[0].missing == missing
    assert [c.usable for c in found.creatives] == usable


def test_the_last_answer_holds_while_nothing_is_looked_for() -> None:
    before = answer(PAGE, IMAGE)
    after = with_facts(before, NEEDS, None, NOW + HOUR)

    assert (after.goals, after.creatives, after.assets) == (before.goals, before.creatives, before.assets)
    assert before.assets.checked is not None
    assert before.assets.checked.absent == ("image:abc", "page:1")


def test_without_any_answer_only_what_is_not_configured_is_missing() -> None:
    found = with_facts(rows(), NEEDS, None, NOW)

    assert found.goals[0].missing == ("custom event of the pixel",)
    assert found.assets.checked is None
    assert due(found, NEEDS, NOW) == WANTED


def test_a_new_answer_replaces_the_last() -> None:
    after = with_facts(answer(PAGE, IMAGE), NEEDS, (), NOW + HOUR)

    assert after.goals[0].missing == ("custom event of the pixel",)
    assert after.assets.checked is not None
    assert (after.assets.checked.at, after.assets.checked.absent) == (NOW + HOUR, ())


def test_what_a_creative_lacks_is_said_whole() -> None:
    assert unusable_text(answer(VIDEO), NEEDS) == {
        "c2": "link that works; video 6 (gone, or not shared with this app)"
    }
    assert unusable_text(answer(IMAGE), NEEDS)["c1"] == "image abc (gone, or not shared with this app)"
