"""One run, end to end: a user's row → a decision → the SDK → the simulator → a row → a line in a log."""

from __future__ import annotations

import pytest

from demo.demo_users import ADA, BO, KIT
from stack.airflow_client import AirflowFailure
from tests.e2e.conftest import House, Metrics, Run

pytestmark = pytest.mark.airflow

STEPS = [
    "allocate_budget",
    "check_learning_campaigns",
    "extract_insights",
    "detect_winners",
    "promote_winners",
    "scale_budgets",
    "pause_losers",
]


@pytest.fixture(scope="module")
def dry(house: House) -> Run:
    """The rehearsal of Ada and Bo."""
    return house.run([ADA, BO], dry_run=True)


@pytest.fixture(scope="module")
def live(house: House, dry: Run) -> Run:
    """The same, for real."""
    return house.run([ADA, BO])


def test_the_dry_run_decides_and_writes_nothing(house: House, dry: Run):
    assert dry.state == "success"
    assert [r["path"] for r in dry.requests if r["took_effect"]] == []
    assert {row[-1] for row in house.actions(dry, ADA) + house.actions(dry, BO)} == {"planned"}


def test_the_live_run_does_what_the_dry_run_planned(house: House, dry: Run, live: Run):
    assert live.state == "success"
    for person in (ADA, BO):
        planned, done = house.actions(dry, person), house.actions(live, person)
        assert [row[:-1] for row in done] == [row[:-1] for row in planned]
        assert {row[-1] for row in done} == {"success"}


def test_a_new_user_has_a_learning_campaign_a_goal_and_a_test_a_cell(house: House, live: Run):
    campaigns = house.campaigns(ADA)

    assert len(campaigns) == 3
    assert sum(len(campaign["ad_sets"]) for campaign in campaigns) == 8
    assert {ad_set["status"] for campaign in campaigns for ad_set in campaign["ad_sets"]} == {"ACTIVE"}
    spent = sum(ad_set["daily_budget_minor"] for campaign in campaigns for ad_set in campaign["ad_sets"])
    assert spent == 20_00


def test_both_winners_have_a_copy_in_a_scaling_campaign(house: House, live: Run):
    learning, scaling = house.campaigns(BO)

    assert len(learning["ad_sets"]) == 4
    assert [ad_set["status"] for ad_set in scaling["ad_sets"]] == ["ACTIVE", "ACTIVE"]
    promoted = [row for row in house.actions(live, BO) if row[0] == "promote_winner"]
    assert len(promoted) == 2


def test_every_step_ran_for_every_user_under_the_users_name(dry: Run, live: Run):
    for run in (dry, live):
        names = {
            (t["task_id"], t["rendered_map_index"], t["state"]) for t in run.tasks if t["map_index"] >= 0
        }
        assert names == {
            (f"per_batch.{step}", str(person.user_id), "success") for step in STEPS for person in (ADA, BO)
        }


def test_only_descriptors_go_through_airflow(house: House, live: Run):
    batches = house.airflow.xcom(live.task("list_eligible_users"))

    assert [sorted(batch) for batch in batches] == [["batch", "label", "of"]] * 2
    assert {batch["label"] for batch in batches} == {str(ADA.user_id), str(BO.user_id)}


def test_a_log_tells_each_action_of_a_user_and_no_secret(house: House, live: Run):
    logs = {
        task["rendered_map_index"]: house.airflow.log(task)
        for task in live.tasks
        if task["task_id"] == "per_batch.promote_winners"
    }

    mine = "\n".join(logs[str(BO.user_id)])
    assert f"::group::user {BO.user_id}" in mine
    assert mine.count("promote_winner") >= 2
    everything = "\n".join(line for task in live.tasks for line in house.airflow.log(task))
    assert house.running.meta_app.app_secret not in everything
    assert not [m for m in house.members.values() if m.account.access_token in everything]


def test_whoever_waits_for_a_runs_log_is_told_once_with_its_totals(house: House, dry: Run, live: Run):
    found = house.airflow.request("GET", "/assets/events", source_dag_id="ads_orchestrator", limit=100)
    told = {event["source_run_id"]: event["extra"] for event in found["asset_events"]}

    assert {(told[run.run_id]["run_key"], told[run.run_id]["dry_run"]) for run in (dry, live)} == {
        (dry.run_id, True),
        (live.run_id, False),
    }
    assert (told[live.run_id]["success"], told[live.run_id]["winners_promoted"]) == (2, 2)
    assert len([e for e in found["asset_events"] if e["source_run_id"] == live.run_id]) == 1


