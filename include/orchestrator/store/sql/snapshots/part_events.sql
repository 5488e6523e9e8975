-- The events that the snapshots of some runs have rounded, by ad set and day.
select run_id, part_events from ads_run_snapshots where run_id = any(%(run_ids)s) and part_events is not null
