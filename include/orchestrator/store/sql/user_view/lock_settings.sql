-- Serialize changes of one user's settings until the transaction ends.
select user_id from user_ads_modes where user_id = %(user_id)s for update
