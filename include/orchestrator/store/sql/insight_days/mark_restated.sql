-- Store when the restated days of some users were read.
update meta_assets set insights_restated_at = %(at)s where user_id = any(%(user_ids)s)
