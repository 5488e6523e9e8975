"""The Meta app's secret is replaced, or wrong: what runs do, whom they blame, and what is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn
from uuid import UUID

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain.steps import TASKS
from orchestrator.errors import OrchestratorError, ProofRefused
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import Settings
from stack import simulator
from tests.integration.runs.conftest import Workbench

ADAS = tuple(replace(demo_users.ADA, name=f"Ada {number}") for number in range(4))
WRONG, OLDER = "0" * 32, "1" * 32
PROOF = {"code": 100, "message": "Invalid appsecret_proof provided in the API argument"}


def with_secrets(town: Workbench, *secrets: str) -> None:
    """Give the deployment these app secrets, the newest first."""
    fields = town.resources.settings.model_dump()
    fields |= {"armed": "true", "meta_app_secret": ",".join(secrets)}
    town.resources = replace(town.resources, settings=Settings.model_validate(fields))


def right_secret(town: Workbench) -> str:
    return simulator.other_app(town.resources.settings.meta_base_url).app_secret


def ends(town: Workbench, run_key: str = "run") -> dict[UUID, tuple[str, str]]:
    with psycopg.connect(town.dsn) as connection:
        found = connection.execute(
            "select user_id, status, coalesce(error, '') from ads_automation_runs where run_key = %s",
            (run_key,),
        ).fetchall()
    return {user_id: (status, error) for user_id, status, error in found}


def refused(town: Workbench) -> list[str]:
    """The requests whose proof was refused, without the parts of a batch, which have that of the whole."""
    return [
        f"{r['method']} {r['path']}"
        for r in town.simulator.requests()
        if r["batch"] is None and "appsecret_proof" in str(r["answer"])
    ]


def exits(*_: object, **__: object) -> NoReturn:
    """As a worker whose process ends here."""
    raise SystemExit


def run_all(town: Workbench, run_key: str = "run") -> list[type[OrchestratorError]]:
    """A run as Airflow does it: a failed step does not stop the next. What the steps raised."""
    raised = []
    for batch in town.open(run_key):
        for task in TASKS:
            try:
                lifecycle.run_step(town.resources, run_key, batch, task, last_try=True)
            except OrchestratorError as error:
                raised.append(type(error))
    return raised


@pytest.mark.people(demo_users.ADA)
@pytest.mark.parametrize("position", [1, 2], ids=["Meta has the newest", "Meta has the older one"])
def test_the_older_secret_is_tried_when_meta_refuses_the_newest_and_then_used(town: Workbench, position: int):
    secrets = [right_secret(town), OLDER] if position == 1 else [WRONG, right_secret(town)]
    with_secrets(town, *secrets)

    town.run("run")

    assert town.statuses("run") == {"success"}
    assert town.writes()
    assert len(refused(town)) == position - 1


@pytest.mark.people(*ADAS)
@pytest.mark.parametrize("users_per_batch", [4, 1])
def test_a_proof_that_is_refused_with_both_ends_the_run_at_once_and_is_nobodys_fault(
    town: Workbench, users_per_batch: int
):
    town.users_per_batch = users_per_batch
    with_secrets(town, WRONG, OLDER)

    raised = run_all(town)
    report = run_report.finish(town.resources, "run")

    assert raised == ([ProofRefused] if users_per_batch == 4 else [])
    assert len(refused(town)) == 8  # each user's first read, with each secret; no later step sends anything
    assert town.writes() == []
    assert [status for status, _ in ends(town).values()] == ["failed"] * 4
    errors = {error for _, error in ends(town).values()}
    assert {error.partition(":")[0] for error in errors} == {"ProofRefused"}
    assert not any(word in str(errors) for word in (WRONG, OLDER, "connect the ad account again"))
    assert report.unsuccessful
    assert report.deployment_error in errors
    assert "no user has to connect again" in report.deployment_error
    assert "ORCHESTRATOR_META_APP_SECRET" in report.deployment_error


@pytest.mark.people(*ADAS)
def test_the_next_run_with_the_right_secret_does_the_work(town: Workbench):
    right = right_secret(town)
    with_secrets(town, WRONG)
    run_all(town)

    with_secrets(town, right)
    town.run("next")

    assert town.statuses("next") == {"success"}
    assert run_report.finish(town.resources, "next").deployment_error is None


@pytest.mark.people(*ADAS)
@pytest.mark.parametrize("is_killed", [False, True])
def test_users_whose_tokens_are_of_another_app_fail_alone(
    town: Workbench, monkeypatch: pytest.MonkeyPatch, *, is_killed: bool
):
    """Three, so that in a step that is tried again after a kill nobody who is left gets through."""
    *others, good = [town.accounts[person.name].ad_account_id for person in ADAS]
    town.users_per_batch = 4
    town.simulator.add_faults([{"kind": "refusal", "account": each, "refusal": PROOF} for each in others])
    (batch,) = town.open("run")
    if is_killed:
        with monkeypatch.context() as patch:
            patch.setattr(lifecycle, "_end_failed", exits)
            with pytest.raises(SystemExit):
                lifecycle.run_step(town.resources, "run", batch, TASKS[0])

    for task in TASKS:
        lifecycle.run_step(town.resources, "run", batch, task, last_try=True)

    assert sorted(status for status, _ in ends(town).values()) == ["failed"] * 3 + ["success"]
    assert {row["account"] for row in town.writes()} == {good}
    assert run_report.finish(town.resources, "run").deployment_error is None


@pytest.mark.people(demo_users.ADA)
def test_a_secret_that_is_replaced_in_the_middle_of_a_run_costs_one_refusal(town: Workbench):
    """Meta took the newest until now; the older one is all that it takes from here on."""
    right = right_secret(town)
    with_secrets(town, right, OLDER)
    (batch,) = town.open("run")
    lifecycle.run_step(town.resources, "run", batch, TASKS[0], last_try=True)
    with_secrets(town, WRONG, right)  # as if the process had started with another list

    for task in TASKS[1:]:
        lifecycle.run_step(town.resources, "run", batch, task, last_try=True)

    assert run_report.finish(town.resources, "run").unsuccessful is False
    assert len(refused(town)) == 1
    created = [str(row["answer"]) for row in town.writes() if str(row["path"]).endswith("/campaigns")]
    assert len(created) == len(set(created)) > 0
