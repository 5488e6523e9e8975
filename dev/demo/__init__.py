"""The demo, and what it runs on: Postgres, the Graph simulator and Airflow, started and stopped as one."""
