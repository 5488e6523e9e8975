-- Mark an action as about to be sent. Again after a break, or after reading back, is another attempt.
update ads_automation_actions set
    status = 'intended',
    attempts = attempts + 1,
    intended_at = clock_timestamp(),
    settled_at = null,
    details = details || %(details)s
where id = %(action_id)s and not dry_run and status = any(%(sources)s)
returning id
