-- Whoever asks for a run of this user at this moment waits here until the one before has its answer.
select pg_advisory_xact_lock(hashtextextended('ask/' || %(user_id)s::text, 0))
