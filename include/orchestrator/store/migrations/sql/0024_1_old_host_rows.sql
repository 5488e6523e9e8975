-- The first checks on the host application's tables spared the rows that were there. But a check judges the whole row
-- at each update, so that one of them refused an operator's stop of its user. The readers bear such values.
do $$
declare
    spared record;
begin
    for spared in
        select conrelid::regclass as of_table, conname as name
        from pg_constraint
        where connamespace = current_schema()::regnamespace and contype = 'c' and not convalidated
          and conname in (
              'user_ads_modes_budgets_not_negative', 'user_ads_modes_goal_settings_is_object',
              'ad_campaign_templates_has_goal', 'ad_creatives_has_owner'
          )
        order by conname
    loop
        begin
            execute format('alter table %s validate constraint %I', spared.of_table, spared.name);
        exception when check_violation or data_exception or program_limit_exceeded then
            execute format('alter table %s drop constraint %I', spared.of_table, spared.name);
            raise warning '% has rows beyond %: correct them, and add the check then', spared.of_table, spared.name;
        end;
    end loop;
end
$$;
