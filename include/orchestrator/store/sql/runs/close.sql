-- Close a whole run.
update ads_sweeps set closed_at = coalesce(closed_at, now()) where run_key = %(run_key)s
