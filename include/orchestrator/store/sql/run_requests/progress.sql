-- The progress of a whole run.
select
    s.users as users_total,
    s.closed_at is not null as is_over,
    (select count(*) from ads_automation_runs r where r.run_key = s.run_key and r.ended_at is not null)
        as users_processed
from ads_sweeps s
where s.run_key = %(run_key)s
