-- Users by id, after the last one of the page before.
select u.user_id
from user_ads_modes u
where u.user_id > %(after)s and u.user_id between %(low)s and %(high)s
order by u.user_id
limit %(page_size)s
