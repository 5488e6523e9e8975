-- May this holder write for this user now? When it may, say until when the write may be under way.
with mine as (
    update user_leases l set
        busy_until = clock_timestamp() + %(call)s,
        expires_at = greatest(l.expires_at, clock_timestamp() + %(call)s)
    from orchestrator_switch s, user_ads_modes u
    where l.user_id = %(user_id)s and l.fencing_token = %(fence)s and l.expires_at > clock_timestamp()
      and not s.stopped and u.user_id = l.user_id and not coalesce(u.paused_by_operator, false)
    returning l.user_id
)
select
    exists (select from mine) as allowed,
    s.stopped as everyone_stopped,
    s.note as everyone_note,
    coalesce(u.paused_by_operator, false) as user_stopped
from orchestrator_switch s
left join user_ads_modes u on u.user_id = %(user_id)s
