-- Record what a person decided.
insert into ads_interventions (user_id, goal_key, kind, origin, made_by, details)
values (%(user_id)s, %(goal_key)s, %(kind)s, %(origin)s, %(made_by)s, %(details)s)
