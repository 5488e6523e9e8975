-- A user's latest runs that wrote, oldest first.
select id, run_at
from (
    select r.id, r.run_at, r.opened_at
    from ads_automation_runs r
    where r.user_id = %(user_id)s and not r.dry_run and r.status in ('success', 'failed', 'throttled')
    order by r.opened_at desc, r.id desc
    limit %(page_size)s
) latest
order by run_at, opened_at
