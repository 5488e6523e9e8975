-- Every update of a run changes its status, by which an index is built, so the new version never stays in
-- its page: the room that was left free for it there was never used.
alter table ads_automation_runs set (fillfactor = 100);
