-- The names of a user's creatives.
select id::text as id, name from ad_creatives where user_id = %(user_id)s and name is not null
