-- A chunk is few rows of large tables: look each one up. Until the tables are large, Postgres would rather read
-- them whole, for every chunk.
select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
