-- The template of each goal of some users: their own before the shared ones, then the newest.
select distinct on (wanted.user_id, t.goal_key)
    wanted.user_id, t.goal_key, t.audiences, t.story
from unnest(%(user_ids)s::uuid[]) as wanted (user_id)
join ad_campaign_templates t on t.user_id = wanted.user_id or t.user_id is null
where t.goal_key is not null
  and coalesce(t.is_active, true)
  and coalesce(t.audiences, '[]') <> '[]'
order by wanted.user_id, t.goal_key, t.user_id is null, t.created_at desc, t.id
