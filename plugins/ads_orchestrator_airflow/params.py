"""Params of the DAG: the form of a manual run. Scheduled runs use the defaults: all users, live if armed."""

from __future__ import annotations

from airflow.sdk import Param

from orchestrator.domain.goals import REGISTRY

MAX_USERS_PER_BATCH = 10_000


def run_params() -> dict[str, Param]:
    """Return the run's params by name. ``run_conf.RunConf`` checks them again, and more."""
    return {"dry_run": _dry_run(), **_users_and_goals(), **_for_operators()}


def _dry_run() -> Param:
    return Param(
        default=False,
        type="boolean",
        title="Dry run",
        description="Decide and record, write nothing to Meta. An unarmed deployment is always dry.",
    )


def _users_and_goals() -> dict[str, Param]:
    section = "Users and goals"
    return {
        "user_ids": Param(
            default=None,
            type=["null", "array"],
            items={"type": "string", "format": "uuid"},
            title="Users",
            description="Ids, one a line. Empty: every eligible user.",
            section=section,
        ),
        "goal_keys": Param(
            default=None,
            type=["null", "array"],
            items={"type": "string"},
            examples=sorted(REGISTRY),
            title="Goals",
            description="Empty: all of a user's active goals.",
            section=section,
        ),
    }


def _for_operators() -> dict[str, Param]:
    section = "For operators"
    return {
        "users_per_batch": Param(
            default=0,
            type="integer",
            minimum=0,
            maximum=MAX_USERS_PER_BATCH,
            title="Users a batch",
            description="0: one up to 50 users, at most 32 batches above.",
            section=section,
        ),
        "now": Param(
            default=None,
            type=["null", "string"],
            format="date-time",
            title="Time of the run",
            description="Against a simulator only. Empty: when the run was due.",
            section=section,
        ),
    }
