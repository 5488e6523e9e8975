-- As many users as bench.users says. Of a hundred, two are not connected, two have no assets, two are
-- stopped by an operator, two have no active goal and nothing that runs, and one is in a run at this
-- moment: 91 take part. One of them has no active goal any more, but a campaign that still runs.
create temporary table everyone as
select n, n % 100 as kind, md5('bench ' || n)::uuid as id
from generate_series(0, current_setting('bench.users')::integer - 1) as n;

insert into user_ads_modes (user_id, goal_settings, paused_by_operator, last_active_at, updated_by)
select
    id,
    jsonb_build_object(
        'streams', jsonb_build_object('is_active', kind not in (6, 7, 8), 'priority', 5),
        'followers', jsonb_build_object('is_active', false, 'priority', 3)
    ),
    kind in (4, 5),
    now(),
    'bench'
from everyone;

insert into meta_assets
    (user_id, auth_connected, assets_configured, ad_account_id, currency, timezone, access_token)
select
    id, kind not in (0, 1), kind not in (2, 3), 'act_' || 7000000000 + n, 'USD', 'America/New_York',
    'gAAAA' || repeat(md5(n::text), 7)
from everyone;

insert into ads_campaigns (id, user_id, goal_key, role, status, created_at, active_since)
select (23900000000000000 + n)::text, id, 'streams', 'testing', 'ACTIVE', now(), now()
from everyone
where kind not in (6, 7);

insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches)
select 'bench', 'cron', now(), false, count(*), 1
from everyone;

insert into ads_automation_runs
    (run_key, user_id, batch, trigger, run_at, dry_run, status, started_at, ended_at)
select
    'bench', id, 0, 'cron', now(), false, case when kind = 9 then 'running' else 'success' end, now(),
    case when kind <> 9 then now() end
from everyone
where n % 10 = 9;

-- Who was ever worked on keeps a row: its token may only rise.
insert into user_leases (user_id, holder, fencing_token, expires_at)
select id, 'bench', 1, now() + case when kind = 9 then interval '1 hour' else interval '-1 hour' end
from everyone;
