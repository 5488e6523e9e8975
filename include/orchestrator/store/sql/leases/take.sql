-- Take or renew the lease of each user for whom a run is about to write. Its token rises with every taking, which
-- fences off the holder before, also a dead try of the same run. An expired lease is taken over; one under which
-- a write may still be under way is not. In user order: no deadlock.
insert into user_leases as held (user_id, holder, fencing_token, expires_at)
select r.user_id, r.id::text, 1, clock_timestamp() + %(lease)s
from ads_automation_runs r
where r.id = any(%(run_ids)s) and r.status in ('pending', 'running') and not r.dry_run
  -- A running row without any lease was not made here: it is not taken over.
  and not exists (
      select
      from ads_automation_runs other
      left join user_leases l on l.user_id = other.user_id
      where other.user_id = r.user_id and other.id <> r.id
        and other.status = 'running' and not other.dry_run and l.user_id is null
  )
order by r.user_id
on conflict (user_id) do update set
    fencing_token = held.fencing_token + 1,
    holder = excluded.holder,
    expires_at = excluded.expires_at,
    busy_until = null
where (held.holder = excluded.holder or held.expires_at <= clock_timestamp())
  and coalesce(held.busy_until <= clock_timestamp(), true)
returning user_id, fencing_token
