"""The Airflow side of the orchestrator: operators, connections, retries, notifications."""
