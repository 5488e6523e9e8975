-- Users not stopped whose latest run failed or was throttled, after the last one of the page before.
select s.user_id
from ads_automation_runs r
join ads_user_states s on s.user_id = r.user_id and s.run_id = r.id
where r.status in ('failed', 'throttled') and r.status = %(state)s and s.state = %(state)s
  and r.user_id > %(after)s and r.user_id between %(low)s and %(high)s
order by r.user_id
limit %(page_size)s
