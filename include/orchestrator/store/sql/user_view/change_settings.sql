-- Change a user's settings. Of a goal only what is given: other keys of it are the host application's.
update user_ads_modes u set
    auto_scale_winners = %(auto_scale_winners)s,
    auto_pause_losers = %(auto_pause_losers)s,
    global_daily_budget = %(global_daily_budget)s,
    max_daily_budget = %(max_daily_budget)s,
    goal_settings = coalesce(u.goal_settings::jsonb, '{}') || (
        select coalesce(
            jsonb_object_agg(g.key, coalesce(u.goal_settings::jsonb -> g.key, '{}') || g.value), '{}'
        )
        from jsonb_each(%(goals)s) g
    ),
    updated_at = clock_timestamp(),
    updated_by = %(user_id)s::text
where u.user_id = %(user_id)s
