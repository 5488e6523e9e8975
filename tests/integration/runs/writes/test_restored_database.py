"""A database restored from a backup does not know what was made since: it is found before anything rises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from demo import demo_users
from orchestrator.resources import build_resources
from orchestrator.runs import emergency_stop
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.test_human_edits import live_minor

ADA, BO, CY = demo_users.ADA, demo_users.BO, demo_users.CY


def connect(town: Workbench, dsn: str) -> None:
    """Work with another database from now on, as a process that is started anew does."""
    settings = town.resources.settings
    town.resources.close()
    town.dsn = dsn
    town.resources = build_resources(settings, dsn=dsn)


@contextmanager
def restored(town: Workbench, server_url: str, run_key: str) -> Iterator[None]:
    """Make a backup, run live, and restore the backup; it is dropped at the end."""
    name = f"restored_{uuid4().hex[:12]}"
    now = town.dsn
    with psycopg.connect(server_url, autocommit=True) as connection:
        town.resources.close()
        given = sql.SQL("create database {} template {}")
        names = (sql.Identifier(name), sql.Identifier(urlsplit(now).path.removeprefix("/")))
        connection.execute(given.format(*names))
        connect(town, now)
        town.run(run_key)
        connect(town, urlsplit(now)._replace(path=f"/{name}").geturl())
        try:
            yield
        finally:
            connect(town, now)
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def ids(town: Workbench, name: str) -> list[str]:
    """Everything on the account, by id."""
    return sorted(
        each["id"]
        for campaign in town.campaigns(name)
        for each in (campaign, *campaign["ad_sets"], *(ad for a in campaign["ad_sets"] for ad in a["ads"]))
    )


def ours(town: Workbench, table: str) -> list[tuple[Any, ...]]:
    names = "goal_key, role, status, paused_by" if table == "ads_campaigns" else "goal_key, audience, status"
    with psycopg.connect(town.dsn) as connection:
        return sorted(connection.execute(f"select {names} from {table}").fetchall())  # type: ignore[arg-type]


@pytest.mark.people(ADA)
def test_what_was_made_since_the_backup_is_adopted_and_nothing_is_made_twice(
    town: Workbench, server_url: str
):
    with restored(town, server_url, "lost"):
        made, live = ids(town, "Ada"), live_minor(town, "Ada")
        writes = len(town.writes())

        town.run("run")
        town.later(6)
        town.run("next")

        assert (ids(town, "Ada"), live_minor(town, "Ada")) == (made, live)
        assert len(town.writes()) == writes
        assert town.actions("next") == []
        assert ours(town, "ads_campaigns") == [
            ("followers", "testing", "ACTIVE", None),
            ("presave", "testing", "ACTIVE", None),
            ("streams", "testing", "ACTIVE", None),
        ]
        assert [(goal, audience) for goal, audience, _ in ours(town, "ads_ad_sets")] == [
            *((goal, audience) for goal in ("followers", "presave") for audience in ("broad", "lookalike")),
            *(("streams", audience) for audience in ("broad", "broad", "lookalike", "lookalike")),
        ]


@pytest.mark.people(BO)
def test_a_promotion_since_the_backup_is_known_again(town: Workbench, server_url: str):
    with restored(town, server_url, "lost"):
        made, live = ids(town, "Bo"), live_minor(town, "Bo")

        town.run("run")

        assert (ids(town, "Bo"), live_minor(town, "Bo")) == (made, live)
        assert ("virality", "scaling", "ACTIVE", None) in ours(town, "ads_campaigns")
        winners = {a["source_id"] for a in town.ad_sets("Bo")} - {None}
        promoted = [r for r in town.actions("run") if r.action.action_type == "promote_winner"]
        assert winners.isdisjoint(r.action.adset_id for r in promoted)


@pytest.mark.people(CY)
def test_a_raise_since_the_backup_is_not_made_on_top_of_itself(town: Workbench, server_url: str):
    with restored(town, server_url, "lost"):
        live = live_minor(town, "Cy")
        assert [c["daily_budget_minor"] for c in town.campaigns("Cy") if c["is_cbo"]] == [720]

        town.run("run")

        (raised,) = [r for r in town.actions("run") if r.action.reason == "scale_up"]
        assert (raised.status, raised.details["hold"]) == ("held", "unknown_objects")
        assert live_minor(town, "Cy") == live


@pytest.mark.people(BO)
def test_what_does_not_say_what_it_is_holds_every_rise_until_a_person_settles_it(
    town: Workbench, server_url: str
):
    with restored(town, server_url, "lost"):
        (scaling,) = [c for c in town.campaigns("Bo") if c["is_cbo"]]
        key = scaling["name"].rpartition(" ")[2]
        town.simulator.act("rename", scaling["id"], name=f"mine {key}")
        made, live = ids(town, "Bo"), live_minor(town, "Bo")

        for run_key in ("run", "next"):
            town.run(run_key)
            rises = [r for r in town.actions(run_key) if r.action.action_type != "update_budget"]
            assert {(r.status, r.details.get("hold")) for r in rises} == {("held", "unknown_objects")}
            assert ids(town, "Bo") == made
            assert live_minor(town, "Bo") <= live
            town.later(6)

        town.simulator.act("archive", scaling["id"])
        for run_key in ("last", "and one more"):
            town.run(run_key)
            town.later(6)
        assert [c["status"] for c in town.campaigns("Bo") if c["is_cbo"]] == ["ARCHIVED", "ACTIVE"]


@pytest.mark.people(ADA)
def test_a_stop_of_the_spending_goes_by_the_mark(town: Workbench, server_url: str):
    with restored(town, server_url, "lost"):
        first, *others = town.campaigns("Ada")
        key = first["name"].rpartition(" ")[2]
        town.simulator.act("rename", first["id"], name=f"mine {key}")
        town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")

        stopped = emergency_stop.stop_spending(town.resources, None, town.now, {}, lambda *_: None)

        assert live_minor(town, "Ada") == 0
        assert [c["status"] for c in town.campaigns("Ada") if c in others] == []
        # two campaigns by their names, and of the third, which says no more what it is, also its ad sets
        assert stopped.failed == {}
        assert stopped.campaigns >= 3


@pytest.mark.people(BO)
def test_a_stop_pauses_what_is_known_and_what_is_not(town: Workbench, server_url: str):
    with restored(town, server_url, "lost"):
        town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")

        stopped = emergency_stop.stop_spending(town.resources, None, town.now, {}, lambda *_: None)

        assert (stopped.campaigns, stopped.failed) == (2, {})
        assert [c["status"] for c in town.campaigns("Bo")] == ["PAUSED", "PAUSED"]
        with psycopg.connect(town.dsn) as connection:
            log = connection.execute(
                "select ordinal, action_type, status from ads_automation_actions"
                " where origin = 'stop' order by ordinal"
            ).fetchall()
        assert log == [(0, "pause_campaign", "success"), (1, "pause_campaign", "success")]


@pytest.mark.people(BO, ADA)
def test_a_stop_leaves_what_may_be_anothers_of_the_same_account_and_names_it(
    town: Workbench, server_url: str
):
    with restored(town, server_url, "lost"):
        (scaling,) = [c for c in town.campaigns("Bo") if c["is_cbo"]]
        with psycopg.connect(town.dsn) as connection:  # of Ada's account, of which nothing is known
            connection.execute(
                "update meta_assets set ad_account_id = %s where user_id = %s",
                [town.accounts["Bo"].ad_account_id, ADA.user_id],
            )
        town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")

        stopped = emergency_stop.stop_spending(town.resources, [BO.user_id], town.now, {}, lambda *_: None)

        assert [(c["is_cbo"], c["status"]) for c in town.campaigns("Bo")] == [
            (False, "PAUSED"),
            (True, "ACTIVE"),
        ]
        assert stopped.campaigns == 1
        # of the learning campaign's cells none is new; the copies are as little known as their campaign
        strangers = [scaling, *scaling["ad_sets"]]
        named = ", ".join(f"{each['name']!r} ({each['id']})" for each in strangers)
        assert stopped.failed == {
            BO.user_id: f"may be another user's of the same ad account: {named}: "
            "archive it in Ads Manager, or give it its name again"
        }


@pytest.mark.people(BO, ADA)
def test_a_stop_of_a_shared_account_with_nothing_unknown_in_it_is_whole(town: Workbench):
    with psycopg.connect(town.dsn) as connection:
        connection.execute(
            "update meta_assets set ad_account_id = %s where user_id = %s",
            [town.accounts["Bo"].ad_account_id, ADA.user_id],
        )
    town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")

    stopped = emergency_stop.stop_spending(town.resources, [BO.user_id], town.now, {}, lambda *_: None)

    assert (stopped.campaigns, stopped.failed) == (1, {})
    assert live_minor(town, "Bo") == 0


def listings(town: Workbench) -> int:
    """How often the account was looked through."""
    return sum(str(r["path"]).endswith("/adsets") and r["method"] == "GET" for r in town.simulator.requests())


@pytest.mark.people(CY)
def test_an_account_is_looked_through_once_after_each_start_of_the_database(town: Workbench, server_url: str):
    town.run("first")
    assert listings(town) == 1
    town.later(6)
    town.run("second")
    assert listings(town) == 1
    with restored(town, server_url, "lost"):
        assert listings(town) == 1
        town.run("after")
        assert listings(town) == 2
