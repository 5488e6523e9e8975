"""Who takes part in a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from orchestrator.domain.goals import REGISTRY
from tests.integration.store.conftest import Rows

NOW = "2026-11-23T12:00:00Z"
OFF = {"streams": {"is_active": False, "priority": 5}}


def leased_run(rows: Rows, user: UUID, until: str) -> None:
    rows.run_of(user)
    rows.run(
        "insert into user_leases values (%(user)s, 'x', 1, now() + %(until)s::interval)",
        user=user,
        until=until,
    )


@pytest.mark.parametrize(
    ("modes", "assets", "and_then", "reason"),
    [
        pytest.param({}, {}, None, None, id="connected, configured, one active goal"),
        pytest.param({}, {"auth_connected": False}, None, "not_connected", id="not connected"),
        pytest.param({}, {"assets_configured": False}, None, "assets_not_configured", id="not configured"),
        pytest.param(
            {"paused_by_operator": True}, {}, None, "paused_by_operator", id="paused by an operator"
        ),
        pytest.param({"goal_settings": OFF}, {}, None, "nothing_active", id="no active goal"),
        pytest.param({"goal_settings": {}}, {}, None, "nothing_active", id="no goal"),
        pytest.param(
            {"goal_settings": {"fame": {"is_active": True}}},
            {},
            None,
            "nothing_active",
            id="unknown goal active",
        ),
        pytest.param(
            {"goal_settings": {"streams": {"is_active": "true"}}},
            {},
            None,
            "nothing_active",
            id="active as text",
        ),
        pytest.param(
            {"goal_settings": {"streams": 5}}, {}, None, "nothing_active", id="goal that is a number"
        ),
        pytest.param(
            {"goal_settings": OFF | {"presave": {"is_active": True}}},
            {},
            None,
            None,
            id="one goal of two active",
        ),
        pytest.param(
            {"goal_settings": OFF}, {}, Rows.campaign_of, None, id="no active goal, a campaign still active"
        ),
        pytest.param(
            {"goal_settings": OFF},
            {},
            lambda rows, user: rows.campaign_of(user, status="PAUSED"),
            "nothing_active",
            id="no active goal, a campaign paused",
        ),
        pytest.param({}, {}, Rows.run_of, "run_in_progress", id="another run goes on"),
        pytest.param(
            {}, {}, lambda rows, user: rows.run_of(user, dry_run=True), None, id="another dry run goes on"
        ),
        pytest.param(
            {}, {}, lambda rows, user: rows.run_of(user, status="pending"), None, id="another run is pending"
        ),
        pytest.param(
            {},
            {},
            lambda rows, user: leased_run(rows, user, "1 minute"),
            "run_in_progress",
            id="a run with a lease",
        ),
        pytest.param(
            {},
            {},
            lambda rows, user: leased_run(rows, user, "-1 second"),
            None,
            id="a run whose lease ran out",
        ),
    ],
)
def test_takes_part_unless(
    rows: Rows,
    modes: dict[str, Any],
    assets: dict[str, Any],
    and_then: Callable[..., Any] | None,
    reason: str | None,
):
    user = rows.user(modes=modes, assets=assets)
    if and_then is not None:
        and_then(rows, user)

    found = rows.one(
        "select reason,"
        " user_id in (select user_id from get_orchestrator_eligible_users(page_size => 100000)) as listed"
        " from orchestrator_eligibility(now(), null) where user_id = %(user)s",
        user=user,
    )

    assert found == {"reason": reason, "listed": reason is None}


@pytest.mark.parametrize(
    ("last_active_at", "reason"),
    [
        pytest.param("2026-11-16T12:00:00Z", None, id="seven days ago"),
        pytest.param("2026-11-16T11:59:59Z", "no_recent_activity", id="a second longer"),
        pytest.param(None, "no_recent_activity", id="never"),
    ],
)
def test_activity_counts_when_it_is_asked_for(rows: Rows, last_active_at: str | None, reason: str | None):
    user = rows.user(modes={"last_active_at": last_active_at})

    asked, unasked = (
        rows.one(
            "select reason from orchestrator_eligibility(%(now)s, %(days)s) where user_id = %(user)s",
            now=NOW,
            days=days,
            user=user,
        )
        for days in (7, None)
    )

    assert (asked, unasked) == ({"reason": reason}, {"reason": None})


def test_a_user_without_assets_is_not_connected(rows: Rows):
    user = rows.user()
    rows.run("delete from meta_assets where user_id = %(user)s", user=user)

    assert rows.one(
        "select reason from orchestrator_eligibility(now(), null) where user_id = %(user)s", user=user
    ) == {"reason": "not_connected"}


def test_pages_follow_each_other_by_key(fresh_database_url: str, rows_at: Callable[[str], Rows]):
    rows = rows_at(fresh_database_url)
    users = sorted(rows.user() for _ in range(5))
    page = "select user_id from get_orchestrator_eligible_users(%(after)s, 2)"

    pages = [
        [row["user_id"] for row in rows.all(page, after=after)]
        for after in (None, users[1], users[3], users[4])
    ]

    assert pages == [users[0:2], users[2:4], users[4:5], []]


@pytest.mark.parametrize("goal_key", [*REGISTRY])
def test_each_goal_of_the_registry_makes_a_user_eligible(rows: Rows, goal_key: str):
    assert rows.one(
        "select orchestrator_has_active_goal(%(settings)s::jsonb) as active, "
        "orchestrator_has_active_goal(jsonb_build_object(%(goal_key)s::text, true)) as bare",
        settings=f'{{"{goal_key}": {{"is_active": true}}, "other": {{"is_active": false}}}}',
        goal_key=goal_key,
    ) == {"active": True, "bare": False}


def read_of(plan: dict[str, Any], table: str) -> float:
    """How many rows of a table a plan has read."""
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Relation Name") == table else 0
    return own + sum(read_of(part, table) for part in plan.get("Plans", ()))


def test_a_page_reads_no_more_users_than_it_lists(fresh_database_url: str, rows_at: Callable[[str], Rows]):
    """Also where few follow, and Postgres might think it cheaper to read and sort all that is left."""
    rows = rows_at(fresh_database_url)
    rows.run(
        "insert into user_ads_modes (user_id, goal_settings, updated_by)"
        " select md5(n::text)::uuid, '{\"streams\": {\"is_active\": true}}', 'test'"
        " from generate_series(1, 40000) n"
    )
    rows.run(
        "insert into meta_assets"
        " (user_id, auth_connected, assets_configured, ad_account_id, currency, timezone, access_token)"
        " select user_id, true, true, 'act_1', 'USD', 'UTC', 'gAAAA' || repeat('x', 200) from user_ads_modes"
    )
    rows.run("analyze")
    page = (
        "explain (analyze, format json) select user_id from get_orchestrator_eligible_users(%(after)s, 1000)"
    )

    for begun in ("00", "40", "80", "c0", "d0", "e0"):
        after = f"{begun}000000-0000-0000-0000-000000000000"
        plan = rows.one(page, after=after)["QUERY PLAN"][0]["Plan"]
        assert {table: read_of(plan, table) for table in ("user_ads_modes", "meta_assets")} == {
            "user_ads_modes": 1000,
            "meta_assets": 1000,
        }, f"the page after {begun}"
