-- When each user was last worked on, in the run's own time. A dry run is no work.
update user_ads_modes u set orchestrator_last_run = greatest(u.orchestrator_last_run, r.run_at)
from ads_automation_runs r
where r.run_key = %(run_key)s and r.user_id = u.user_id and not r.dry_run and r.started_at is not null
  and u.orchestrator_last_run is distinct from greatest(u.orchestrator_last_run, r.run_at)
