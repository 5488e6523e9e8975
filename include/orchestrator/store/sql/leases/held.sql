-- Which of some users are held under the tokens with which they were taken. Whoever takes one over now waits.
select l.user_id
from user_leases l
join unnest(%(user_ids)s::uuid[], %(fences)s::bigint[]) as taken (user_id, fence)
    on taken.user_id = l.user_id and taken.fence = l.fencing_token
order by l.user_id
for share of l
