"""What the rules make of a scaling campaign in creation or being revived, and when a revival is over."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.snapshot import builder, unfinished
from tests.unit.snapshot.rows import (
    NOW,
    a_campaign_row,
    a_user,
    ad_set_on_meta,
    an_ad_set_row,
    on_meta,
)
from tests.unit.snapshot.test_builder import ACCOUNT, NO_WINDOWS

Pause = tuple[str | None, str | None]
SCALING = {"id": "1", "role": "scaling", "status": "PAUSED", "daily_budget_minor": 600}
ACTIVE, PAUSED = {"status": "ACTIVE"}, {"status": "PAUSED", "paused_by": "user"}
ELSEWHERE = {"status": "ACTIVE", "campaign_id": "2"}

REVIVING: Pause = ("orchestrator", "reviving")
NEW: Pause = ("creation", None)
DRY: Pause = ("orchestrator", "no_active_adset")
FITS: Pause = ("orchestrator", "below_minimum_budget")
"""Allocation resumes it with a budget that fits."""


def campaign(pause: Pause, **change: Any) -> Any:
    return a_campaign_row(**SCALING | {"paused_by": pause[0], "paused_reason": pause[1]} | change)


def ad_sets(*changes: dict[str, Any]) -> list[Any]:
    return [an_ad_set_row(id=str(n), **{"campaign_id": "1"} | each) for n, each in enumerate(changes, 11)]


@pytest.mark.parametrize(
    ("pause", "inside", "planned", "stored"),
    [
        pytest.param(REVIVING, [PAUSED, ACTIVE], FITS, REVIVING, id="revived with a copy"),
        pytest.param(REVIVING, [PAUSED], DRY, DRY, id="its copy was paused"),
        pytest.param(REVIVING, [], DRY, DRY, id="its copy was removed"),
        pytest.param(REVIVING, [ELSEWHERE], DRY, DRY, id="what is active is in another campaign"),
        pytest.param(NEW, [ACTIVE], FITS, NEW, id="created with a copy"),
        pytest.param(NEW, [PAUSED], DRY, NEW, id="created without"),
        pytest.param(DRY, [ACTIVE], DRY, DRY, id="dry, and a person resumed an ad set"),
        pytest.param(("user", None), [ACTIVE], ("user", None), ("user", None), id="paused by a person"),
        pytest.param(
            (None, None), [ACTIVE], (None, None), (None, None), id="paused by a person, says nothing"
        ),
        pytest.param(
            ("orchestrator", "goal_inactive"),
            [ACTIVE],
            ("orchestrator", "goal_inactive"),
            ("orchestrator", "goal_inactive"),
            id="its goal is off",
        ),
    ],
)
def test_a_paused_scaling_campaign(
    pause: Pause, inside: list[dict[str, Any]], planned: Pause, stored: Pause
) -> None:
    (seen,) = unfinished.as_planned([campaign(pause)], ad_sets(*inside))
    (left,) = unfinished.without_ended_revivals([campaign(pause)], ad_sets(*inside))

    assert (seen.paused_by, seen.paused_reason) == planned
    assert (left.paused_by, left.paused_reason) == stored


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(campaign((None, None), status="ACTIVE"), id="active"),
        pytest.param(campaign(REVIVING, status="DELETED", removed_at=NOW), id="removed while it was revived"),
        pytest.param(campaign(NEW, role="testing", daily_budget_minor=None), id="a learning one in creation"),
    ],
)
def test_any_other_campaign_is_left(other: Any) -> None:
    assert unfinished.as_planned([other], []) == (other,)
    assert unfinished.without_ended_revivals([other], []) == (other,)


@pytest.mark.parametrize(
    ("copy_on_meta", "planned", "changed"),
    [
        pytest.param("ACTIVE", "below_minimum_budget", {"1": "reviving"}, id="active"),
        pytest.param(
            "PAUSED", "no_active_adset", {"1": "no_active_adset", "11": None}, id="paused meanwhile"
        ),
    ],
)
def test_the_rules_see_the_one_and_the_row_keeps_the_other(
    copy_on_meta: str, planned: str, changed: dict[str, str | None]
) -> None:
    user = a_user(
        campaigns=(campaign(REVIVING),),
        ad_sets=(an_ad_set_row(id="11", campaign_id="1", daily_budget_minor=None),),
    )
    shown = on_meta(id="1", status="PAUSED", daily_budget_minor=700)
    inside = ad_set_on_meta(id="11", campaign_id="1", status=copy_on_meta, daily_budget_minor=None)

    seen = builder.structure(user, ((shown,), (inside,)), NOW)
    snapshot = builder.snapshot(user, ACCOUNT, seen, NO_WINDOWS, NOW)

    assert [c.paused_reason for c in snapshot.campaigns] == [planned]
    assert {row.id: row.paused_reason for row in seen.changed} == changed
