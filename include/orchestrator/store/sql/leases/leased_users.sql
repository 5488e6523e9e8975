-- Users held under these fencing tokens. A transaction that takes one of them waits.
select l.user_id
from user_leases l
join unnest(%(user_ids)s::uuid[], %(fencing_tokens)s::bigint[]) as taken (user_id, fencing_token)
    on taken.user_id = l.user_id and taken.fencing_token = l.fencing_token
order by l.user_id
for share of l
