-- Something became known of an action while it is under way, or of what it made. Its status stays.
update ads_automation_actions set details = details || %(details)s
where id = %(action_id)s and not dry_run
