-- Release the write slot: the call was answered, refused or timed out. Nothing more of it is sent; its outcome
-- may still have to be read back.
update user_leases set busy_until = null
where user_id = %(user_id)s and fencing_token = %(fencing_token)s
