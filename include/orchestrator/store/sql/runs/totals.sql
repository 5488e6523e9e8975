-- The counts of a whole run.
select
    s.run_key, s.dry_run,
    count(r.id) filter (where r.status = 'pending') as pending,
    count(r.id) filter (where r.status = 'running') as running,
    count(r.id) filter (where r.status = 'success') as success,
    count(r.id) filter (where r.status = 'failed') as failed,
    count(r.id) filter (where r.status = 'throttled') as throttled,
    count(r.id) filter (where r.status = 'refused') as refused,
    coalesce(sum(r.campaigns_created), 0)::int as campaigns_created,
    coalesce(sum(r.campaigns_updated), 0)::int as campaigns_updated,
    coalesce(sum(r.winners_promoted), 0)::int as winners_promoted,
    coalesce(sum(r.budgets_scaled), 0)::int as budgets_scaled,
    coalesce(sum(r.adsets_paused), 0)::int as adsets_paused,
    coalesce(sum(r.errors_count), 0)::int as errors_count
from ads_sweeps s
left join ads_automation_runs r on r.run_key = s.run_key
where s.run_key = %(run_key)s
group by s.run_key
