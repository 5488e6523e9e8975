"""A preview: what the next run does, found out without touching anything."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import psycopg
import pytest

from demo import demo_users
from demo.personas import Persona
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.steps import TASKS
from orchestrator.explain import ExplainedItem
from orchestrator.runs import lifecycle
from orchestrator.runs.preview import Preview, preview
from tests.integration.runs.conftest import Workbench

COUNTS = ("campaigns_created", "campaigns_updated", "winners_promoted", "budgets_scaled", "adsets_paused")


def previewed(town: Workbench, person: Persona) -> Preview:
    return preview(town.resources, person.user_id, now=town.now)


def row_counts(dsn: str) -> Mapping[str, tuple[int, int]]:
    """Rows of every table of ours, and how often one of them was ever written."""
    with psycopg.connect(dsn) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = 'public' and c.relkind in ('r', 'p')"
            )
        ]
        return {
            table: connection.execute(  # every write leaves a row with a new xmin
                f'select count(*), coalesce(max(xmin::text::bigint), 0) from "{table}"'
            ).fetchone()
            or (0, 0)
            for table in tables
        }


def shown(items: tuple[ExplainedItem, ...]) -> list[tuple[object, ...]]:
    return [
        (
            i.step,
            i.action_type,
            i.goal_key,
            i.campaign_id,
            i.adset_id,
            i.before_minor,
            i.after_minor,
            i.reason,
        )
        for i in items
        if i.kind == "action"
    ]


def recorded(rows: list[ActionRow], user_id: UUID) -> list[tuple[object, ...]]:
    of_user = [r.action for r in rows if r.user_id == user_id]
    return [
        (
            a.step,
            a.action_type,
            a.goal_key,
            a.campaign_id,
            a.adset_id,
            a.before_minor,
            a.after_minor,
            a.reason,
        )
        for a in of_user
    ]


def counted(dsn: str, run_key: str, user_id: UUID) -> list[int]:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            f"select {', '.join(COUNTS)} from ads_automation_runs where run_key = %s and user_id = %s",
            (run_key, user_id),
        ).fetchone()
    assert row is not None
    return list(row)


@pytest.mark.people(*demo_users.FLEET)
def test_a_preview_is_what_the_next_dry_run_and_the_next_live_run_do(town: Workbench) -> None:
    previews = {p.user_id: previewed(town, p) for p in demo_users.FLEET if p.name in town.accounts}
    town.run("dry", dry_run=True)
    town.run("live")
    dry, live = town.actions("dry"), town.actions("live")

    for user_id, one in previews.items():
        if one.currency is None:
            continue
        assert shown(one.items) == recorded(dry, user_id) == recorded(live, user_id)
        counts = [*one.summary.values()][:5]
        assert counts == counted(town.dsn, "dry", user_id), user_id
    assert sum(len(shown(p.items)) for p in previews.values()) > 40


@pytest.mark.people(*demo_users.FLEET)
def test_a_preview_writes_nothing_anywhere(town: Workbench) -> None:
    town.run("first")
    town.later(6)
    before, writes = row_counts(town.dsn), len(town.writes())
    for person in demo_users.FLEET:
        previewed(town, person)

    assert row_counts(town.dsn) == before
    assert len(town.writes()) == writes


@pytest.mark.people(demo_users.BO)
def test_a_dead_token_is_a_problem_that_says_what_to_do(town: Workbench) -> None:
    town.simulator.kill_token(town.accounts["Bo"].access_token)
    one = previewed(town, demo_users.BO)

    assert one.items == ()
    assert one.summary["errors"] == 1
    assert one.problem is not None
    assert one.problem.endswith("connect the ad account again.")


@pytest.mark.people(demo_users.BO)
def test_an_action_of_which_nobody_knows_is_said_first(town: Workbench) -> None:
    batch = town.open("broken")[0]
    for step in TASKS[:5]:
        lifecycle.run_step(town.resources, "broken", batch, step)
    with psycopg.connect(town.dsn) as connection:
        connection.execute(
            "insert into ads_automation_actions (run_id, user_id, run_at, dry_run, step, ordinal,"
            " action_type, goal_key, campaign_id, reason, idempotency_key, status, settled_at)"
            " select run_id, user_id, run_at, false, step, 99, action_type, goal_key, campaign_id, reason,"
            " 'no answer', 'unknown', settled_at"
            " from ads_automation_actions where status = 'success' order by id desc limit 1"
        )
        connection.execute("update ads_automation_runs set status = 'failed', error = 'x', ended_at = now()")
    one = previewed(town, demo_users.BO)

    assert one.problem == (
        "1 action of an earlier run is still open: the next run reads back what became of it first, and may "
        "then plan otherwise."
    )
    assert one.items != ()


@pytest.mark.people(demo_users.BO)
def test_nobody_of_that_id_is_a_problem(town: Workbench) -> None:
    one = preview(town.resources, UUID(int=7), now=town.now)

    assert one.problem == "there is no such user"
