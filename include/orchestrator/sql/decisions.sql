-- What the steps of some runs decided.
select run_id, step, decision from ads_run_decisions where run_id = any(%(run_ids)s)
