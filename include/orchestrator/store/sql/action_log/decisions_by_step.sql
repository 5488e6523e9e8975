-- What each step of a run decided.
select step, decision from ads_decided_steps where run_id = %(run_id)s
