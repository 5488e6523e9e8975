-- The run that a key joined, and what was asked for under it.
select run_key, goal_keys from ads_joined_runs where asked_key = %(asked_key)s
