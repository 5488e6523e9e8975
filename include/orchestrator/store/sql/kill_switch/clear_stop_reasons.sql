-- Let allocation resume campaigns that an emergency stop paused.
update ads_campaigns set paused_reason = null, kept_at = now()
where paused_by = 'orchestrator' and paused_reason = %(reason)s and status = 'PAUSED'
  and (%(user_ids)s::uuid[] is null or user_id = any(%(user_ids)s))
