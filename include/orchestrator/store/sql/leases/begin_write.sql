-- Acquire the user's write slot, and store until when the write may be under way.
-- Only the pauses of an emergency stop may write although writing is stopped, and only while it is: after a
-- start nothing would resume what they pause. Without the switch's row no write may begin. A user whose settings
-- are gone counts as stopped.
with mine as (
    update user_leases l set
        busy_until = clock_timestamp() + %(call)s,
        expires_at = greatest(l.expires_at, clock_timestamp() + %(call)s)
    from orchestrator_switch s
    left join user_ads_modes u on u.user_id = %(user_id)s
    -- The token alone decides: a lease that expired and was not taken over is still this try's.
    where l.user_id = %(user_id)s and l.fencing_token = %(fencing_token)s
      and %(allow_when_stopped)s = (s.stopped or coalesce(u.paused_by_operator, u.user_id is null))
    returning l.user_id
)
select
    exists (select from mine) as allowed,
    coalesce(s.stopped, true) as everyone_stopped,
    case when s.only_row then s.note else 'nobody can tell, its row is gone' end
        as everyone_note,
    coalesce(u.paused_by_operator, false) as user_stopped,
    s.only_row is null as switch_gone
from (values (%(user_id)s::uuid)) as requested (user_id)
left join orchestrator_switch s on true
left join user_ads_modes u on u.user_id = requested.user_id
