"""A user's connection has the user's own rows and no others; the service has all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

OWNED = [
    "user_ads_modes",
    "ad_campaign_templates",
    "ad_creatives",
    "ads_automation_runs",
    "ads_run_configs",
    "ads_run_snapshots",
    "ads_run_decisions",
    "ads_automation_actions",
    "ads_campaigns",
    "ads_ad_sets",
    "ads_insights_days",
    "ads_insights_daily",
    "ads_insights_weekly",
    "ads_interventions",
    "ads_decided_steps",
    "ads_live_budgets",
    "recent_runs",
    "run_actions",
    "winner_promotions",
    "weekly_success",
]


def everything_of(rows: Rows) -> UUID:
    """A user with a row in every table and view."""
    user = rows.user()
    run_id = rows.run_of(user)
    campaign = rows.campaign_of(user)
    ad_set = rows.ad_set_of(user, campaign)
    rows.action_of(user, run_id, action_type="promote_winner", adset_id=ad_set)
    rows.insert("ad_campaign_templates", user_id=user, goal_key="streams")
    rows.insert("ad_creatives", user_id=user, goal_key="streams")
    rows.insert("ads_run_configs", run_id=run_id, user_id=user, config={})
    rows.insert("ads_run_snapshots", run_id=run_id, user_id=user, snapshot=b"")
    rows.insert("ads_run_decisions", run_id=run_id, user_id=user, step="allocate", decision={})
    rows.day_of(user, ad_set, "2026-11-22")
    rows.insert(
        "ads_insights_weekly", user_id=user, campaign_id=campaign, week="2026-11-16", spend_minor=1, events=0
    )
    rows.insert(
        "ads_interventions", user_id=user, goal_key="streams", kind="resume_goal", origin="user", made_by="x"
    )
    rows.insert("user_leases", user_id=user, holder="x", fencing_token=1, expires_at="now")
    return user


@pytest.fixture(scope="module")
def people(database_url: str, secrets: Secrets) -> tuple[UUID, UUID]:
    """Two users with a row everywhere."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        rows = Rows(connection, secrets)
        return everything_of(rows), everything_of(rows)


@pytest.fixture
def acting(database_url: str, rows_at: Callable[[str], Rows]) -> Callable[..., Rows]:
    """Rows as a role sees them; for ``ads_user``, as one user."""

    def act(role: str, user: UUID | str = "") -> Rows:
        rows = rows_at(database_url)
        rows.connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        rows.connection.execute("select set_config('app.user_id', %s, false)", [str(user)])
        return rows

    return act


NOT_A_USERS = {
    "ads_joined_runs",
    "ads_open_actions",
    "ads_sweeps",
    "ads_user_states",
    "live_runs",
    "orchestrator_switch",
    "user_leases",
}
EVERYBODYS = {"fx_rates"}


def test_every_table_and_view_there_is_was_thought_of(rows: Rows):
    there = rows.all(
        "select relname from pg_class where relnamespace = current_schema()::regnamespace"
        " and relkind in ('r', 'p', 'v', 'm', 'f') and relname <> 'ads_schema_version'"
    )

    assert {row["relname"] for row in there} - {"alembic_version"} == (
        {*OWNED, "meta_assets"} | NOT_A_USERS | EVERYBODYS
    )


def test_a_user_may_do_this_with_tables_and_no_more(rows: Rows):
    granted = rows.all(
        "select table_name as name, string_agg(distinct privilege_type, ' ' order by privilege_type) as may"
        " from information_schema.role_table_grants where grantee in ('ads_user', 'PUBLIC')"
        " and table_schema = current_schema() group by 1"
    )
    changeable = ("ad_campaign_templates", "ad_creatives")

    assert {row["name"]: row["may"] for row in granted} == {
        **dict.fromkeys([*OWNED, "fx_rates"], "SELECT"),
        **dict.fromkeys(changeable, "DELETE INSERT SELECT UPDATE"),
    }


