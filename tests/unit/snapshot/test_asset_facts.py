"""When assets are looked for, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.domain.records import AssetCheck, AudienceRow, TemplateRow, UserRows
from orchestrator.platforms.user_assets import Asset, Need
from orchestrator.snapshot.asset_facts import due, unusable_texts, with_facts
from tests.unit.platforms.meta.test_needs import creative
from tests.unit.snapshot.rows import USER, a_user

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE, IMAGE, VIDEO = Asset("page", "1"), Asset("image", "abc"), Asset("video", "6")
NEEDS = (
    Need("streams", None, "Facebook Page", PAGE),
    Need("streams", None, "custom event of the pixel", None),
    Need("streams", "c1", "image", IMAGE),
    Need("streams", "c2", "public http or https link", None),
    Need("streams", "c2", "video", VIDEO),
)
WANTED = (IMAGE, PAGE, VIDEO)
CREATIVES = tuple(creative("streams", {}, id=name) for name in ("c1", "c2", "c3"))


def rows(checked: AssetCheck | None = None) -> UserRows:
    plain = a_user(creatives=CREATIVES)
    return replace(plain, assets=replace(plain.assets, checked=checked))


def answer(*absent: Asset, at: datetime = NOW) -> UserRows:
    """The rows after the assets were looked for."""
    return with_facts(rows(), NEEDS, dict.fromkeys(absent, ""), at)


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
    after = with_facts(answer(PAGE, IMAGE), NEEDS, {}, NOW + HOUR)

    assert after.goals[0].missing == ("custom event of the pixel",)
    assert after.assets.checked is not None
    assert (after.assets.checked.at, after.assets.checked.absent) == (NOW + HOUR, ())


def test_what_a_creative_lacks_is_said_whole() -> None:
    c2 = "The creative c2 cannot be shown, it lacks: public http or https link"
    assert unusable_texts(answer(VIDEO), NEEDS) == (f"{c2}; video 6 (gone, or not shared with this app)",)
    assert unusable_texts(answer(IMAGE), NEEDS) == (
        "The creative c1 cannot be shown, it lacks: image abc (gone, or not shared with this app)",
        c2,
    )


FANS, POP = Asset("interest", "6003"), Asset("interest", "6004")
CLICK = Asset("event", "click", "3")
AIMED = (
    Need("streams", None, "custom event", CLICK),
    Need("streams", None, "interest", FANS, "fans"),
    Need("streams", None, "interest", POP, "fans"),
    Need("streams", None, "interest", POP, "pop"),
)


def aimed(absent: dict[Asset, str] | None, *names: str, before: UserRows | None = None) -> UserRows:
    """The rows with audiences of a template, after the assets were looked for."""
    audiences = tuple(AudienceRow(name=name, targeting={}) for name in names)
    template = TemplateRow(goal_key="streams", audiences=audiences, story={})
    return with_facts(replace(before or rows(), templates=(template,)), AIMED, absent, NOW)


def usable(found: UserRows) -> dict[str, bool]:
    return {audience.name: audience.usable for audience in found.templates[0].audiences}


def test_an_audience_is_left_out_and_its_goal_goes_on() -> None:
    found = aimed({POP: "retired"}, "broad", "fans", "pop")

    assert usable(found) == {"broad": True, "fans": False, "pop": False}
    assert found.goals[0].missing == ()
    assert unusable_texts(found, AIMED) == (
        "The audience fans of streams is left out: interest 6004 (retired)",
        "The audience pop of streams is left out: interest 6004 (retired)",
    )


def test_a_goal_without_any_audience_misses_what_each_needs() -> None:
    found = aimed({FANS: "", POP: "retired"}, "fans", "pop")

    assert usable(found) == {"fans": False, "pop": False}
    assert found.goals[0].missing == (
        "audience fans: interest 6003 (gone, or not shared with this app)",
        "audience fans: interest 6004 (retired)",
        "audience pop: interest 6004 (retired)",
    )


def test_what_the_platform_says_is_kept_until_the_next_answer() -> None:
    before = aimed({CLICK: "the pixel receives Click", POP: ""}, "broad", "pop")
    after = aimed(None, "broad", "pop", before=before)

    assert before.assets.checked is not None
    assert before.assets.checked.absent == ("event:click of 3\nthe pixel receives Click", "interest:6004")
    assert after.goals[0].missing == ("custom event click (the pixel receives Click)",)
    assert usable(after) == {"broad": True, "pop": False}


def test_an_interest_that_is_gone_is_looked_for_once_a_day() -> None:
    gone = aimed({POP: ""}, "broad", "pop")

    assert due(gone, AIMED, NOW + 13 * HOUR - timedelta(seconds=1)) == ()
    assert due(gone, AIMED, NOW + 13 * HOUR) == (CLICK, FANS, POP)
    assert due(gone, AIMED[:1], NOW + HOUR) == (CLICK,)
    assert due(aimed({POP: "", CLICK: "x"}, "broad"), AIMED, NOW + HOUR) == (CLICK, FANS, POP)


def test_the_same_event_of_another_pixel_is_another() -> None:
    other = (Need("streams", None, "custom event", Asset("event", "click", "4")), *AIMED[1:])

    assert due(aimed({}, "broad"), AIMED, NOW + HOUR) == ()
    assert due(aimed({}, "broad"), other, NOW + HOUR) == (Asset("event", "click", "4"), FANS, POP)
