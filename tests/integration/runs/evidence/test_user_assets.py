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

ADA, BO = demo_users.ADA, demo_users.BO
"""Streams, presave and followers, nothing at Meta yet; virality with four tests."""
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
