-- Lock runs in id order before they are changed, as a transaction that records their decisions does, with those
-- about to be abandoned for them. No stronger: a transaction that logs an action of a run refers to its row.
select id
from ads_automation_runs
where id = any(%(run_ids)s)
   or (user_id = any(%(taken)s) and status = 'running' and not dry_run)
order by id
for no key update
