-- The account as the last run read it: its name, the platform's number of its status and, while it delivers nothing
-- for that or for its spending limit, the reason and since when.
alter table meta_assets
    add column account_name   text,
    add column account_status integer,
    add column stopped_for    text,
    add column stopped_since  timestamptz,
    add constraint meta_assets_stop_is_whole check ((stopped_for is null) = (stopped_since is null));
-- Few: a page of them is read whatever the number of users.
create index meta_assets_stopped on meta_assets (user_id) where stopped_since is not null;
