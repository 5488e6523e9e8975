"""Is a decided action still right, given what Meta has now?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Action, AdSet, Campaign
from orchestrator.rules.live_budget import live_minor
from orchestrator.rules.preconditions import Headroom, RemoteState, check, headroom_for, was_paused_again

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def a_campaign(campaign_id: str, **change: Any) -> Campaign:
    plain = {
        "id": campaign_id,
        "goal_key": "streams",
        "role": "testing",
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": None,
        "created_at": THEN,
        "removed_at": None,
    }
    return Campaign(**(plain | change))


def an_ad_set(ad_set_id: str, **change: Any) -> AdSet:
    plain = {
        "id": ad_set_id,
        "campaign_id": "t",
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": 400,
        "created_at": THEN,
        "active_since": THEN,
        "audience": "broad",
        "creative_id": "c1",
        "source_adset_id": None,
    }
    return AdSet(**(plain | change))


def a_standing(*things: Campaign | AdSet, cap_minor: int = 1000) -> RemoteState:
    """A learning campaign ``t`` with an ad set ``a`` of 400 a day, and what is given instead."""
    campaigns = {"t": a_campaign("t")} | {c.id: c for c in things if isinstance(c, Campaign)}
    ad_sets = {"a": an_ad_set("a")} | {a.id: a for a in things if isinstance(a, AdSet)}
    return RemoteState(campaigns=campaigns, ad_sets=ad_sets, cap_minor=cap_minor)


def an_action(action_type: str, **change: Any) -> Action:
    plain = {
        "step": "allocate",
        "action_type": action_type,
        "goal_key": "streams",
        "campaign_id": "t",
        "adset_id": None,
        "before_minor": None,
        "after_minor": None,
        "reason": "learning_share",
    }
    return Action(**(plain | change))


def a_budget(before: int, after: int, **change: Any) -> Action:
    target = {"adset_id": "a", "before_minor": before, "after_minor": after}
    return an_action("update_budget", **(target | change))


@pytest.mark.parametrize(
    ("action", "standing", "verdict"),
    [
        pytest.param(a_budget(400, 1000), a_standing(), "go", id="a raise that just reaches the cap"),
        pytest.param(a_budget(400, 1001), a_standing(), "no_room", id="one cent past the cap"),
        pytest.param(a_budget(400, 0), a_standing(), "go", id="a cut to zero"),
        pytest.param(a_budget(400, 399), a_standing(cap_minor=0), "go", id="a cut while above the cap"),
        pytest.param(
            a_budget(400, 401), a_standing(cap_minor=0), "no_room", id="a raise while above the cap"
        ),
        pytest.param(
            a_budget(300, 500), a_standing(), "changed_by_person", id="neither old value nor target"
        ),
        pytest.param(a_budget(300, 400), a_standing(), "already", id="the target is there"),
        pytest.param(
            a_budget(400, 900),
            a_standing(an_ad_set("a", status="ARCHIVED")),
            "removed_by_person",
            id="archived meanwhile",
        ),
        pytest.param(a_budget(400, 900, adset_id="gone"), a_standing(), "removed_by_person", id="not there"),
        pytest.param(
            a_budget(400, 5000),
            a_standing(an_ad_set("a", status="PAUSED", paused_by="orchestrator")),
            "go",
            id="the budget of an ad set that we paused is not live",
        ),
        pytest.param(
            a_budget(400, 300),
            a_standing(an_ad_set("a", status="PAUSED", paused_by="user")),
            "changed_by_person",
            id="an ad set that a person paused",
        ),
        pytest.param(
            a_budget(400, 300),
            a_standing(a_campaign("t", status="PAUSED", paused_by="user")),
            "changed_by_person",
            id="an ad set in a campaign that a person paused",
        ),
        pytest.param(
            a_budget(400, 300),
            a_standing(a_campaign("t", status="PAUSED", paused_by="orchestrator")),
            "go",
            id="an ad set in a campaign that we paused",
        ),
        pytest.param(
            a_budget(2000, 2400, adset_id=None),
            a_standing(),
            "changed_by_person",
            id="never a budget on a campaign that has none: it would become CBO",
        ),
        pytest.param(
            a_budget(500, 600, adset_id=None, campaign_id="s"),
            a_standing(a_campaign("s", role="scaling", daily_budget_minor=500)),
            "go",
            id="a scaling campaign up to the cap",
        ),
        pytest.param(
            a_budget(500, 601, adset_id=None, campaign_id="s"),
            a_standing(a_campaign("s", role="scaling", daily_budget_minor=500)),
            "no_room",
            id="a scaling campaign one cent past it",
        ),
    ],
)
def test_a_budget_is_written_only_over_the_value_it_was_decided_from(
    action: Action, standing: RemoteState, verdict: str
) -> None:
    assert check(action, standing) == verdict


PAUSED_BY_US = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_budget_left"}


@pytest.mark.parametrize(
    ("action", "standing", "verdict"),
    [
        pytest.param(an_action("pause_campaign"), a_standing(), "go", id="an active campaign"),
        pytest.param(
            an_action("pause_campaign"),
            a_standing(a_campaign("t", status="PAUSED")),
            "already",
            id="paused already",
        ),
        pytest.param(
            an_action("pause_adset", adset_id="a"),
            a_standing(an_ad_set("a", status="DELETED")),
            "removed_by_person",
            id="deleted meanwhile",
        ),
        pytest.param(an_action("resume_campaign"), a_standing(), "already", id="active already"),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(a_campaign("t", **PAUSED_BY_US), cap_minor=400),
            "go",
            id="a learning campaign counts its active ad sets: up to the cap",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(a_campaign("t", **PAUSED_BY_US), cap_minor=399),
            "no_room",
            id="a learning campaign one cent past the cap",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(a_campaign("t", status="PAUSED", paused_by="user")),
            "changed_by_person",
            id="what a person paused stays paused",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(a_campaign("t", status="PAUSED", paused_by="creation")),
            "go",
            id="a new campaign is activated",
        ),
        pytest.param(
            an_action("resume_campaign", campaign_id="s"),
            a_standing(a_campaign("s", role="scaling", daily_budget_minor=601, **PAUSED_BY_US)),
            "no_room",
            id="a scaling campaign brings its own budget",
        ),
        pytest.param(
            an_action("resume_adset", adset_id="b"),
            a_standing(an_ad_set("b", daily_budget_minor=601, **PAUSED_BY_US)),
            "no_room",
            id="an ad set brings its budget",
        ),
        pytest.param(
            an_action("resume_adset", adset_id="b"),
            a_standing(
                a_campaign("t", **PAUSED_BY_US), an_ad_set("b", daily_budget_minor=5000, **PAUSED_BY_US)
            ),
            "go",
            id="in a paused campaign nothing is live",
        ),
        pytest.param(
            an_action("resume_adset", adset_id="b"),
            a_standing(
                a_campaign("t", status="PAUSED", paused_by="user"),
                an_ad_set("b", status="PAUSED", paused_by="orchestrator"),
            ),
            "changed_by_person",
            id="an ad set in a campaign that a person paused",
        ),
    ],
)
def test_pausing_and_resuming(action: Action, standing: RemoteState, verdict: str) -> None:
    assert check(action, standing) == verdict


@pytest.mark.parametrize(
    ("action", "standing", "verdict"),
    [
        pytest.param(an_action("create_campaign"), a_standing(cap_minor=0), "go", id="a paused campaign"),
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=600),
            a_standing(),
            "go",
            id="up to the cap",
        ),
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=601),
            a_standing(),
            "no_room",
            id="past it",
        ),
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=1),
            a_standing(a_campaign("t", status="PAUSED", paused_by="user")),
            "changed_by_person",
            id="into a campaign that a person paused meanwhile",
        ),
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=1, campaign_id="gone"),
            a_standing(),
            "removed_by_person",
            id="into a campaign that is gone",
        ),
        pytest.param(
            an_action("promote_winner", adset_id="gone"),
            a_standing(),
            "removed_by_person",
            id="a winner that is gone",
        ),
        pytest.param(an_action("promote_winner", adset_id="a"), a_standing(), "go", id="a winner"),
        pytest.param(
            an_action("promote_winner", adset_id="a"),
            a_standing(an_ad_set("a", status="PAUSED", paused_by="user")),
            "changed_by_person",
            id="a winner that a person paused meanwhile",
        ),
        pytest.param(
            an_action("promote_winner", adset_id="a", campaign_id="s"),
            a_standing(a_campaign("t", status="PAUSED", paused_by="user"), a_campaign("s", role="scaling")),
            "changed_by_person",
            id="a winner whose campaign a person paused meanwhile",
        ),
    ],
)
def test_creating(action: Action, standing: RemoteState, verdict: str) -> None:
    assert check(action, standing) == verdict


MOVED = a_campaign("t", daily_budget_minor=300)
OURS = a_campaign("s", role="scaling", daily_budget_minor=300)
THEIRS = a_campaign("s", role="scaling", lifetime_daily_minor=300)
ASLEEP: dict[str, Any] = {"status": "PAUSED", "paused_by": "orchestrator"}


@pytest.mark.parametrize(
    ("action", "standing", "verdict"),
    [
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=1),
            a_standing(MOVED),
            "changed_by_person",
            id="a new ad set where the campaign has the budget now",
        ),
        pytest.param(
            an_action("promote_winner", campaign_id="s", adset_id="a"), a_standing(OURS), "go", id="a copy"
        ),
        pytest.param(
            an_action("promote_winner", campaign_id="s", adset_id="a"),
            a_standing(THEIRS),
            "changed_by_person",
            id="a copy into a lifetime budget",
        ),
        pytest.param(
            an_action("resume_adset", adset_id="a"),
            a_standing(MOVED, an_ad_set("a", **ASLEEP)),
            "changed_by_person",
            id="an ad set where the campaign has the budget now",
        ),
        pytest.param(
            an_action("resume_adset", adset_id="a"),
            a_standing(an_ad_set("a", daily_budget_minor=None, lifetime_daily_minor=9, **ASLEEP)),
            "changed_by_person",
            id="an ad set with a lifetime budget now",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(replace(MOVED, **ASLEEP)),
            "go",
            id="a learning campaign, with the budget it has",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(replace(MOVED, daily_budget_minor=1001, **ASLEEP)),
            "no_room",
            id="under the cap alone",
        ),
        pytest.param(
            an_action("resume_campaign", campaign_id="s"),
            a_standing(replace(THEIRS, **ASLEEP)),
            "changed_by_person",
            id="a scaling campaign never",
        ),
        pytest.param(
            an_action("pause_campaign", campaign_id="s"), a_standing(THEIRS), "go", id="a pause always"
        ),
        pytest.param(
            a_budget(300, 200, adset_id=None, campaign_id="s"),
            a_standing(THEIRS),
            "changed_by_person",
            id="a budget that is not there",
        ),
    ],
)
def test_where_a_person_moved_the_budget(action: Action, standing: RemoteState, verdict: str) -> None:
    assert check(action, standing) == verdict


def test_the_live_budget_counts_only_what_can_be_spent() -> None:
    standing = a_standing(
        an_ad_set("b", status="PAUSED"),
        an_ad_set("c", daily_budget_minor=None),
        an_ad_set("d", campaign_id="p"),
        an_ad_set("e", campaign_id="s", daily_budget_minor=None),
        a_campaign("p", status="PAUSED"),
        a_campaign("s", role="scaling", daily_budget_minor=700),
        a_campaign("z", role="scaling", daily_budget_minor=900, status="PAUSED"),
    )

    assert live_minor(standing) == 1100


@pytest.mark.parametrize(
    ("action", "standing", "room"),
    [
        pytest.param(a_budget(400, 1001), a_standing(), (400, 601, 1000), id="a raise"),
        pytest.param(a_budget(400, 300), a_standing(), (400, -100, 1000), id="a cut"),
        pytest.param(
            a_budget(400, 5000),
            a_standing(an_ad_set("a", status="PAUSED", paused_by="orchestrator")),
            (0, 0, 1000),
            id="a budget that is not live",
        ),
        pytest.param(
            an_action("create_adset", adset_id="new:x", after_minor=70),
            a_standing(cap_minor=9),
            (400, 70, 9),
            id="a new ad set",
        ),
        pytest.param(
            an_action("resume_campaign"),
            a_standing(a_campaign("t", **PAUSED_BY_US)),
            (0, 400, 1000),
            id="a learning campaign",
        ),
        pytest.param(an_action("pause_campaign"), a_standing(), (400, -400, 1000), id="a pause"),
        pytest.param(an_action("promote_winner", adset_id="a"), a_standing(), (400, 0, 1000), id="a copy"),
    ],
)
def test_the_two_sides_of_the_guardrail(
    action: Action, standing: RemoteState, room: tuple[int, int, int]
) -> None:
    live, rise, cap = room
    headroom = headroom_for(action, standing)

    assert headroom == room
    assert headroom.gate == Gate("live_budget_now", live + rise, "at most", cap, "minor")


@pytest.mark.parametrize("room", [(900, 100, 1000), (1001, 0, 1000), (1001, -1, 999)])
def test_a_rise_up_to_the_cap_has_room_and_what_raises_nothing_has_it_above(
    room: tuple[int, int, int],
) -> None:
    assert Headroom(*room).suffices


def test_a_rise_past_the_cap_has_no_room() -> None:
    assert not Headroom(900, 101, 1000).suffices


SENT_AT = datetime(2026, 11, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action_type", "status", "updated_at", "since", "verdict"),
    [
        pytest.param("resume_adset", "PAUSED", LATER, SENT_AT, True, id="paused, and changed since"),
        pytest.param("resume_adset", "PAUSED", SENT_AT, SENT_AT, False, id="it did not happen"),
        pytest.param("resume_adset", "PAUSED", LATER, None, False, id="never sent"),
        pytest.param("resume_adset", "ACTIVE", LATER, SENT_AT, False, id="it happened and stands"),
        pytest.param("resume_adset", "ARCHIVED", LATER, SENT_AT, False, id="removed"),
        pytest.param("update_budget", "PAUSED", LATER, SENT_AT, False, id="no resume"),
    ],
)
def test_what_a_person_paused_after_a_resume_without_an_answer_is_told_by_its_last_change(
    action_type: str, status: str, updated_at: datetime, since: datetime | None, *, verdict: bool
) -> None:
    thing = an_ad_set("a", status=status, paused_by="orchestrator")
    standing = replace(a_standing(thing), updated_at={"a": updated_at})

    assert was_paused_again(an_action(action_type, adset_id="a"), standing, since) is verdict
