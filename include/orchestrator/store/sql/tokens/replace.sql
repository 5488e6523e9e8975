-- Store some access tokens encrypted anew.
update meta_assets a set access_token = t.access_token, updated_at = now()
from unnest(%(user_ids)s::uuid[], %(tokens)s::text[]) as t (user_id, access_token)
where a.user_id = t.user_id
