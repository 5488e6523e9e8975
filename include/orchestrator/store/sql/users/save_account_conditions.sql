-- Store how some users' accounts are at the platform; what is so already is not written. A stop keeps its beginning.
update meta_assets a set
    account_name = i.name,
    account_status = i.status,
    stopped_for = i.stopped_for,
    stopped_since = case when i.stopped_for is not null then coalesce(a.stopped_since, i.at) end
from jsonb_to_recordset(%(conditions)s) as i (
    user_id uuid, at timestamptz, ad_account_id text, name text, status integer, stopped_for text
)
where a.user_id = i.user_id and a.ad_account_id = i.ad_account_id
  and (a.account_name, a.account_status, a.stopped_for) is distinct from (i.name, i.status, i.stopped_for)
