-- What each step of a run decided.
select step, decision from ads_run_decisions where run_id = %(run_id)s
