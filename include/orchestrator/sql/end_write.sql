-- The write has its answer: nothing is under way any more.
update user_leases set busy_until = null
where user_id = %(user_id)s and fencing_token = %(fence)s
