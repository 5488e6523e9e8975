"""Routes of the user's settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from ads_orchestrator_airflow.api import problems, settings_schemas
from ads_orchestrator_airflow.api.auth import AppDependencies, UserId
from ads_orchestrator_airflow.api.problems import Problem, invalid
from ads_orchestrator_airflow.api.settings_schemas import SettingsForm
from orchestrator.domain import money
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.user_records import SettingsChange, StoredSettings
from orchestrator.errors import ConfigError

router = APIRouter(tags=["settings"])

DEFAULT_CURRENCY = "USD"  # its decimals apply while the account's currency is unknown

IfMatch = Annotated[
    str | None,
    Header(description="The ETag that was shown with the settings: refused when they changed since."),
]


@router.get("/settings", summary="My settings")
def settings(user_id: UserId, deps: AppDependencies, response: Response) -> settings_schemas.SettingsResponse:
    """The toggles, the budgets and the goals, with the author and time of the last change."""
    try:
        row = deps.user_view.settings(user_id)
    except ConfigError as error:
        raise _broken(user_id, error) from error
    return _answer(row, response)


@router.patch("/settings", summary="Change my settings")
def change_settings(
    form: SettingsForm, user_id: UserId, deps: AppDependencies, response: Response, if_match: IfMatch = None
) -> settings_schemas.SettingsResponse:
    """Change the given keys and no others, in one transaction. The next run uses the new values."""
    try:
        row = deps.user_view.change_settings(user_id, partial(_validated, form.change(), if_match))
    except ConfigError as error:
        raise _broken(user_id, error) from error
    return _answer(row, response)


def etag(row: StoredSettings) -> str:
    """Return the version of the settings that the user can change."""
    shown = settings_schemas.settings_response(row).model_dump_json(
        include={
            "auto_scale_winners",
            "auto_pause_losers",
            "global_daily_budget",
            "max_daily_budget",
            "goals",
        }
    )
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:16]}"'


def _answer(row: StoredSettings | None, response: Response) -> settings_schemas.SettingsResponse:
    if row is None:
        raise Problem(
            problems.NO_SETTINGS,
            "There are no ads settings for this account yet. Finish setting it up first.",
        )
    response.headers["ETag"] = etag(row)
    return settings_schemas.settings_response(row)


def _broken(user_id: UUID, error: ConfigError) -> Problem:
    problems.log.error("user %s: %s", user_id, error)
    return Problem(
        problems.BROKEN_SETTINGS, "The stored goals of this account are damaged. Ask the support team."
    )


def _validated(change: SettingsChange, if_match: str | None, before: StoredSettings) -> SettingsChange:
    """Return the change, checked against the stored settings.

    Raises:
        Problem: 412: the settings have another version; 422: a value is not valid.
    """
    if if_match is not None and if_match.strip() != "*" and etag(before) not in _tags(if_match):
        raise Problem(
            problems.CHANGED_MEANWHILE,
            "Somebody changed the settings since they were shown. Load them again.",
        )
    errors = [*_unknown_goals(change), *_new_goals(change, before), *_precise_amounts(change, before)]
    if errors:
        named = "; ".join(f"{each['place']}: {each['problem']}" for each in errors)
        raise invalid(f"Nothing was changed. {named}", errors)
    return change


def _tags(if_match: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in if_match.split(",")]


def _unknown_goals(change: SettingsChange) -> Iterator[dict[str, str]]:
    for key in sorted(set(change.goals) - set(REGISTRY)):
        yield {"place": f"goals.{key}", "problem": f"no such goal; there are {', '.join(sorted(REGISTRY))}"}


def _new_goals(change: SettingsChange, before: StoredSettings) -> Iterator[dict[str, str]]:
    known = {goal.goal_key for goal in before.goals}
    for key, named in change.goals.items():
        missing = [word for word in ("is_active", "priority") if word not in named]
        if key in REGISTRY and key not in known and missing:
            yield {"place": f"goals.{key}", "problem": "a goal that is new needs isActive and priority"}


def _precise_amounts(change: SettingsChange, before: StoredSettings) -> Iterator[dict[str, str]]:
    """Yield the amounts with more decimals than the account's currency."""
    places = {
        "globalDailyBudget": change.fields.get("global_daily_budget"),
        "maxDailyBudget": change.fields.get("max_daily_budget"),
        **{f"goals.{key}.budgetHint": named.get("budget_hint") for key, named in change.goals.items()},
    }
    for place, amount in places.items():
        if isinstance(amount, Decimal):
            try:
                money.setting_minor(amount, before.currency or DEFAULT_CURRENCY)
            except ConfigError as error:
                yield {"place": place, "problem": str(error)}
