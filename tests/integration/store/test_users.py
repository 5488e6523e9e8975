"""What a run reads of a user, and what it says of one whose configuration is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from orchestrator.domain.records import (
    AssetCheck,
    AssetsRow,
    AudienceRow,
    CreativeRow,
    GoalRow,
    TemplateRow,
    UserRows,
)
from orchestrator.errors import ConfigError
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import TOKEN, Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BROAD = {"name": "broad", "targeting": {"geo_locations": {"countries": ["US"]}}}


def read(store: Store, user: UUID) -> UserRows:
    found = store.users.load([user], history_since=NOW)[user]
    assert isinstance(found, UserRows)
    return found


def test_everything_of_a_user(store: Store, rows: Rows):
    user = rows.user(
        modes={
            "goal_settings": {
                "streams": {
                    "is_active": True,
                    "priority": 5,
                    "budget_hint": 12.50,
                    "learning_share_bp": 6000,
                    "note": "x",
                },
                "presave": {"is_active": False, "priority": 1, "budget_hint": 0},
            },
            "auto_scale_winners": True,
            "global_daily_budget": Decimal("10.10"),
            "max_daily_budget": None,
        },
        assets={
            "currency": "JPY",
            "page_id": "7",
            "pixel_id": "9",
            "conversions": {"streams": {"custom_event_str": "SmartLinkClicked"}},
        },
    )
    rows.insert("fx_rates", currency="JPY", day="2026-11-21", units_per_usd=Decimal("149.9"))
    rows.insert("fx_rates", currency="JPY", day="2026-11-22", units_per_usd=Decimal("151.30"))
    rows.insert(
        "ad_campaign_templates", user_id=user, goal_key="streams", audiences=[BROAD], story={"link": "l"}
    )
    creative = uuid4()
    rows.insert(
        "ad_creatives",
        id=creative,
        user_id=user,
        goal_key="streams",
        status="approved",
        created_at=NOW,
        spec={"image_hash": "h"},
    )
    campaign = rows.campaign_of(user)
    ad_set = rows.ad_set_of(user, campaign, creative_id=str(creative), daily_budget_minor=250)

    found = read(store, user)

    assert found.goals == (
        GoalRow(
            goal_key="presave", is_active=False, priority=1, budget_hint=Decimal(0), learning_share_bp=None
        ),
        GoalRow(
            goal_key="streams",
            is_active=True,
            priority=5,
            budget_hint=Decimal("12.50"),
            learning_share_bp=6000,
        ),
    )
    assert (found.auto_scale_winners, found.auto_pause_losers) == (True, False)
    assert (found.global_daily_budget, found.max_daily_budget) == (Decimal("10.10"), None)
    assert found.assets == AssetsRow(
        ad_account_id="act_1",
        page_id="7",
        instagram_user_id=None,
        pixel_id="9",
        conversions={"streams": {"custom_event_str": "SmartLinkClicked"}},
        currency="JPY",
        timezone="America/Los_Angeles",
        access_token=SecretStr(TOKEN),
        is_unlisted=True,
    )
    assert found.templates == (
        TemplateRow(
            goal_key="streams",
            story={"link": "l"},
            audiences=(AudienceRow(name="broad", targeting={"geo_locations": {"countries": ["US"]}}),),
        ),
    )
    assert found.creatives == (
        CreativeRow(
            id=str(creative),
            goal_key="streams",
            status="approved",
            created_at=NOW,
            spec={"image_hash": "h"},
            remote_id=None,
        ),
    )
    assert [(c.id, c.role, c.status) for c in found.campaigns] == [(campaign, "testing", "ACTIVE")]
    assert [(a.id, a.campaign_id, a.daily_budget_minor) for a in found.ad_sets] == [(ad_set, campaign, 250)]
    assert found.units_per_usd == "151.3"


def test_the_token_is_not_printed(store: Store, rows: Rows):
    assert TOKEN not in repr(read(store, rows.user()))


def test_a_dollar_needs_no_rate(store: Store, rows: Rows):
    rows.insert("fx_rates", currency="USD", day="2026-11-22", units_per_usd=1)

    assert read(store, rows.user()).units_per_usd is None


def test_users_do_not_mix(store: Store, rows: Rows):
    users = [rows.user() for _ in range(3)]
    for user in users[:2]:
        rows.ad_set_of(user, rows.campaign_of(user))

    found = store.users.load(users, history_since=NOW)

    assert list(found) == users
    assert [
        [{c.user_id for c in each.campaigns}, {a.user_id for a in each.ad_sets}]  # type: ignore[union-attr]
        for each in found.values()
    ] == [[{users[0]}, {users[0]}], [{users[1]}, {users[1]}], [set(), set()]]


def test_a_users_own_template_goes_before_everybodys_and_a_newer_before_an_older(store: Store, rows: Rows):
    user = rows.user()

    def template(name: str, **columns: Any) -> None:
        row = {"goal_key": "streams", "created_at": NOW, "audiences": [BROAD | {"name": name}]} | columns
        rows.insert("ad_campaign_templates", **row)

    template("everybody's", created_at=datetime(2027, 1, 1, tzinfo=UTC))
    template("everybody's for presave", goal_key="presave")
    template("own, older", user_id=user, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    template("own", user_id=user)
    template("own, newer, off", user_id=user, created_at=datetime(2027, 1, 1, tzinfo=UTC), is_active=False)
    template("own, newer, empty", user_id=user, created_at=datetime(2027, 1, 1, tzinfo=UTC), audiences=[])
    template("a stranger's", user_id=rows.user())

    found = read(store, user).templates

    rows.run("delete from ad_campaign_templates where user_id is null")
    assert {t.goal_key: t.audiences[0].name for t in found} == {
        "streams": "own",
        "presave": "everybody's for presave",
    }


def test_an_unknown_goal_is_kept_whatever_it_holds(store: Store, rows: Rows):
    user = rows.user(modes={"goal_settings": {"fame": "yes please"}})

    assert read(store, user).goals == (
        GoalRow(goal_key="fame", is_active=False, priority=1, budget_hint=None, learning_share_bp=None),
    )


def goal(**change: Any) -> dict[str, Any]:
    return {"goal_settings": {"streams": {"is_active": True, "priority": 5} | change}}


@pytest.mark.parametrize(
    ("modes", "words"),
    [
        (goal(priority=0), "goal_settings.streams.priority: Input should be greater than or equal to 1"),
        (goal(priority=6), "goal_settings.streams.priority: Input should be less than or equal to 5"),
        (goal(priority="5"), "goal_settings.streams.priority: Input should be a valid integer"),
        (goal(is_active="true"), "goal_settings.streams.is_active: Input should be a valid boolean"),
        (
            goal(budget_hint=-1),
            "goal_settings.streams.budget_hint: Input should be greater than or equal to 0",
        ),
        (
            goal(learning_share_bp=10_001),
            "goal_settings.streams.learning_share_bp: Input should be less than",
        ),
        (
            {"goal_settings": {"streams": {"is_active": True}}},
            "goal_settings.streams.priority: Field required",
        ),
        ({"goal_settings": {"streams": 5}}, "goal_settings.streams: Input should be a valid dictionary"),
    ],
)
def test_a_wrong_goal_setting_is_that_users_error(
    store: Store, rows: Rows, modes: dict[str, Any], words: str
):
    good, bad = rows.user(), rows.user(modes=modes)

    found = store.users.load([good, bad], history_since=NOW)

    assert isinstance(found[good], UserRows)
    assert isinstance(found[bad], ConfigError)
    assert str(found[bad]).startswith(words)


@pytest.mark.parametrize(
    ("audiences", "words"),
    [
        ([{"name": "broad"}], "template for streams.audiences.0.targeting: Field required"),
        ([BROAD | {"name": ""}], "template for streams.audiences.0.name: String should have at least 1"),
        ([BROAD | {"age": 5}], "template for streams.audiences.0.age: Extra inputs are not permitted"),
        ([BROAD, BROAD], "template for streams: audience 'broad' is there twice"),
        ({"broad": {}}, "template for streams.audiences: Input should be a valid list"),
    ],
)
def test_a_wrong_template_is_that_users_error(store: Store, rows: Rows, audiences: Any, words: str):
    user = rows.user()
    rows.insert("ad_campaign_templates", user_id=user, goal_key="streams", audiences=audiences)

    found = store.users.load([user], history_since=NOW)[user]

    assert str(found).startswith(words)


def test_a_token_of_a_lost_key_is_that_users_error(store: Store, rows: Rows):
    lost = Secrets([SecretStr(Fernet.generate_key().decode())])
    user = rows.user(assets={"access_token": lost.encrypt(SecretStr(TOKEN))})

    assert str(store.users.load([user], history_since=NOW)[user]) == (
        "the stored access token cannot be read with ORCHESTRATOR_SECRET_KEYS; "
        "add the key it was encrypted with, or connect the account again"
    )


def test_a_user_who_left_meanwhile_is_that_users_error(store: Store, rows: Rows):
    gone, halfway = uuid4(), rows.user()
    rows.run("delete from meta_assets where user_id = %(user)s", user=halfway)

    found = store.users.load([gone, halfway], history_since=NOW)

    assert str(found[gone]) == "the user has no row in user_ads_modes"
    assert str(found[halfway]) == (
        "meta_assets: ad_account_id, currency, timezone, access_token missing; connect the account again"
    )


@pytest.mark.parametrize(
    ("conversions", "words"),
    [
        pytest.param(
            {"streams": None}, r"meta_assets\.conversions\.streams: ", id="a goal without an object"
        ),
        pytest.param(
            {"presave": {"custom_conversion_id": 7}},
            r"meta_assets\.conversions\.presave\.custom_conversion_id: ",
            id="a number for an id",
        ),
    ],
)
def test_a_wrong_conversion_is_that_users_error(store: Store, rows: Rows, conversions: Any, words: str):
    user, other = rows.user(assets={"conversions": conversions}), rows.user()
    found = store.users.load([user, other], history_since=NOW)

    assert isinstance(found[other], UserRows)
    with pytest.raises(ConfigError, match=words):
        raise found[user]  # type: ignore[misc]


def test_what_was_found_of_a_users_assets_is_kept(store: Store, rows: Rows):
    looked, other = rows.user(), rows.user()
    first = AssetCheck(at=NOW, fingerprint="abc", absent=("page:1", 'image:é,{"}'))

    store.users.save_asset_checks({})
    store.users.save_asset_checks({looked: first})
    assert (read(store, looked).assets.checked, read(store, other).assets.checked) == (first, None)

    later = AssetCheck(at=NOW + timedelta(hours=6), fingerprint="abd", absent=())
    store.users.save_asset_checks({looked: later, other: first})
    assert (read(store, looked).assets.checked, read(store, other).assets.checked) == (later, first)
