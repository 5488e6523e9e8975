-- Keep the first error of runs that go on. It decides how they end.
update ads_automation_runs r set error = coalesce(r.error, e.error)
from jsonb_to_recordset(%(errors)s) as e (run_id uuid, error text)
where r.id = e.run_id and r.status = 'running'
