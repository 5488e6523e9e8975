-- When the restated days of some users were last read.
select user_id, insights_restated_at from meta_assets where user_id = any(%(user_ids)s)
