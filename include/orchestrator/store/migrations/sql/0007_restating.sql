-- When all days that Meta may still restate were last read: once a day, not in every run.
alter table meta_assets add column insights_restated_at timestamptz;
grant select (insights_restated_at) on meta_assets to ads_user;
