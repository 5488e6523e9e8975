-- One page of a run's users, by id: all, those of a batch, those with a status.
select
    r.id, r.user_id, r.batch, r.status, r.error, r.dry_run, r.started_at, r.ended_at,
    r.campaigns_created, r.campaigns_updated, r.winners_promoted, r.budgets_scaled, r.adsets_paused,
    r.errors_count, a.ad_account_id
from (
    select *
    from ads_automation_runs
    where run_key = %(run_key)s
      and user_id > %(after)s
      and (%(batch)s::int is null or batch = %(batch)s)
      and (%(status)s::text is null or status = %(status)s)
    order by user_id
    limit %(page_size)s
) r
left join meta_assets a on a.user_id = r.user_id
order by r.user_id
