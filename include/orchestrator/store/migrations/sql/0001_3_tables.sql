-- Our own tables. Money is in minor units of the account's currency, times are instants.

create table meta_assets (
    user_id           uuid primary key,
    auth_connected    boolean not null default false,
    assets_configured boolean not null default false,
    ad_account_id     text check (ad_account_id ~ '^act_[0-9]+$'),
    page_id           text,
    instagram_user_id text,
    pixel_id          text,
    conversions       jsonb not null default '{}' check (jsonb_typeof(conversions) = 'object'),
    currency          text check (currency ~ '^[A-Z]{3}$'),
    timezone          text,
    -- Fernet's own first letters: a plain token cannot be stored by mistake.
    access_token      text check (access_token like 'gAAAA%'),
    dsa_beneficiary   text,
    dsa_payor         text,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    constraint meta_assets_connected check (not auth_connected or access_token is not null),
    constraint meta_assets_configured check (
        not assets_configured
        or (ad_account_id is not null and currency is not null and timezone is not null)
    )
);
create index meta_assets_by_ad_account on meta_assets (ad_account_id);

-- One row a currency and day: account currency per 1 USD.
create table fx_rates (
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    day           date not null,
    units_per_usd numeric not null check (units_per_usd > 0),
    source        text,
    primary key (currency, day)
);

-- One pass over the users: what one scheduled or asked-for run opened.
create table ads_sweeps (
    run_key   text primary key check (run_key <> ''),
    trigger   text not null check (trigger in ('cron', 'user', 'dryrun')),
    run_at    timestamptz not null,
    dry_run   boolean not null,
    users     integer not null check (users >= 0),
    batches   integer not null check (batches >= 0),
    opened_at timestamptz not null default now(),
    closed_at timestamptz
);
create index ads_sweeps_by_opening on ads_sweeps (opened_at);

-- One row a user and run.
create table ads_automation_runs (
    id                uuid primary key default gen_random_uuid(),
    run_key           text not null references ads_sweeps on delete cascade,
    user_id           uuid not null,
    batch             integer check (batch >= 0),
    trigger           text not null check (trigger in ('cron', 'user', 'dryrun')),
    run_at            timestamptz not null,
    dry_run           boolean not null,
    goal_keys         text[],
    status            text not null default 'pending' check (status in (
                          'pending',    -- opened, no step has begun
                          'running',    -- a step has begun
                          'success',    -- all steps done
                          'failed',     -- stopped by an error, which is in error
                          'throttled',  -- Meta's limits: the rest is left to the next run
                          'refused'     -- never begun, error says why
                      )),
    error             text,
    config            jsonb not null default '{}',
    campaigns_created integer not null default 0,
    campaigns_updated integer not null default 0,
    winners_promoted  integer not null default 0,
    budgets_scaled    integer not null default 0,
    adsets_paused     integer not null default 0,
    errors_count      integer not null default 0,
    opened_at         timestamptz not null default now(),
    started_at        timestamptz,
    ended_at          timestamptz,
    constraint ads_automation_runs_one_a_sweep unique (user_id, run_key),
    constraint ads_automation_runs_refused_has_reason
        check (status not in ('refused', 'failed') or error is not null),
    constraint ads_automation_runs_ended_is_dated
        check ((status in ('pending', 'running')) = (ended_at is null))
) with (fillfactor = 70);
-- One live run a user: while it goes on, no second one that writes.
create unique index ads_automation_runs_one_live on ads_automation_runs (user_id)
    where status = 'running' and not dry_run;
create index ads_automation_runs_by_batch on ads_automation_runs (run_key, batch);

-- What was read and what the rules saw: zlib of JSON, so that a run of ten thousand users stays
-- small. Apart from the runs, so that old ones can be dropped without touching the log.
create table ads_run_snapshots (
    run_id   uuid primary key references ads_automation_runs on delete cascade,
    user_id  uuid not null,
    snapshot bytea not null,
    reading  bytea,
    saved_at timestamptz not null default now()
);
alter table ads_run_snapshots
    alter column snapshot set storage external,
    alter column reading set storage external;
create index ads_run_snapshots_by_age on ads_run_snapshots (saved_at);

-- The decision document of a run, one row a step: evidence, holds, errors.
create table ads_run_decisions (
    run_id      uuid not null references ads_automation_runs on delete cascade,
    step        text not null,
    user_id     uuid not null,
    decision    jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (run_id, step)
);

