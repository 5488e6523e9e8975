-- The run that a request joined, and the goals requested.
select run_key, goal_keys from ads_joined_runs where asked_key = %(request_key)s
