"""What must never be in the database cannot get in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.integration.store.conftest import Rows

Insert = Callable[[Rows, UUID], Any]


def second_running_run(rows: Rows, user: UUID) -> None:
    rows.run_of(user)
    rows.run_of(user)


def same_user_twice_in_a_run(rows: Rows, user: UUID) -> None:
    run_id = rows.run_of(user)
    rows.run(
        "insert into ads_automation_runs (run_key, user_id, trigger, run_at, dry_run)"
        " select run_key, user_id, trigger, run_at, dry_run from ads_automation_runs where id = %(id)s",
        id=run_id,
    )


def second_live_campaign(rows: Rows, user: UUID) -> None:
    rows.campaign_of(user, status="PAUSED")
    rows.campaign_of(user)


def ad_set_in_a_strangers_campaign(rows: Rows, user: UUID) -> None:
    rows.ad_set_of(rows.user(), rows.campaign_of(user))


def same_key_twice(rows: Rows, user: UUID) -> None:
    run_id = rows.run_of(user)
    rows.action_of(user, run_id, idempotency_key="the same")
    rows.action_of(user, run_id, idempotency_key="the same", ordinal=1)


def same_place_twice(rows: Rows, user: UUID) -> None:
    run_id = rows.run_of(user)
    rows.action_of(user, run_id)
    rows.action_of(user, run_id)


def same_place_of_a_stop_twice(rows: Rows, user: UUID) -> None:
    run_id = rows.run_of(user)
    rows.action_of(user, run_id, origin="stop", step=None)
    rows.action_of(user, run_id, origin="stop", step=None)


def an_action(**changes: Any) -> Insert:
    return lambda rows, user: rows.action_of(user, rows.run_of(user), **changes)


def a_run(**changes: Any) -> Insert:
    return lambda rows, user: rows.run_of(user, **changes)


def a_campaign(**changes: Any) -> Insert:
    return lambda rows, user: rows.campaign_of(user, **changes)


def an_ad_set(**changes: Any) -> Insert:
    return lambda rows, user: rows.ad_set_of(user, rows.campaign_of(user), **changes)


def a_user(modes: dict[str, Any] | None = None, **assets: Any) -> Insert:
    return lambda rows, _user: rows.user(modes=modes, assets=assets)


def a_day(**changes: int | None) -> Insert:
    return lambda rows, user: rows.day_of(user, "11", "2026-11-22", **changes)


def an_ad_set_twice_in_a_day(rows: Rows, user: UUID) -> None:
    rows.day_of(user, "11", "2026-11-22")
    rows.day_of(user, "11", "2026-11-22")


def a_row(table: str, **columns: Any) -> Insert:
    return lambda rows, _user: rows.insert(table, **columns)


DATED = {"ended_at": "2026-11-23T12:30:00Z"}


def nested(levels: int) -> dict[str, Any]:
    """An object whose innermost member is ``levels`` levels down."""
    innermost: dict[str, Any] = {}
    for _ in range(levels - 1):
        innermost = {"streams": innermost}
    return {"streams": innermost}


@pytest.mark.parametrize(
    ("insert", "constraint"),
    [
        pytest.param(second_running_run, "ads_automation_runs_one_live", id="second running run of a user"),
        pytest.param(same_user_twice_in_a_run, "runs_one_a_sweep", id="a user twice in one run"),
        pytest.param(a_run(status="done", **DATED), "status_check", id="run with another status"),
        pytest.param(a_run(trigger="panel"), "trigger_check", id="run with another trigger"),
        pytest.param(a_run(status="refused", **DATED), "refused_has_reason", id="refused without a reason"),
        pytest.param(a_run(status="failed", **DATED), "refused_has_reason", id="failed without a reason"),
        pytest.param(a_run(status="success"), "ended_is_dated", id="ended at no time"),
        pytest.param(a_run(**DATED), "ended_is_dated", id="running and ended"),
        pytest.param(same_key_twice, "idempotency_key", id="an idempotency key twice"),
        pytest.param(same_place_twice, "actions_in_order", id="two actions in one place"),
        pytest.param(an_action(idempotency_key=""), "idempotency_key", id="empty idempotency key"),
        pytest.param(an_action(status="done"), "status_check", id="action with another status"),
        pytest.param(an_action(action_type="delete_adset"), "action_type", id="action of another type"),
        pytest.param(an_action(step="detect"), "step_check", id="action of another step"),
        pytest.param(an_action(origin="panel"), "origin_check", id="action of another origin"),
        pytest.param(an_action(step=None), "step_of_run", id="action of a run without a step"),
        pytest.param(an_action(origin="stop"), "step_of_run", id="a stop's action with a step"),
        pytest.param(same_place_of_a_stop_twice, "in_order_of_origin", id="two of a stop in one place"),
        pytest.param(an_action(after_minor=-1), "after_minor", id="negative budget"),
        pytest.param(an_action(before_minor=-1), "before_minor", id="negative budget before"),
        pytest.param(an_action(dry_run=True), "dry_is_never_sent", id="success in a dry run"),
        pytest.param(
            an_action(dry_run=True, status="intended", settled_at=None), "dry_is_never_sent", id="dry, sent"
        ),
        pytest.param(an_action(settled_at=None), "settled_is_dated", id="settled at no time"),
        pytest.param(an_action(status="planned"), "settled_is_dated", id="planned and settled"),
        pytest.param(second_live_campaign, "ads_campaigns_one_live", id="second live campaign in one role"),
        pytest.param(a_campaign(role="learning"), "role_check", id="campaign in another role"),
        pytest.param(a_campaign(status="active"), "status_check", id="campaign with another status"),
        pytest.param(a_campaign(status="DELETED"), "removed_is_dated", id="deleted at no time"),
        pytest.param(a_campaign(removed_at="2026-11-20T00:00:00Z"), "removed_is_dated", id="live and gone"),
        pytest.param(a_campaign(paused_by="meta"), "paused_by", id="campaign paused by another"),
        pytest.param(a_campaign(daily_budget_minor=-1), "daily_budget", id="campaign's negative budget"),
        pytest.param(an_ad_set(status="OFF"), "status_check", id="ad set with another status"),
        pytest.param(an_ad_set(status="ARCHIVED"), "removed_is_dated", id="ad set archived at no time"),
        pytest.param(an_ad_set(daily_budget_minor=-1), "daily_budget", id="ad set's negative budget"),
        pytest.param(ad_set_in_a_strangers_campaign, "in_own_campaign", id="ad set in a stranger's campaign"),
        pytest.param(a_user(access_token="EAAB-plain"), "access_token", id="a plain token"),
        pytest.param(a_user(access_token=None), "meta_assets_connected", id="connected without token"),
        pytest.param(a_user(ad_account_id=None), "meta_assets_configured", id="configured without account"),
        pytest.param(a_user(currency=None), "meta_assets_configured", id="configured without currency"),
        pytest.param(a_user(timezone=None), "meta_assets_configured", id="configured without time zone"),
        pytest.param(a_user(ad_account_id="1"), "ad_account_id", id="account id without act_"),
        pytest.param(a_user(platform=""), "platform", id="a platform without a name"),
        pytest.param(a_user(currency="usd"), "currency", id="currency in small letters"),
        pytest.param(a_user(conversions=[]), "conversions", id="conversions that are a list"),
        pytest.param(a_user({"global_daily_budget": -1}), "budgets_not_negative", id="negative daily budget"),
        pytest.param(a_user({"max_daily_budget": -1}), "budgets_not_negative", id="negative cap"),
        pytest.param(a_user({"goal_settings": []}), "goal_settings_is_object", id="goals that are a list"),
        pytest.param(a_day(spend_minor=-1), "spend_minor", id="negative spend"),
        pytest.param(a_day(impressions=-1), "impressions", id="negative impressions"),
        pytest.param(a_day(events=-1), "events", id="negative events"),
        pytest.param(a_day(spend_minor=None), "one_figure_an_ad_set", id="no spend"),
        pytest.param(a_day(impressions=None), "one_figure_an_ad_set", id="no impressions"),
        pytest.param(a_day(events=None), "one_figure_an_ad_set", id="no events"),
        pytest.param(an_ad_set_twice_in_a_day, "one_figure_an_ad_set", id="ad set twice in a day"),
        pytest.param(
            a_row("fx_rates", currency="JPY", day="2026-11-01", units_per_usd=0), "units_per_usd", id="rate 0"
        ),
        pytest.param(
            a_row("ads_sweeps", run_key="", trigger="cron", run_at="now", dry_run=False, users=0, batches=0),
            "run_key",
            id="run without a key",
        ),
        pytest.param(
            a_row("orchestrator_switch", stopped=True), "orchestrator_switch_pkey", id="two switches"
        ),
        pytest.param(a_row("orchestrator_switch", only_row=False), "only_row", id="another switch"),
        pytest.param(a_row("ad_campaign_templates", audiences=[]), "has_goal", id="template without a goal"),
        pytest.param(a_row("ad_creatives", goal_key="streams"), "has_owner", id="creative without a user"),
        pytest.param(
            a_row("user_leases", user_id=uuid4(), holder="x", fencing_token=0, expires_at="now"),
            "fencing_token",
            id="fencing token of zero",
        ),
        pytest.param(a_user({"max_daily_budget": 10**60}), "budgets_bounded", id="a cap of 61 digits"),
        pytest.param(
            a_user({"global_daily_budget": Decimal("NaN")}), "budgets_bounded", id="a budget of NaN"
        ),
        pytest.param(
            a_user({"goal_settings": nested(17)}), "goal_settings_not_deep", id="deep goal settings"
        ),
        pytest.param(a_user(conversions=nested(17)), "conversions_not_deep", id="deep conversions"),
        pytest.param(a_user({"last_active_at": "infinity"}), "times_in_calendar", id="active for ever"),
        pytest.param(a_campaign(created_at="-infinity"), "times_in_calendar", id="campaign older than time"),
        pytest.param(
            a_campaign(daily_budget_minor=10**16 + 1), "daily_budget_bounded", id="campaign's fortune"
        ),
        pytest.param(an_ad_set(daily_budget_minor=10**16 + 1), "daily_budget_bounded", id="ad set's fortune"),
        pytest.param(an_action(after_minor=10**16 + 1), "amounts_bounded", id="action's fortune"),
        pytest.param(a_day(spend_minor=10**16 + 1), "spend_bounded", id="fortune spent in a day"),
        pytest.param(
            a_row("ad_campaign_templates", goal_key="streams", story=nested(33)),
            "story_not_deep",
            id="deep story",
        ),
    ],
)
def test_refuses(rows: Rows, insert: Insert, constraint: str):
    user = rows.user()

    with pytest.raises(psycopg.errors.IntegrityError, match=constraint):
        insert(rows, user)


@pytest.mark.parametrize(
    "insert",
    [
        pytest.param(
            lambda rows, user: [rows.run_of(user), rows.run_of(user, dry_run=True)], id="dry beside live"
        ),
        pytest.param(
            lambda rows, user: [rows.run_of(user), rows.run_of(user, status="pending")],
            id="pending beside running",
        ),
        pytest.param(lambda rows, user: [rows.run_of(user), rows.run_of(rows.user())], id="two users' runs"),
        pytest.param(
            lambda rows, user: [
                rows.campaign_of(user),
                rows.campaign_of(user, role="scaling"),
                rows.campaign_of(user, goal_key="presave"),
                rows.campaign_of(rows.user()),
                rows.campaign_of(user, status="DELETED", removed_at="2026-11-20T00:00:00Z"),
                rows.campaign_of(user, spare=True),
            ],
            id="a live campaign in each role, goal and user, removed ones and spare ones",
        ),
        pytest.param(an_action(dry_run=True, status="planned", settled_at=None), id="planned in a dry run"),
        pytest.param(an_action(origin="stop", step=None), id="a stop's action"),
        pytest.param(a_user({"global_daily_budget": 0, "max_daily_budget": 0}), id="budgets of zero"),
        pytest.param(a_user({"global_daily_budget": None}), id="no budget typed"),
        pytest.param(a_user(ad_account_id="1", platform="other"), id="another platform's account"),
        pytest.param(
            a_user(auth_connected=False, assets_configured=False, access_token=None, currency=None),
            id="a user who is not connected",
        ),
    ],
)
def test_accepts(rows: Rows, insert: Insert):
    insert(rows, rows.user())


@pytest.mark.parametrize(
    "insert",
    [
        pytest.param(a_user({"max_daily_budget": 10**12, "goal_settings": nested(16)}), id="a user"),
        pytest.param(a_campaign(daily_budget_minor=10**16), id="a campaign"),
        pytest.param(a_day(spend_minor=10**16), id="a day"),
        pytest.param(a_row("ad_campaign_templates", goal_key="streams", story=nested(32)), id="a template"),
    ],
)
def test_takes_what_is_on_a_bound(rows: Rows, insert: Insert):
    insert(rows, rows.user())
