-- What one step decided in some runs, as text: in its own row, or ahead in that of an earlier step.
select
    run_id,
    (case when step = %(step)s::text then decision else decision -> 'ahead' -> %(step)s::text end)::text as decision
from ads_run_decisions
where run_id = any(%(run_ids)s) and (step = %(step)s::text or decision -> 'ahead' ? %(step)s::text)
