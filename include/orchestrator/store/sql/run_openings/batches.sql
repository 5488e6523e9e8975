-- The batches of an opened run: how many users each has, and the user when it is one.
select batch, count(*) as users, min(user_id::text) as first_user
from ads_automation_runs
where run_key = %(run_key)s and batch is not null
group by batch
order by batch