-- One row an action. run_at is the run's own time, the one that cooldowns count from.
create table ads_automation_actions (
    id               bigint generated always as identity primary key,
    run_id           uuid not null references ads_automation_runs on delete cascade,
    user_id          uuid not null,
    run_at           timestamptz not null,
    dry_run          boolean not null,
    step             text not null check (step in ('allocate', 'learning', 'promote', 'scale', 'pause')),
    ordinal          integer not null check (ordinal >= 0),
    action_type      text not null check (action_type in (
                         'create_campaign', 'create_adset', 'update_budget', 'promote_winner',
                         'pause_adset', 'resume_adset', 'pause_campaign', 'resume_campaign'
                     )),
    goal_key         text not null,
    campaign_id      text,
    adset_id         text,
    creative_id      text,
    before_minor     bigint check (before_minor >= 0),
    after_minor      bigint check (after_minor >= 0),
    reason           text not null,
    promoted_from_id text,
    idempotency_key  text not null unique check (idempotency_key <> ''),
    status           text not null default 'planned' check (status in (
                         'planned',   -- decided; a dry run ends here
                         'held',      -- decided, then not made
                         'intended',  -- about to be sent, or sent and not heard of
                         'success',   -- Meta has it
                         'failed',    -- Meta refused it
                         'unknown'    -- it may have happened; read back before anything else
                     )),
    message          text,
    details          jsonb not null default '{}',
    attempts         integer not null default 0 check (attempts >= 0),
    created_at       timestamptz not null default now(),
    intended_at      timestamptz,
    settled_at       timestamptz,
    constraint ads_automation_actions_in_order unique (run_id, step, ordinal),
    constraint ads_automation_actions_dry_is_never_sent
        check (not dry_run or status in ('planned', 'held')),
    constraint ads_automation_actions_settled_is_dated
        check ((status in ('planned', 'intended')) = (settled_at is null))
) with (fillfactor = 80);
create index ads_automation_actions_history on ads_automation_actions (user_id, run_at)
    where not dry_run and status in ('success', 'failed', 'unknown');
create index ads_automation_actions_unsettled on ads_automation_actions (user_id)
    where status in ('intended', 'unknown');
create index ads_automation_actions_by_creation on ads_automation_actions (created_at);

-- Which Meta campaign plays which role.
create table ads_campaigns (
    id                 text primary key,
    user_id            uuid not null,
    goal_key           text not null,
    role               text not null check (role in ('testing', 'scaling')),
    status             text not null check (status in ('ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED')),
    -- A second one that lives (a copy found after a time-out, one a person brought back):
    -- counted like any other, never the one that is built on.
    spare              boolean not null default false,
    paused_by          text check (paused_by in ('orchestrator', 'creation', 'user')),
    paused_reason      text,
    daily_budget_minor bigint check (daily_budget_minor >= 0),
    created_at         timestamptz not null,
    active_since       timestamptz,
    removed_at         timestamptz,
    kept_at            timestamptz not null default now(),
    constraint ads_campaigns_of_user unique (id, user_id),
    constraint ads_campaigns_removed_is_dated
        check ((status in ('ARCHIVED', 'DELETED')) = (removed_at is not null))
);
create unique index ads_campaigns_one_live on ads_campaigns (user_id, goal_key, role)
    where status in ('ACTIVE', 'PAUSED') and not spare;
create index ads_campaigns_by_user on ads_campaigns (user_id);
create index ads_campaigns_active on ads_campaigns (user_id) where status = 'ACTIVE';

-- Which Meta ad set is which test cell, or the copy of which winner.
create table ads_ad_sets (
    id                 text primary key,
    user_id            uuid not null,
    campaign_id        text not null,
    goal_key           text not null,
    audience           text not null,
    creative_id        text,
    source_adset_id    text,
    status             text not null check (status in ('ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED')),
    paused_by          text check (paused_by in ('orchestrator', 'creation', 'user')),
    paused_reason      text,
    daily_budget_minor bigint check (daily_budget_minor >= 0),
    created_at         timestamptz not null,
    active_since       timestamptz,
    removed_at         timestamptz,
    kept_at            timestamptz not null default now(),
    constraint ads_ad_sets_in_own_campaign
        foreign key (campaign_id, user_id) references ads_campaigns (id, user_id),
    constraint ads_ad_sets_removed_is_dated
        check ((status in ('ARCHIVED', 'DELETED')) = (removed_at is not null))
);
create index ads_ad_sets_by_user on ads_ad_sets (user_id);
create index ads_ad_sets_by_campaign on ads_ad_sets (campaign_id);

-- Ad set by account day. Written again while Meta restates it (28 days). The largest table: the key
-- is Meta's id and the day alone, so a user's days are found through the user's ad sets.
create table ads_insights_daily (
    user_id     uuid not null,
    spend_minor bigint not null check (spend_minor >= 0),
    day         date not null,
    impressions integer not null check (impressions >= 0),
    events      integer not null check (events >= 0),
    adset_id    text not null,
    primary key (adset_id, day)
) with (fillfactor = 85);

-- Who may write for a user at this moment. The token only rises; a write with an older one is late.
create table user_leases (
    user_id       uuid primary key,
    holder        text not null,
    fencing_token bigint not null check (fencing_token > 0),
    expires_at    timestamptz not null
);

-- The operators' switch for everybody: one row.
create table orchestrator_switch (
    only_row   boolean primary key default true check (only_row),
    stopped    boolean not null default false,
    note       text,
    changed_by text,
    changed_at timestamptz not null default now()
);
insert into orchestrator_switch default values;
