-- The runs of a whole run that have not ended.
select id from ads_automation_runs
where run_key = %(run_key)s and status in ('pending', 'running')
