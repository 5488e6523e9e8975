-- Mark a scaling campaign that ran dry as being revived. One that runs, or that a person touched, stays as it is.
update ads_campaigns set paused_reason = %(mark)s, kept_at = now()
where id = %(campaign_id)s and user_id = %(user_id)s and role = 'scaling'
  and status = 'PAUSED' and paused_by = 'orchestrator' and paused_reason = %(dry)s
returning id
