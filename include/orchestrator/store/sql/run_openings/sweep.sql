-- A run that was opened before, if it was.
select users, batches from ads_sweeps where run_key = %(run_key)s
