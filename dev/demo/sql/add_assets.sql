-- Their Meta assets, connected and configured; the token comes encrypted.
insert into meta_assets
    (user_id, auth_connected, assets_configured, ad_account_id, page_id, instagram_user_id, pixel_id,
     conversions, currency, timezone, access_token)
select p.user_id, true, true, p.ad_account_id, p.page_id, p.instagram_user_id, p.pixel_id, p.conversions,
       p.currency, p.timezone, p.access_token
from jsonb_to_recordset(%(rows)s) as p (
    user_id uuid, ad_account_id text, page_id text, instagram_user_id text, pixel_id text, conversions jsonb,
    currency text, timezone text, access_token text
)
