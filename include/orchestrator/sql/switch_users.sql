-- Stop or start some users; who and why.
update user_ads_modes set
    paused_by_operator = %(stopped)s,
    paused_note = %(note)s,
    paused_changed_by = %(changed_by)s,
    paused_changed_at = clock_timestamp()
where user_id = any(%(user_ids)s)
returning user_id, paused_changed_at as changed_at
