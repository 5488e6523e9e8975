"""What people typed into our tables, checked: goal settings and campaign templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)

from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.records import AudienceRow, GoalRow, TemplateRow
from orchestrator.errors import ConfigError

_MAX_BUDGET = 10**12


class _GoalSetting(BaseModel):
    """Other keys are the host application's and are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_active: StrictBool
    priority: Annotated[StrictInt, Field(ge=1, le=5)]
    budget_hint: Annotated[Decimal, Field(ge=0, le=_MAX_BUDGET, allow_inf_nan=False)] | None = None
    learning_share_bp: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None


class _Audience(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[StrictStr, Field(min_length=1)]
    targeting: dict[str, Any]


class _Template(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    audiences: Annotated[list[_Audience], Field(min_length=1)]
    story: dict[str, Any]


_CONVERSIONS: TypeAdapter[dict[str, dict[StrictStr, StrictStr]]] = TypeAdapter(
    dict[str, dict[StrictStr, StrictStr]]
)


def conversions(value: Any) -> dict[str, dict[str, str]]:
    """Read what counts as an event of a goal: ``{"streams": {"custom_event_str": "…"}}``.

    Raises:
        ConfigError: it is not of this form; names the place.
    """
    try:
        return _CONVERSIONS.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in ("conversions", *first["loc"]))
        raise ConfigError(f"meta_assets.{place}: {first['msg']}") from None


def goals(text: str) -> tuple[GoalRow, ...]:
    """Read ``goal_settings``. A goal outside the registry is read too, whatever its settings are.

    Raises:
        ConfigError: a registered goal's settings are wrong; names the place.
    """
    try:
        settings = json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise ConfigError("goal_settings: nested too deep; write them anew") from None
    except ValueError:
        raise ConfigError("goal_settings: a number has too many digits; correct it") from None
    if not isinstance(settings, dict):
        raise ConfigError("goal_settings: must be an object of goals")
    return tuple(_goal(key, value) for key, value in sorted(settings.items()))


def _goal(key: str, value: Any) -> GoalRow:
    try:
        setting = _GoalSetting.model_validate(value)
    except ValidationError as error:
        if key not in REGISTRY:
            return GoalRow(
                goal_key=key, is_active=False, priority=1, budget_hint=None, learning_share_bp=None
            )
        raise ConfigError(_first(f"goal_settings.{key}", error)) from None
    return GoalRow(goal_key=key, **setting.model_dump())


def template(row: Mapping[str, Any]) -> TemplateRow:
    """Read one row of ``ad_campaign_templates``.

    Raises:
        ConfigError: it is wrong; names the goal and the place.
    """
    place = f"template for {row['goal_key']}"
    try:
        read = _Template.model_validate({"audiences": row["audiences"], "story": row["story"] or {}})
    except ValidationError as error:
        raise ConfigError(_first(place, error)) from None
    names = [audience.name for audience in read.audiences]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"{place}: audience {twice!r} is there twice")
    return TemplateRow(
        goal_key=row["goal_key"],
        audiences=tuple(AudienceRow(name=a.name, targeting=a.targeting) for a in read.audiences),
        story=read.story,
    )


def _first(place: str, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return ".".join([place, *(str(part) for part in first["loc"])]) + f": {first['msg']}"
