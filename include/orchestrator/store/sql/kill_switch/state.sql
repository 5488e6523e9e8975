-- The operators' switches as they stand: everybody's, and how many users are stopped by themselves.
select
    s.stopped, s.note, s.changed_by, s.changed_at,
    (select count(*) from user_ads_modes where paused_by_operator) as users_stopped
from orchestrator_switch s
