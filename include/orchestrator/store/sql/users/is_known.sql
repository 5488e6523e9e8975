-- Whether there is such a user.
select exists (select from user_ads_modes where user_id = %(user_id)s) as is_known
