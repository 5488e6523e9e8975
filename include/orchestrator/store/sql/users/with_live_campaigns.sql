-- Users with a campaign of ours that lives, in key order, a page at a time. Also those we knew paused last:
-- a person, or a write that was never heard of, may have let one run since.
select distinct user_id
from ads_campaigns
where status in ('ACTIVE', 'PAUSED')
  and user_id > coalesce(%(after)s, '00000000-0000-0000-0000-000000000000'::uuid)
  and (%(user_ids)s::uuid[] is null or user_id = any(%(user_ids)s))
order by user_id
limit %(page_size)s
