-- One user's part of a run, by the run's own key.
select id as run_id, run_key, goal_keys, dry_run, status
from ads_automation_runs
where run_key = %(run_key)s and user_id = %(user_id)s