def test_a_statsd_server_hears_what_the_tasks_did(house: House, metrics: Metrics, dry: Run, live: Run):
    sent = [request for request in live.requests if request["method"] == "POST" and request["path"] != "/"]

    def heard() -> bool:
        return metrics.sums["graph.calls.write"] >= len(sent) > 0

    house.running.supervisor.wait_for("The metrics", heard, 30)
    assert metrics.sums["actions.promote_winner.success"] == 2
    assert metrics.sums["actions.promote_winner.planned"] == 2
    assert metrics.sums["actions.create_campaign.success"] == 4
    assert metrics.sums["runs.users.success"] == metrics.sums["dry_runs.users.success"] == 2
    assert metrics.sums["step.scale_budgets.users"] == 4
    assert metrics.sums["step.scale_budgets.batch_duration"] == 4


def test_a_line_of_a_log_carries_its_user_goal_and_action_as_keys(house: House, live: Run):
    (task,) = (
        task
        for task in live.tasks
        if (task["task_id"], task["rendered_map_index"]) == ("per_batch.promote_winners", str(BO.user_id))
    )

    records = house.airflow.log_records(task)
    about = [r for r in records if r.get("action_type") == "promote_winner" and r.get("status")]
    assert {(r["user_id"], r["goal_key"], r["status"], r["dry_run"]) for r in about} == {
        (str(BO.user_id), "virality", "success", False)
    }
    assert len({r["key"] for r in about}) == 2


def test_rows_know_the_run_they_belong_to(house: House, dry: Run, live: Run):
    rows = house.rows("select run_key, trigger, dry_run, status, config from recent_runs order by run_key")
    kept = {(row["run_key"], row["trigger"], row["dry_run"], row["status"]) for row in rows}

    assert {(dry.run_id, "dryrun", True, "success"), (live.run_id, "user", False, "success")} <= kept
    assert {row["config"]["asked_by"] for row in rows} == {"admin"}


def test_a_user_without_a_token_goes_through_red_at_the_end(house: House):
    run = house.run([KIT])

    assert run.state == "failed"
    assert {t["state"] for t in run.tasks if t["map_index"] >= 0} == {"success"}
    assert run.task("finish_run")["state"] == "failed"
    (row,) = house.rows(
        "select status, error from ads_automation_runs where user_id = %(id)s", id=KIT.user_id
    )
    assert row["status"] == "failed"
    assert row["error"].startswith("AuthExpired: ")
    said = "\n".join(house.airflow.log(run.task("finish_run")))
    assert "1 of 1 users failed. The tasks' logs say why" in said


def test_a_key_that_nobody_knows_fails_the_run_with_one_line_before_anything_is_done(house: House):
    run = house.run([BO], user_id="me")

    assert run.state == "failed"
    assert run.task("list_eligible_users")["try_number"] == 1
    assert run.requests == []
    said = "\n".join(house.airflow.log(run.task("list_eligible_users")))
    assert "conf refused, nothing was done: user_id: unknown (known: dry_run, goal_keys, now," in said
    assert house.rows("select 1 from ads_automation_runs where run_key = %(key)s", key=run.run_id) == []


def test_a_value_of_the_wrong_type_is_refused_at_the_door(house: House):
    with pytest.raises(AirflowFailure, match=r"400 .*users_per_batch"):
        house.run([BO], users_per_batch="all")


def test_the_past_cannot_be_run(house: House):
    days = {"from_date": "2026-11-01T00:00:00Z", "to_date": "2026-11-02T00:00:00Z"}

    with pytest.raises(AirflowFailure, match="backfill"):
        house.airflow.request("POST", "/backfills", json={"dag_id": "ads_orchestrator", **days})


def test_the_pages_know_the_connection_type_and_its_form(house: House):
    types = house.airflow.request("GET", "//ui/connections/hook_meta")
    (form,) = (each for each in types if each["connection_type"] == "ads_orchestrator_meta")

    assert form["standard_fields"]["password"]["title"] == "App secret"
    assert form["standard_fields"]["host"]["title"] == "Base URL"
    assert sorted(form["extra_fields"]) == ["api_version", "tier"]


def test_airflow_has_no_complaint_about_the_dag_or_the_plugin(house: House):
    assert house.airflow.import_errors() == []
    assert house.airflow.request("GET", "/plugins/importErrors")["import_errors"] == []
