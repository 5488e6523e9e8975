-- Refuse the runs that could not begin because their user has another live run.
update ads_automation_runs r set
    status = 'refused',
    error = 'run_in_progress',
    ended_at = now()
where r.id = any(%(run_ids)s) and r.status = 'pending'
