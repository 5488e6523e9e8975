-- The results of a whole run for the users that are done, a bounded number of them.
select
    user_id, id as run_id, run_key, trigger, dry_run, status, error, goal_keys, run_at, opened_at, started_at,
    ended_at, campaigns_created, campaigns_updated, winners_promoted, budgets_scaled, adsets_paused,
    errors_count
from ads_automation_runs
where run_key = %(run_key)s and ended_at is not null
order by user_id
limit %(at_most)s
