-- Give the leases of some runs back. The rows stay: their tokens must keep rising.
update user_leases l set expires_at = now()
from ads_automation_runs r
where r.id = any(%(run_ids)s) and l.user_id = r.user_id and l.holder = r.id::text and l.expires_at > now()