TYPED = (
    "auto_pause_losers auto_scale_winners global_daily_budget goal_settings max_daily_budget"
    " updated_at updated_by"
)


def test_a_user_may_change_these_columns_and_no_others(rows: Rows):
    granted = rows.all(
        "select table_name, privilege_type, string_agg(column_name, ' ' order by column_name) as columns"
        " from information_schema.column_privileges where grantee in ('ads_user', 'PUBLIC')"
        " and table_schema = current_schema() and privilege_type <> 'SELECT'"
        " and table_name not in ('ad_campaign_templates', 'ad_creatives') group by 1, 2"
    )

    assert {(row["table_name"], row["privilege_type"]): row["columns"] for row in granted} == {
        ("user_ads_modes", "INSERT"): f"{TYPED} user_id",
        ("user_ads_modes", "UPDATE"): TYPED,
        ("meta_assets", "UPDATE"): (
            "conversions dsa_beneficiary dsa_payor instagram_user_id page_id pixel_id updated_at"
        ),
    }


def test_a_user_may_call_only_what_says_who_they_are(rows: Rows):
    callable_ = rows.all(
        "select proname from pg_proc where pronamespace = current_schema()::regnamespace"
        " and has_function_privilege('ads_user', oid, 'execute')"
    )

    assert [row["proname"] for row in callable_] == ["ads_current_user"]


def test_a_user_is_nobody_who_could_become_more(rows: Rows):
    role = rows.one(
        "select rolsuper, rolbypassrls, rolcreaterole,"
        " pg_has_role('ads_user', 'ads_service', 'member') as service"
        " from pg_roles where rolname = 'ads_user'"
    )

    assert role == {"rolsuper": False, "rolbypassrls": False, "rolcreaterole": False, "service": False}


@pytest.mark.parametrize("table", OWNED)
def test_a_user_reads_only_their_own_rows(people: tuple[UUID, UUID], acting: Callable[..., Rows], table: str):
    me, _ = people

    seen = acting("ads_user", me).all(f"select distinct user_id from {table}")

    assert seen == [{"user_id": me}]


@pytest.mark.parametrize("table", OWNED)
def test_nobody_in_particular_reads_nothing(
    people: tuple[UUID, UUID], acting: Callable[..., Rows], table: str
):
    assert acting("ads_user").all(f"select user_id from {table}") == []


@pytest.mark.parametrize("table", [*OWNED, "meta_assets", "user_leases"])
def test_the_service_reads_every_user(people: tuple[UUID, UUID], acting: Callable[..., Rows], table: str):
    seen = acting("ads_service").all(f"select distinct user_id from {table}")

    assert {row["user_id"] for row in seen} >= set(people)


def test_a_user_reads_their_assets_but_not_their_token(
    people: tuple[UUID, UUID], acting: Callable[..., Rows]
):
    me = acting("ads_user", people[0])

    assert me.all("select user_id, currency from meta_assets") == [{"user_id": people[0], "currency": "USD"}]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        me.all("select access_token from meta_assets")


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        yield


@pytest.mark.parametrize(
    "statement",
    [
        "update user_ads_modes set auto_scale_winners = true",
        "update ad_creatives set status = 'approved'",
        "delete from ad_creatives",
        "update ad_campaign_templates set name = 'mine'",
        "update meta_assets set page_id = '9'",
    ],
)
def test_a_user_changes_only_their_own_rows(rows: Rows, acting: Callable[..., Rows], statement: str):
    me, other = everything_of(rows), everything_of(rows)
    tables = ("user_ads_modes", "ad_creatives", "ad_campaign_templates", "meta_assets")
    theirs = [f"select * from {table} where user_id = %(user)s" for table in tables]
    before = [rows.all(query, user=other) for query in theirs]

    done = acting("ads_user", me).connection.execute(statement)

    assert done.rowcount == 1
    assert [rows.all(query, user=other) for query in theirs] == before


