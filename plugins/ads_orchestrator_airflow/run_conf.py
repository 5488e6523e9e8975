"""The conf of a run, validated before anything is done.

A DAG run's conf is user input: Airflow checks the types of the params it knows and accepts
unknown keys, so every key is checked here again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from ads_orchestrator_airflow.params import MAX_USERS_PER_BATCH
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.records import RunRequest
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk.types import DagRunProtocol

    from orchestrator.settings import Settings

T = TypeVar("T")

FLEET_RUN_PREFIX = "cron__"  # of the id of a run that an external scheduler requested


class RunConf(BaseModel):
    """The known keys of a run's conf. None and 0 mean: not restricted, automatic."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    dry_run: bool = False
    user_ids: tuple[UUID, ...] | None = Field(default=None, min_length=1)
    goal_keys: tuple[str, ...] | None = Field(default=None, min_length=1)
    users_per_batch: int = Field(default=0, ge=0, le=MAX_USERS_PER_BATCH)
    now: AwareDatetime | None = None

    @field_validator("goal_keys")
    @classmethod
    def _known_goals(cls, keys: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = sorted(set(keys or ()) - set(REGISTRY))
        if unknown:
            problem = f"unknown goal {', '.join(unknown)} (known: {', '.join(sorted(REGISTRY))})"
            raise ValueError(problem)
        return keys


def read_conf(given: Mapping[str, Any]) -> RunConf:
    """Parse and validate a conf.

    Raises:
        ConfigError: Its one-line message names every key that is unknown or malformed.
    """
    try:
        return RunConf.model_validate_json(json.dumps(dict(given)))
    except ValidationError as refusal:
        problems = "; ".join(_problem(error) for error in refusal.errors(include_input=False))
        message = f"conf refused, nothing was done: {problems}"
        raise ConfigError(message) from None


def run_request(dag_run: DagRunProtocol, params: Mapping[str, Any], settings: Settings) -> RunRequest:
    """Return the requested run, as the store opens it.

    Dry unless the deployment is armed. The time is ``run_after``: manual runs have no logical
    date, and a retry must see the time of the first try.

    Raises:
        ConfigError: The conf is malformed, or ``now`` was given against Meta itself.
    """
    conf = read_conf({**params, **(dag_run.conf or {})})
    if conf.now is not None and settings.is_real_meta():
        message = "conf refused, nothing was done: now: only a simulator's clock can be set, not Meta's"
        raise ConfigError(message)
    dry = conf.dry_run or not settings.armed
    return RunRequest(
        run_key=dag_run.run_id,
        trigger=_trigger(dry=dry, run_type=dag_run.run_type.value, run_id=dag_run.run_id),
        now=conf.now or dag_run.run_after,
        dry_run=dry,
        user_ids=_once(conf.user_ids),
        goal_keys=_once(conf.goal_keys),
        users_per_batch=conf.users_per_batch,
        config={
            # Every user of the run may read it: no other user's id.
            "conf": conf.model_dump(mode="json", exclude_unset=True, exclude={"user_ids"}),
            "run_type": dag_run.run_type.value,
            "asked_by": dag_run.triggering_user_name,
        },
    )


def _problem(error: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "conf"
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown (known: {', '.join(sorted(RunConf.model_fields))})"
    return f"{place}: {error['msg']}"


def _trigger(*, dry: bool, run_type: str, run_id: str) -> Literal["cron", "user", "dryrun"]:
    if dry:
        return "dryrun"
    return "cron" if run_type == "scheduled" or run_id.startswith(FLEET_RUN_PREFIX) else "user"


def _once(items: tuple[T, ...] | None) -> tuple[T, ...] | None:
    return None if items is None else tuple(dict.fromkeys(items))
