"""The schema comes to any database, once, and takes nothing away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from orchestrator.domain.records import RunRequest
from orchestrator.errors import ConfigError, DatabaseUnavailable
from orchestrator.store import Store, migrations
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows
from tests.postgres import a_database

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3] / "include")}
CATALOG = """
    select 'column' as kind, table_name || '.' || column_name as name,
           concat_ws(' ', data_type, column_default, is_nullable) as detail
    from information_schema.columns where table_schema = 'public'
    union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select 'policy', tablename || '.' || policyname, concat_ws(' ', roles, cmd, qual, with_check)
    from pg_policies where schemaname = 'public'
    union all select 'view', viewname, definition from pg_views where schemaname = 'public'
    union all select 'function', proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'grant', table_name || '.' || grantee, privilege_type
    from information_schema.role_table_grants where table_schema = 'public'
    order by 1, 2, 3
"""


def test_a_second_migration_changes_nothing(bare_database_url: str, rows_at: Callable[[str], Rows]):
    migrations.migrate(bare_database_url)
    rows = rows_at(bare_database_url)
    rows.user()
    before = rows.all(CATALOG)

    migrations.migrate(bare_database_url)

    assert rows.all(CATALOG) == before
    assert len(before) > 100
    assert rows.one("select count(*) as users from user_ads_modes") == {"users": 1}


def test_two_migrations_at_once_make_one_schema(bare_database_url: str, rows_at: Callable[[str], Rows]):
    migrate = [
        sys.executable,
        "-c",
        "import sys; from orchestrator.store import migrations as m; m.migrate(sys.argv[1])",
    ]
    both = [subprocess.Popen([*migrate, bare_database_url], env=ENVIRONMENT) for _ in range(2)]

    assert [process.wait() for process in both] == [0, 0]
    assert rows_at(bare_database_url).one("select count(*) from ads_schema_version") == {"count": 1}


BEFORE = """
    insert into ads_insights_daily (user_id, adset_id, day, spend_minor, impressions, events) values
        ('00000000-0000-4000-8000-000000000001', '12', '2026-11-22', 130, 300, 1),
        ('00000000-0000-4000-8000-000000000001', '11', '2026-11-22', 120, 200, 0),
        ('00000000-0000-4000-8000-000000000001', '11', '2026-11-21', 110, 100, 2),
        ('00000000-0000-4000-8000-000000000002', '21', '2026-11-22', 0, 0, 0);
    insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches)
    values ('of before', 'cron', '2026-11-22T00:00Z', false, 1, 1);
    insert into ads_automation_runs (run_key, user_id, trigger, run_at, dry_run, config)
    values ('of before', '00000000-0000-4000-8000-000000000001', 'cron', '2026-11-22T00:00Z', false,
            '{"asked_by": "olive", "conf": {"dry_run": false, "user_ids": ["a", "b"]}}');
"""


@pytest.fixture(params=["superuser", "owner under the policies"])
def migrating(
    request: pytest.FixtureRequest, server_url: str, rows_at: Callable[[str], Rows]
) -> Iterator[str]:
    """A bare database, for the login that will own everything in it."""
    if request.param == "superuser":
        with a_database(server_url) as url:
            yield url
        return
    rows_at(server_url).run("""
        do $$ begin create role ads_keeper login noinherit; exception when duplicate_object then null; end $$;
        grant ads_service to ads_keeper;
    """)
    with a_database(server_url, owner="ads_keeper") as url:
        yield urlsplit(url)._replace(netloc="ads_keeper@").geturl()


def test_what_was_kept_of_runs_and_days_is_read_after_it_moved(
    migrating: str, server_url: str, rows_at: Callable[[str], Rows]
):
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["dsn"] = migrating
    command.upgrade(config, "0013")
    rows = rows_at(urlsplit(server_url)._replace(path=urlsplit(migrating).path).geturl())
    rows.connection.execute(BEFORE)
    days = "select * from ads_insights_daily order by user_id, day, adset_id"
    before = rows.all(days)

    migrations.migrate(migrating)

    assert len(before) == 4
    assert rows.all(days) == before
    rows.run("update ads_insights_days set events = array_fill(0.9::numeric, array[cardinality(adset_ids)])")
    assert rows.one("select sum(events) as events from ads_insights_daily") == {"events": Decimal("3.6")}
    assert rows.one("select count(*) as rows from ads_insights_days") == {"rows": 3}
    kept = {"asked_by": "olive", "conf": {"dry_run": False}}
    assert rows.one("select config from recent_runs") == {"config": kept}


STOPS = """
    insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches) values
        ('stop 1', 'user', '2026-11-22T00:00Z', false, 2, 1),
        ('cron 1', 'cron', '2026-11-22T00:00Z', false, 1, 1);
    insert into ads_automation_runs (id, run_key, user_id, trigger, run_at, dry_run) values
        ('00000000-0000-4000-8000-00000000000a', 'stop 1', '00000000-0000-4000-8000-000000000001', 'user',
         '2026-11-22T00:00Z', false),
        ('00000000-0000-4000-8000-00000000000b', 'stop 1', '00000000-0000-4000-8000-000000000002', 'user',
         '2026-11-22T00:00Z', false),
        ('00000000-0000-4000-8000-00000000000c', 'cron 1', '00000000-0000-4000-8000-000000000001', 'cron',
         '2026-11-22T00:00Z', false);
    insert into ads_run_configs (run_id, user_id, config)
    select id, user_id, '{"command": "stop --spending"}' from ads_automation_runs where run_key = 'stop 1';
    insert into ads_run_decisions (run_id, step, user_id, decision)
    select id, 'allocate', user_id, '{}' from ads_automation_runs;
    insert into ads_automation_actions
        (run_id, user_id, run_at, dry_run, step, ordinal, action_type, goal_key, reason, idempotency_key)
    select id, user_id, run_at, false, 'allocate', 0, 'pause_campaign', 'streams', 'stopped_by_operator', 'a'
    from ads_automation_runs where id = '00000000-0000-4000-8000-00000000000a'
    union all
    select id, user_id, run_at, false, 'allocate', 0, 'pause_campaign', 'streams', 'goal_inactive', 'c'
    from ads_automation_runs where run_key = 'cron 1';
