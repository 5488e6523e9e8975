"""The panel as people use it: in a browser, inside Airflow, on real runs against the simulator."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect

from demo.demo_users import ADA, BO, KIT
from tests.browser.conftest import WIDTHS, keep
from tests.e2e.conftest import DAG, RUN_S, House, Run

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

Visit = Callable[..., Page]

MANY = UUID("7f000000-0000-4000-8000-000000000060")
PLUGIN = "plugin/ads-orchestrator"


def panel(page: Page) -> FrameLocator:
    """The panel inside Airflow's page."""
    return page.frame_locator("iframe[title='Ads Orchestrator']")


def open_user(house: House, page: Page, user_id: UUID) -> FrameLocator:
    """A user's page, by its address inside Airflow."""
    page.goto(f"{house.running.airflow_url}/{PLUGIN}/ads-orchestrator/users/{user_id}")
    return panel(page)


def writes(house: House) -> int:
    """How many requests have changed something on Meta."""
    return sum(bool(request["took_effect"]) for request in house.simulator.requests())


def test_airflows_menu_leads_to_the_fleet_and_a_user(house: House, visit: Visit):
    page = visit("admin")

    page.get_by_role("link", name="Ads Orchestrator", exact=True).click()
    panel(page).get_by_role("link", name=str(BO.user_id)).click()

    expect(panel(page).get_by_role("heading", level=1)).to_contain_text(str(BO.user_id))
    expect(page).to_have_url(re.compile(f"{PLUGIN}/.*{BO.user_id}"))
    keep(page, "inside-airflow")


def test_the_panel_is_as_dark_as_airflow_is(house: House, visit: Visit):
    """Airflow's own switch, not only the system's."""
    page = visit("admin", colours="light")
    page.goto(f"{house.running.airflow_url}/{PLUGIN}")
    whole = panel(page).locator("html")
    expect(panel(page).get_by_role("heading", name="Fleet")).to_be_visible()

    page.get_by_role("button", name="User").click()
    page.get_by_text("Appearance").click()
    page.get_by_text("Dark Mode").click()

    expect(whole).to_have_attribute("data-theme", "dark")
    keep(page, "inside-airflow-dark")


def test_a_toggle_is_in_postgres_with_who_as_soon_as_it_is_flipped(house: House, visit: Visit):
    page = visit("op")
    toggle = open_user(house, page, ADA.user_id).get_by_role("switch", name="Auto-Pause Losers")
    before = toggle.get_attribute("aria-checked") == "true"

    toggle.press("Space")
    expect(toggle).to_have_attribute("aria-checked", str(not before).lower())

    assert house.rows(
        "select auto_pause_losers as it, updated_by as who from user_ads_modes where user_id = %(u)s",
        u=ADA.user_id,
    ) == [{"it": not before, "who": "op"}]
    toggle.press("Space")
    expect(toggle).to_have_attribute("aria-checked", str(before).lower())


def test_a_preview_tells_what_would_be_done_and_changes_nothing(house: House, visit: Visit):
    page = visit("admin")
    user = open_user(house, page, BO.user_id)
    before = writes(house), house.rows("select count(*) as runs from ads_automation_runs")

    user.get_by_role("button", name="Preview Plan").click()

    result = user.locator("#preview")
    expect(result.get_by_text("Nothing was changed")).to_be_visible()
    expect(
        result.get_by_text(re.compile("Would promote the test .* into the scaling campaign")).first
    ).to_be_visible()
    expect(result.locator(".tile", has_text="Winners promoted")).to_contain_text("2")
    assert (writes(house), house.rows("select count(*) as runs from ads_automation_runs")) == before


