-- Begin the runs that may: dry ones, and those that hold their user's lease.
update ads_automation_runs r set
    status = 'running',
    started_at = now()
where r.id = any(%(run_ids)s) and r.status = 'pending'
  and (r.dry_run
       or exists (select from user_leases l where l.user_id = r.user_id and l.holder = r.id::text))
