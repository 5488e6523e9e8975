-- The kill switch of all users, and the number of users stopped by their own.
select
    s.stopped, s.note, s.changed_by, s.changed_at,
    (select count(*) from user_ads_modes where paused_by_operator) as users_stopped
from orchestrator_switch s
