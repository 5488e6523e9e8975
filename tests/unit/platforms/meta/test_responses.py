"""Graph JSON as values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.errors import Transient
from orchestrator.platforms.base import AccountState, Found, RemoteAd, RemoteAdSet, RemoteCampaign
from orchestrator.platforms.meta.wire import responses

CAMPAIGN = {
    "id": "120208325579370399",
    "name": "Streams",
    "objective": "OUTCOME_SALES",
    "status": "PAUSED",
    "effective_status": "PAUSED",
    "daily_budget": "5000",
    "created_time": "2026-11-20T09:58:11-0800",
    "updated_time": "2026-11-20T09:58:12-0800",
}
AD_SET = {
    "id": "7",
    "campaign_id": "6",
    "name": "broad",
    "status": "ACTIVE",
    "effective_status": "CAMPAIGN_PAUSED",
    "daily_budget": "1000",
    "optimization_goal": "OFFSITE_CONVERSIONS",
    "source_adset_id": "0",
    "start_time": "2026-11-21T00:00:00+0100",
    "created_time": "2026-11-20T09:58:11+0000",
    "updated_time": "2026-11-20T09:58:11+0000",
}
ACCOUNT = {
    "id": "act_42",
    "name": "Night Owls",
    "account_status": 1,
    "currency": "USD",
    "amount_spent": "39125",
    "min_daily_budget": 100,
    "timezone_name": "America/Los_Angeles",
    "disable_reason": 0,
}


def test_a_campaign_is_read_in_minor_units_and_utc():
    assert responses.campaign(CAMPAIGN) == RemoteCampaign(
        id="120208325579370399",
        name="Streams",
        objective="OUTCOME_SALES",
        status="PAUSED",
        effective_status="PAUSED",
        daily_budget_minor=5000,
        created_at=datetime(2026, 11, 20, 17, 58, 11, tzinfo=UTC),
        updated_at=datetime(2026, 11, 20, 17, 58, 12, tzinfo=UTC),
    )


def test_an_ad_set_is_read():
    assert responses.ad_set(AD_SET) == RemoteAdSet(
        id="7",
        campaign_id="6",
        name="broad",
        status="ACTIVE",
        effective_status="CAMPAIGN_PAUSED",
        daily_budget_minor=1000,
        optimization_goal="OFFSITE_CONVERSIONS",
        created_at=datetime(2026, 11, 20, 9, 58, 11, tzinfo=UTC),
        updated_at=datetime(2026, 11, 20, 9, 58, 11, tzinfo=UTC),
        start_at=datetime(2026, 11, 20, 23, 0, 0, tzinfo=UTC),
        source_adset_id=None,
    )


def test_an_account_is_read():
    assert responses.account(ACCOUNT) == AccountState(
        id="act_42",
        currency="USD",
        timezone="America/Los_Angeles",
        minimum_daily_budget_minor=100,
        status=1,
        spend_cap_left_minor=None,
        name="Night Owls",
    )


@pytest.mark.parametrize(
    ("name", "read"),
    [("N" * 200, "N" * 200), ("N" * 201, "N" * 200), ("", None), (None, None), (7, None), (["N"], None)],
)
def test_an_odd_name_of_an_account_fails_nobody(name: object, read: str | None):
    assert responses.account(ACCOUNT | {"name": name}).name == read


@pytest.mark.parametrize("status", [1, 2, 3, 7, 8, 9, 100, 101])
def test_an_account_s_status_is_meta_s_number(status: int):
    assert responses.account(ACCOUNT | {"account_status": status}).status == status


@pytest.mark.parametrize(
    ("cap", "spent", "left"),
    [
        (None, "39125", None),
        ("0", "39125", None),
        ("39126", "39125", 1),
        ("39125", "39125", 0),
        ("39000", "39125", -125),
        ("500", None, 500),
    ],
)
def test_what_is_left_of_a_spending_limit(cap: str | None, spent: str | None, left: int | None):
    node = {k: v for k, v in (ACCOUNT | {"spend_cap": cap, "amount_spent": spent}).items() if v is not None}

    assert responses.account(node).spend_cap_left_minor == left


@pytest.mark.parametrize(
    ("budgets", "daily", "left"),
    [
        ({"daily_budget": "1000", "lifetime_budget": "0", "budget_remaining": "412"}, 1000, None),
        ({"daily_budget": "0", "lifetime_budget": "7000", "budget_remaining": "6500"}, None, 6500),
        ({"daily_budget": "0", "lifetime_budget": "7000", "budget_remaining": "0"}, None, 0),
        ({"daily_budget": "0", "lifetime_budget": "7000", "budget_remaining": "-3"}, None, 0),
        ({"daily_budget": "0", "lifetime_budget": "7000"}, None, 7000),
        ({"daily_budget": "0", "lifetime_budget": "0", "budget_remaining": "0"}, None, None),
        ({}, None, None),
    ],
)
def test_a_budget_is_daily_or_what_is_left_of_a_lifetime_s(
    budgets: dict[str, str], daily: int | None, left: int | None
):
    for node, read in ((CAMPAIGN, responses.campaign), (AD_SET, responses.ad_set)):
        bare = {key: value for key, value in node.items() if key != "daily_budget"}
        got = read(bare | budgets)

        assert (got.daily_budget_minor, got.lifetime_left_minor) == (daily, left)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (None, None),
        ("", None),
        ("0", None),
        ("1969-12-31T15:59:59-0800", None),
        ("2026-11-24T00:00:00+0100", datetime(2026, 11, 23, 23, tzinfo=UTC)),
    ],
)
def test_an_end(end: str | None, expected: datetime | None):
    assert responses.campaign(CAMPAIGN | {"stop_time": end}).end_at == expected
    assert responses.ad_set(AD_SET | {"end_time": end}).end_at == expected


HARD = {"level": "AD", "error_code": 2460003, "error_type": "HARD_ERROR"}
SOFT = HARD | {"error_type": "SOFT_ERROR"}


@pytest.mark.parametrize(
    ("effective", "issues", "verdict"),
    [
        ("ACTIVE", None, "clear"),
        ("PAUSED", None, "clear"),
        ("PENDING_REVIEW", None, "in_review"),
        ("IN_PROCESS", None, "in_review"),
        ("PREAPPROVED", None, "in_review"),
        ("PENDING_BILLING_INFO", None, "in_review"),
        ("DISAPPROVED", None, "rejected"),
        ("WITH_ISSUES", [HARD], "issues"),
        ("WITH_ISSUES", None, "issues"),
        ("ADSET_PAUSED", None, "clear"),
        ("ADSET_PAUSED", [], "clear"),
        ("ADSET_PAUSED", [SOFT], "clear"),
        ("ADSET_PAUSED", [SOFT, HARD], "issues"),
        ("CAMPAIGN_PAUSED", None, "clear"),
        ("CAMPAIGN_PAUSED", [HARD], "issues"),
        ("ACTIVE", [SOFT], "clear"),
        (None, None, "clear"),
        ("A_NEW_WORD", None, "clear"),
    ],
)
def test_what_meta_says_of_an_ad(effective: str | None, issues: Any, verdict: str):
    node = {"id": "9", "status": "ACTIVE", "effective_status": effective, "issues_info": issues}

    assert responses.ad({k: v for k, v in node.items() if v is not None}) == RemoteAd(
        id="9",
        status="ACTIVE",
        verdict=verdict,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("issues", ["none", [1], {"error_type": "HARD_ERROR"}])
def test_issues_that_are_no_list_of_issues_cannot_be_read(issues: Any):
    node = {"id": "9", "status": "ACTIVE", "effective_status": "ADSET_PAUSED", "issues_info": issues}

    with pytest.raises(Transient, match="no readable 'issues_info'"):
        responses.ad(node)


def test_the_ads_of_an_ad_set_are_read_apart():
    ad = RemoteAd(id="9", status="PAUSED", verdict="clear")

    assert responses.ad_set(AD_SET).ads is None
    assert responses.ad_set(AD_SET, [ad]).ads == (ad,)


@pytest.mark.parametrize("unused", [None, "0", 0, ""])
def test_a_budget_that_is_not_used_is_none(unused: Any):
    node = {
        key: value for key, value in (CAMPAIGN | {"daily_budget": unused}).items() if value not in {None, ""}
    }

    assert responses.campaign(node).daily_budget_minor is None


@pytest.mark.parametrize(
    ("source", "expected"), [("0", None), ("", None), (None, None), ("120", "120"), (120, "120")]
)
def test_a_source_of_zero_is_no_source(source: Any, expected: str | None):
    assert responses.ad_set(AD_SET | {"source_adset_id": source}).source_adset_id == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", ""),
        ("name", None),
        ("status", None),
        ("effective_status", None),
        ("daily_budget", "ten"),
        ("created_time", None),
        ("created_time", "yesterday"),
        ("created_time", "2026-11-20T09:58:11"),
        ("updated_time", None),
    ],
)
def test_a_field_that_cannot_be_read_makes_the_answer_worthless(field: str, value: Any):
    with pytest.raises(Transient, match=f"no readable '{field}'"):
        responses.campaign(CAMPAIGN | {field: value})


@pytest.mark.parametrize("field", ["currency", "timezone_name", "account_status"])
def test_an_account_needs_its_fields(field: str):
    with pytest.raises(Transient, match=f"act_42 has no readable '{field}'"):
        responses.account({key: value for key, value in ACCOUNT.items() if key != field})


def test_what_is_found_names_its_creative_and_source():
    node = {
        "id": "9",
        "name": "ad [k:1]",
        "status": "PAUSED",
        "created_time": "2026-11-20T09:58:11+0000",
        "creative": {"id": "8"},
        "source_ad_id": "3",
    }

    assert responses.found(node) == Found(
        id="9",
        name="ad [k:1]",
        created_at=datetime(2026, 11, 20, 9, 58, 11, tzinfo=UTC),
        status="PAUSED",
        creative_id="8",
        source_id="3",
    )


def test_the_oldest_is_found_first():
    def at(second: int, found_id: str) -> Found:
        created_at = datetime(2026, 11, 20, 9, 58, second, tzinfo=UTC)
        return Found(id=found_id, name="", created_at=created_at, status="PAUSED")

    listed = [at(2, "1"), at(1, "10"), at(1, "9")]

    assert [each.id for each in responses.oldest_first(listed)] == ["9", "10", "1"]
