-- The users that a run worked on. Dry runs do not count.
select r.user_id
from ads_automation_runs r
join user_ads_modes u on u.user_id = r.user_id
where r.run_key = %(run_key)s and not r.dry_run and r.started_at is not null
  and u.orchestrator_last_run is distinct from greatest(u.orchestrator_last_run, r.run_at)
order by r.user_id
