-- The three tables that the host application may have already: make what is missing, keep what is there.
-- Nothing here takes a column, a row or a right away.
create table if not exists user_ads_modes (user_id uuid primary key);
create table if not exists ad_campaign_templates (id uuid primary key default gen_random_uuid());
create table if not exists ad_creatives (id uuid primary key default gen_random_uuid());

do $$
declare
    wrong text;
begin
    select c.table_name || '.user_id is ' || c.data_type into wrong
    from information_schema.columns c
    where c.table_schema = current_schema()
      and c.table_name in ('user_ads_modes', 'ad_campaign_templates', 'ad_creatives')
      and c.column_name = 'user_id'
      and c.data_type <> 'uuid'
    order by c.table_name
    limit 1;
    if wrong is not null then
        raise exception '%, it must be uuid', wrong;
    end if;
end
$$;

-- Toggles are off until somebody switches them on: a new column must not start spending.
-- Budgets of rows that are here already stay null, which means the policy's own amounts.
alter table user_ads_modes
    add column if not exists goal_settings jsonb not null default '{}',
    add column if not exists auto_scale_winners boolean not null default false,
    add column if not exists auto_pause_losers boolean not null default false,
    add column if not exists global_daily_budget numeric,
    add column if not exists max_daily_budget numeric,
    add column if not exists orchestrator_last_run timestamptz,
    add column if not exists paused_by_operator boolean not null default false,
    add column if not exists paused_note text,
    add column if not exists last_active_at timestamptz,
    add column if not exists created_at timestamptz not null default now(),
    add column if not exists updated_at timestamptz not null default now(),
    add column if not exists updated_by text;
alter table user_ads_modes
    alter column global_daily_budget set default 10,
    alter column max_daily_budget set default 50,
    add constraint user_ads_modes_budgets_not_negative
        check (global_daily_budget >= 0 and max_daily_budget >= 0) not valid,
    add constraint user_ads_modes_goal_settings_is_object
        check (jsonb_typeof(goal_settings::jsonb) = 'object') not valid;

-- A template without a user is everybody's.
alter table ad_campaign_templates
    add column if not exists user_id uuid,
    add column if not exists goal_key text,
    add column if not exists name text,
    add column if not exists audiences jsonb not null default '[]',
    add column if not exists story jsonb not null default '{}',
    add column if not exists is_active boolean not null default true,
    add column if not exists created_at timestamptz not null default now(),
    add column if not exists updated_at timestamptz not null default now();
alter table ad_campaign_templates
    add constraint ad_campaign_templates_has_goal check (goal_key is not null) not valid;
create index if not exists ad_campaign_templates_by_user on ad_campaign_templates (user_id, goal_key);

alter table ad_creatives
    add column if not exists user_id uuid,
    add column if not exists goal_key text,
    add column if not exists name text,
    add column if not exists status text not null default 'draft',
    add column if not exists spec jsonb not null default '{}',
    add column if not exists meta_creative_id text,
    add column if not exists created_at timestamptz not null default now(),
    add column if not exists updated_at timestamptz not null default now();
alter table ad_creatives
    add constraint ad_creatives_has_owner check (user_id is not null and goal_key is not null) not valid;
create index if not exists ad_creatives_by_user on ad_creatives (user_id, goal_key);

-- One row a user. The host may have kept user_id beside another primary key.
do $$
begin
    if not exists (
        select
        from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = 'user_ads_modes'::regclass
          and i.indisunique and i.indpred is null and i.indnkeyatts = 1
          and a.attname = 'user_id'
    ) then
        create unique index user_ads_modes_one_row_a_user on user_ads_modes (user_id);
    end if;
end
$$;