def test_run_now_is_followed_to_its_end_and_every_action_says_why(house: House, visit: Visit):
    page = visit("op")
    user = open_user(house, page, BO.user_id)
    expect(user.get_by_text("No run yet.")).to_be_visible()

    user.get_by_role("button", name="Run My Goals Now").click()

    expect(user.locator("[data-progress]")).to_contain_text(re.compile("Waiting|Running"))
    keep(page, "run-going-on")
    done = user.get_by_role("link", name="What was decided and why")
    done.wait_for(timeout=RUN_S * 1000)
    expect(user.locator("#activity-list li")).to_have_count(1)
    expect(user.locator("#activity-list")).to_contain_text("2 winners promoted")
    keep(page, "run-done")
    done.click()
    promoted = user.locator(".item", has_text="Promoted the test").first
    promoted.get_by_text("The numbers").click()
    expect(promoted.locator(".checks tr", has_text="ThruPlays so far")).to_contain_text("met")
    expect(promoted.locator(".why")).to_contain_text("ThruPlay")
    (row,) = house.rows("select run_key, config from recent_runs where user_id = %(u)s", u=BO.user_id)
    assert row["config"]["asked_by"] == "op"
    assert writes(house) > 0


def test_chosen_users_are_run_dry_from_the_fleet(house: House, visit: Visit):
    page = visit("op")
    page.goto(f"{house.running.airflow_url}/{PLUGIN}")
    fleet = panel(page)
    before = writes(house)

    fleet.get_by_label(f"Choose {ADA.user_id}").check()
    expect(fleet.get_by_text("1 user is chosen.")).to_be_visible()
    fleet.get_by_role("checkbox", name="Followers").check()
    fleet.get_by_role("button", name="Run", exact=True).click()
    fleet.get_by_role("link", name="What was decided and why").click(timeout=RUN_S * 1000)

    expect(fleet.get_by_role("heading", level=1)).to_contain_text("Dry run")
    expect(fleet.get_by_text("only for Followers")).to_be_visible()
    assert writes(house) == before


def test_links_out_of_the_frame_open_the_log_and_ads_manager(house: House, visit: Visit):
    """Airflow's sandbox lets the frame open nothing; the page around it may."""
    page = visit("admin")
    page.context.route("https://adsmanager.facebook.com/**", lambda route: route.fulfill(body="Ads Manager"))
    user = open_user(house, page, BO.user_id)
    user.locator("#activity-list a").first.click()
    promoted = user.locator(".item", has_text="Promoted the test").first
    promoted.get_by_text("The numbers").click()

    with page.context.expect_page() as opened:
        promoted.get_by_role("link", name="Airflow's log of this step").click()
    expect(opened.value.get_by_text("promote_winners: 1 users").first).to_be_visible()
    assert "/tasks/per_batch.promote_winners/mapped/0" in opened.value.url

    with page.context.expect_page() as opened:
        promoted.get_by_role("link", name="In Ads Manager").click()
    assert re.search(r"manage/adsets\?act=\d+&selected_adset_ids=\d+$", opened.value.url)


def open_task(house: House, page: Page, run: Run, task_id: str) -> None:
    """The details of a task instance in Airflow's pages; ``task_id`` with the map index of a mapped one."""
    page.goto(f"{house.running.airflow_url}/dags/{DAG}/runs/{quote(run.run_id)}/tasks/{task_id}/details")
    page.get_by_role("link", name="Open in Ads Orchestrator").wait_for()


@pytest.fixture(scope="module")
def dry_run(house: House) -> Run:
    """A dry run of two users, each a batch."""
    return house.run((ADA, KIT), dry_run=True)


def test_a_tasks_link_leads_to_the_user_of_its_batch(house: House, visit: Visit, dry_run: Run):
    page = visit("viewer")
    (first,) = house.rows(
        "select id, user_id from ads_automation_runs where run_key = %(key)s and batch = 0",
        key=dry_run.run_id,
    )
    open_task(house, page, dry_run, "per_batch.allocate_budget/mapped/0")
    keep(page, "task-in-airflow")

    page.get_by_role("link", name="Open in Ads Orchestrator").click()

    expect(panel(page).get_by_role("heading", level=1)).to_contain_text("Dry run")
    expect(panel(page).get_by_text(str(first["user_id"]))).to_be_visible()
    expect(page).to_have_url(
        re.compile(f"{PLUGIN}/ads-orchestrator/users/{first['user_id']}/runs/{first['id']}$")
    )


