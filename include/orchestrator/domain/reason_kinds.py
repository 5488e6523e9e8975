"""What a reason is: its class, its texts, what gives it; ``reasons.py`` has them all. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestrator.domain.steps import Step

ReasonClass = Literal["fine", "waits", "blocked", "yours"]
"""``fine``: nothing is to be done. ``waits``: time or the next run settles it. ``blocked``: a person has to
act. ``yours``: the user's consent is missing."""

Giver = Step | Literal["breakers", "executor", "stop", "eligibility"]
"""A step's rule, its guardrail included; the breakers after it; the executor with its checks before each
write; an operator's emergency stop; the check that admits users to a run."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        code: As it is stored.
        kind: Its class.
        text: A clause for operators: in the action log, the task log and on pages.
        until: What ends it, to be read after "until": a time, an event, or a person's act. Empty: ``fine``.
        given_by: What gives it.
        user_text: A sentence for a user excluded from a run for this reason.
        page_text: The same for an operator on the user's page, to be read after "Takes no part".
    """

    code: str
    kind: ReasonClass
    text: str
    until: str
    given_by: tuple[Giver, ...]
    user_text: str | None = None
    page_text: str | None = None


def fine(code: str, text: str, *given_by: Giver, **texts: str) -> Reason:
    """A reason that waits for nothing."""
    return Reason(code, "fine", text, "", given_by, **texts)


def waits(code: str, text: str, until: str, *given_by: Giver, **texts: str) -> Reason:
    """A reason that time or the next run ends."""
    return Reason(code, "waits", text, until, given_by, **texts)


def blocked(code: str, text: str, until: str, *given_by: Giver, **texts: str) -> Reason:
    """A reason that a person ends."""
    return Reason(code, "blocked", text, until, given_by, **texts)


def yours(code: str, text: str, until: str, *given_by: Giver) -> Reason:
    """A reason that the user's consent ends."""
    return Reason(code, "yours", text, until, given_by)
