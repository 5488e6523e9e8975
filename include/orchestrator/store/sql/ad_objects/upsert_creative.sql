-- Store the platform's id of a creative. The host application's ids may be of any type.
update ad_creatives set meta_creative_id = %(remote_id)s
where user_id = %(user_id)s and id::text = %(creative_id)s
