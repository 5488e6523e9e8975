-- What one step decided in some runs.
select run_id, decision from ads_run_decisions where run_id = any(%(run_ids)s) and step = %(step)s
