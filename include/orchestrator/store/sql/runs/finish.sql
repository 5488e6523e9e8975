-- End some runs and count their actions: those done, in a dry run those planned.
update ads_automation_runs r set
    status = e.status,
    error = e.error,
    ended_at = now(),
    campaigns_created = c.campaigns_created,
    campaigns_updated = c.campaigns_updated,
    winners_promoted = c.winners_promoted,
    budgets_scaled = c.budgets_scaled,
    adsets_paused = c.adsets_paused,
    errors_count = e.errors_count + c.errors_count
from jsonb_to_recordset(%(ends)s) as e (run_id uuid, status text, error text, errors_count int)
cross join lateral (
    select
        count(*) filter (where done and action_type = 'create_campaign') as campaigns_created,
        count(distinct campaign_id) filter (
            where done and action_type <> 'create_campaign' and campaign_id not like 'new:%%'
        ) as campaigns_updated,
        count(*) filter (where done and action_type = 'promote_winner') as winners_promoted,
        count(*) filter (where done and action_type = 'update_budget' and reason = %(increase_reason)s)
            as budgets_scaled,
        count(*) filter (where done and action_type = 'pause_adset') as adsets_paused,
        count(*) filter (where status in ('failed', 'unknown')) as errors_count
    from (
        select a.*, a.status = 'success' or (a.dry_run and a.status = 'planned') as done
        from ads_automation_actions a
        where a.run_id = e.run_id
    ) of_run
) c
where r.id = e.run_id and r.status in ('pending', 'running')
