-- The live actions of the last 24 hours by kind, and how many of them did not succeed.
select
    action_type,
    count(*) filter (where status = 'success') as done,
    count(*) filter (where status in ('failed', 'unknown')) as failed
from ads_automation_actions
where created_at > now() - interval '24 hours' and not dry_run
  and status in ('success', 'failed', 'unknown')
group by action_type
order by action_type
