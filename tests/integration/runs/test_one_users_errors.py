"""What one user meets is that user's; what many are refused alike is not sent for the rest of the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain import policy
from orchestrator.domain.steps import TASKS
from orchestrator.errors import VersionExpired
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.poison import BendingAdapter

BO, CY, ED = demo_users.BO, demo_users.CY, demo_users.ED
ADAS = tuple(replace(demo_users.ADA, name=f"Ada {number}") for number in range(4))


def refuse(town: Workbench, code: int, *names: str) -> None:
    """Answer each batch of reads of some users with a refusal."""
    error = {"error": {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}}
    tokens = {town.accounts[name].access_token: ((), error) for name in names}
    vars(town.resources.platform)["_pool"] = BendingAdapter(tokens, status=400)


def ends(town: Workbench, run_key: str = "run") -> dict[str, tuple[str, str | None]]:
    """How the run ended for each user, with the name of the error."""
    with psycopg.connect(town.dsn) as connection:
        found = connection.execute(
            "select user_id, status, split_part(error, ':', 1) from ads_automation_runs where run_key = %s",
            (run_key,),
        ).fetchall()
    names = {user.user_id: user.name for user in (BO, CY, ED, *ADAS)}
    return {names[user_id]: (status, error) for user_id, status, error in found}


@pytest.mark.people(BO, CY, ED)
@pytest.mark.parametrize("code", [3, 12, 2500, 2635])
def test_an_error_of_the_app_that_one_user_meets_fails_that_user(town: Workbench, code: int):
    town.users_per_batch = 3
    refuse(town, code, "Bo")

    town.run("run")

    assert ends(town) == {
        "Bo": ("failed", "VersionExpired"),
        "Cy": ("success", None),
        "Ed": ("success", None),
    }


@pytest.mark.people(BO, CY, ED)
def test_an_error_of_the_app_that_all_users_meet_ends_the_step(town: Workbench):
    town.users_per_batch = 3
    refuse(town, 2635, "Bo", "Cy", "Ed")
    (batch,) = town.open("run")

    with pytest.raises(VersionExpired):
        lifecycle.run_step(town.resources, "run", batch, TASKS[0], last_try=True)


REFUSED = {
    "kind": "refusal",
    "refusal": {"code": 100, "subcode": 1885272},
    "method": "POST",
    "path": "*/campaigns",
}
"""Of every campaign that is created."""


def made(town: Workbench) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.dsn) as connection:
        return connection.execute(
            "select action_type, status, details ->> 'hold', count(distinct user_id)"
            " from ads_automation_actions where not dry_run group by 1, 2, 3 order by 1, 2, 3"
        ).fetchall()


@pytest.mark.people(*ADAS, ED)
def test_what_many_users_of_a_run_are_refused_alike_is_not_sent_for_the_others_and_no_reduction_waits(
    town: Workbench,
):
    town.resources = replace(town.resources, policy=policy.overridden({"breaker_errors": 2}))
    town.simulator.add_faults([REFUSED])

    town.run("run")

    kinds = {(action_type, status, hold): users for action_type, status, hold, users in made(town)}
    assert kinds["create_campaign", "failed", None] == 2
    assert kinds["create_campaign", "held", "refused_for_many"] == 3
    assert kinds["pause_adset", "success", None] == 1
    assert {status for status, _ in ends(town).values()} == {"success"}
    assert town.resources.store.kill_switch.state().stopped is False
