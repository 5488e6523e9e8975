-- Whoever changes this user's settings at this moment waits here until the one before is done.
select user_id from user_ads_modes where user_id = %(user_id)s for update
