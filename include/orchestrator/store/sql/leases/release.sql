-- Release the leases of some runs. The rows stay: their tokens must keep rising. They rise here too, so that
-- a process that does not know yet that its run was ended writes nothing more. Locked in user order.
with held as materialized (
    select l.user_id
    from user_leases l
    join ads_automation_runs r on r.user_id = l.user_id and l.holder = r.id::text
    where r.id = any(%(run_ids)s)
    order by l.user_id
    for no key update of l
)
update user_leases l set
    expires_at = least(l.expires_at, now()),
    fencing_token = l.fencing_token + 1
from held
where l.user_id = held.user_id
