-- The snapshots of some runs, compressed.
select run_id, snapshot from ads_run_snapshots where run_id = any(%(run_ids)s)
