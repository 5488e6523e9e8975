-- Record that a user's account was looked through for objects of ours.
update meta_assets set
    listed_in = case when %(is_clear)s then orchestrator_incarnation() else listed_in end,
    -- What held the rises of this run once holds them to its end.
    rises_held_run = case when %(holds_rises)s or rises_held_run = %(run_id)s::uuid then %(run_id)s::uuid end
where user_id = %(user_id)s
