-- One run as it was opened, with its configuration, which all of its users share.
select
    s.run_key, s.trigger, s.dry_run, s.run_at, s.users, s.batches, s.opened_at, s.closed_at,
    coalesce(
        (select c.config
         from ads_automation_runs r
         join ads_run_configs c on c.run_id = r.id
         where r.run_key = s.run_key
         limit 1),
        '{}'
    ) as config
from ads_sweeps s
where s.run_key = %(run_key)s
