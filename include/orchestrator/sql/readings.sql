-- What Meta answered, of some runs.
select run_id, reading from ads_run_snapshots where run_id = any(%(run_ids)s) and reading is not null
