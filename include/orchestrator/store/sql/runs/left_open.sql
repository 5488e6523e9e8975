-- Runs that no process works on any more and none closed: Airflow timed out, or the process was killed, before or
-- after the last of their users ended. A run that began late and still holds a user is worked on.
select s.run_key
from ads_sweeps s
where s.closed_at is null and s.opened_at <= now() - %(longest)s::interval
  and s.run_key <> %(but)s
  and not exists (
      select
      from ads_automation_runs r
      where r.run_key = s.run_key and r.status in ('pending', 'running')
        -- One look by key for a row: as a join it may become a scan of all leases for each.
        and (select l.holder = r.id::text and l.expires_at > now() from user_leases l where l.user_id = r.user_id)
  )
order by s.opened_at, s.run_key
