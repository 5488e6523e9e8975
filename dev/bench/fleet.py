"""A fleet by numbers: users in a steady state, and users with actions due. Pure.

Every user has three goals and fifteen ad sets. Ids are numbers that follow from the user's own, so
that the simulator and our database are seeded apart and agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import SecretStr

from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.meta.objectives import goal_of, promoted_object
from stack.simulator_control import SeedForm

NAMESPACE = UUID("6f9c2a1e-0000-4000-8000-00000000be9c")
START = datetime(2026, 11, 23, 6, tzinfo=UTC)
ZONE = "America/New_York"
GOALS = ("streams", "virality", "followers")
AD_SETS = 5
IDEAS = ("teaser", "hook", "backstage")
AUDIENCES = ("broad", "lookalike")
EVENTS = 6  # enough to be judged, too few for the cheapest to win by volume
SHARE_MINOR = 333  # of the daily budget: 50.00 over three goals of five ad sets
OFF_MINOR = 200
IMAGE = "0123456789abcdef0123456789abcdef"
LINK = "https://example.com/listen"
TARGETING = {
    "geo_locations": {"countries": ["US"]},
    "age_min": 18,
    "age_max": 45,
    "targeting_automation": {"advantage_audience": 0},
}
GOAL_SETTINGS = {goal: {"is_active": True, "priority": 5} for goal in GOALS}

Kind = Literal["steady", "off", "new"]
"""Nothing to do; every budget to be raised to its share; nothing on Meta yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One user by number, 0 to 99,999. ``days``: how long their ads have run."""

    number: int
    kind: Kind = "steady"
    days: int = 7
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", uuid5(NAMESPACE, str(self.number)))

    @property
    def account_id(self) -> str:
        return f"act_{7_000_000_000 + self.number}"

    @property
    def campaign_ids(self) -> list[str]:
        return [str(self._first + goal) for goal in range(len(GOALS))]

    def ad_set_id(self, goal: int, ad_set: int) -> str:
        return str(self._first + 100 + goal * AD_SETS + ad_set)

    def creative_id(self, goal_key: str, idea: str) -> UUID:
        return uuid5(self.id, f"{goal_key} {idea}")

    @property
    def budget_minor(self) -> int:
        return OFF_MINOR if self.kind == "off" else SHARE_MINOR

    @property
    def started(self) -> datetime:
        return START - timedelta(days=self.days)

    @property
    def assets(self) -> AssetsRow:
        return AssetsRow(
            ad_account_id=self.account_id,
            page_id=str(self._asset(1)),
            instagram_user_id=str(self._asset(2)),
            pixel_id=str(self._asset(3)),
            conversions={"streams": {"custom_event_str": "SmartLinkClicked"}},
            currency="USD",
            timezone=ZONE,
            access_token=SecretStr(f"EAABENCH{self.number:09d}"),
        )

    @property
    def video_id(self) -> str:
        return str(self._asset(4))

    @property
    def _first(self) -> int:
        return 23_900_000_000_000_000 + self.number * 1_000

    def _asset(self, kind: int) -> int:
        return 10_000_000_000_000 * kind + self.number


def fleet(users: int, days: int) -> list[User]:
    """Users with nothing to do."""
    return [User(number=number, days=days) for number in range(users)]


def busy_fleet(users: int, days: int) -> list[User]:
    """Every fifth is new, the others have fifteen budgets to raise."""
    return [
        User(number=number, days=days, kind="new" if number % 5 == 0 else "off") for number in range(users)
    ]


def account_form(user: User) -> SeedForm:
    """The user's ad account with its past, as the simulator loads it."""
    assets = user.assets
    form = {
        name: getattr(assets, name)
        for name in ("ad_account_id", "page_id", "instagram_user_id", "pixel_id", "currency", "timezone")
    }
    campaigns = [] if user.kind == "new" else [_campaign(user, number) for number in range(len(GOALS))]
    return {
        **form,
        "access_token": assets.access_token.get_secret_value(),
        "video_id": user.video_id,
        "images": [IMAGE],
        "campaigns": campaigns,
    }


def _campaign(user: User, number: int) -> SeedForm:
    goal_key = GOALS[number]
    return {
        "id": user.campaign_ids[number],
        "name": f"{goal_key} · testing",
        "hours_ago": user.days * 24,
        "objective": goal_of(goal_key).objective,
        "ad_sets": [_ad_set(user, number, each) for each in range(AD_SETS)],
    }


def _ad_set(user: User, goal_number: int, number: int) -> SeedForm:
    goal_key = GOALS[goal_number]
    goal = goal_of(goal_key)
    return {
        "id": user.ad_set_id(goal_number, number),
        "name": " ".join(_cell(number)),
        "hours_ago": user.days * 24,
        "daily_budget_minor": user.budget_minor,
        "optimization_goal": goal.optimization_goal,
        "destination_type": goal.destination_type,
        "promoted_object": promoted_object(goal_key, user.assets),
        # What is delivered from now on brings no event: a lucky ad set would be a winner.
        "rates": {"cost_per_result_minor": 1e12},
        "history": [
            {
                "days": user.days,
                "spend_minor": user.budget_minor * user.days,
                "impressions": 800 * user.days,
                "clicks": 20 * user.days,
                "conversions": EVENTS,
            }
        ],
    }


def _cell(ad_set: int) -> tuple[str, str]:
    return AUDIENCES[ad_set % len(AUDIENCES)], IDEAS[ad_set // len(AUDIENCES)]


def mode_rows(user: User) -> Iterator[tuple[Any, ...]]:
    yield user.id, json.dumps(GOAL_SETTINGS), True, True, 50, 100, "bench"


def template_rows(user: User) -> Iterator[tuple[Any, ...]]:
    audiences = json.dumps([{"name": name, "targeting": TARGETING} for name in AUDIENCES])
    story = json.dumps({"link": LINK})
    for goal in GOALS:
        yield user.id, goal, goal, audiences, story


def creative_rows(user: User) -> Iterator[tuple[Any, ...]]:
    for goal in GOALS:
        spec = {"link": LINK, "message": "out now", "image_hash": IMAGE, "call_to_action": "LEARN_MORE"}
        if goal == "virality":
            spec["video_id"] = user.video_id
        for idea in IDEAS:
            yield (
                user.creative_id(goal, idea),
                user.id,
                goal,
                idea,
                "approved",
                json.dumps(spec),
                user.started,
            )


def campaign_rows(user: User) -> Iterator[tuple[Any, ...]]:
    if user.kind == "new":
        return
    for number, goal in enumerate(GOALS):
        yield user.campaign_ids[number], user.id, goal, "testing", "ACTIVE", user.started, user.started


def ad_set_rows(user: User) -> Iterator[tuple[Any, ...]]:
    if user.kind == "new":
        return
    for goal_number, goal in enumerate(GOALS):
        for number in range(AD_SETS):
            audience, idea = _cell(number)
            yield (
                user.ad_set_id(goal_number, number),
                user.id,
                user.campaign_ids[goal_number],
                goal,
                audience,
                str(user.creative_id(goal, idea)),
                "ACTIVE",
                user.budget_minor,
                user.started,
                user.started,
            )
