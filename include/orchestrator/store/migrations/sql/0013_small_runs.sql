-- A run takes and gives back every user's lease eight times, all users of a batch at once: more than half of each
-- page is room for the new versions, so that they need no entry in the index and the room of the old ones is used again.
alter table user_leases set (fillfactor = 40);

-- The same for the time of a user's last run, which one statement notes for everybody, and for the time of the
-- last reading, which a quarter of the users get in a run.
alter table user_ads_modes set (fillfactor = 50);
alter table meta_assets set (fillfactor = 70);

-- Snapshots are written in the order of time, like what has such an index already.
drop index ads_run_snapshots_by_age;
create index ads_run_snapshots_by_age on ads_run_snapshots using brin (saved_at timestamptz_minmax_multi_ops);
