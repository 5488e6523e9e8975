-- Before runs are changed: lock them in id order, as whoever records their decisions does, with those that are
-- about to be abandoned for them. No stronger: whoever logs an action of a run refers to its row meanwhile.
select id
from ads_automation_runs
where id = any(%(run_ids)s)
   or (user_id = any(%(taken)s) and status = 'running' and not dry_run)
order by id
for no key update