"""


def test_what_an_emergency_stop_recorded_as_a_step_is_corrected(
    migrating: str, server_url: str, rows_at: Callable[[str], Rows]
):
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["dsn"] = migrating
    command.upgrade(config, "0016")
    rows = rows_at(urlsplit(server_url)._replace(path=urlsplit(migrating).path).geturl())
    rows.connection.execute(STOPS)

    migrations.migrate(migrating)

    assert rows.all("select action_type, reason, origin, step from run_actions order by reason") == [
        {"action_type": "pause_campaign", "reason": "goal_inactive", "origin": "run", "step": "allocate"},
        {"action_type": "pause_campaign", "reason": "stopped_by_operator", "origin": "stop", "step": None},
    ]
    assert rows.all("select run_key from ads_run_decisions join ads_automation_runs r on r.id = run_id") == [
        {"run_key": "cron 1"}
    ]


def test_every_table_with_a_user_is_under_row_level_security(rows: Rows):
    unguarded = rows.all("""
        select c.relname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          and not (c.relrowsecurity and c.relforcerowsecurity)
    """)

    assert unguarded == []


def test_every_view_shows_only_what_its_reader_may_see(rows: Rows):
    views = rows.all(
        "select relname, reloptions from pg_class where relkind = 'v' "
        "and relnamespace = 'public'::regnamespace"
    )

    assert {view["relname"] for view in views} == {
        "live_runs",
        "ads_decided_steps",
        "ads_insights_daily",
        "ads_live_budgets",
        "ads_open_actions",
        "ads_user_states",
        "recent_runs",
        "run_actions",
        "winner_promotions",
        "weekly_success",
    }
    assert all(view["reloptions"] == ["security_invoker=true"] for view in views)


HOST = """
    create table user_ads_modes (
        id bigint generated always as identity primary key,
        user_id uuid not null,
        goal_settings jsonb,
        max_daily_budget numeric(10, 2),
        favourite_colour text
    );
    insert into user_ads_modes (user_id, goal_settings, max_daily_budget, favourite_colour) values
        ('00000000-0000-4000-8000-000000000001', '{"streams": {"is_active": true}}', 25, 'red'),
        ('00000000-0000-4000-8000-000000000002', null, -1, null);
    create table ad_campaign_templates (id bigint primary key, goal_key text, headline text);
    insert into ad_campaign_templates values (7, 'streams', 'Hear it first');
    create table ad_creatives (id text primary key, user_id uuid, status text);
    insert into ad_creatives values ('c-1', '00000000-0000-4000-8000-000000000001', 'approved');