def test_a_link_of_a_task_over_all_users_leads_to_the_run(house: House, visit: Visit, dry_run: Run):
    page = visit("viewer")
    open_task(house, page, dry_run, "close_run")

    page.get_by_role("link", name="Open in Ads Orchestrator").click()

    expect(panel(page).get_by_text(dry_run.run_id)).to_be_visible()
    expect(panel(page).locator("tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"{PLUGIN}/ads-orchestrator/runs/[^/]+$"))
    panel(page).get_by_role("link", name=str(KIT.user_id)).click()
    expect(panel(page).get_by_text("all users of this run")).to_be_visible()


def test_the_tabs_of_a_run_and_of_a_task_show_the_panel(house: House, visit: Visit, dry_run: Run):
    page = visit("viewer")
    run = f"{house.running.airflow_url}/dags/{DAG}/runs/{quote(dry_run.run_id)}"
    tab = page.locator("a[href*='plugin/ads-orchestrator-']")

    page.goto(run)
    tab.click()
    expect(panel(page).locator("tbody tr")).to_have_count(2)
    keep(page, "run-tab")
    page.goto(f"{run}/tasks/per_batch.scale_budgets/mapped/1")
    tab.click()
    expect(panel(page).get_by_text("all users of this run")).to_be_visible()
    keep(page, "task-tab")
    page.goto(f"{run}/tasks/finish_run")
    tab.click()
    expect(panel(page).locator("tbody tr")).to_have_count(2)


def test_the_menu_has_the_icon_of_the_theme(house: House, visit: Visit):
    icons = []
    for colours in ("light", "dark"):
        page = visit("viewer", colours=colours)
        icon = page.get_by_role("link", name="Ads Orchestrator", exact=True).locator("img")
        expect(icon).to_be_visible()
        icons.append(icon.get_attribute("src"))
        assert icon.evaluate("(it) => it.naturalWidth") > 0
        keep(page, f"menu-{colours}")

    assert icons[0] != icons[1]


def test_a_viewer_sees_it_all_and_can_change_nothing(house: House, visit: Visit):
    page = visit("viewer")
    user = open_user(house, page, BO.user_id)

    expect(user.get_by_role("heading", name="Automation")).to_be_visible()
    expect(user.get_by_role("button")).to_have_count(0)
    expect(user.get_by_role("switch")).to_have_count(0)
    refused = page.evaluate(
        """(user) => fetch(`/ads-orchestrator/users/${user}/toggle`, {
            method: "POST",
            headers: {"Content-Type": "application/json", "X-Panel": "1"},
            body: JSON.stringify({toggle: "auto_pause_losers", on: false}),
        }).then((answer) => answer.status)""",
        str(BO.user_id),
    )
    assert refused == 403


@pytest.mark.parametrize("path", ["", f"users/{BO.user_id}", "charts", "assets/panel.js"])
def test_nobody_sees_anything_without_a_login(house: House, visit: Visit, path: str):
    page = visit(None)

    answer = page.goto(f"{house.running.airflow_url}/ads-orchestrator/{path}")

    assert answer is not None
    assert answer.status == 401
    assert "act_" not in page.content()


@pytest.fixture(scope="module")
def many(house: House) -> None:
    """Somebody with sixty ad sets, long names, yen, everything stopped, and a run that failed at length."""
    for each in CROWDED.split(";"):
        house.database.execute(each, {"user": MANY})


CROWDED = """
insert into user_ads_modes
    (user_id, goal_settings, paused_by_operator, paused_note, paused_changed_by, paused_changed_at,
     global_daily_budget, max_daily_budget)
values (%(user)s, '{"streams": {"is_active": true, "priority": 5, "budget_hint": 12000},
    "a_goal_with_a_name_that_never_seems_to_end_because_nobody_stopped_typing": {}}',
    true, repeat('Asked on the phone, see the ticket. ', 6), 'somebody.with.a.long.name@example.com', now(),
    120000, 9000000);
insert into meta_assets (user_id, ad_account_id, currency, timezone)
values (%(user)s, 'act_99999999999999999', 'JPY', 'America/Argentina/ComodRivadavia');
insert into ads_campaigns (id, user_id, goal_key, role, status, created_at)
values ('990001', %(user)s, 'streams', 'testing', 'ACTIVE', now());
insert into ads_ad_sets (id, user_id, campaign_id, goal_key, audience, status, daily_budget_minor, created_at)
select '99' || n, %(user)s, '990001', 'streams', 'audience ' || n || repeat(' lookalike', n %% 12),
    case when n %% 3 = 0 then 'PAUSED' else 'ACTIVE' end, 2000, now()
from generate_series(10001, 10060) n;
insert into ads_insights_days (user_id, day, adset_ids, spend_minor, impressions, events)
select %(user)s, '2026-11-22', array_agg(s.id), array_agg(1234567), array_agg(1000), array_agg(3)
from ads_ad_sets s where s.user_id = %(user)s;
insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches)
values ('many', 'cron', now(), false, 1, 1);
insert into ads_automation_runs (run_key, user_id, batch, trigger, run_at, dry_run, status, error, ended_at)
values ('many', %(user)s, 0, 'cron', now(), false, 'failed',
    'Rejected: ' || repeat('AVeryLongWordWithoutASpaceThatMetaSaid', 5), now())
"""


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_is_for_everybody(house: House, visit: Visit, width: str, colours: str):
    """Axe has no serious finding, nothing sticks out sideways, and a picture of each is kept."""
    page = visit("admin", width, colours)
    found = {}
    for name, show in PAGES.items():
        show(page, f"{house.running.airflow_url}/ads-orchestrator")
        keep(page, f"{name}-{width}-{colours}")
        grave = [v for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
        sideways = page.evaluate("document.documentElement.scrollWidth") - WIDTHS[width]
        found[name] = [(v["id"], [n["target"] for n in v["nodes"]]) for v in grave], max(0, sideways)

    assert found == dict.fromkeys(PAGES, ([], 0))


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def _fleet(page: Page, root: str) -> None:
    page.goto(f"{root}/")


def _nobody_found(page: Page, root: str) -> None:
    page.goto(f"{root}/?q=0000-nobody")


def _stopping(page: Page, root: str) -> None:
    page.goto(f"{root}/")
    page.get_by_text("Stop everybody …").click()


def _user(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{BO.user_id}")
    page.locator("#charts").scroll_into_view_if_needed()
    page.locator("[data-drawn]").wait_for()
    _open_everything(page)


def _new_user(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{ADA.user_id}")
    page.locator("#charts").scroll_into_view_if_needed()
    page.locator("[data-drawn]").wait_for()


def _previewed(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{BO.user_id}")
    page.get_by_role("button", name="Preview Plan").click()
    page.locator("#preview .tiles").wait_for()


def _run(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{BO.user_id}")
    page.locator("#activity-list a").first.click()
    page.locator(".item").first.wait_for()
    _open_everything(page)


def _whole_run(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{BO.user_id}")
    page.locator("#activity-list a").first.click()
    page.get_by_role("link", name="all users of this run").click()
    page.locator("tbody tr").first.wait_for()


def _charts(page: Page, root: str) -> None:
    page.goto(f"{root}/charts")
    page.locator("[data-drawn]").wait_for()


def _many(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{MANY}")
    _open_everything(page)


def _nobody(page: Page, root: str) -> None:
    page.goto(f"{root}/users/{UUID(int=0)}")


PAGES = {
    "fleet": _fleet,
    "nobody-found": _nobody_found,
    "stopping": _stopping,
    "user": _user,
    "new-user": _new_user,
    "sixty-ad-sets-in-yen": _many,
    "preview": _previewed,
    "run": _run,
    "whole-run": _whole_run,
    "charts": _charts,
    "no-such-user": _nobody,
}
