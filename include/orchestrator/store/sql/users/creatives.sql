-- The creatives of some users.
select
    user_id, id::text as id, goal_key, coalesce(status, 'draft') as status,
    coalesce(created_at, '-infinity') as created_at, coalesce(spec, '{}') as spec, meta_creative_id as remote_id
from ad_creatives
where user_id = any(%(user_ids)s) and goal_key is not null
order by user_id, created_at, id
