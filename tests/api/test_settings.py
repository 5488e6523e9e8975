"""A user changes their own settings: all that was named, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api.conftest import as_user
from tests.integration.store.conftest import Rows

STREAMS = {"is_active": True, "priority": 5, "budget_hint": 7.5, "colour": "red", "weight": 0.1}


def change(http: httpx.Client, user: UUID, body: Any, **headers: str) -> httpx.Response:
    return http.patch("/settings", json=body, headers=as_user(user) | headers)


def stored(rows: Rows, user: UUID) -> dict[str, Any]:
    return rows.one(
        "select goal_settings, auto_scale_winners, auto_pause_losers, global_daily_budget::text as daily,"
        " max_daily_budget::text as most, updated_by from user_ads_modes where user_id = %(user)s",
        user=user,
    )


def test_shows_what_is_set(http: httpx.Client, rows: Rows):
    user = rows.user(modes={"goal_settings": {"streams": STREAMS, "sell_merch": {"x": 1}}})

    answer = http.get("/settings", headers=as_user(user))

    assert answer.status_code == 200
    shown = answer.json()
    assert shown.pop("updatedAt")
    assert shown == {
        "success": True,
        "autoScaleWinners": False,
        "autoPauseLosers": False,
        "globalDailyBudget": 10.0,
        "maxDailyBudget": 50.0,
        "goals": {
            "streams": {
                "title": "Streams",
                "isActive": True,
                "priority": 5,
                "budgetHint": 7.5,
                "learningSharePercent": None,
            }
        },
        "currency": "USD",
        "connected": True,
        "pausedByOperator": False,
        "lastRunAt": None,
        "updatedBy": None,
    }


def test_changes_what_is_named_and_leaves_the_rest(http: httpx.Client, rows: Rows):
    user = rows.user(modes={"goal_settings": {"streams": STREAMS, "sell_merch": {"x": 1}}})

    answer = change(
        http,
        user,
        {
            "autoScaleWinners": True,
            "maxDailyBudget": 30.25,
            "goals": {
                "streams": {"budgetHint": 0.1, "learningSharePercent": 62.5},
                "presave": {"isActive": True, "priority": 2},
            },
        },
    )

    assert answer.status_code == 200
    assert answer.json()["goals"]["streams"]["learningSharePercent"] == 62.5
    assert stored(rows, user) == {
        "goal_settings": {
            "streams": STREAMS | {"budget_hint": 0.1, "learning_share_bp": 6250},
            "presave": {"is_active": True, "priority": 2},
            "sell_merch": {"x": 1},
        },
        "auto_scale_winners": True,
        "auto_pause_losers": False,
        "daily": "10",
        "most": "30.25",
        "updated_by": str(user),
    }


def test_null_gives_an_amount_back_to_the_policy(http: httpx.Client, rows: Rows):
    user = rows.user(modes={"goal_settings": {"streams": STREAMS}})

    change(http, user, {"globalDailyBudget": None, "goals": {"streams": {"budgetHint": None}}})

    assert stored(rows, user)["daily"] is None
    assert stored(rows, user)["goal_settings"]["streams"]["budget_hint"] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param({"autoScale": True}, "autoScale", id="an unknown key"),
        pytest.param({"userId": str(uuid4())}, "userId", id="another user"),
        pytest.param({"pausedByOperator": False}, "pausedByOperator", id="an operator's switch"),
        pytest.param({"goals": {"streams": {"colour": "blue"}}}, "goals.streams.colour", id="a goal's key"),
        pytest.param({"goals": {"fame": {"isActive": True, "priority": 1}}}, "goals.fame", id="no such goal"),
        pytest.param({"goals": {"presave": {"isActive": True}}}, "goals.presave", id="half a new goal"),
        pytest.param({"goals": {"streams": {"priority": 6}}}, "priority", id="priority above"),
        pytest.param({"goals": {"streams": {"priority": 0}}}, "priority", id="priority below"),
        pytest.param({"goals": {"streams": {"isActive": None}}}, "isActive", id="no yes or no"),
        pytest.param({"goals": {"streams": {"learningSharePercent": 100.01}}}, "Percent", id="too much"),
        pytest.param({"goals": {"streams": {"learningSharePercent": 1.005}}}, "Percent", id="too fine"),
        pytest.param({"autoPauseLosers": "yes"}, "autoPauseLosers", id="text for a toggle"),
        pytest.param({"autoPauseLosers": None}, "autoPauseLosers", id="nothing for a toggle"),
        pytest.param({"globalDailyBudget": -0.01}, "globalDailyBudget", id="below zero"),
        pytest.param({"globalDailyBudget": 1_000_000_000.01}, "globalDailyBudget", id="out of reach"),
        pytest.param({"globalDailyBudget": "10"}, "globalDailyBudget", id="text for an amount"),
        pytest.param({"globalDailyBudget": True}, "globalDailyBudget", id="yes for an amount"),
        pytest.param({"globalDailyBudget": 10.001}, "more digits than USD", id="a tenth of a cent"),
        pytest.param(
            {"goals": {"streams": {"budgetHint": 1.999}}}, "goals.streams.budgetHint", id="a fine hint"
        ),
        pytest.param([], "body", id="a list"),
    ],
)
def test_one_wrong_thing_changes_nothing(http: httpx.Client, rows: Rows, body: Any, said: str):
    user = rows.user(modes={"goal_settings": {"streams": STREAMS}})
    before = stored(rows, user)

    answer = change(http, user, {"autoScaleWinners": True, **body} if isinstance(body, dict) else body)

    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert stored(rows, user) == before


def test_not_a_number_is_refused(http: httpx.Client, rows: Rows):
    user = rows.user()

    for text in ("NaN", "Infinity", "1e999"):
        answer = http.patch(
            "/settings",
            content=f'{{"globalDailyBudget": {text}}}',
            headers=as_user(user) | {"Content-Type": "application/json"},
        )
        assert answer.status_code == 422


def test_yen_have_no_digits_behind_the_point(http: httpx.Client, rows: Rows):
    user = rows.user(assets={"currency": "JPY"})

    assert change(http, user, {"globalDailyBudget": 1500.5}).status_code == 422
    assert change(http, user, {"globalDailyBudget": 1500}).status_code == 200
    assert stored(rows, user)["daily"] == "1500"


def test_settings_that_changed_since_they_were_shown_are_not_overwritten(http: httpx.Client, rows: Rows):
    user = rows.user()
    shown = http.get("/settings", headers=as_user(user)).headers["etag"]

    first = change(http, user, {"autoScaleWinners": True}, **{"If-Match": shown})
    second = change(http, user, {"autoPauseLosers": True}, **{"If-Match": shown})
    third = change(http, user, {"autoPauseLosers": True}, **{"If-Match": first.headers["etag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)


def test_a_run_in_between_is_no_change(http: httpx.Client, rows: Rows):
    user = rows.user()
    shown = http.get("/settings", headers=as_user(user)).headers["etag"]
    rows.run("update user_ads_modes set orchestrator_last_run = now() where user_id = %(user)s", user=user)

    assert change(http, user, {"autoScaleWinners": True}, **{"If-Match": shown}).status_code == 200


def test_changes_at_once_are_all_kept(http: httpx.Client, rows: Rows):
    user = rows.user(modes={"goal_settings": {}})
    keys = ["streams", "presave", "virality", "followers"]

    with ThreadPoolExecutor(4) as all_at_once:
        list(
            all_at_once.map(
                lambda key: change(http, user, {"goals": {key: {"isActive": True, "priority": 1}}}), keys
            )
        )

    assert sorted(stored(rows, user)["goal_settings"]) == sorted(keys)


def test_only_the_users_own_row_changes(http: httpx.Client, rows: Rows):
    user, other = rows.user(), rows.user()
    before = stored(rows, other)

    change(http, user, {"autoScaleWinners": True})

    assert stored(rows, other) == before


def test_a_user_without_settings_is_told_so(http: httpx.Client):
    user = uuid4()

    assert http.get("/settings", headers=as_user(user)).status_code == 404
    assert change(http, user, {"autoScaleWinners": True}).status_code == 404


def test_damaged_goals_are_said_to_be_so(http: httpx.Client, rows: Rows):
    user = rows.user(modes={"goal_settings": {"streams": {"is_active": "maybe"}}})

    assert http.get("/settings", headers=as_user(user)).status_code == 409
    assert change(http, user, {"autoScaleWinners": True}).status_code == 409


def test_without_a_database_it_says_so_and_no_more(api: Callable[..., httpx.Client]):
    elsewhere = api(database="postgresql://nobody:s3cret@127.0.0.1:1/none")

    answer = elsewhere.get("/settings", headers=as_user(uuid4()))

    assert answer.status_code == 503
    assert "s3cret" not in answer.text
    assert "127.0.0.1" not in answer.text
