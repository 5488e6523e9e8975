-- Users with a run that has not ended, after the last one of the page before.
select distinct r.user_id
from ads_automation_runs r
where r.status in ('pending', 'running')
  and r.user_id > %(after)s and r.user_id between %(low)s and %(high)s
order by r.user_id
limit %(page_size)s
