"""What the pages call things: a word and a tone for every state. Pure.

The tone is a colour; the word has the same meaning without it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from orchestrator.domain import money
from orchestrator.domain.action_titles import role_name
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.reasons import REASONS, reason_text
from orchestrator.explain import Check

CHEAP_MINOR = 10
"""Below it a cost is shown to a hundredth of the smallest unit: a video view costs less than a cent."""


class Badge(NamedTuple):
    """A state for people: a word, and the tone of its badge."""

    word: str
    tone: str


STATES = {
    "running": Badge("Running", "busy"),
    "failed": Badge("Failed", "bad"),
    "paused": Badge("Stopped", "warn"),
    "throttled": Badge("Throttled", "warn"),
    "worked": Badge("Made changes", "good"),
    "idle": Badge("Nothing to do", "calm"),
}
"""The states of a user in the fleet, in the order of the page."""

WOULD_WORK = Badge("Would make changes", "good")
"""The state of a user whose last run was dry and planned something."""

NEW = Badge("Not run yet", "calm")
"""The state of a user without a run."""

_STATUSES = {
    # of a run
    "pending": Badge("Waiting to start", "busy"),
    "running": Badge("Running", "busy"),
    "success": Badge("Done", "good"),
    "failed": Badge("Failed", "bad"),
    "throttled": Badge("Throttled", "warn"),
    "refused": Badge("Not started", "calm"),
    # of an action
    "planned": Badge("Planned", "calm"),
    "held": Badge("Held back", "warn"),
    "intended": Badge("Being sent", "busy"),
    "unknown": Badge("Not known yet", "warn"),
    # of a thing on Meta
    "ACTIVE": Badge("Active", "good"),
    "PAUSED": Badge("Paused", "calm"),
}


def status(name: str) -> Badge:
    """Return the word and tone of a status of a run, an action or a thing on Meta."""
    return _STATUSES.get(name, Badge(name.replace("_", " ").capitalize(), "calm"))


_TRIGGERS = {"cron": "By the schedule", "user": "Requested", "dryrun": "Dry run, requested"}


def trigger(name: str, started_by: str | None) -> str:
    """Return the trigger of a run in words, with the name of the person or service."""
    return _TRIGGERS[name] + (f" by {started_by}" if started_by else "")


def role(name: str) -> str:
    """Return what a campaign is for."""
    return role_name(name).capitalize()


def goal_title(goal_key: str | None) -> str:
    """Return a goal's name; a key outside the registry as it is."""
    if goal_key is None:
        return "All goals"
    return REGISTRY[goal_key].title if goal_key in REGISTRY else goal_key


def cost_per_event(spend_minor: int, events: int, currency: str) -> str:
    """Return what an event cost; a cheap one to a hundredth of the smallest unit, a dash without events."""
    if not events:
        return "—"
    cost = Fraction(spend_minor, events)
    if cost >= CHEAP_MINOR or not spend_minor:
        return money.text(round(cost), currency)
    places = 2 if money.offset(currency) == 1 else 4
    sign = money.text(0, currency).partition("0")[0]
    return f"{sign}{float(cost / money.offset(currency)):.{places}f}"


def needs(check: Check) -> str:
    """Return the requirement of a comparison, to be read after "needs"."""
    return {"is": "", "is not": "other than "}.get(check.operator, f"{check.operator} ") + check.need


def not_eligible(reason: str | None) -> str | None:
    """Return in words why a user takes no part in runs; null if they do."""
    if reason is None:
        return None
    return (REASONS[reason].page_text if reason in REASONS else None) or reason_text(reason)
