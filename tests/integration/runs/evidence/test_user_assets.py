"""What the user's goals need is looked for where the plan is made, once a day, at no read of its own."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from demo import demo_users
from demo.personas import Persona
from orchestrator.domain.model import Snapshot
from orchestrator.runs import user_reader
from orchestrator.runs.preview import preview
from tests.integration.runs.conftest import Workbench

ADA, BO, DI = demo_users.ADA, demo_users.BO, demo_users.DI
"""Streams, presave and followers, nothing at Meta yet; virality with four tests; streams with tests."""
GONE = "(gone, or not shared with this app)"


def read(town: Workbench, person: Persona) -> Snapshot:
    return user_reader.read_now(town.resources, person.user_id, town.now).snapshot


def missing(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    return {goal.goal_key: goal.missing for goal in snapshot.goals}


def recorded(town: Workbench, run_key: str) -> Any:
    """The only user's snapshot of a run."""
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    return town.resources.store.snapshots.documents([run.run_id])[run.run_id]


def make_gone(town: Workbench, asset_id: str, *, is_gone: bool = True) -> None:
    body = {"id": asset_id, "is_gone": is_gone}
    httpx.post(f"{town.simulator.url}/_sim/assets", json=body, timeout=30).raise_for_status()


def receive(town: Workbench, pixel_id: str, **events: int) -> None:
    body = {"id": pixel_id, "received": events}
    httpx.post(f"{town.simulator.url}/_sim/assets", json=body, timeout=30).raise_for_status()


def aim(town: Workbench, *audiences: str, interest: str) -> None:
    """Let audiences of every template be people with one more interest."""
    execute(
        town,
        "update ad_campaign_templates set audiences = (select jsonb_agg(case when a ->> 'name' = any(%s) then"
        " jsonb_set(a, '{targeting,interests}', jsonb_build_array(jsonb_build_object('id', %s::text)))"
        " else a end order by n) from jsonb_array_elements(audiences) with ordinality as each(a, n))",
        list(audiences),
        interest,
    )


def audiences(snapshot: Snapshot, goal_key: str) -> tuple[str, ...]:
    return next(template.audiences for template in snapshot.templates if template.goal_key == goal_key)


def execute(town: Workbench, statement: str, *values: object) -> None:
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(statement, values)


def reads_of(town: Workbench, run_key: str) -> list[tuple[object, str, bool]]:
    """The reads of one dry run: their round trip, their path, and whether they list assets."""
    before = max((int(r["id"]) for r in town.simulator.requests()), default=0)
    town.run(run_key, dry_run=True)
    return [
        (r["batch"], str(r["path"]), "promote_pages" in str(r["params"]))
        for r in town.simulator.requests(before)
        if r["path"] != "/"
    ]


@pytest.mark.people(BO)
def test_a_day_s_look_costs_no_read_and_no_round_trip(town: Workbench) -> None:
    account = f"/{town.accounts['Bo'].ad_account_id}"
    seen = []
    for run_key in ("first", "second", "next day"):
        reads = reads_of(town, run_key)
        assert [path for _, path, _ in reads] == [account, f"{account}/insights", f"{account}/insights"]
        assert len({trip for trip, _, _ in reads}) == 1
        seen.append(reads[0][2])
        town.later(6 if run_key == "first" else 24)

    assert seen == [True, False, True]


@pytest.mark.people(BO)
def test_another_asset_is_looked_for_at_once(town: Workbench) -> None:
    assert reads_of(town, "first")[0][2]
    town.later(6)
    execute(town, "update meta_assets set pixel_id = '99999999'")

    assert reads_of(town, "second")[0][2]
    assert missing(read(town, BO)) == {"virality": (f"pixel 99999999 {GONE}",)}


@pytest.mark.people(ADA)
def test_what_is_not_configured_is_named_all_at_once_in_runs_and_previews(town: Workbench) -> None:
    execute(
        town,
        "update meta_assets"
        " set page_id = null, instagram_user_id = null, pixel_id = null, conversions = '{}'",
    )
    expected = {
        "streams": ("Facebook Page", "pixel", "custom event of the pixel"),
        "presave": ("Facebook Page", "custom conversion"),
        "followers": ("Facebook Page", "Instagram account"),
    }

    assert missing(read(town, ADA)) == expected
    for run_key, dry_run in (("dry", True), ("live", False)):
        town.run(run_key, dry_run=dry_run)
        found = {goal["goal_key"]: tuple(goal["missing"]) for goal in recorded(town, run_key)["goals"]}
        assert found == expected


