-- What they made to show.
insert into ad_creatives (id, user_id, goal_key, name, status, spec, created_at)
select p.id, p.user_id, p.goal_key, p.name, p.status, p.spec, p.created_at
from jsonb_to_recordset(%(rows)s) as p (
    id uuid, user_id uuid, goal_key text, name text, status text, spec jsonb, created_at timestamptz
)
