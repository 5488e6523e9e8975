-- Record what a step decided, once a run and step; tell which were new. A run that has ended decides nothing any
-- more. Whoever ends one at this moment comes before this, or waits and then finds what was planned here.
with given as materialized (
    select run_id, step, decision
    from jsonb_to_recordset(%(decisions)s) as d (run_id uuid, step text, decision jsonb)
), going_on as materialized (
    select r.id, r.user_id
    from ads_automation_runs r
    where r.id in (select run_id from given) and r.status in ('pending', 'running')
    order by r.id
    for share
)
insert into ads_run_decisions (run_id, step, user_id, decision)
select r.id, d.step, r.user_id, d.decision
from given d
join going_on r on r.id = d.run_id
on conflict do nothing
returning run_id, step
