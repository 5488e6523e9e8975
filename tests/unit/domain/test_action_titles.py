"""An action in one line: the same words in a log, which knows ids, and on a page, which knows names."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.domain import action_titles
from orchestrator.domain.action_titles import Names, Tense, action_title
from orchestrator.domain.messages import action_text
from orchestrator.domain.model import Action

KNOWN = Names({"1": "testing", "9": "scaling"}, {"11": action_titles.TestedCell("1", "broad", "c1")})


def act(action_type: Any, campaign_id: str | None, adset_id: str | None = None, **amounts: int) -> Action:
    sides = {"before_minor": None, "after_minor": None} | amounts
    return Action(
        step="allocate",
        action_type=action_type,
        goal_key="streams",
        campaign_id=campaign_id,
        adset_id=adset_id,
        reason="cap",
        **sides,
    )


NEW = "new:testing:streams"
RAISE = act("update_budget", "9", before_minor=2000, after_minor=2001)
TABLE = [
    (
        RAISE,
        "raise campaign 9 for streams",
        "raise the scaling campaign for streams",
        " from $20.00 to $20.01",
    ),
    (
        act("update_budget", "1", "11", before_minor=2000, after_minor=1999),
        "lower ad set 11 for streams",
        "lower the test broad · c1 for streams",
        " from $20.00 to $19.99",
    ),
    (
        act("update_budget", "9", before_minor=2000, after_minor=2000),
        "set campaign 9 for streams",
        "set the scaling campaign for streams",
        " from $20.00 to $20.00",
    ),
    (
        act("create_campaign", NEW),
        "create a learning campaign for streams",
        "create a learning campaign for streams",
        "",
    ),
    (
        act("create_campaign", "new:scaling:streams", after_minor=600),
        "create a scaling campaign for streams",
        "create a scaling campaign for streams",
        " with $6.00",
    ),
    (
        act("create_adset", NEW, f"{NEW}:fans:c2", after_minor=500),
        "start the test fans · c2 for streams",
        "start the test fans · c2 for streams",
        " with $5.00",
    ),
    (
        act("promote_winner", "9", "11"),
        "promote ad set 11 for streams into the scaling campaign",
        "promote the test broad · c1 for streams into the scaling campaign",
        "",
    ),
    (
        act("pause_adset", "1", "11"),
        "pause ad set 11 for streams",
        "pause the test broad · c1 for streams",
        "",
    ),
    (
        act("resume_campaign", "1"),
        "resume campaign 1 for streams",
        "resume the learning campaign for streams",
        "",
    ),
]


@pytest.mark.parametrize(("action", "by_id", "by_name", "amounts"), TABLE)
def test_what_is_done_to_what_with_which_amounts(
    action: Action, by_id: str, by_name: str, amounts: str
) -> None:
    a_day = f"{amounts} a day" if amounts else ""

    assert action_title(action, "would", "USD") == f"Would {by_id}{a_day}"
    assert action_title(action, "would", "USD", KNOWN) == f"Would {by_name}{a_day}"
    assert action_text(action, "USD", done=False) == (
        f"Would {by_id}{a_day}: scaling budgets must fit under the cap"
    )


@pytest.mark.parametrize(
    ("verb", "past"),
    [(0, "Raised"), (1, "Lowered"), (2, "Set"), (3, "Created"), (5, "Started"), (6, "Promoted")],
)
def test_what_was_done_is_past(verb: int, past: str) -> None:
    action = TABLE[verb][0]

    assert action_title(action, "did", "USD").startswith(f"{past} ")
    assert action_text(action, "USD", done=True).startswith(f"{past} ")


@pytest.mark.parametrize(
    ("tense", "begins"), [("would", "Would raise "), ("do", "Raise "), ("did", "Raised ")]
)
def test_three_tenses(tense: Tense, begins: str) -> None:
    assert action_title(RAISE, tense, "JPY") == (
        f"{begins}campaign 9 for streams from ¥2,000 to ¥2,001 a day"
    )
