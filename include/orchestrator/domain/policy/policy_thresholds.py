"""Every threshold of the rules: name, unit, range and source; the values are in ``policy.yaml``. Pure.

A source is one of three kinds: ``meta`` (their page says so), ``measured`` (our data says so) or
``house`` (our choice, and why).
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from orchestrator.domain.goals import REGISTRY


class About(NamedTuple):
    """What a person needs to know before changing a threshold."""

    unit: str
    meaning: str
    source: str


def _registered(goal_key: str) -> str:
    if goal_key not in REGISTRY:
        raise PydanticCustomError("unknown_goal", "no such goal")
    return goal_key


_Cents = Annotated[int, Field(ge=0, le=10**12)]
_BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
_SpendBasisPoints = Annotated[int, Field(ge=0, le=100_000)]
_Errors = Annotated[int, Field(ge=1, le=10**6)]
_Count = Annotated[int, Field(ge=0, le=10**9)]
_Hours = Annotated[int, Field(ge=0, le=10**6)]
_Days = Annotated[int, Field(ge=0, le=10**5)]
_Growth = Annotated[int, Field(ge=1, le=10**6)]
_HourOfDay = Annotated[int, Field(ge=0, le=24)]
_EventsByGoal = dict[Annotated[str, AfterValidator(_registered)], Annotated[int, Field(ge=1, le=10**9)]]


class Policy(BaseModel):
    """The thresholds in force. Amounts are US cents; ``rules`` converts them to the account's currency."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    min_events: Annotated[
        _EventsByGoal,
        About(
            "core signals",
            "an ad set with fewer cannot win, a day with fewer cannot scale",
            "house: one is luck",
        ),
    ]
    best_min_events: Annotated[
        _EventsByGoal,
        About(
            "core signals",
            "the cheapest ad set wins without beating the median from here",
            "house: real volume",
        ),
    ]
    require_activity_days: Annotated[
        _Days | None,
        About(
            "days",
            "only users active in the last so many days are run; null: all",
            "house: off by default",
        ),
    ]
    global_daily_budget: Annotated[
        _Cents,
        About(
            "US cents a day",
            "what is divided among the goals of a user without a budget of their own",
            "house: a small start",
        ),
    ]
    max_daily_budget: Annotated[
        _Cents,
        About(
            "US cents a day",
            "the daily maximum of a user without one of their own",
            "house: five times the start",
        ),
    ]
    max_growth: Annotated[
        _Growth,
        About(
            "times",
            "how far scaling may grow the daily budget a user typed",
            "house: no surprise on the bill",
        ),
    ]
    learning_share_bp: Annotated[
        _BasisPoints,
        About("basis points", "part of a split goal's budget that stays in learning", "house: keep looking"),
    ]
    max_learning_adsets: Annotated[
        _Count,
        About(
            "ad sets",
            "most ad sets that learning opens for a goal",
            "house: a budget thinly spread teaches little",
        ),
    ]
    budget_tolerance_bp: Annotated[
        _BasisPoints,
        About(
            "basis points",
            "an ad set's budget that is off by at most this is left",
            "house: each edit disturbs",
        ),
    ]
    recreate_after_days: Annotated[
        _Days,
        About("days", "a campaign that a person removed is not made again sooner", "house: a person decided"),
    ]
    refused_retry_hours: Annotated[
        _Hours,
        About(
            "hours",
            "what Meta refused is not sent again sooner, unless what it is made of changed",
            "house: the same request ends the same",
        ),
    ]
    winner_rule: Annotated[
        Literal["thresholds"],
        About(
            "name", "how the learning ad sets that won are found", "house: thresholds that anyone can check"
        ),
    ]
    winner_min_spend: Annotated[
        _Cents,
        About("US cents", "lifetime spend from which an ad set can win", "house: half a daily budget"),
    ]
    winner_min_impressions: Annotated[
        _Count,
        About(
            "impressions",
            "lifetime impressions from which an ad set can win instead",
            "house: cheap reach counts",
        ),
    ]
    winner_min_active_hours: Annotated[
        _Hours,
        About("hours", "an ad set younger than this cannot win", "house: a whole day with its nights"),
    ]
    winner_margin_bp: Annotated[
        _BasisPoints,
        About(
            "basis points", "how far below the median cost a winner must be", "house: beyond the daily noise"
        ),
    ]
    median_min_adsets: Annotated[
        _Count,
        About("ad sets", "fewer eligible ad sets have no meaningful median", "house: two have only a mean"),
    ]
    max_winners: Annotated[
        _Count,
        About("ad sets", "most winners of a goal in one run", "house: small steps"),
    ]
    promotion_cooldown_hours: Annotated[
        _Hours,
        About("hours", "no second promotion of one ad set or creative sooner", "house: the copy learns"),
    ]
    scale_cooldown_hours: Annotated[
        _Hours,
        About(
            "hours", "no second raise of a goal's scaling budget sooner", "house: see a day's result first"
        ),
    ]
    settle_hours: Annotated[
        _HourOfDay,
        About(
            "hour of the account's day",
            "before it, yesterday's numbers still move",
            "house: late attributions",
        ),
    ]
    scale_tolerance_bp: Annotated[
        _BasisPoints,
        About(
            "basis points", "by how much cost may rise in a day and still scale", "house: within the noise"
        ),
    ]
    scale_step_bp: Annotated[
        _BasisPoints,
        About(
            "basis points",
            "one raise of a scaling budget",
            "house: practitioners' habit, on no page of Meta's",
        ),
    ]
    scale_min_step_bp: Annotated[
        _BasisPoints,
        About("basis points", "a raise smaller than this is not made", "house: each edit disturbs"),
    ]
    loser_min_active_hours: Annotated[
        _Hours,
        About("hours", "an ad set younger than this is not paused as a loser", "house: two whole days"),
    ]
    loser_min_spend: Annotated[
        _Cents,
        About(
            "US cents", "lifetime spend above which an ad set without events loses", "house: one daily budget"
        ),
    ]
    loser_min_total_budget: Annotated[
        _Cents,
        About(
            "US cents a day",
            "below this daily budget nothing is paused as a loser",
            "house: too little to judge",
        ),
    ]
    blind_spend_limit: Annotated[
        _Cents,
        About(
            "US cents",
            "lifetime spend of a goal above which a silent signal stops it",
            "house: tracking is broken",
        ),
    ]
    max_insights_age_hours: Annotated[
        _Hours,
        About(
            "hours", "older evidence is stale and holds promote, scale and pause", "house: one run's distance"
        ),
    ]
    evidence_min_events: Annotated[
        Annotated[int, Field(ge=1, le=10**9)],
        About("core signals", "fewer known events cannot be contradicted", "house: one is luck"),
    ]
    evidence_keep_bp: Annotated[
        _BasisPoints,
        About(
            "basis points of the known events",
            "a reading with fewer contradicts what is known and is held",
            "house: a restatement takes back less than half",
        ),
    ]

    breaker_spend_bp: Annotated[
        _SpendBasisPoints,
        About(
            "basis points of the cap",
            "an account that spent more than this today gets no increase",
            "meta: a day's spend may reach 175 % of its highest budget",
        ),
    ]
    breaker_delivery_bp: Annotated[
        _BasisPoints,
        About(
            "basis points of the mean of seven days",
            "when yesterday's spend fell below this though everything reads ACTIVE, there is no increase",
            "house: a fall that no weekday explains",
        ),
    ]
    breaker_errors: Annotated[
        _Errors,
        About(
            "actions, and users",
            "so many unknown outcomes or errors of the app in a row, of so many users or of all that acted "
            "within the hour, stop all writes; so many users of a run with one refusal hold that kind of "
            "increase",
            "house: more than a few users' worth of trouble",
        ),
    ]

    @property
    def longest_cooldown(self) -> timedelta:
        """How far a plan looks back: the longest wait after a raise, a promotion or a refusal."""
        hours = (self.promotion_cooldown_hours, self.scale_cooldown_hours, self.refused_retry_hours)
        return timedelta(hours=max(hours))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the thresholds: two policies with one hash decide alike.

        The winner rule counts only where it is another than ``thresholds``, which every policy had before
        there was a choice: their hashes stay.
        """
        values = self.model_dump()
        if values["winner_rule"] == "thresholds":
            del values["winner_rule"]
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
