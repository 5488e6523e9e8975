-- Take a user's lease for an emergency stop. Not while a write is under way: that is waited for, and no further
-- write begins, since writing was stopped before.
insert into user_leases as held (user_id, holder, fencing_token, expires_at)
select r.user_id, r.id::text, 1, clock_timestamp() + %(lease)s
from ads_automation_runs r
where r.id = %(run_id)s and r.status = 'pending' and not r.dry_run
on conflict (user_id) do update set
    fencing_token = held.fencing_token + 1,
    holder = excluded.holder,
    expires_at = excluded.expires_at,
    busy_until = null
where coalesce(held.busy_until <= clock_timestamp(), true)
returning fencing_token
