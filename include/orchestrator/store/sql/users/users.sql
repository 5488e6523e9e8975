-- Settings, Meta assets and the latest exchange rate of some users.
select
    u.user_id,
    coalesce(u.auto_scale_winners, false) as auto_scale_winners,
    coalesce(u.auto_pause_losers, false) as auto_pause_losers,
    u.global_daily_budget::numeric as global_daily_budget,
    u.max_daily_budget::numeric as max_daily_budget,
    coalesce(u.goal_settings::text, '{}') as goal_settings,
    a.ad_account_id, a.page_id, a.instagram_user_id, a.pixel_id, a.conversions, a.currency, a.timezone,
    a.access_token, a.dsa_beneficiary, a.dsa_payor, a.insights_restated_at, a.platform,
    a.assets_checked_at, a.assets_fingerprint, a.assets_absent,
    f.units_per_usd
from user_ads_modes u
left join meta_assets a on a.user_id = u.user_id
left join lateral (
    select trim_scale(r.units_per_usd)::text as units_per_usd
    from fx_rates r
    where r.currency = a.currency and r.currency <> 'USD'
    order by r.day desc
    limit 1
) f on true
where u.user_id = any(%(user_ids)s)
