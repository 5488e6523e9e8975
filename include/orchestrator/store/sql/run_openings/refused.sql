-- Users who were asked for by id and take no part.
select user_id, error as reason
from ads_automation_runs
where run_key = %(run_key)s and batch is null
order by user_id
