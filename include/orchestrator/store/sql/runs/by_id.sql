-- Runs by id.
select id as run_id, user_id, batch, run_at as now, dry_run, goal_keys, trigger, status, error
from ads_automation_runs
where id = any(%(run_ids)s)
order by user_id
