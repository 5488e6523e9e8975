-- Store what was found of some users' assets.
update meta_assets a
set assets_checked_at = i.at, assets_fingerprint = i.fingerprint, assets_absent = i.absent
from jsonb_to_recordset(%(checks)s) as i (user_id uuid, at timestamptz, fingerprint text, absent text[])
where a.user_id = i.user_id
