from __future__ import annotations

from pathlib import Path

from airflow.sdk import DAG

from ads_orchestrator_airflow.dag_docs import page

PAGE = Path(__file__).parents[2] / "docs" / "dags.md"


def test_the_page_about_the_dags_says_what_the_code_says(dags: dict[str, DAG]):
    assert PAGE.read_text() == page(dags.values())
