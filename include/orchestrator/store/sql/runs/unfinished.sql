-- The runs of a sweep that nobody ended.
select id from ads_automation_runs
where run_key = %(run_key)s and status in ('pending', 'running')
