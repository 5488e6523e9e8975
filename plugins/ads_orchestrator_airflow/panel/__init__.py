"""The operator's panel: pages inside Airflow, behind Airflow's login."""
