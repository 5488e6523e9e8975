"""What a run may be asked for. Every refusal is one line and comes before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from airflow.utils.types import DagRunType

from ads_orchestrator_airflow.run_conf import read_conf, run_request
from orchestrator.errors import ConfigError
from orchestrator.settings import Settings

ANNA = "6f1c1c1e-0000-4000-8000-000000000001"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEFAULTS = {"dry_run": False, "user_ids": None, "goal_keys": None, "users_per_batch": 0, "now": None}


@dataclass
class ARun:
    run_id: str = "manual__1"
    run_type: DagRunType = DagRunType.MANUAL
    run_after: datetime = NOON
    conf: dict[str, Any] | None = None
    triggering_user_name: str | None = "olga"


def a_deployment(*, armed: bool = True, meta_base_url: str = "http://127.0.0.1:8055") -> Settings:
    return Settings(armed="true" if armed else "", meta_base_url=meta_base_url)


@pytest.mark.parametrize(
    ("conf", "place", "problem"),
    [
        pytest.param(
            {"user_id": ANNA}, "user_id", "unknown (known: dry_run, goal_keys, now,", id="a misspelt key"
        ),
        pytest.param({"dry_run": "true"}, "dry_run", "valid boolean", id="a text for a boolean"),
        pytest.param({"dry_run": None}, "dry_run", "valid boolean", id="no boolean"),
        pytest.param({"user_ids": ANNA}, "user_ids", "valid", id="a user that is no list"),
        pytest.param({"user_ids": ["anna"]}, "user_ids.0", "valid UUID", id="a user's name"),
        pytest.param({"user_ids": []}, "user_ids", "at least 1 item", id="no users"),
        pytest.param(
            {"goal_keys": ["fame"]},
            "goal_keys",
            "unknown goal fame (known: build_audience,",
            id="unknown goal",
        ),
        pytest.param({"goal_keys": [7]}, "goal_keys.0", "valid string", id="a number for a goal"),
        pytest.param({"goal_keys": []}, "goal_keys", "at least 1 item", id="no goals"),
        pytest.param({"users_per_batch": -1}, "users_per_batch", "greater", id="fewer than none"),
        pytest.param({"users_per_batch": 10_001}, "users_per_batch", "less", id="one too many"),
        pytest.param({"users_per_batch": 2.5}, "users_per_batch", "valid int", id="half a user"),
        pytest.param({"users_per_batch": True}, "users_per_batch", "valid int", id="true is no 1"),
        pytest.param({"now": "yesterday"}, "now", "valid datetime", id="a word for a time"),
        pytest.param({"now": "2026-11-23T12:00:00"}, "now", "timezone info", id="no zone"),
    ],
)
def test_refuses(conf: dict[str, Any], place: str, problem: str):
    with pytest.raises(ConfigError, match=r"^conf refused, nothing was done: ") as refusal:
        read_conf(DEFAULTS | conf)

    assert f" {place}: " in str(refusal.value)
    assert problem in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_names_every_problem_and_repeats_no_value():
    with pytest.raises(ConfigError) as refusal:
        read_conf({"token": "EAAsecret", "users_per_batch": "EAAsecret"})

    assert "token" in str(refusal.value)
    assert "users_per_batch" in str(refusal.value)
    assert "EAAsecret" not in str(refusal.value)


@pytest.mark.parametrize("users_per_batch", [0, 1, 10_000])
def test_takes_a_batch_size_up_to_its_bounds(users_per_batch: int):
    assert read_conf({"users_per_batch": users_per_batch}).users_per_batch == users_per_batch


@pytest.mark.parametrize(
    ("armed", "conf", "run_type", "trigger", "dry"),
    [
        pytest.param(True, {}, "scheduled", "cron", False, id="armed and on time: live"),
        pytest.param(True, {}, "manual", "user", False, id="armed and asked for: live"),
        pytest.param(True, {"dry_run": True}, "manual", "dryrun", True, id="asked to be dry"),
        pytest.param(False, {}, "scheduled", "dryrun", True, id="unarmed on time: dry"),
        pytest.param(False, {"dry_run": False}, "manual", "dryrun", True, id="unarmed: asking does not arm"),
    ],
)
def test_is_live_only_when_armed_and_not_asked_to_be_dry(
    *, armed: bool, conf: dict[str, Any], run_type: str, trigger: str, dry: bool
):
    request = run_request(ARun(run_type=DagRunType(run_type), conf=conf), DEFAULTS, a_deployment(armed=armed))

    assert (request.trigger, request.dry_run) == (trigger, dry)


def test_its_time_is_run_after_and_its_key_the_run():
    request = run_request(ARun(), DEFAULTS, a_deployment())

    assert (request.run_key, request.now) == ("manual__1", NOON)
    assert (request.user_ids, request.goal_keys, request.users_per_batch) == (None, None, 0)


def test_takes_each_user_and_goal_once():
    conf = {"user_ids": [ANNA, ANNA.upper()], "goal_keys": ["streams", "presave", "streams"]}

    request = run_request(ARun(conf=conf), DEFAULTS, a_deployment())

    assert request.user_ids == (UUID(ANNA),)
    assert request.goal_keys == ("streams", "presave")


def test_keeps_what_was_asked_and_by_whom_but_no_ids_of_other_users():
    request = run_request(ARun(conf={"goal_keys": ["streams"], "user_ids": [ANNA]}), {}, a_deployment())

    assert request.config == {"conf": {"goal_keys": ["streams"]}, "run_type": "manual", "asked_by": "olga"}


def test_a_key_that_airflow_kept_from_the_params_is_still_refused():
    with pytest.raises(ConfigError, match="evil: unknown"):
        run_request(ARun(conf={"evil": 1}), DEFAULTS, a_deployment())


def test_sets_a_simulators_clock():
    request = run_request(ARun(conf={"now": "2026-12-01T06:00:00+02:00"}), DEFAULTS, a_deployment())

    assert request.now == datetime(2026, 12, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "base_url",
    ["https://graph.facebook.com", "https://GRAPH.FACEBOOK.COM:443/", "https://graph.beta.facebook.com"],
)
def test_does_not_set_metas_clock(base_url: str):
    conf = {"now": "2026-12-01T06:00:00Z"}

    with pytest.raises(ConfigError, match=r"nothing was done: now: only a simulator's clock"):
        run_request(ARun(conf=conf), DEFAULTS, a_deployment(meta_base_url=base_url))
