-- What a value may be at most, so that nothing computed of it leaves a bigint or Python's calendar: amounts 10^16
-- minor or 10^12 major units, documents that people fill in 16 or 32 levels, times the years 1 to 9999.
do $$
declare
    bound record;
begin
    for bound in
        select of_table, of_table || '_' || suffix as name, condition
        from (values
            ('user_ads_modes', 'budgets_bounded',
             'global_daily_budget <= 1000000000000 and max_daily_budget <= 1000000000000'),
            ('user_ads_modes', 'goal_settings_not_deep',
             'not jsonb_path_exists(goal_settings::jsonb, ''strict $.**{17}'')'),
            ('meta_assets', 'conversions_not_deep', 'not jsonb_path_exists(conversions, ''strict $.**{17}'')'),
            ('fx_rates', 'units_per_usd_bounded', 'units_per_usd <= 1000000000'),
            ('ads_campaigns', 'daily_budget_bounded', 'daily_budget_minor <= 10000000000000000'),
            ('ads_ad_sets', 'daily_budget_bounded', 'daily_budget_minor <= 10000000000000000'),
            ('ads_automation_actions', 'amounts_bounded',
             'before_minor <= 10000000000000000 and after_minor <= 10000000000000000'),
            ('ads_insights_days', 'spend_bounded', '10000000000000000 >= all (spend_minor)'),
            ('ads_insights_weekly', 'figures_bounded',
             'spend_minor <= 7000000000000000000 and events <= 7000000000000000000'),
            ('user_leases', 'fencing_token_bounded', 'fencing_token < 4611686018427387904')
        ) as named (of_table, suffix, condition)
        union all
        -- The host application's columns may be of another type.
        select c.table_name, c.table_name || '_' || c.column_name || '_not_deep',
               format('not jsonb_path_exists(%I, ''strict $.**{33}'')', c.column_name)
        from information_schema.columns c
        where c.table_schema = current_schema() and c.data_type = 'jsonb'
          and (c.table_name, c.column_name) in (
              ('ad_campaign_templates', 'audiences'), ('ad_campaign_templates', 'story'), ('ad_creatives', 'spec')
          )
        union all
        select c.table_name, c.table_name || '_times_in_calendar',
               string_agg(format('%I >= ''0001-01-02'' and %I < ''9999-12-31''', c.column_name, c.column_name),
                          ' and ' order by c.ordinal_position)
        from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
          and c.data_type in ('timestamp with time zone', 'date')
          and c.table_name in (
              'user_ads_modes', 'meta_assets', 'ad_campaign_templates', 'ad_creatives', 'fx_rates', 'ads_sweeps',
              'ads_automation_runs', 'ads_run_snapshots', 'ads_run_decisions', 'ads_automation_actions',
              'ads_campaigns', 'ads_ad_sets', 'ads_insights_days', 'ads_insights_weekly', 'user_leases'
          )
        group by c.table_name
    loop
        execute format('alter table %I add constraint %I check (%s) not valid',
                       bound.of_table, bound.name, bound.condition);
        begin
            execute format('alter table %I validate constraint %I', bound.of_table, bound.name);
        -- What is there is no number, no time or no JSON that a check could read: a check judges the whole row at
        -- each update, and an operator's stop must not be refused for it. The readers bear such values.
        exception when check_violation or data_exception or program_limit_exceeded then
            execute format('alter table %I drop constraint %I', bound.of_table, bound.name);
            raise warning '% has rows beyond %: correct them, and add the bound then', bound.of_table, bound.name;
        end;
    end loop;
end
$$;

-- What was refused in a run: few rows, and looked up before something rises.
create index ads_automation_actions_refused on ads_automation_actions (run_at)
    where status = 'failed' and not dry_run;

-- The same view, whose sum stays within its type.
create or replace view ads_user_states with (security_invoker = true) as
select
    u.user_id,
    case
        when latest.status in ('pending', 'running') then 'running'
        when u.paused_by_operator then 'paused'
        when latest.status in ('failed', 'throttled') then latest.status
        when latest.status = 'success' and latest.done > 0 then 'worked'
        else 'idle'
    end as state,
    u.paused_by_operator,
    latest.run_id, latest.status, latest.dry_run, latest.error, latest.opened_at, latest.ended_at, latest.done
from user_ads_modes u
left join lateral (
    select
        r.id as run_id, r.status, r.dry_run, r.error, r.opened_at, r.ended_at,
        greatest(-2147483648, least(2147483647,
            r.campaigns_created::bigint + r.campaigns_updated + r.winners_promoted + r.adsets_paused
        ))::int as done
    from ads_automation_runs r
    where r.user_id = u.user_id
    order by r.opened_at desc, r.id desc
    limit 1
) latest on true;