@pytest.mark.people(ADA)
def test_what_is_gone_at_meta_is_missing_until_it_is_back(town: Workbench) -> None:
    account = town.accounts["Ada"]
    make_gone(town, account.page_id)
    make_gone(town, account.custom_conversion_id)
    page, conversion = f"Facebook Page {account.page_id} {GONE}", account.custom_conversion_id
    expected = {
        "streams": (page,),
        "presave": (page, f"custom conversion {conversion} {GONE}"),
        "followers": (page,),
    }
    town.run("gone", dry_run=True)

    assert missing(read(town, ADA)) == expected
    with psycopg.connect(town.dsn) as connection:
        stored = connection.execute("select assets_checked_at, assets_absent from meta_assets").fetchall()
    assert stored == [(town.now, sorted([f"conversion:{conversion}", f"page:{account.page_id}"]))]

    make_gone(town, account.page_id, is_gone=False)
    make_gone(town, conversion, is_gone=False)
    town.later(6)
    town.run("back", dry_run=True)

    assert [goal["missing"] for goal in recorded(town, "back")["goals"]] == [[], [], []]


@pytest.mark.people(BO)
def test_a_creative_that_does_not_fit_its_goal_is_of_no_use(town: Workbench) -> None:
    execute(town, "update ad_creatives set spec = spec - 'video_id' where name = 'chorus'")
    chorus, dance = (BO.creative_id(name) for name in ("chorus", "dance"))

    snapshot = read(town, BO)

    assert {c.id: c.usable for c in snapshot.creatives} == {str(chorus): False, str(dance): True}
    assert missing(snapshot) == {"virality": ()}
    assert preview(town.resources, BO.user_id, now=town.now).problem == (
        f"The creative {chorus} cannot be shown, it lacks: video."
    )


@pytest.mark.people(BO)
def test_a_video_that_is_gone_makes_its_creatives_useless(town: Workbench) -> None:
    video = town.accounts["Bo"].video_id
    make_gone(town, video)
    town.run("dry", dry_run=True)

    assert [creative["usable"] for creative in recorded(town, "dry")["creatives"]] == [False, False]
    assert f"it lacks: video {video} {GONE}." in str(
        preview(town.resources, BO.user_id, now=town.now).problem
    )


@pytest.mark.people(BO)
def test_a_preview_looks_and_stores_nothing(town: Workbench) -> None:
    make_gone(town, town.accounts["Bo"].page_id)

    assert missing(read(town, BO)) == {"virality": (f"Facebook Page {town.accounts['Bo'].page_id} {GONE}",)}
    with psycopg.connect(town.dsn) as connection:
        stored = connection.execute("select assets_checked_at, assets_absent from meta_assets").fetchall()
    assert stored == [(None, [])]


@pytest.mark.people(BO)
def test_a_user_whose_lists_may_not_be_read_is_read_all_the_same(town: Workbench) -> None:
    refusal = {"code": 200, "message": "(#200) Requires pages_show_list permission"}
    town.simulator.add_faults(
        [{"kind": "refusal", "body": {"fields": "*promote_pages*"}, "refusal": refusal}]
    )

    town.run("live")

    assert town.statuses("live") == {"success"}
    assert [goal["missing"] for goal in recorded(town, "live")["goals"]] == [[]]
    town.simulator.clear_faults()


def cells_begun(town: Workbench, run_key: str) -> set[tuple[str, str]]:
    """Goals and audiences of the tests that a run began."""
    begun = [each.action for each in town.actions(run_key) if each.action.action_type == "create_adset"]
    return {(goal, audience) for _, _, goal, audience, _ in (str(a.adset_id).split(":") for a in begun)}


MISSPELT = "custom event {0} (pixel {1} receives {2}: every letter counts, correct one of the two)"


