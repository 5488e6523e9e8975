"""A stop of the spending needs the account, its campaigns and ad sets: whatever else is stored of a user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from demo import demo_users
from orchestrator.runs import emergency_stop
from tests.integration.runs import poison
from tests.integration.runs.conftest import Workbench, simulated
from tests.postgres import a_database

DEEP = poison.DEEP


class Bad(NamedTuple):
    """One column of a user's rows and the value in it."""

    table: str
    column: str
    kind: str
    value: str | None


CASES = (
    Bad("user_ads_modes", "goal_settings", "jsonb", "[1]"),
    Bad("user_ads_modes", "goal_settings", "jsonb", DEEP),
    Bad("user_ads_modes", "goal_settings", "jsonb", '{"streams": {"is_active": "yes", "priority": 9}}'),
    Bad("user_ads_modes", "goal_settings", "jsonb", '{"tiktok": {"is_active": true, "priority": 1}}'),
    Bad(
        "user_ads_modes",
        "goal_settings",
        "jsonb",
        '{"streams": {"is_active": true, "priority": 5, "budget_hint": 1e60}}',
    ),
    Bad("user_ads_modes", "goal_settings", "jsonb", '{"streams": 1e100000}'),
    Bad("user_ads_modes", "global_daily_budget", "numeric", "1e60"),
    Bad("user_ads_modes", "max_daily_budget", "numeric", "NaN"),
    Bad("ad_campaign_templates", "audiences", "jsonb", '{"broad": 1}'),
    Bad("ad_campaign_templates", "story", "jsonb", DEEP),
    Bad("ad_creatives", "spec", "jsonb", DEEP),
    Bad("ad_creatives", "created_at", "timestamp with time zone", "infinity"),
    Bad("meta_assets", "conversions", "jsonb", "[1]"),
    Bad("meta_assets", "conversions", "jsonb", DEEP),
    Bad("meta_assets", "currency", "text", None),
    Bad("meta_assets", "timezone", "text", "Mars/Olympus"),
    Bad("meta_assets", "timezone", "text", None),
    Bad("meta_assets", "insights_restated_at", "timestamp with time zone", "infinity"),
    Bad("meta_assets", "assets_absent", "ARRAY", "{NULL}"),
    Bad("fx_rates", "units_per_usd", "numeric", "NaN"),
    Bad("ads_automation_actions", "details", "jsonb", DEEP),
    Bad("ads_automation_actions", "run_at", "timestamp with time zone", "infinity"),
    Bad("ads_campaigns", "created_at", "timestamp with time zone", "infinity"),
    Bad("ads_campaigns", "active_since", "timestamp with time zone", "-infinity"),
    Bad("ads_campaigns", "daily_budget_minor", "bigint", "9223372036854775807"),
    Bad("ads_campaigns", "goal_key", "text", "x" * 100_000),
    Bad("ads_campaigns", "goal_key", "text", None),
    Bad("ads_ad_sets", "created_at", "timestamp with time zone", "infinity"),
    Bad("ads_ad_sets", "audience", "text", None),
    Bad("ads_ad_sets", "status", "text", None),
)
USERS = tuple(
    replace(demo_users.CY, name=f"Cy {number}", currency="EUR" if bad.table == "fx_rates" else "USD")
    for number, bad in enumerate(CASES)
)


@pytest.fixture(scope="module")
def unbounded(server_url: str, migrated: str) -> Iterator[str]:
    """The name of a database that takes any value, to copy."""
    with a_database(server_url, template=migrated) as url:
        poison.without_bounds(url)
        yield str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
def crowd(server_url: str, unbounded: str, simulator_url: str) -> Iterator[Workbench]:
    """A user for each case, and Bo."""
    people = (demo_users.BO, *USERS)
    with (
        a_database(server_url, template=unbounded) as dsn,
        simulated(people, simulator_url, dsn) as town,
    ):
        yield town


def stop(town: Workbench) -> emergency_stop.StopReport:
    town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")
    return emergency_stop.stop_spending(town.resources, None, town.now, {}, lambda *_: None)


def delivering(town: Workbench, name: str) -> int:
    return sum(campaign["status"] == "ACTIVE" for campaign in town.campaigns(name))


def test_a_user_with_any_bad_row_is_stopped_as_any_other(crowd: Workbench):
    crowd.run("before")  # there is a history, which is as bad
    with psycopg.connect(crowd.dsn) as connection:
        for user, bad in zip(USERS, CASES, strict=True):
            place = poison.Place(bad.table, bad.column, bad.kind)
            spoilt = poison.set_column(connection, user.user_id, user.currency, place, bad.value)
            assert spoilt > 0, (bad.table, bad.column)
        connection.execute("delete from user_ads_modes where user_id = %s", [demo_users.BO.user_id])
    assert {delivering(crowd, user.name) for user in USERS} == {2}

    stopped = stop(crowd)

    spending = [
        (bad.table, bad.column, str(bad.value)[:60], stopped.failed.get(user.user_id))
        for user, bad in zip(USERS, CASES, strict=True)
        if delivering(crowd, user.name)
    ]
    assert delivering(crowd, "Bo") == 0  # of whom there are no settings at all
    assert spending == []
    assert list(stopped.failed.values()) == []
    assert stopped.users == len(CASES) + 1
    assert stopped.campaigns == 2 * len(CASES) + 2  # a learning and a scaling campaign of each user
