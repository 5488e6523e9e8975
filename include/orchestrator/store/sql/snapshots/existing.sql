-- Those of some runs that have a snapshot.
select run_id from ads_run_snapshots where run_id = any(%(run_ids)s)
