-- Insert the decision of a step, once a run and step; return the new ones. An ended run takes no decisions: a
-- transaction that ends one now comes before this, or waits and then finds the actions planned here.
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
