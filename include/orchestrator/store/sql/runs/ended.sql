-- Those of some runs that have ended.
select id from ads_automation_runs where id = any(%(run_ids)s) and status not in ('pending', 'running')
