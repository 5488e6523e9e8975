"""What is kept of an ad account that the platform stopped: its name, why, and since when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain.user_records import AccountCondition
from orchestrator.runs.preview import preview
from tests.integration.runs.conftest import NOW, Workbench
from tests.integration.runs.evidence.test_people_and_platform import change_account
from tests.integration.runs.evidence.test_readings import person_does

BO = demo_users.BO
Condition = tuple[str | None, int | None, str | None, datetime | None]


def condition(town: Workbench) -> Condition:
    """Name, status, reason and beginning of the stop of Bo's account."""
    with psycopg.connect(town.dsn) as connection:
        row: Any = connection.execute(
            "select account_name, account_status, stopped_for, stopped_since from meta_assets"
        ).fetchone()
    found: Condition = row
    return found


@pytest.mark.people(BO)
def test_a_stop_keeps_its_beginning_until_the_account_delivers_again(town: Workbench) -> None:
    assert condition(town) == (None, None, None, None)
    change_account(town, account_status=3)
    preview(town.resources, BO.user_id, now=town.now)
    assert condition(town) == (None, None, None, None)  # a preview stores nothing

    town.run("first")
    assert condition(town) == ("Bo", 3, "breaker_account", NOW)

    town.later(6)
    change_account(town, account_status=2)
    town.run("second", dry_run=True)
    assert condition(town) == ("Bo", 2, "breaker_account", NOW)

    change_account(town, account_status=1)
    town.run("third")
    assert condition(town) == ("Bo", 1, None, None)

    town.later(6)
    change_account(town, account_status=101)
    town.run("fourth")
    assert condition(town) == ("Bo", 101, "breaker_account", town.now)


@pytest.mark.people(BO)
@pytest.mark.parametrize(("left", "reason"), [(1, None), (0, "breaker_spending_limit")])
def test_a_spending_limit_that_is_reached_is_a_stop(town: Workbench, left: int, reason: str | None) -> None:
    spent = 4 * 6 * 500
    person_does(town, "set_spending_limit", town.accounts["Bo"].ad_account_id, spend_cap_minor=spent + left)

    town.run("run")

    assert condition(town)[1:3] == (1, reason)


@pytest.mark.people(BO)
def test_what_was_read_of_an_account_that_is_no_longer_the_users_is_left_out(town: Workbench) -> None:
    town.resources.store.users.save_account_conditions(
        [
            AccountCondition(
                user_id=BO.user_id,
                at=NOW,
                ad_account_id="act_0",
                name="Old",
                status=3,
                stopped_for="breaker_account",
            )
        ]
    )

    assert condition(town) == (None, None, None, None)
