-- The users of one ad account.
select a.user_id
from meta_assets a
where a.ad_account_id = %(ad_account_id)s and a.user_id > %(after)s
order by a.user_id
limit %(page_size)s
