"""The calls that the floor repeats are those of one user, with every other user's ids in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.fleet import User
from bench.floor import Calls, Trip, recorded, with_ids_of
from stack.errors import StackError

ADA, BO = User(number=1), User(number=2)
USERS = {user.account_id: user for user in (ADA, BO)}


def entry(account: str | None, path: str, batch: int | None = None, **params: str) -> dict[str, Any]:
    return {"account": account, "path": path, "batch": batch, "method": "GET", "params": params}


def envelope(user: User) -> dict[str, Any]:
    return entry(user.account_id, "/", batch=None) | {"method": "POST", "params": {"batch": "[]"}}


def test_the_last_user_is_the_sample_and_batches_stay_batches():
    log = [
        entry(BO.account_id, f"/{BO.account_id}", fields="name"),
        envelope(ADA),
        entry(ADA.account_id, f"/{ADA.account_id}", batch=2, fields="name", access_token="secret"),
        entry(ADA.account_id, f"/{ADA.account_id}/insights", batch=2, limit="500"),
        entry(ADA.account_id, "/23900000000001000", fields="status"),
    ]

    assert recorded(log, USERS) == Calls(
        [
            Trip(
                '[{"path": ["act_7000000001"], "params": {"fields": "name"}}, '
                '{"path": ["act_7000000001", "insights"], "params": {"limit": "500"}}]',
                is_batch=True,
            ),
            Trip('[{"path": ["23900000000001000"], "params": {"fields": "status"}}]', is_batch=False),
        ],
        ADA,
    )


def test_a_write_has_no_place_in_a_floor():
    log = [entry(ADA.account_id, f"/{ADA.account_id}/campaigns") | {"method": "POST"}]

    with pytest.raises(StackError, match="reads only, not POST"):
        recorded(log, USERS)


def test_another_users_ids_take_the_place_of_the_samples():
    asked = json.dumps([ADA.account_id, ADA.campaign_ids])

    assert with_ids_of(BO, ADA, asked) == (
        '["act_7000000002", ["23900000000002000", "23900000000002001", "23900000000002002"]]'
    )
