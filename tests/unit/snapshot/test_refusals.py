"""Which refusals still stand, and which half-made ad sets may be tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from orchestrator.domain.model import Action, PastAction
from orchestrator.domain.records import (
    AdSetRow,
    AssetsRow,
    AudienceRow,
    PastRefusal,
    TemplateRow,
    UserRows,
)
from orchestrator.snapshot.refusals import BuiltCell, cell_of, fingerprint, with_refusals
from tests.unit.snapshot.rows import NOW, a_user, an_ad_set_row, an_assets_row
from tests.unit.snapshot.rows import a_creative_row as creative

CELL = BuiltCell("broad", "c1")
CAMPAIGN = BuiltCell(None, None)


def template(goal_key: str = "streams", **change: Any) -> TemplateRow:
    audiences = (
        AudienceRow(name="broad", targeting={"geo_locations": {"countries": ["DE"]}}),
        AudienceRow(name="lookalike", targeting={"age_min": 18}),
    )
    return TemplateRow(**({"goal_key": goal_key, "audiences": audiences, "story": {"link": "x"}} | change))


def assets(**change: Any) -> AssetsRow:
    conversions = {"streams": {"custom_event_str": "A"}, "presave": {"custom_conversion_id": "7"}}
    plain = {"page_id": "1", "instagram_user_id": "2", "pixel_id": "3", "conversions": conversions}
    return an_assets_row(**({"access_token": SecretStr("one")} | plain | change))


def ad_set(**change: Any) -> AdSetRow:
    return an_ad_set_row(**({"status": "PAUSED", "paused_by": "creation", "active_since": None} | change))


def user(**change: Any) -> UserRows:
    plain = {
        "assets": assets(),
        "templates": (template(), template("presave")),
        "creatives": (creative(), creative("c2")),
        "campaigns": (),
        "ad_sets": (ad_set(),),
    }
    return a_user(**(plain | change))


OTHER_TARGETING = (
    AudienceRow(name="broad", targeting={"geo_locations": {"countries": ["FR"]}}),
    AudienceRow(name="lookalike", targeting={"age_min": 18}),
)


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"templates": (template(story={"link": "y"}),)}, True, id="the template's story"),
        pytest.param({"templates": (template(audiences=OTHER_TARGETING),)}, True, id="the targeting"),
        pytest.param({"templates": ()}, True, id="the template is gone"),
        pytest.param({"creatives": (creative(spec={"message": "hear"}),)}, True, id="the creative"),
        pytest.param({"creatives": ()}, True, id="the creative is gone"),
        pytest.param({"assets": assets(ad_account_id="act_2")}, True, id="the account"),
        pytest.param({"assets": assets(page_id="9")}, True, id="the Page"),
        pytest.param({"assets": assets(instagram_user_id=None)}, True, id="the Instagram account"),
        pytest.param({"assets": assets(pixel_id="9")}, True, id="the pixel"),
        pytest.param({"assets": assets(conversions={})}, True, id="the goal's conversion"),
        pytest.param({"assets": assets(dsa_payor="Di")}, True, id="the payor"),
        pytest.param({"assets": assets(dsa_beneficiary="Di")}, True, id="the beneficiary"),
        pytest.param({"assets": assets(access_token=SecretStr("two"))}, True, id="connected again"),
        pytest.param(
            {"templates": (template(), template("presave", story={}))}, False, id="another goal's template"
        ),
        pytest.param({"creatives": (creative(), creative("c2", spec={}))}, False, id="another creative"),
        pytest.param({"creatives": (creative(remote_id="5"),)}, False, id="Meta's id of the creative"),
        pytest.param({"creatives": (creative(created_at=NOW - timedelta(1)),)}, False, id="a time"),
        pytest.param({"assets": assets(currency="EUR", timezone="Asia/Tokyo")}, False, id="no part of it"),
    ],
)
def test_a_fingerprint_is_another_when_what_is_sent_is(change: dict[str, Any], *, is_other: bool) -> None:
    assert (fingerprint(user(**change), "streams", CELL) != fingerprint(user(), "streams", CELL)) is is_other


def test_each_cell_and_a_campaign_have_fingerprints_of_their_own() -> None:
    cells = [CELL, BuiltCell("lookalike", "c1"), BuiltCell("broad", "c2"), CAMPAIGN]
    found = [fingerprint(user(creatives=(creative(), creative("c2", spec={}))), "streams", c) for c in cells]

    assert len(set(found)) == 4
    assert fingerprint(user(), "presave", CAMPAIGN) != fingerprint(user(), "streams", CAMPAIGN)


def test_no_token_can_be_read_out_of_a_fingerprint() -> None:
    assert len(fingerprint(user(), "streams", CELL)) == 16
    assert "one" not in fingerprint(user(), "streams", CELL)


def an_action(action_type: str, ad_set_id: str | None) -> Action:
    return Action(
        step="learning",
        action_type=action_type,  # type: ignore[arg-type]
        goal_key="streams",
        campaign_id="1",
        adset_id=ad_set_id,
        before_minor=None,
        after_minor=None,
        reason="new_test_cell",
    )


@pytest.mark.parametrize(
    ("action_type", "ad_set_id", "cell"),
    [
        pytest.param("create_adset", "new:testing:streams:broad:c1", ("broad", "c1"), id="a new test"),
        pytest.param("create_adset", "new:testing:streams:a:b:c1", ("a:b", "c1"), id="a colon in a name"),
        pytest.param("create_adset", "11", ("broad", "c1"), id="one left half made"),
        pytest.param("promote_winner", "11", ("broad", "c1"), id="a winner"),
        pytest.param("promote_winner", "99", (None, None), id="a winner that is gone"),
        pytest.param("create_campaign", None, (None, None), id="a campaign"),
    ],
)
def test_the_cell_of_an_action(
    action_type: str, ad_set_id: str | None, cell: tuple[str | None, str | None]
) -> None:
    assert cell_of(user(), an_action(action_type, ad_set_id)) == cell


def refused(
    action_type: str, *, hours_ago: int = 1, of: UserRows | None = None, **change: Any
) -> PastRefusal:
    """A refusal of what the user would send now, or of what another would."""
    is_campaign = action_type == "create_campaign"
    plain = {
        "action_type": action_type,
        "goal_key": "streams",
        "adset_id": {"promote_winner": "11", "create_adset": "new:testing:streams:broad:c1"}.get(action_type),
        "creative_id": None if is_campaign else "c1",
        "reason": "no_learning_campaign" if is_campaign else "new_test_cell",
        "status": "failed",
        "at": NOW - timedelta(hours=hours_ago),
        "audience": "broad" if action_type == "create_adset" else None,
    }
    return PastRefusal(
        action=PastAction(**plain),  # type: ignore[arg-type]
        built_from=fingerprint(of or user(), "streams", CAMPAIGN if is_campaign else CELL),
        half_made_id="11" if action_type == "create_adset" else None,
    )


CHANGED = user(creatives=(creative(spec={"message": "hear"}),))


@pytest.mark.parametrize("action_type", ["create_adset", "promote_winner", "create_campaign"])
def test_a_refusal_of_what_would_be_sent_now_is_in_the_history(action_type: str) -> None:
    refusal = refused(action_type)

    assert with_refusals(user(refusals=(refusal,)), NOW - timedelta(hours=72)).history == (refusal.action,)


@pytest.mark.parametrize("action_type", ["create_adset", "promote_winner"])
def test_a_refusal_of_other_content_is_not(action_type: str) -> None:
    refusal = refused(action_type, of=CHANGED)

    assert with_refusals(user(refusals=(refusal,)), NOW - timedelta(hours=72)).history == ()


def test_a_refusal_without_a_fingerprint_is_of_nothing_known() -> None:
    refusal = replace(refused("create_adset"), built_from=None)

    assert with_refusals(user(refusals=(refusal,)), NOW - timedelta(hours=72)).history == ()


@pytest.mark.parametrize(
    ("change", "refusal", "retry"),
    [
        pytest.param({}, refused("create_adset"), False, id="refused an hour ago"),
        pytest.param({}, refused("create_adset", hours_ago=71), False, id="refused 71 hours ago"),
        pytest.param({}, refused("create_adset", hours_ago=72), True, id="refused 72 hours ago"),
        pytest.param({}, refused("create_adset", of=CHANGED), True, id="its creative has changed"),
        pytest.param({}, None, True, id="its refusal is forgotten"),
        pytest.param({"id": "12"}, refused("create_adset"), True, id="another one was refused"),
        pytest.param({"paused_by": "user"}, None, False, id="a person paused it"),
        pytest.param({"paused_by": "orchestrator"}, None, False, id="we paused it"),
        pytest.param({"status": "ACTIVE", "paused_by": None}, None, False, id="it runs"),
        pytest.param({"status": "DELETED", "removed_at": NOW}, None, False, id="it is removed"),
    ],
)
def test_a_half_made_ad_set_is_tried_again(
    change: dict[str, Any], refusal: PastRefusal | None, *, retry: bool
) -> None:
    rows = user(ad_sets=(ad_set(**change),))

    found = with_refusals(replace(rows, refusals=(refusal,) if refusal else ()), NOW - timedelta(hours=72))

    assert [a.retry for a in found.ad_sets] == [retry]
