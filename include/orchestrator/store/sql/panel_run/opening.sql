-- One run as it was opened, with its configuration, which all of its users share.
select
    s.run_key, s.trigger, s.dry_run, s.run_at, s.users, s.batches, s.opened_at, s.closed_at,
    coalesce(
        -- One user's settings are not all users': left out, and never parsed.
        (select c.config - '{goal_settings,auto_scale_winners,auto_pause_losers,global_daily_budget,max_daily_budget}'::text[]
         from ads_automation_runs r
         join ads_run_configs c on c.run_id = r.id
         where r.run_key = s.run_key
         limit 1),
        '{}'
    ) as config
from ads_sweeps s
where s.run_key = %(run_key)s
