-- What their learning campaigns are built from.
insert into ad_campaign_templates (user_id, goal_key, name, audiences, story)
select p.user_id, p.goal_key, p.goal_key || ' of the demo', p.audiences, p.story
from jsonb_to_recordset(%(rows)s) as p (user_id uuid, goal_key text, audiences jsonb, story jsonb)
