-- One line a user: switches, account, the latest run, what is live a day, and the actions of the last 24 hours.
select
    u.user_id,
    coalesce(u.auto_scale_winners, false) as auto_scale_winners,
    coalesce(u.auto_pause_losers, false) as auto_pause_losers,
    coalesce(u.paused_by_operator, false) as paused_by_operator,
    coalesce(a.auth_connected and a.assets_configured, false) as connected,
    a.ad_account_id, a.currency, a.account_name, a.account_status, a.stopped_for, a.stopped_since,
    latest.state, latest.run_id, latest.status, latest.dry_run, latest.error, latest.opened_at, latest.ended_at,
    latest.done,
    least(coalesce(live.minor, 0), 9223372036854775807)::bigint as live_minor,
    recent.actions as actions_24h
from user_ads_modes u
left join meta_assets a on a.user_id = u.user_id
join ads_user_states latest on latest.user_id = u.user_id
left join lateral (
    select sum(b.live_minor) as minor
    from ads_live_budgets b
    where b.user_id = u.user_id and b.status = 'ACTIVE'
) live on true
left join lateral (
    select count(*) as actions
    from ads_automation_actions done
    where done.user_id = u.user_id and not done.dry_run and done.created_at > now() - interval '24 hours'
) recent on true
where u.user_id = any(%(user_ids)s)
order by u.user_id
