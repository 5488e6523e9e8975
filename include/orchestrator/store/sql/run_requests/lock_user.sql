-- Serialize the requests of one user until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('ask/' || %(user_id)s::text, 0))
