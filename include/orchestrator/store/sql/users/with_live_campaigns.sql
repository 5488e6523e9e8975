-- Users with a campaign that may spend, in key order, a page at a time. Campaigns last known as paused count:
-- a person, or a write of unknown outcome, may have resumed one since.
select distinct user_id
from ads_campaigns
where status in ('ACTIVE', 'PAUSED')
  and user_id > coalesce(%(after)s, '00000000-0000-0000-0000-000000000000'::uuid)
  and (%(user_ids)s::uuid[] is null or user_id = any(%(user_ids)s))
order by user_id
limit %(page_size)s
