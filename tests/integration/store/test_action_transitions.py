"""The database and the store allow exactly the transitions that ``domain/action_log.py`` lists."""

from __future__ import annotations

from itertools import product
from typing import Any, cast
from uuid import uuid4

import psycopg
import pytest

from orchestrator.domain.action_log import OPEN, TRANSITIONS, ActionStatus, Settled
from orchestrator.errors import InvalidTransition
from orchestrator.store import Store
from tests.integration.store.conftest import Rows

PAIRS = [pytest.param(*pair, id=" to ".join(pair)) for pair in product(TRANSITIONS, TRANSITIONS)]
DATED = {"settled_at": "2026-11-23T12:01:00Z"}
UNDATED = {"settled_at": None}


def dated(status: str) -> dict[str, Any]:
    return UNDATED if status in {"planned", "intended"} else DATED


def an_action(rows: Rows, status: str, **changes: Any) -> int:
    """A live action of a new user in one status; its id."""
    user, key = rows.user(), uuid4().hex
    rows.action_of(user, rows.run_of(user), status=status, idempotency_key=key, **(dated(status) | changes))
    return int(rows.one("select id from ads_automation_actions where idempotency_key = %(k)s", k=key)["id"])


def status_of(rows: Rows, action_id: int) -> str:
    return str(rows.one("select status from ads_automation_actions where id = %(i)s", i=action_id)["status"])


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_database_allows_a_transition(rows: Rows, source: ActionStatus, target: ActionStatus):
    action_id = an_action(rows, source)
    change = "update ads_automation_actions set status = %(to)s, settled_at = %(settled_at)s where id = %(i)s"

    if target in TRANSITIONS[source] or target == source:  # the same again is no transition
        rows.run(change, to=target, i=action_id, **dated(target))
        assert status_of(rows, action_id) == target
        return
    with pytest.raises(psycopg.errors.CheckViolation, match=f"is {source} and cannot become {target}"):
        rows.run(change, to=target, i=action_id, **dated(target))
    assert status_of(rows, action_id) == source


@pytest.mark.parametrize(("source", "target"), [p for p in PAIRS if p.values[1] != "planned"])
def test_the_store_allows_a_transition(store: Store, rows: Rows, source: ActionStatus, target: ActionStatus):
    action_id = an_action(rows, source)

    try:
        if target == "intended":
            store.action_log.mark_intended(action_id)
        else:
            store.action_log.record_outcome(action_id, cast("Settled", target))
    except InvalidTransition:
        is_made = False
    else:
        is_made = True

    # The same outcome again is recorded before: it changes nothing.
    assert is_made == (target in TRANSITIONS[source] or target == source)
    assert status_of(rows, action_id) == (target if is_made else source)


@pytest.mark.parametrize("status", TRANSITIONS)
def test_a_row_may_have_every_status_and_is_dated_once_it_has_an_outcome(rows: Rows, status: str):
    an_action(rows, status)

    with pytest.raises(psycopg.errors.CheckViolation, match="settled_is_dated"):
        an_action(rows, status, **(DATED if dated(status) is UNDATED else UNDATED))


def test_what_is_open_is_read_back(rows: Rows):
    actions = {an_action(rows, status): status for status in TRANSITIONS}
    found = rows.all("select id from ads_open_actions where id = any(%(ids)s)", ids=list(actions))

    assert {actions[row["id"]] for row in found} == OPEN
