"""An example for the data team: start when a run's log is complete, and read that run.

The event's extra has the run's key and its totals; the rows are in our Postgres, read here with a login
of the data team's own.
"""

from __future__ import annotations

from airflow.sdk import Asset, dag, task

RUNS = Asset(name="ads_orchestrator_runs", uri="ads-orchestrator://runs")

ACTIONS = """
    select r.user_id, a.step, a.action_type, a.goal_key, a.before_minor, a.after_minor, a.reason, a.status
    from ads_automation_actions a
    join ads_automation_runs r on r.id = a.run_id
    where r.run_key = %(run_key)s
    order by a.id
"""


@dag(schedule=[RUNS], catchup=False, tags=["ads", "example"])
def ads_log_consumer() -> None:
    """One task: fetch the actions of each run that was closed since the last time."""

    @task
    def fetch(triggering_asset_events=None) -> int:
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        hook, rows = PostgresHook("ads_reader"), 0
        for event in triggering_asset_events[RUNS]:
            if event.extra["dry_run"]:
                continue
            rows += len(hook.get_records(ACTIONS, {"run_key": event.extra["run_key"]}))
        return rows

    fetch()


ads_log_consumer()
