-- A whole run, when it is open.
select users, batches from ads_sweeps where run_key = %(run_key)s
