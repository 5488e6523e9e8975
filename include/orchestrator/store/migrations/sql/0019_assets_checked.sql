-- When the user's assets were last looked for on the platform, a fingerprint of which, and those that were not there.
alter table meta_assets
    add column assets_checked_at timestamptz,
    add column assets_fingerprint text,
    add column assets_absent text[] not null default '{}',
    add constraint meta_assets_checked check ((assets_checked_at is null) = (assets_fingerprint is null));
