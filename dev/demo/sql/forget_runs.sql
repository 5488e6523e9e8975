-- The runs that only the demo's people took part in.
delete from ads_sweeps s
where exists (select from ads_automation_runs r where r.run_key = s.run_key and r.user_id = any(%(user_ids)s))
  and not exists (
      select from ads_automation_runs r where r.run_key = s.run_key and r.user_id <> all(%(user_ids)s)
  )
