-- The counts of a whole run.
select
    s.run_key, s.dry_run,
    count(r.id) filter (where r.status = 'pending') as pending,
    count(r.id) filter (where r.status = 'running') as running,
    count(r.id) filter (where r.status = 'success') as success,
    count(r.id) filter (where r.status = 'failed') as failed,
    count(r.id) filter (where r.status = 'throttled') as throttled,
    count(r.id) filter (where r.status = 'refused') as refused,
    least(coalesce(sum(r.campaigns_created), 0), 2147483647)::int as campaigns_created,
    least(coalesce(sum(r.campaigns_updated), 0), 2147483647)::int as campaigns_updated,
    least(coalesce(sum(r.winners_promoted), 0), 2147483647)::int as winners_promoted,
    least(coalesce(sum(r.budgets_scaled), 0), 2147483647)::int as budgets_scaled,
    least(coalesce(sum(r.adsets_paused), 0), 2147483647)::int as adsets_paused,
    least(coalesce(sum(r.errors_count), 0), 2147483647)::int as errors_count
from ads_sweeps s
left join ads_automation_runs r on r.run_key = s.run_key
where s.run_key = %(run_key)s
group by s.run_key
