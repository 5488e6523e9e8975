-- The ad accounts of some users, for an emergency stop: no value that a plan reads, and a run checks, is in it.
select
    user_id, ad_account_id, access_token, platform,
    coalesce(currency, '') as currency, coalesce(timezone, '') as timezone
from meta_assets
where user_id = any(%(user_ids)s)
