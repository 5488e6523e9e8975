-- The runs of one batch.
select id as run_id, user_id, batch, run_at as now, dry_run, goal_keys, trigger, status, error
from ads_automation_runs
where run_key = %(run_key)s and batch = %(batch)s
order by user_id
