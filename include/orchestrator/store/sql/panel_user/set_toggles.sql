-- Set a user's toggles, with author and time; null leaves one as it is.
update user_ads_modes set
    auto_scale_winners = coalesce(%(auto_scale_winners)s, auto_scale_winners),
    auto_pause_losers = coalesce(%(auto_pause_losers)s, auto_pause_losers),
    updated_at = clock_timestamp(),
    updated_by = %(changed_by)s
where user_id = %(user_id)s
returning auto_scale_winners, auto_pause_losers, updated_at, updated_by
