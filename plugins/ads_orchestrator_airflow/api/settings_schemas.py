"""Request and response schemas of the user's settings. Amounts are major units of the currency."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, StrictInt
from pydantic.alias_generators import to_camel

from ads_orchestrator_airflow.api.schemas import ResponseModel
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.records import GoalRow
from orchestrator.domain.user_records import SettingsChange, StoredSettings

MAX_AMOUNT = 1_000_000_000


def _exactly(value: Any) -> Any:
    """Return a JSON number as the exact decimal: 0.1 is a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic reports a ValueError
    return Decimal(str(value))


Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
Amount = Annotated[
    Number,
    BeforeValidator(_exactly, json_schema_input_type=float),
    Field(ge=0, le=MAX_AMOUNT, allow_inf_nan=False),
]
Percent = Annotated[
    Number,
    BeforeValidator(_exactly, json_schema_input_type=float),
    Field(ge=0, le=100, multiple_of=Decimal("0.01"), allow_inf_nan=False),
]


class Form(BaseModel):
    """Base of the forms: a missing key leaves the value unchanged, an unknown key is an error."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class GoalForm(Form):
    """One goal. A goal that is new to the user needs `isActive` and `priority`."""

    is_active: StrictBool = False
    priority: Annotated[StrictInt, Field(ge=1, le=5, description="5 is the most important.")] = 3
    budget_hint: Annotated[
        Amount | None, Field(description="The goal's budget a day; null: its share by priority.")
    ] = None
    learning_share_percent: Annotated[
        Percent | None, Field(description="Part of the goal's budget for tests; null: the policy's.")
    ] = None

    def given(self) -> dict[str, Any]:
        """Return the given values, by stored key."""
        values = self.model_dump(exclude_unset=True)
        if "learning_share_percent" in values:
            share = values.pop("learning_share_percent")
            values["learning_share_bp"] = None if share is None else int(share * 100)
        return values


class SettingsForm(Form):
    """What is to change. Amounts are in the ad account's currency, a day."""

    auto_scale_winners: StrictBool = False
    auto_pause_losers: StrictBool = False
    global_daily_budget: Annotated[
        Amount | None, Field(description="The daily budget of all goals; null: the policy's.")
    ] = None
    max_daily_budget: Annotated[
        Amount | None, Field(description="The daily maximum of all goals; null: the policy's.")
    ] = None
    goals: Annotated[
        dict[str, GoalForm], Field(description=f"By key: {', '.join(sorted(REGISTRY))}.", max_length=20)
    ] = Field(default_factory=dict)

    def change(self) -> SettingsChange:
        """Return the given values."""
        fields = self.model_dump(exclude_unset=True, exclude={"goals"})
        return SettingsChange(fields=fields, goals={key: goal.given() for key, goal in self.goals.items()})


class GoalResponse(ResponseModel):
    """One goal as the user set it."""

    title: str
    is_active: bool
    priority: int
    budget_hint: Number | None
    learning_share_percent: Number | None


class SettingsResponse(ResponseModel):
    """The user's settings. Amounts are in `currency`, a day; null: the policy's."""

    success: bool = True
    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget: Number | None
    max_daily_budget: Number | None
    goals: dict[str, GoalResponse]
    currency: str | None
    connected: bool = Field(description="Whether the Meta account is connected and its ad account chosen.")
    paused_by_operator: bool = Field(description="The support team has paused this user's ads.")
    last_run_at: datetime | None
    updated_at: datetime
    updated_by: str | None


def settings_response(row: StoredSettings) -> SettingsResponse:
    """Serialize the stored settings, without goals that the registry does not know."""
    return SettingsResponse(
        auto_scale_winners=row.auto_scale_winners,
        auto_pause_losers=row.auto_pause_losers,
        global_daily_budget=row.global_daily_budget,
        max_daily_budget=row.max_daily_budget,
        goals={goal.goal_key: _goal(goal) for goal in row.goals if goal.goal_key in REGISTRY},
        currency=row.currency,
        connected=row.connected,
        paused_by_operator=row.paused_by_operator,
        last_run_at=row.last_run_at,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )


def _goal(row: GoalRow) -> GoalResponse:
    share = row.learning_share_bp
    return GoalResponse(
        title=REGISTRY[row.goal_key].title,
        is_active=row.is_active,
        priority=row.priority,
        budget_hint=row.budget_hint,
        learning_share_percent=None if share is None else Decimal(share) / 100,
    )
