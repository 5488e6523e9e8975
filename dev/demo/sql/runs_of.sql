-- Everybody's part of a run.
select id, user_id, status, error
from ads_automation_runs
where run_key = %(run_key)s
