-- Hold the planned actions of ended runs: no action stays open for ever.
update ads_automation_actions a set
    status = 'held',
    message = %(message)s,
    details = a.details || jsonb_build_object('hold', %(hold)s::text),
    settled_at = clock_timestamp()
from ads_automation_runs r
where r.id = any(%(run_ids)s) and r.status not in ('pending', 'running')
  and a.run_id = r.id and a.status = 'planned' and not a.dry_run
