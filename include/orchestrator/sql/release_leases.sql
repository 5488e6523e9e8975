-- Give the leases of some runs back. The rows stay: their tokens must keep rising. They rise here too, so that
-- a process that does not know yet that its run was ended writes nothing more.
update user_leases l set
    expires_at = least(l.expires_at, now()),
    fencing_token = l.fencing_token + 1
from ads_automation_runs r
where r.id = any(%(run_ids)s) and l.user_id = r.user_id and l.holder = r.id::text
