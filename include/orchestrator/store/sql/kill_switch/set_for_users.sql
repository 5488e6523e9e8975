-- Set the kill switch of some users, with note and author. Locked in user order.
with named as materialized (
    select user_id from user_ads_modes where user_id = any(%(user_ids)s) order by user_id for no key update
)
update user_ads_modes u set
    paused_by_operator = %(stopped)s,
    paused_note = %(note)s,
    paused_changed_by = %(changed_by)s,
    paused_changed_at = clock_timestamp()
from named
where u.user_id = named.user_id
returning u.user_id, u.paused_changed_at as changed_at
