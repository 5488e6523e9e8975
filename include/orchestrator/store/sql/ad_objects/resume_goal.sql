-- Permit allocation to resume the campaigns of a goal that were paused because it had no event anywhere.
update ads_campaigns set paused_reason = null, kept_at = now()
where user_id = %(user_id)s and goal_key = %(goal_key)s
  and status = 'PAUSED' and paused_by = 'orchestrator' and paused_reason = %(reason)s
returning id
