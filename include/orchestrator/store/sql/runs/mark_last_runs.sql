-- Store when some users of a run were last worked on, in the run's own time. Locked in user order.
with worked_on as materialized (
    select u.user_id, r.run_at
    from user_ads_modes u
    join ads_automation_runs r on r.user_id = u.user_id
    where r.run_key = %(run_key)s and u.user_id = any(%(user_ids)s)
      and u.orchestrator_last_run is distinct from greatest(u.orchestrator_last_run, r.run_at)
    order by u.user_id
    for no key update of u
)
update user_ads_modes u set orchestrator_last_run = greatest(u.orchestrator_last_run, w.run_at)
from worked_on w
where u.user_id = w.user_id
