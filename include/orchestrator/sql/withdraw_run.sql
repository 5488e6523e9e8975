-- Forget a run that nobody has begun, with its rows.
delete from ads_sweeps s
where s.run_key = %(run_key)s
  and not exists (select from ads_automation_runs r where r.run_key = s.run_key and r.status <> 'pending')
