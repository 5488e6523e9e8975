-- Users who may spend, in key order, a page at a time: those with a campaign that lives, and those whose account is
-- connected, since a restored database may not know their campaigns. Campaigns last known as paused count: a
-- person, or a write of unknown outcome, may have resumed one since.
select user_id
from (
    select user_id from ads_campaigns where status in ('ACTIVE', 'PAUSED')
    union
    select user_id from meta_assets where auth_connected and ad_account_id is not null and access_token is not null
) u
where user_id > coalesce(%(after)s, '00000000-0000-0000-0000-000000000000'::uuid)
  and (%(user_ids)s::uuid[] is null or user_id = any(%(user_ids)s))
order by user_id
limit %(page_size)s
