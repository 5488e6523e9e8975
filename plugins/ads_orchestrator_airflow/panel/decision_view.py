"""Explained actions and holds grouped by goal, actions before holds, and their links. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from ads_orchestrator_airflow.dag_runs import DAG_ID, TASK_GROUP
from orchestrator.domain.steps import BY_RULE, StepName
from orchestrator.explain import Check, ExplainedItem
from orchestrator.store.panel.panel_run import RunOpening
from orchestrator.store.panel.panel_user import RunOfUser

_ADS_MANAGER = "https://adsmanager.facebook.com/adsmanager/manage/"


@dataclass(frozen=True, slots=True)
class GoalItems:
    """The items of one goal; ``goal_key`` None: of all goals together."""

    goal_key: str | None
    actions: Sequence[ExplainedItem]
    holds: Sequence[ExplainedItem]


def by_goal(items: Iterable[ExplainedItem], names: Mapping[str, str]) -> list[GoalItems]:
    """Group by goal in the order of decision; ``names`` replace the ids of creatives."""
    groups: dict[str | None, list[ExplainedItem]] = {}
    for item in items:
        groups.setdefault(item.goal_key, []).append(_named(item, names))
    return [
        GoalItems(
            key,
            [item for item in group if item.kind == "action"],
            [item for item in group if item.kind == "hold"],
        )
        for key, group in groups.items()
    ]


def ads_manager(ad_account_id: str | None, item: ExplainedItem) -> str | None:
    """Return the Ads Manager URL of an item's ad set or campaign; None when Meta has neither."""
    number = (ad_account_id or "").removeprefix("act_")
    if item.adset_id and item.adset_id.isdigit():
        level, selection = "adsets", {"act": number, "selected_adset_ids": item.adset_id}
    elif item.campaign_id and item.campaign_id.isdigit():
        level, selection = "campaigns", {"act": number, "selected_campaign_ids": item.campaign_id}
    else:
        return None
    return f"{_ADS_MANAGER}{level}?{urlencode(selection)}" if number else None


def task_log(run: RunOfUser, step: StepName | None) -> str | None:
    """Return the path of a step's log below Airflow's root; None for a run of the command line."""
    if step is None or "run_type" not in run.config or run.batch is None:
        return None
    run_id = quote(run.run_key, safe="")
    task_id = f"{TASK_GROUP}.{BY_RULE[step].task}"
    return f"dags/{DAG_ID}/runs/{run_id}/tasks/{task_id}/mapped/{run.batch}"


def dag_run_path(run: RunOpening) -> str | None:
    """Return the path of a DAG run below Airflow's root; None for a run of the command line."""
    if "run_type" not in run.config:
        return None
    return f"dags/{DAG_ID}/runs/{quote(run.run_key, safe='')}"


def first_failed(item: ExplainedItem) -> Check | None:
    """Return the first comparison that failed."""
    return next((check for check in item.checks if not check.passed), None)


def _named(item: ExplainedItem, names: Mapping[str, str]) -> ExplainedItem:
    title, why = item.title, item.why
    for creative_id, name in names.items():
        title, why = title.replace(creative_id, name), why.replace(creative_id, name)
    return replace(item, title=title, why=why)