@pytest.mark.parametrize("table", ["user_ads_modes", "ad_creatives", "ad_campaign_templates"])
def test_a_user_adds_rows_for_nobody_else(people: tuple[UUID, UUID], acting: Callable[..., Rows], table: str):
    goal = {} if table == "user_ads_modes" else {"goal_key": "streams"}
    with refused():
        acting("ads_user", people[0]).insert(table, user_id=uuid4(), **goal)


def test_a_user_adds_their_own_settings(acting: Callable[..., Rows]):
    me = uuid4()
    rows = acting("ads_user", me)

    rows.insert("user_ads_modes", user_id=me, auto_scale_winners=True)

    assert rows.all("select user_id from user_ads_modes") == [{"user_id": me}]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("update user_ads_modes set paused_by_operator = false", id="the operators' flag"),
        pytest.param("update user_ads_modes set paused_note = null", id="why they were stopped"),
        pytest.param("update user_ads_modes set paused_changed_by = 'me'", id="who stopped them"),
        pytest.param("update user_ads_modes set paused_changed_at = now()", id="when they were stopped"),
        pytest.param(
            "insert into user_ads_modes (user_id, paused_by_operator) values (ads_current_user(), false)",
            id="the operators' flag of a new row",
        ),
        pytest.param(
            "insert into user_ads_modes (user_id) values (ads_current_user())"
            " on conflict (user_id) do update set paused_by_operator = false",
            id="the operators' flag by way of an insert",
        ),
        pytest.param("update user_leases set busy_until = null", id="a write under way"),
        pytest.param("update user_leases set fencing_token = 99", id="whose turn it is"),
        pytest.param("select * from orchestrator_switch", id="the switch, to read"),
        pytest.param("update user_ads_modes set orchestrator_last_run = null", id="the last run"),
        pytest.param("update user_ads_modes set user_id = gen_random_uuid()", id="whose row it is"),
        pytest.param("update meta_assets set ad_account_id = 'act_2'", id="the ad account"),
        pytest.param("update meta_assets set access_token = null", id="the token"),
        pytest.param("delete from ads_automation_actions", id="the log"),
        pytest.param("update ads_automation_runs set status = 'success'", id="a run"),
        pytest.param("update ads_campaigns set role = 'scaling'", id="a role"),
        pytest.param("update orchestrator_switch set stopped = false", id="the switch"),
        pytest.param("select * from user_leases", id="the leases"),
        pytest.param("select * from ads_sweeps", id="the whole run"),
        pytest.param("select * from live_runs", id="who is being worked on"),
        pytest.param("update fx_rates set units_per_usd = 1", id="a rate"),
        pytest.param("select * from get_orchestrator_eligible_users()", id="the eligible users"),
        pytest.param("select * from orchestrator_eligibility(now(), null)", id="anybody's eligibility"),
        pytest.param("select orchestrator_has_active_goal('{}')", id="what makes a goal active"),
    ],
)
def test_a_user_may_not_touch(people: tuple[UUID, UUID], acting: Callable[..., Rows], statement: str):
    with refused():
        acting("ads_user", people[0]).run(statement)


def test_a_template_of_nobody_is_everybodys_to_read_and_nobodys_to_change(
    rows: Rows, acting: Callable[..., Rows]
):
    rows.insert("ad_campaign_templates", goal_key="presave", name="shared")
    me = acting("ads_user", uuid4())

    assert me.all("select name from ad_campaign_templates") == [{"name": "shared"}]
    assert me.connection.execute("delete from ad_campaign_templates").rowcount == 0
    with refused():
        me.insert("ad_campaign_templates", goal_key="presave")
    rows.run("delete from ad_campaign_templates where user_id is null")


def test_a_policy_of_the_host_opens_nothing_to_a_user(
    rows: Rows, people: tuple[UUID, UUID], acting: Callable[..., Rows]
):
    rows.run("create policy host_shows_all on ad_creatives using (true)")

    seen = acting("ads_user", people[0]).all("select distinct user_id from ad_creatives")

    rows.run("drop policy host_shows_all on ad_creatives")
    assert seen == [{"user_id": people[0]}]
