-- A user's connection (role ads_user, setting app.user_id) has its own rows; the service has all.
-- Owners are held to the same rules (force). Rights are given column by column where a user must
-- not touch the rest: tokens, operators' flags, the log.

create function ads_current_user() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;

-- Whoever could read or write the host's own tables before still can.
do $$
declare
    host record;
    grantee name;
begin
    for host in
        select c.oid, c.oid::regclass as name, c.relrowsecurity as had_policies, c.relowner, c.relacl
        from pg_class c
        where c.oid in ('user_ads_modes'::regclass, 'ad_campaign_templates'::regclass,
                        'ad_creatives'::regclass)
    loop
        for grantee in
            select r.rolname
            from pg_roles r
            where not r.rolsuper
              and r.rolname not in ('ads_user', 'ads_service')
              and (r.oid = host.relowner
                   or (not host.had_policies
                       and r.oid in (select (aclexplode(host.relacl)).grantee)))
        loop
            execute format('create policy %I on %s to %I using (true) with check (true)',
                           'ads_host_' || grantee, host.name, grantee);
        end loop;
    end loop;
end
$$;

do $$
declare
    guarded text;
begin
    foreach guarded in array array[
        'user_ads_modes', 'ad_campaign_templates', 'ad_creatives', 'meta_assets', 'ads_sweeps',
        'ads_automation_runs', 'ads_run_snapshots', 'ads_run_decisions', 'ads_automation_actions',
        'ads_campaigns', 'ads_ad_sets', 'ads_insights_daily', 'user_leases', 'orchestrator_switch'
    ] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy ads_service_all on %I to ads_service using (true) with check (true)',
                       guarded);
        execute format('revoke all on %I from ads_user', guarded);
        execute format('grant select, insert, update, delete on %I to ads_service', guarded);
    end loop;

    -- Restrictive beside permissive: no policy of the host can widen what a user sees.
    foreach guarded in array array[
        'user_ads_modes', 'ad_creatives', 'meta_assets', 'ads_automation_runs', 'ads_run_snapshots',
        'ads_run_decisions', 'ads_automation_actions', 'ads_campaigns', 'ads_ad_sets',
        'ads_insights_daily', 'user_leases'
    ] loop
        execute format('create policy ads_user_own on %I to ads_user
                        using (user_id = (select ads_current_user()))
                        with check (user_id = (select ads_current_user()))', guarded);
        execute format('create policy ads_user_only_own on %I as restrictive to ads_user
                        using (user_id = (select ads_current_user()))
                        with check (user_id = (select ads_current_user()))', guarded);
    end loop;
end
$$;

-- Templates without a user are everybody's to read and nobody's to change.
create policy ads_user_own on ad_campaign_templates to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
create policy ads_user_shared on ad_campaign_templates for select to ads_user
    using (user_id is null);
create policy ads_user_only_own on ad_campaign_templates as restrictive to ads_user
    using (user_id = (select ads_current_user()) or user_id is null)
    with check (user_id = (select ads_current_user()));

alter table fx_rates enable row level security;
alter table fx_rates force row level security;
create policy ads_service_all on fx_rates to ads_service using (true) with check (true);
create policy ads_user_reads on fx_rates for select to ads_user using (true);
grant select, insert, update, delete on fx_rates to ads_service;
grant select on fx_rates to ads_user;

grant select on
    user_ads_modes, ad_campaign_templates, ad_creatives, ads_automation_runs, ads_run_snapshots,
    ads_run_decisions, ads_automation_actions, ads_campaigns, ads_ad_sets, ads_insights_daily
    to ads_user;
grant insert (user_id, goal_settings, auto_scale_winners, auto_pause_losers, global_daily_budget,
              max_daily_budget, updated_at, updated_by) on user_ads_modes to ads_user;
grant update (goal_settings, auto_scale_winners, auto_pause_losers, global_daily_budget,
              max_daily_budget, updated_at, updated_by) on user_ads_modes to ads_user;
grant insert, update, delete on ad_campaign_templates, ad_creatives to ads_user;
grant select (user_id, auth_connected, assets_configured, ad_account_id, page_id, instagram_user_id,
              pixel_id, conversions, currency, timezone, dsa_beneficiary, dsa_payor,
              created_at, updated_at) on meta_assets to ads_user;
grant update (page_id, instagram_user_id, pixel_id, conversions, dsa_beneficiary, dsa_payor,
              updated_at) on meta_assets to ads_user;
