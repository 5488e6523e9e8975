-- Users whose latest run failed or was throttled and whom nobody stopped, after the last one of the page before.
select r.user_id
from ads_automation_runs r
join user_ads_modes u on u.user_id = r.user_id
where r.status in ('failed', 'throttled') and r.status = %(state)s
  and r.user_id > %(after)s and r.user_id between %(low)s and %(high)s
  and u.paused_by_operator is not true
  and not exists (
      select from ads_automation_runs newer
      where newer.user_id = r.user_id and (newer.opened_at, newer.id) > (r.opened_at, r.id)
  )
order by r.user_id
limit %(page_size)s
