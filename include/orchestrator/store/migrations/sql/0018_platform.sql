-- Which platform an account, a campaign, an ad set or a run is of. A constant default: no row is rewritten.
alter table meta_assets add column platform text not null default 'meta' check (platform <> '');
alter table ads_campaigns add column platform text not null default 'meta';
alter table ads_ad_sets add column platform text not null default 'meta';
alter table ads_automation_runs add column platform text not null default 'meta';

-- Only Meta's accounts are called act_….
alter table meta_assets
    drop constraint meta_assets_ad_account_id_check,
    add constraint meta_assets_ad_account_id_check
        check (platform <> 'meta' or ad_account_id ~ '^act_[0-9]+$');
