-- An error of one class that ended a user's run: which one does not matter.
select error from ads_automation_runs
where run_key = %(run_key)s and status = 'failed' and split_part(error, ':', 1) = %(kind)s
limit 1
