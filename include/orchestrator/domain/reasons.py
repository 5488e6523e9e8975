"""Every reason of an action, a hold, a goal's error or a refused user: the one table. Pure.

A reason is a code, stored with what it explains. Rules and the shell give codes; logs, pages and the API
word them by this table.
"""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.domain.reason_kinds import Reason, ReasonClass, blocked, fine, waits, yours
from orchestrator.domain.steps import ALLOCATE, LEARNING, PAUSE, PROMOTE, SCALE

_INCREASING = (ALLOCATE, LEARNING, PROMOTE, SCALE)

# Of actions.
LEARNING_SHARE = fine("learning_share", "its equal share of the goal's learning budget", ALLOCATE)
MAKE_ROOM = fine("make_room", "makes room for the winner's scaling campaign", PROMOTE)
CAP = fine("cap", "scaling budgets must fit under the cap", ALLOCATE)
GOAL_INACTIVE = fine("goal_inactive", "the goal is switched off", ALLOCATE)
NO_BUDGET_LEFT = blocked(
    "no_budget_left", "no budget is left for the goal", "the user raises the daily budget", ALLOCATE
)
BELOW_MINIMUM_BUDGET = waits(
    "below_minimum_budget",
    "its budget would be below the platform's minimum",
    "the goal's budget feeds it again",
    ALLOCATE,
    PROMOTE,
)
CREATIVE_NOT_APPROVED = blocked(
    "creative_not_approved", "its creative is not approved", "the creative is approved", ALLOCATE
)
CANNOT_DELIVER = blocked(
    "cannot_deliver",
    "none of its ads can be delivered: they are rejected, paused by a person, with issues, or removed",
    "the user corrects or replaces its ads in Ads Manager",
    ALLOCATE,
)
ENDED = blocked("ended", "its end time has passed", "the user sets a later end in Ads Manager", ALLOCATE)
NO_ACTIVE_ADSET = waits(
    "no_active_adset", "no ad set in it is active", "the goal has another winner", ALLOCATE, PAUSE
)
REVIVING = waits(
    "reviving", "an ad set in it is active again, and it is not resumed yet", "a run resumes it", "executor"
)
"""Of a scaling campaign that was paused for ``no_active_adset``, until it is resumed with what runs in it."""
GOAL_ACTIVE = fine("goal_active", "the goal is active again", ALLOCATE)
BUDGET_FITS_AGAIN = fine("budget_fits_again", "its budget fits again", LEARNING)
DELIVERS_AGAIN = fine("delivers_again", "it can be delivered again", ALLOCATE, LEARNING)
EVENTS_ARRIVED = fine("events_arrived", "its conversions came late, and it is no worse now", LEARNING)
NO_LEARNING_CAMPAIGN = fine("no_learning_campaign", "the goal has no learning campaign", LEARNING)
NEW_TEST_CELL = fine("new_test_cell", "a new audience and creative to test", LEARNING)
WINNER = fine("winner", "a winner was found", PROMOTE)
SCALE_UP = fine("scale_up", "its cost per event held, so it grows a step", SCALE)
LOSER = fine("loser", "it spent without one event", PAUSE)
NO_EVENTS_ANYWHERE = blocked(
    "no_events_anywhere",
    "no ad set of the goal has one event: the tracking is suspect",
    "the user corrects the tracking, and a goal that is paused for it is resumed (resume-goal)",
    ALLOCATE,
    LEARNING,
    PAUSE,
)
# Of holds.
WITHIN_TOLERANCE = fine("within_tolerance", "its budget is close enough to its share", ALLOCATE)
NO_ROOM = blocked("no_room", "it would pass the cap", "the user raises the cap", *_INCREASING, "executor")
BUDGET_MOVED = blocked(
    "budget_moved",
    "a person moved its budget; it is counted, and left to them",
    "a person gives the budget back in Ads Manager: a daily one, of the campaign where it scales, else of "
    "each ad set",
    ALLOCATE,
    LEARNING,
    PROMOTE,
    SCALE,
)
NOT_OURS = blocked(
    "not_ours",
    "a person made it in our campaign; it is counted, and left to them",
    "a person pauses it or moves it to a campaign of their own",
    ALLOCATE,
)
NOT_READY = blocked("not_ready", "something it needs is missing", "the user adds what is missing", LEARNING)
REFUSED_BEFORE = waits(
    "refused_before",
    "the platform refused the same lately; it is not sent again so soon",
    "what it is made of changes, or the wait is over",
    LEARNING,
    PROMOTE,
)
IN_REVIEW = waits(
    "in_review", "the platform has not passed its ads yet", "the platform has reviewed them", PROMOTE, SCALE
)
EVIDENCE_CONTRADICTS = blocked(
    "evidence_contradicts",
    "what the platform reports contradicts what is known",
    "the old figures are back, or the user accepts the new ones (accept-figures)",
    PROMOTE,
    SCALE,
    PAUSE,
)
PAUSED_BY_USER = blocked(
    "paused_by_user", "a person paused it", "a person resumes it in Ads Manager", LEARNING, PROMOTE
)
REMOVED_BY_USER = waits(
    "removed_by_user", "a person removed it lately", "it may be created again", LEARNING, PROMOTE
)
NO_CREATIVE = blocked("no_creative", "the goal has no approved creative", "the user adds one", LEARNING)
NO_UNTESTED_CELL = blocked(
    "no_untested_cell", "every audience and creative was tried", "the user adds a creative", LEARNING
)
ALREADY_SCALING = fine("already_scaling", "it already has a copy that scales", PROMOTE)
TOO_YOUNG = waits("too_young", "it has not run long enough", "it has run long enough", PROMOTE, PAUSE)
TOO_LITTLE_SPEND = waits("too_little_spend", "it has spent too little", "it has spent enough", PROMOTE, PAUSE)
TOO_FEW_EVENTS = waits("too_few_events", "it has too few events", "it has enough events", PROMOTE, SCALE)
NOT_BETTER_THAN_MEDIAN = fine("not_better_than_median", "it is not clearly better than the others", PROMOTE)
BEYOND_TOP = waits("beyond_top", "others won before it", "it is among the best", PROMOTE)
AUTO_SCALE_OFF = yours(
    "auto_scale_off", "Auto-Scale Winners is off", "the user switches it on", PROMOTE, SCALE
)
AUTO_PAUSE_OFF = yours("auto_pause_off", "Auto-Pause Losers is off", "the user switches it on", PAUSE)
COOLDOWN = waits("cooldown", "the last such step is too recent", "the cooldown is over", PROMOTE, SCALE)
UNVERIFIED_COPY = waits(
    "unverified_copy", "its scaling campaign is not finished", "the next run has finished it", PROMOTE
)
SCALING_BUDGET_BELOW_MINIMUM = blocked(
    "scaling_budget_below_minimum",
    "the scaling budget would be below the platform's minimum",
    "the user raises the goal's budget",
    PROMOTE,
)
BUDGET_BELOW_MINIMUM = blocked(
    "budget_below_minimum",
    "the budget would be below the platform's minimum",
    "the user raises the goal's budget",
    *_INCREASING,
)
TOO_EARLY_IN_DAY = waits(
    "too_early_in_day", "yesterday's figures are not settled yet", "they are settled", SCALE
)
TOO_LITTLE_HISTORY = waits(
    "too_little_history", "the day before yesterday had no spend", "two whole days have spend", SCALE
)
COST_RISING = waits("cost_rising", "cost per event is rising", "a day's cost per event holds", SCALE)
HAS_EVENTS = fine("has_events", "it has events", PAUSE)
BUDGET_TOO_LOW = blocked(
    "budget_too_low", "the daily budget is too low to judge", "the user raises the daily budget", PAUSE
)
STALE_INSIGHTS = waits(
    "stale_insights",
    "the platform's figures are missing or too old",
    "a run reads the platform's figures whole",
    PROMOTE,
    SCALE,
    PAUSE,
)
REDUCTION_FAILED = waits(
    "reduction_failed",
    "a reduction before it did not happen",
    "a later run makes it",
    *_INCREASING,
    "executor",
)
BREAKER_ACCOUNT = blocked(
    "breaker_account",
    "breaker: the platform has restricted or closed the ad account, so nothing is raised",
    "the user settles it in Account Quality or the billing settings",
    "breakers",
)
BREAKER_SPENDING_LIMIT = blocked(
    "breaker_spending_limit",
    "breaker: the account's spending limit is used up, so nothing is raised",
    "the user raises or resets the limit in the billing settings",
    "breakers",
)
BREAKER_STALE_INSIGHTS = waits(
    "breaker_stale_insights",
    "breaker: the platform's figures are missing or too old, so nothing is raised",
    "a run reads the platform's figures whole",
    "breakers",
)
BREAKER_OVERSPEND = waits(
    "breaker_overspend",
    "breaker: the account spent more than 1.75 times its cap today",
    "the account's next day begins",
    "breakers",
)
BREAKER_DELIVERY_STOPPED = blocked(
    "breaker_delivery_stopped",
    "breaker: spending collapsed though everything reads active",
    "the user looks into Ads Manager",
    "breakers",
)
# Of a goal that cannot be worked on.
UNKNOWN_GOAL = blocked("unknown_goal", "the goal is not known", "an operator corrects the settings", ALLOCATE)
NO_TEMPLATE = blocked(
    "no_template", "the goal has no template; add one", "an operator adds a template", LEARNING
)
# Of the executor, and of an operator's stop.
CHANGED_BY_PERSON = waits(
    "changed_by_person",
    "a person changed it meanwhile; it is left alone",
    "the next run plans with the change",
    "executor",
)
REMOVED_BY_PERSON = waits(
    "removed_by_person", "a person removed it meanwhile", "the next run plans without it", "executor"
)
PARENT_FAILED = waits(
    "parent_failed", "what it belongs to was not created", "a later run creates that", "executor"
)
REFUSED_FOR_MANY = waits(
    "refused_for_many",
    "the platform refused this kind of change for many users of this run, so it is not sent for the others",
    "the next run; its refusals say what is wrong",
    "executor",
)
THROTTLED = waits(
    "throttled",
    "the account is throttled; the next run does it if it is still right",
    "the next run",
    "executor",
)
UNSETTLED = waits(
    "unsettled",
    "an action before it may or may not have happened; it is read back first",
    "it is read back",
    "executor",
)
UNKNOWN_OBJECTS = waits(
    "unknown_objects",
    "the account had objects or budgets of ours that the database did not know, so nothing rises in this run",
    "a run finds the account as the database knows it",
    "executor",
)
STOPPED = blocked(
    "stopped", "an operator or a breaker stopped writing", "an operator permits writing again", "executor"
)
RUN_ENDED = waits("run_ended", "the run ended before it was begun", "the next run", "executor")
ACCOUNT_STOPPED = blocked(
    "account_stopped",
    "the platform refuses this account; see the first error",
    "the user does what the first error names",
    "executor",
)
STOPPED_BY_OPERATOR = blocked(
    "stopped_by_operator", "an operator stopped the spending", "an operator permits writing again", "stop"
)
# Of a user that takes no part in a run.
UNKNOWN_USER = blocked(
    "unknown_user",
    "there is no such user",
    "the user finishes setting up the account",
    "eligibility",
    user_text="There are no ads settings for this account yet. Finish setting it up first.",
)
NOT_CONNECTED = blocked(
    "not_connected",
    "no ad account is connected; connect one",
    "the user connects an ad account",
    "eligibility",
    user_text="Your Meta account is not connected. Connect it, then start again.",
    page_text="no Meta account is connected. The user connects one in their own application.",
)
ASSETS_NOT_CONFIGURED = blocked(
    "assets_not_configured",
    "the ad account is not set up whole; finish connecting it",
    "the user chooses the ad account and the page",
    "eligibility",
    user_text="The ad account and page are not chosen yet. Choose them, then start again.",
    page_text="the ad account, its currency or its time zone is not set.",
)
PAUSED_BY_OPERATOR = blocked(
    "paused_by_operator",
    "an operator stopped this user",
    "an operator starts the user again",
    "eligibility",
    user_text="Your ads were paused by the support team. Ask them to start them again.",
    page_text="an operator stopped this user.",
)
RUN_IN_PROGRESS = waits(
    "run_in_progress",
    "another run works on this user",
    "the other run has ended",
    "eligibility",
    user_text="Another run was going on for this account.",
    page_text="a run goes on at this moment.",
)
NOTHING_ACTIVE = fine(
    "nothing_active",
    "no goal is switched on and nothing of ours runs",
    "eligibility",
    user_text="No goal is switched on. Switch one on, then start again.",
    page_text="no goal is active and nothing runs.",
)
NO_RECENT_ACTIVITY = waits(
    "no_recent_activity",
    "the user was not active lately",
    "the user is active again",
    "eligibility",
    user_text="The account was not used for a long time.",
    page_text="the user was not active lately.",
)

REASONS: Mapping[str, Reason] = {
    each.code: each for each in list(globals().values()) if isinstance(each, Reason)
}
"""Every reason by its code."""

WITHOUT_ACCOUNT = frozenset({UNKNOWN_USER.code, NOT_CONNECTED.code, ASSETS_NOT_CONFIGURED.code})
"""Refusals that exclude even a preview: there is no account to read."""


def reason_text(code: str) -> str:
    """A reason as a clause for operators; a code outside the table with its underscores as spaces."""
    return REASONS[code].text if code in REASONS else code.replace("_", " ")


def user_text(code: str) -> str:
    """A refusal as a sentence for the user.

    Raises:
        KeyError: The reason is not one for which a user takes no part.
    """
    text = REASONS[code].user_text
    if text is None:
        raise KeyError(f"{code} refuses no user")
    return text


def reason_class(code: str) -> ReasonClass | None:
    """The class of a reason; null for a code outside the table, of an old row."""
    return REASONS[code].kind if code in REASONS else None
