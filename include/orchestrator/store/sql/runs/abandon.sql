-- Fail the running runs whose lease was taken over, so that the new holder can begin.
update ads_automation_runs dead set
    status = 'failed',
    error = 'abandoned: it stopped before its end and its lease ran out',
    ended_at = now()
from ads_automation_runs mine
join user_leases l on l.user_id = mine.user_id and l.holder = mine.id::text
where mine.id = any(%(run_ids)s)
  and dead.user_id = mine.user_id and dead.id <> mine.id
  and dead.status = 'running' and not dead.dry_run
returning dead.id
