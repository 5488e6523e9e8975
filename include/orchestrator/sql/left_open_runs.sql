-- Runs that nobody works on any more and that nobody ended: Airflow gave them up, or their process was killed.
-- One that began late and still holds a user is worked on.
select distinct r.run_key
from ads_automation_runs r
where r.status in ('pending', 'running') and r.opened_at <= now() - %(longest)s::interval
  and r.run_key <> %(but)s
  and not exists (
      select
      from ads_automation_runs same
      join user_leases l on l.user_id = same.user_id and l.holder = same.id::text
      where same.run_key = r.run_key and l.expires_at > now()
  )
