-- One page of stored access tokens, after the last user of the page before; locked until it is rewritten.
select user_id, access_token
from meta_assets
where access_token is not null and (%(after)s::uuid is null or user_id > %(after)s)
order by user_id
limit %(page_size)s
for update
