-- Merge details into an action's own. Its status stays.
update ads_automation_actions set details = details || %(details)s
where id = %(action_id)s and not dry_run