"""


@pytest.fixture
def host(bare_database_url: str, rows_at: Callable[[str], Rows]) -> Rows:
    """A database that the host application has had for a while."""
    rows = rows_at(bare_database_url)
    rows.connection.execute(HOST)
    return rows


def test_the_hosts_rows_and_columns_stay_as_they_were(host: Rows, bare_database_url: str):
    kept = (
        "select id, user_id, goal_settings, max_daily_budget, favourite_colour from user_ads_modes",
        "select id, goal_key, headline from ad_campaign_templates",
        "select id, user_id, status from ad_creatives",
    )
    before = [host.all(query) for query in kept]

    migrations.migrate(bare_database_url)

    assert [host.all(query) for query in kept] == before


def test_new_columns_of_the_hosts_rows_start_nothing(host: Rows, bare_database_url: str):
    migrations.migrate(bare_database_url)

    assert (
        host.all("""
        select auto_scale_winners, auto_pause_losers, global_daily_budget, paused_by_operator
        from user_ads_modes
    """)
        == [
            {
                "auto_scale_winners": False,
                "auto_pause_losers": False,
                "global_daily_budget": None,
                "paused_by_operator": False,
            }
        ]
        * 2
    )


def test_the_hosts_users_stay_one_row_each(host: Rows, bare_database_url: str):
    migrations.migrate(bare_database_url)

    with pytest.raises(psycopg.errors.UniqueViolation, match="one_row_a_user"):
        host.run("insert into user_ads_modes (user_id) select user_id from user_ads_modes")


def test_a_host_role_that_read_a_table_before_reads_it_still(
    host: Rows, bare_database_url: str, server_url: str
):
    host.run("do $$ begin create role host_reader; exception when duplicate_object then null; end $$")
    host.run("grant select on user_ads_modes to host_reader")

    migrations.migrate(bare_database_url)

    host.run("set role host_reader")
    assert host.one("select count(*) as users from user_ads_modes") == {"users": 2}


def test_a_user_id_of_another_type_is_refused_by_name(bare_database_url: str, rows_at: Callable[[str], Rows]):
    rows_at(bare_database_url).run("create table ad_creatives (id text, user_id bigint)")

    with pytest.raises(ConfigError, match=r"^ad_creatives\.user_id is bigint, it must be uuid$"):
        migrations.migrate(bare_database_url)


def test_an_owner_who_is_no_superuser_can_migrate_and_work(
    server_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    rows_at(server_url).run(
        "do $$ begin create role ads_owner login; exception when duplicate_object then null; end $$"
    )
    rows_at(server_url).run("grant ads_service to ads_owner")
    with a_database(server_url, owner="ads_owner") as as_superuser:
        login = urlsplit(as_superuser)._replace(netloc="ads_owner@").geturl()

        migrations.migrate(login)

        user_id = rows_at(as_superuser).user()
        with Store(login, secrets) as store:
            assert store.run_openings.open(a_request()).batches[0].label == str(user_id)


def test_a_database_without_the_schema_says_what_to_run(
    bare_database_url: str, server_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    rows_at(server_url).run(
        "do $$ begin create role stranger login; exception when duplicate_object then null; end $$"
    )
    login = urlsplit(bare_database_url)._replace(netloc="stranger@").geturl()

    with pytest.raises(ConfigError, match=r"python -m orchestrator migrate$"):
        Store(login, secrets)


@pytest.mark.parametrize("act", [migrations.migrate, lambda url: Store(url, None)], ids=["migrate", "store"])
def test_a_server_that_is_not_there_is_named(act: Callable[[str], object]):
    with pytest.raises(DatabaseUnavailable, match=r"^Postgres: .*port 1 failed"):
        act("postgresql://nobody@127.0.0.1:1/ads")


def a_request():
    return RunRequest(run_key="r", trigger="cron", now=datetime(2026, 11, 23, 12, tzinfo=UTC), dry_run=True)


DAYS = """
    insert into ads_campaigns (id, user_id, goal_key, role, status, created_at)
    values ('1', '00000000-0000-4000-8000-000000000001', 'streams', 'testing', 'ACTIVE', '2026-11-01T00:00Z');
    insert into ads_ad_sets (id, user_id, campaign_id, goal_key, audience, status, created_at)
    select id, '00000000-0000-4000-8000-000000000001', '1', 'streams', 'broad', 'ACTIVE', '2026-11-01T00:00Z'
    from unnest(array['11', '12', '13']) as id;
    insert into ads_insights_days (user_id, day, adset_ids, spend_minor, impressions, events) values
        ('00000000-0000-4000-8000-000000000001', '2026-11-20', '{11,12}', '{100,100}', '{50,50}', '{4,0}'),
        ('00000000-0000-4000-8000-000000000001', '2026-11-21', '{11}', '{100}', '{50}', '{3}'),
        ('00000000-0000-4000-8000-000000000002', '2026-11-21', '{11}', '{100}', '{50}', '{9}');
"""


def test_what_is_known_of_an_ad_set_begins_with_the_days_that_are_stored(
    migrating: str, server_url: str, rows_at: Callable[[str], Rows]
):
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["dsn"] = migrating
    command.upgrade(config, "0018")
    rows = rows_at(urlsplit(server_url)._replace(path=urlsplit(migrating).path).geturl())
    rows.connection.execute(DAYS)

    migrations.migrate(migrating)

    assert rows.all("select id, known_events from ads_ad_sets order by id") == [
        {"id": "11", "known_events": 7},
        {"id": "12", "known_events": 0},
        {"id": "13", "known_events": None},
    ]
