"""What a name says of an object of ours, and which objects no row knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orchestrator.platforms.base import RemoteAdSet, RemoteCampaign
from orchestrator.snapshot import object_names
from orchestrator.snapshot.lost_objects import lost_objects
from tests.unit.snapshot.rows import CREATED, a_campaign_row, a_user, ad_set_on_meta, an_ad_set_row, on_meta

KEY, OTHER, THIRD = "00000000000000aa", "00000000000000bb", "00000000000000cc"
MINUTE = timedelta(minutes=1)


def campaign(**others: Any) -> RemoteCampaign:
    return on_meta(**{"id": "7", "name": f"Streams · testing [k:{KEY}]"} | others)


def ad_set(**others: Any) -> RemoteAdSet:
    return ad_set_on_meta(**{"id": "77", "name": f"broad · c9 [k:{KEY}]", "daily_budget_minor": 500} | others)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (f"Streams · testing [k:{KEY}]", KEY),
        (f"broad · c1 [k:{OTHER}] [k:{KEY}]", KEY),
        (f"broad · c1 [k:{KEY}] - Copy", None),
        ("broad · c1 [k:aa]", None),
        ("mine", None),
    ],
)
def test_the_last_key_of_a_name_is_its_own(name: str, key: str | None):
    assert object_names.key_of(name) == key


@pytest.mark.parametrize("goal_key", ["streams", "presave", "build_audience"])
@pytest.mark.parametrize("role", ["testing", "scaling"])
def test_a_campaign_s_name_says_what_it_is(goal_key: str, role: Any):
    name = object_names.campaign_name(goal_key, role, KEY)

    assert object_names.campaign_of(name) == (goal_key, role)
    assert object_names.campaign_of(f"mine [k:{KEY}]") is None


def test_a_test_s_name_says_its_cell_and_a_copy_s_that_of_its_source():
    name = object_names.cell_name("fans · 18-24", "c1", KEY)

    assert object_names.cell_of(name) == ("fans · 18-24", "c1")
    assert object_names.cell_of(f"{name} [k:{OTHER}]") == ("fans · 18-24", "c1")
    assert object_names.cell_of(f"mine [k:{KEY}]") is None


@pytest.mark.parametrize(
    ("marked", "open_keys", "adopted", "unclear"),
    [
        pytest.param([campaign(), campaign(id="8")], [], ["7"], [], id="the older of one key"),
        pytest.param([campaign(id="1"), campaign(id="8")], [], [], [], id="a duplicate of what a row knows"),
        pytest.param([campaign()], [KEY], [], [], id="an open action finds it itself"),
        pytest.param([campaign(name=f"mine [k:{KEY}]")], [], [], ["7"], id="it does not say what it is"),
        pytest.param(
            [campaign(name=f"Streams · testing [k:{KEY}] - Copy")], [], [], [], id="a person's copy"
        ),
        pytest.param([campaign(status="ARCHIVED")], [], [], [], id="archived"),
    ],
)
def test_which_campaigns_are_lost(
    marked: list[RemoteCampaign], open_keys: list[str], adopted: list[str], unclear: list[str]
):
    found = lost_objects(a_user(campaigns=(a_campaign_row(),)), (tuple(marked), ()), open_keys)

    assert [row.id for row in found.campaigns] == adopted
    assert [each.id for each in found.unclear] == unclear
    assert (bool(found), found.is_clear) == (bool(adopted or unclear), not unclear)


@pytest.mark.parametrize(
    ("seen", "paused_by", "active_since"),
    [
        pytest.param(campaign(), None, CREATED, id="active"),
        pytest.param(campaign(status="PAUSED"), "creation", None, id="never changed"),
        pytest.param(
            campaign(status="PAUSED", updated_at=CREATED + MINUTE), "creation", None, id="just created"
        ),
        pytest.param(
            campaign(status="PAUSED", updated_at=CREATED + MINUTE + timedelta(seconds=1)),
            "user",
            None,
            id="changed since",
        ),
    ],
)
def test_who_paused_what_is_found(seen: RemoteCampaign, paused_by: str | None, active_since: Any):
    (row,) = lost_objects(a_user(), ((seen,), ()), ()).campaigns

    assert (row.goal_key, row.role, row.status) == ("streams", "testing", seen.status)
    assert (row.paused_by, row.active_since) == (paused_by, active_since)


def test_ad_sets_get_their_cell_from_their_source_or_their_name():
    user = a_user(campaigns=(a_campaign_row(),), ad_sets=(an_ad_set_row(),))
    scaling = campaign(name=f"Streams · scaling [k:{KEY}]", daily_budget_minor=900)
    copy = ad_set(id="78", campaign_id="7", name=f"renamed [k:{OTHER}]", source_adset_id="11")
    stray = ad_set(id="79", campaign_id="6", name=f"broad · c1 [k:{THIRD}]")

    found = lost_objects(user, ((scaling,), (ad_set(), copy, stray)), ())

    assert [(a.id, a.campaign_id, a.audience, a.creative_id, a.source_adset_id) for a in found.ad_sets] == [
        ("77", "1", "broad", "c9", None),
        ("78", "7", "broad", "c1", "11"),
    ]
    assert [each.id for each in found.unclear] == ["79"]  # its campaign is not ours


@pytest.mark.parametrize(
    ("theirs", "is_shared", "adopted", "unclear"),
    [
        pytest.param([], False, ["7"], [], id="an account of their own"),
        pytest.param(["7"], False, [], [], id="another user has a row of it"),
        pytest.param([], True, [], ["7"], id="another user has the account"),
        pytest.param(["7"], True, [], [], id="both"),
    ],
)
def test_what_may_be_another_users_is_not_adopted(
    theirs: list[str], *, is_shared: bool, adopted: list[str], unclear: list[str]
):
    found = lost_objects(a_user(), ((campaign(),), ()), (), theirs=theirs, is_shared=is_shared)

    assert [row.id for row in found.campaigns] == adopted
    assert [each.id for each in found.unclear] == unclear
    assert found.is_shared is is_shared
