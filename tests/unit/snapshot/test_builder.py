"""What our rows and Meta's answer make of one object."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orchestrator.domain.model import AdSet, Campaign, Day, Lifetime
from orchestrator.domain.records import CampaignRow, GoalRow, UserRows
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import AccountState, RemoteAd, RemoteAdSet, RemoteCampaign
from orchestrator.snapshot import builder
from orchestrator.snapshot.insights import InsightWindows
from tests.unit.snapshot.rows import (
    ACTIVATED,
    CREATED,
    NOW,
    a_campaign_row,
    a_user,
    ad_set_on_meta,
    an_ad_set_row,
    on_meta,
)

REMOVED = datetime(2026, 11, 20, tzinfo=UTC)
NO_WINDOWS = InsightWindows(lifetimes={}, days={}, read_at=NOW)
ACCOUNT = AccountState(
    id="act_1",
    currency="USD",
    timezone="America/Los_Angeles",
    minimum_daily_budget_minor=100,
)


def seen(row: CampaignRow, *meta: RemoteCampaign) -> CampaignRow:
    return builder.structure(a_user(campaigns=(row,)), (meta, ()), NOW).campaigns[0]


BY_US = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_budget_left"}


@pytest.mark.parametrize(
    ("row", "meta", "expected"),
    [
        pytest.param(a_campaign_row(), on_meta(), a_campaign_row(), id="nothing changed"),
        pytest.param(
            a_campaign_row(),
            on_meta(status="PAUSED"),
            a_campaign_row(status="PAUSED", paused_by="user"),
            id="paused on Meta while our row has it active: a person did it",
        ),
        pytest.param(
            a_campaign_row(**BY_US),
            on_meta(status="PAUSED"),
            a_campaign_row(**BY_US),
            id="paused by us stays paused by us",
        ),
        pytest.param(
            a_campaign_row(status="PAUSED", paused_by="creation", active_since=None),
            on_meta(status="PAUSED"),
            a_campaign_row(status="PAUSED", paused_by="creation", active_since=None),
            id="never activated stays in creation",
        ),
        pytest.param(
            a_campaign_row(**BY_US),
            on_meta(),
            a_campaign_row(active_since=NOW),
            id="active on Meta while our row has it paused: a person resumed it just now",
        ),
        pytest.param(
            a_campaign_row(daily_budget_minor=2000),
            on_meta(daily_budget_minor=2500),
            a_campaign_row(daily_budget_minor=2500),
            id="a budget that a person changed is the new truth",
        ),
        pytest.param(
            a_campaign_row(),
            on_meta(status="ARCHIVED"),
            a_campaign_row(status="ARCHIVED", removed_at=NOW),
            id="archived: removed now",
        ),
        pytest.param(
            a_campaign_row(status="ARCHIVED", removed_at=REMOVED),
            on_meta(status="ARCHIVED"),
            a_campaign_row(status="ARCHIVED", removed_at=REMOVED),
            id="archived before: the first time we saw it counts",
        ),
    ],
)
def test_an_object_is_what_meta_shows_and_paused_by_whom_our_row_says(
    row: CampaignRow, meta: RemoteCampaign, expected: CampaignRow
) -> None:
    assert seen(row, meta) == expected


def test_what_meta_does_not_list_was_deleted() -> None:
    assert seen(a_campaign_row()) == a_campaign_row(status="DELETED", removed_at=NOW)


def test_what_this_run_created_is_trusted_though_a_listing_lags() -> None:
    user = a_user(campaigns=(a_campaign_row(),))

    assert builder.structure(user, ((), ()), NOW, trusted=frozenset({"1"})).campaigns == (a_campaign_row(),)


def test_only_rows_that_differ_are_to_be_kept() -> None:
    user = a_user(ad_sets=(an_ad_set_row(), an_ad_set_row(id="12")))
    meta = (ad_set_on_meta(), ad_set_on_meta(id="12", daily_budget_minor=300))

    assert builder.structure(user, ((on_meta(),), meta), NOW).changed == (
        an_ad_set_row(id="12", daily_budget_minor=300),
    )


def snapshot_of(user: UserRows, windows: InsightWindows = NO_WINDOWS) -> Any:
    structure = builder.Structure(campaigns=user.campaigns, ad_sets=user.ad_sets, changed=())
    return builder.snapshot(user, ACCOUNT, structure, windows, NOW)


def test_the_rules_see_every_stored_field_of_a_campaign() -> None:
    row = a_campaign_row(
        status="PAUSED",
        paused_by="orchestrator",
        paused_reason="loser",
        daily_budget_minor=700,
        removed_at=ACTIVATED,
    )

    assert builder.campaign_of(row) == Campaign(
        id="1",
        goal_key="streams",
        role="testing",
        status="PAUSED",
        paused_by="orchestrator",
        paused_reason="loser",
        daily_budget_minor=700,
        created_at=CREATED,
        removed_at=ACTIVATED,
    )


def test_the_rules_see_every_stored_field_of_an_ad_set() -> None:
    row = an_ad_set_row(status="PAUSED", paused_by="user", paused_reason="loser", source_adset_id="7")

    assert builder.ad_set_of(row, None, None) == AdSet(
        id="11",
        campaign_id="1",
        status="PAUSED",
        paused_by="user",
        paused_reason="loser",
        daily_budget_minor=250,
        created_at=CREATED,
        active_since=CREATED,
        audience="broad",
        creative_id="c1",
        source_adset_id="7",
        lifetime=None,
        days=None,
    )


def test_an_ad_set_is_active_since_the_last_activation_of_itself_or_its_campaign() -> None:
    snapshot = snapshot_of(a_user(ad_sets=(an_ad_set_row(active_since=CREATED),)))

    assert snapshot.ad_sets[0].active_since == ACTIVATED


def test_an_ad_set_that_was_never_activated_has_no_such_time() -> None:
    rows = a_user(campaigns=(a_campaign_row(active_since=None),), ad_sets=(an_ad_set_row(active_since=None),))

    assert snapshot_of(rows).ad_sets[0].active_since is None


def test_typed_amounts_become_minor_units_and_nothing_stays_nothing() -> None:
    hinted = GoalRow(
        goal_key="streams", is_active=True, priority=5, budget_hint=Decimal("0.00"), learning_share_bp=None
    )
    snapshot = snapshot_of(a_user(goals=(hinted,), max_daily_budget=Decimal("12.34")))

    assert snapshot.settings.global_daily_budget_minor == 1000
    assert snapshot.settings.max_daily_budget_minor == 1234
    assert snapshot.goals[0].budget_hint_minor == 0
    assert snapshot_of(a_user()).settings.max_daily_budget_minor is None


def test_an_amount_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"10\.001 has more digits than USD has"):
        snapshot_of(a_user(global_daily_budget=Decimal("10.001")))


def test_without_the_accounts_minimum_nothing_is_guessed() -> None:
    with pytest.raises(ConfigError, match="the platform did not say the minimum daily budget of act_1"):
        builder.snapshot(
            a_user(),
            replace(ACCOUNT, minimum_daily_budget_minor=None),
            builder.Structure(campaigns=(), ad_sets=(), changed=()),
            NO_WINDOWS,
            NOW,
        )


def test_insights_go_to_their_ad_set_and_can_be_exchanged() -> None:
    lifetime = Lifetime(spend_minor=120, impressions=9, events=2)
    day = Day(date=NOW.date(), spend_minor=120, impressions=9, events=2)
    windows = InsightWindows(lifetimes={"11": lifetime}, days={"11": (day,)}, read_at=None)
    before = snapshot_of(a_user(ad_sets=(an_ad_set_row(), an_ad_set_row(id="12"))), windows)

    assert (before.ad_sets[0].lifetime, before.ad_sets[0].days) == (lifetime, (day,))
    assert (before.ad_sets[1].lifetime, before.ad_sets[1].days) == (None, None)
    assert before.account.insights_read_at is None
    after = builder.with_insights(before, NO_WINDOWS)
    assert after.account.insights_read_at == NOW
    assert after.ad_sets[0].lifetime is None


REJECTED = (RemoteAd(id="9", status="ACTIVE", verdict="rejected"),)
TWO_DAYS = NOW + timedelta(days=2)


def test_a_lifetime_budget_is_stored_by_the_day_on_either_level() -> None:
    user = a_user(campaigns=(a_campaign_row(),), ad_sets=(an_ad_set_row(daily_budget_minor=None),))
    meta = (
        (on_meta(lifetime_left_minor=9001, end_at=TWO_DAYS),),
        (ad_set_on_meta(daily_budget_minor=None, lifetime_left_minor=700, end_at=TWO_DAYS, ads=REJECTED),),
    )
    found = builder.structure(user, meta, NOW)

    assert found.campaigns[0].lifetime_daily_minor == 4501
    assert (found.ad_sets[0].lifetime_daily_minor, found.ad_sets[0].delivery) == (350, "cannot")
    assert found.changed == (*found.campaigns, *found.ad_sets)


def test_what_the_platform_says_of_delivery_is_seen_and_not_stored() -> None:
    found = builder.structure(
        a_user(ad_sets=(an_ad_set_row(),)), ((on_meta(),), (ad_set_on_meta(ads=REJECTED),)), NOW
    )

    assert found.ad_sets[0].delivery == "cannot"
    assert found.changed == ()


def test_what_is_paused_has_its_lifetime_budget_and_its_delivery_too() -> None:
    row = an_ad_set_row(**BY_US, daily_budget_minor=None)
    meta = ad_set_on_meta(status="PAUSED", daily_budget_minor=None, lifetime_left_minor=700, ads=())
    seen_row = builder.structure(a_user(ad_sets=(row,)), ((on_meta(),), (meta,)), NOW).ad_sets[0]

    assert (seen_row.lifetime_daily_minor, seen_row.delivery, seen_row.paused_by) == (
        700,
        "cannot",
        "orchestrator",
    )


def in_our_campaign(*ad_sets: RemoteAdSet) -> builder.Structure:
    return builder.structure(a_user(ad_sets=(an_ad_set_row(),)), ((on_meta(),), ad_sets), NOW)


def test_an_ad_set_that_no_row_of_ours_has_is_a_person_s() -> None:
    found = in_our_campaign(
        ad_set_on_meta(),
        ad_set_on_meta(id="99", daily_budget_minor=8000, source_adset_id="11", ads=REJECTED),
    )

    assert found.foreign == (
        AdSet(
            id="99",
            campaign_id="1",
            status="ACTIVE",
            paused_by=None,
            paused_reason=None,
            daily_budget_minor=8000,
            created_at=CREATED,
            active_since=None,
            audience="",
            creative_id=None,
            source_adset_id="11",
            ours=False,
        ),
    )
    assert [row.id for row in found.ad_sets] == ["11"]
    assert found.changed == (a_campaign_row(foreign_daily_minor=8000),)
    assert found.goal_of == {"11": "streams", "99": "streams"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ACTIVE", ("ACTIVE", None)),
        ("PAUSED", ("PAUSED", "user")),
        ("ARCHIVED", ("ARCHIVED", None)),
        ("DELETED", ("DELETED", None)),
    ],
)
def test_a_person_s_ad_set_has_its_own_status(status: str, expected: tuple[str, str | None]) -> None:
    (foreign,) = in_our_campaign(ad_set_on_meta(), ad_set_on_meta(id="99", status=status)).foreign

    assert (foreign.status, foreign.paused_by) == expected


def test_an_ad_set_in_a_campaign_that_is_not_ours_is_nothing_to_us() -> None:
    assert in_our_campaign(ad_set_on_meta(), ad_set_on_meta(id="99", campaign_id="2")).foreign == ()


def test_a_person_s_lifetime_budget_counts_a_day() -> None:
    other = ad_set_on_meta(id="99", daily_budget_minor=None, lifetime_left_minor=16_000, end_at=TWO_DAYS)

    assert in_our_campaign(ad_set_on_meta(), other).foreign[0].lifetime_daily_minor == 8000


def test_a_campaign_s_row_has_what_people_s_active_ad_sets_in_it_may_spend() -> None:
    lifetime = {"daily_budget_minor": None, "lifetime_left_minor": 16_000, "end_at": TWO_DAYS}
    found = in_our_campaign(
        ad_set_on_meta(),
        ad_set_on_meta(id="97", daily_budget_minor=300),
        ad_set_on_meta(id="98", **lifetime),
        ad_set_on_meta(id="99", daily_budget_minor=900, status="PAUSED"),
    )

    assert found.campaigns[0].foreign_daily_minor == 8300


def test_a_snapshot_has_the_account_s_state_and_a_person_s_ad_sets_with_their_figures() -> None:
    found = in_our_campaign(ad_set_on_meta(), ad_set_on_meta(id="99"))
    lifetime = Lifetime(spend_minor=120, impressions=9, events=2)
    windows = InsightWindows(lifetimes={"99": lifetime}, days={}, read_at=NOW)
    account = replace(ACCOUNT, status=3, spend_cap_left_minor=-5)
    user = a_user(ad_sets=(an_ad_set_row(),))
    snapshot = builder.snapshot(user, account, found, windows, NOW)

    assert (snapshot.account.account_status, snapshot.account.spend_cap_left_minor) == (3, -5)
    assert [(a.id, a.ours, a.lifetime) for a in snapshot.ad_sets] == [
        ("11", True, None),
        ("99", False, lifetime),
    ]


@pytest.mark.parametrize(
    ("trusted", "delivery"), [(set(), "in_review"), ({"11"}, "ok"), ({"12"}, "in_review")]
)
def test_of_the_ads_of_what_this_run_made_nothing_is_known_yet(trusted: set[str], delivery: str) -> None:
    in_review = (RemoteAd(id="9", status="ACTIVE", verdict="in_review"),)
    tree = ((), (ad_set_on_meta(ads=in_review),))
    seen = builder.structure(a_user(ad_sets=(an_ad_set_row(),)), tree, NOW, trusted=frozenset(trusted))

    assert [each.delivery for each in seen.ad_sets] == [delivery]
