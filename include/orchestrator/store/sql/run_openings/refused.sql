-- Users requested by id who were refused when the run was opened, with the reason.
select user_id, error as reason
from ads_automation_runs
where run_key = %(run_key)s and batch is null
order by user_id
