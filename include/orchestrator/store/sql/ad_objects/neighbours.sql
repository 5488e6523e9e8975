-- Of some objects those that other users have rows of, and whether another user has the same ad account.
select
    array(
        select id from ads_campaigns where id = any(%(ids)s) and user_id <> %(user_id)s
        union all
        select id from ads_ad_sets where id = any(%(ids)s) and user_id <> %(user_id)s
    ) as ids,
    exists (
        select from meta_assets
        where ad_account_id = %(ad_account_id)s and user_id <> %(user_id)s
    ) as is_shared
