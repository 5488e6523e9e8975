"""The page about the API says what the code says, and so does what programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from ads_orchestrator_airflow.api import api_docs

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    assert api_docs.main(["--check", str(ROOT / "docs" / "api.md")]) is None


def test_a_page_that_is_not_is_told(tmp_path: Path):
    assert "out of date" in str(api_docs.main(["--check", str(tmp_path / "api.md")]))


def test_the_page_names_the_claims_of_a_token():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    token = page.partition("## The token\n")[2].partition("\n## ")[0]

    claims = [line.split("`")[1] for line in token.splitlines() if line.startswith("| `")]
    assert claims == ["exp", "iss", "aud", "sub"]


def test_the_description_is_open_and_names_the_endpoints(http: httpx.Client):
    document = http.get("/openapi.json").json()

    assert {f"{method} {path}" for path, of in document["paths"].items() for method in of} == {
        "post /ads-orchestrate",
        "post /ads-orchestrate-dryrun",
        "get /runs",
        "get /runs/{run_id}/actions",
        "get /settings",
        "patch /settings",
        "get /waiting",
        "post /figures/accept",
        "post /goals/{goal_key}/resume",
        "post /ads-orchestrate-cron",
    }


def test_every_endpoint_needs_a_token_and_shows_an_example_and_its_errors(http: httpx.Client):
    document = http.get("/openapi.json").json()

    operations: list[dict[str, Any]] = [each for of in document["paths"].values() for each in of.values()]
    for operation in operations:
        (scheme,) = operation["security"]
        assert set(scheme) <= {"userToken", "serviceToken"}
        answers = operation["responses"]
        assert {"401", "429", "500", "503"} <= set(answers)
        for status, answer in answers.items():
            (kind,) = answer["content"]
            assert kind == ("application/json" if int(status) < 400 else "application/problem+json")
        assert next(iter(answers.values()))["content"]["application/json"]["example"]
