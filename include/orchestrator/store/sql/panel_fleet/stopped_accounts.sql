-- Users whose ad account delivers nothing, by id, after the last one of the page before.
select a.user_id, a.ad_account_id, a.account_name, a.account_status, a.stopped_for, a.stopped_since
from meta_assets a
where a.stopped_since is not null and a.ad_account_id is not null and a.user_id > %(after)s
  and exists (select from user_ads_modes u where u.user_id = a.user_id)
order by a.user_id
limit %(page_size)s
