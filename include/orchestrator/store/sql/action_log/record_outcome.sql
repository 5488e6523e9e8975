-- Record an action's outcome. The same outcome again changes nothing.
update ads_automation_actions set
    status = %(status)s,
    message = %(message)s,
    details = details || %(details)s,
    settled_at = case when status = %(status)s then settled_at else clock_timestamp() end
where id = %(action_id)s and (status = %(status)s or status = any(%(sources)s))
returning id
