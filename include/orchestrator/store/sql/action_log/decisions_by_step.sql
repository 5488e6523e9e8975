-- The decision of each step of a run.
select step, decision from ads_decided_steps where run_id = %(run_id)s
