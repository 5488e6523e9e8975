-- The current run of one user, the oldest first. A run that takes longer than Airflow's time limit, or is known
-- to have ended, is over; so is a live run whose lease expired.
select r.id as run_id, r.run_key, r.goal_keys, r.dry_run, r.status
from ads_automation_runs r
join ads_sweeps s on s.run_key = r.run_key
left join user_leases l on l.user_id = r.user_id and l.holder = r.id::text
where r.user_id = %(user_id)s
  and r.dry_run = %(dry_run)s
  and r.status in ('pending', 'running')
  and s.closed_at is null
  and r.opened_at > now() - %(longest)s::interval
  and not (r.status = 'running' and not r.dry_run and coalesce(l.expires_at <= now(), true))
  and r.run_key <> all(%(ended)s)
order by r.opened_at, r.id
limit 1