@pytest.mark.people(ADA)
def test_an_event_that_is_misspelt_blocks_its_goal_until_it_is_corrected(town: Workbench) -> None:
    pixel = str(town.accounts["Ada"].pixel_id)
    event = "jsonb_set(conversions, '{streams,custom_event_str}', to_jsonb(%s::text))"
    execute(town, f"update meta_assets set conversions = {event}", "smartlinkclick")
    receive(town, pixel, SmartLinkClick=40, PageView=90)
    words = MISSPELT.format("smartlinkclick", pixel, "SmartLinkClick")

    assert missing(read(town, ADA)) == {"streams": (words,), "presave": (), "followers": ()}
    (hold,) = (
        item
        for item in preview(town.resources, ADA.user_id, now=town.now).items
        if item.reason == "not_ready"
    )
    assert words in hold.why
    town.run("live")
    assert {each.action.goal_key for each in town.actions("live")} == {"followers", "presave"}

    execute(town, f"update meta_assets set conversions = {event}", "SmartLinkClick")
    town.later(6)
    town.run("corrected")
    assert [goal["missing"] for goal in recorded(town, "corrected")["goals"]] == [[], [], []]
    assert "streams" in {goal_key for goal_key, _ in cells_begun(town, "corrected")}


@pytest.mark.people(ADA)
def test_an_event_that_never_fired_prevents_nothing(town: Workbench) -> None:
    receive(town, str(town.accounts["Ada"].pixel_id), PageView=90, SmartLink=3)

    assert missing(read(town, ADA))["streams"] == ()
    town.run("live")
    assert {each.status for each in town.actions("live")} == {"success"}
    assert "streams" in {goal_key for goal_key, _ in cells_begun(town, "live")}


@pytest.mark.people(DI)
def test_events_and_interests_cost_no_read_and_no_round_trip(town: Workbench) -> None:
    aim(town, "broad", interest="6003139266461")
    account = f"/{town.accounts['Di'].ad_account_id}"

    for run_key in ("first", "second", "next day"):
        reads = reads_of(town, run_key)
        assert [path for _, path, _ in reads] == [account, f"{account}/insights", f"{account}/insights"]
        assert len({trip for trip, _, _ in reads}) == 1
        town.later(6 if run_key == "first" else 24)

    looked = [str(r["params"]) for r in town.simulator.requests() if r["path"] == account]
    assert ["event_total_counts" in each for each in looked] == [True, False, True]
    assert ["targetingvalidation" in each for each in looked] == [True, False, True]


@pytest.mark.people(BO)
def test_an_interest_that_is_gone_costs_a_second_trip_once_a_day_alone(town: Workbench) -> None:
    aim(town, "broad", interest="77")
    account = f"/{town.accounts['Bo'].ad_account_id}"
    plain = [account, f"{account}/insights", f"{account}/insights"]
    found = []
    for run_key in ("first", "second", "next day"):
        found.append([path for _, path, _ in reads_of(town, run_key)])
        town.later(6 if run_key == "first" else 24)

    assert found == [[*plain, "/search"], plain, [*plain, "/search"]]


@pytest.mark.people(ADA)
def test_an_audience_of_an_interest_that_is_gone_is_left_out(town: Workbench) -> None:
    words = "interest 77 (no interest of Meta's, or one that can be targeted no more)"
    assert audiences(read(town, ADA), "streams") == ("broad", "lookalike")
    aim(town, "broad", interest="77")

    assert audiences(read(town, ADA), "streams") == ("lookalike",)
    assert missing(read(town, ADA)) == {"streams": (), "presave": (), "followers": ()}
    assert preview(town.resources, ADA.user_id, now=town.now).problem == " ".join(
        f"The audience broad of {goal} is left out: {words}."
        for goal in ("followers", "pre-saves", "streams")
    )
    town.run("live")
    assert {audience for _, audience in cells_begun(town, "live")} == {"lookalike"}
    assert {each.status for each in town.actions("live")} == {"success"}


@pytest.mark.people(BO)
def test_a_goal_of_which_no_audience_is_left_starts_nothing(town: Workbench) -> None:
    aim(town, "broad", "lookalike", interest="77")
    words = "interest 77 (no interest of Meta's, or one that can be targeted no more)"

    assert audiences(read(town, BO), "virality") == ()
    assert missing(read(town, BO)) == {
        "virality": (f"audience broad: {words}", f"audience lookalike: {words}")
    }
