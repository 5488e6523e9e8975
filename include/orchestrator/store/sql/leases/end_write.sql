-- The call is over: answered, refused or given up after its time. We send nothing more of it; what it did may
-- still have to be read back.
update user_leases set busy_until = null
where user_id = %(user_id)s and fencing_token = %(fence)s
