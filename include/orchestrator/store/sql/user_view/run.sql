-- One run of the connection's user.
select
    id as run_id, run_key, trigger, dry_run, status, error, goal_keys, run_at, opened_at, started_at, ended_at,
    campaigns_created, campaigns_updated, winners_promoted, budgets_scaled, adsets_paused, errors_count
from ads_automation_runs
where id = %(run_id)s
