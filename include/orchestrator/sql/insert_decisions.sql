-- Record what a step decided, once a run and step; tell which were new.
insert into ads_run_decisions (run_id, step, user_id, decision)
select r.id, d.step, r.user_id, d.decision
from jsonb_to_recordset(%(decisions)s) as d (run_id uuid, step text, decision jsonb)
join ads_automation_runs r on r.id = d.run_id
on conflict do nothing
returning run_id, step
