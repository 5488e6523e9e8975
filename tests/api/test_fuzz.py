"""Whatever is sent, the answer is one that the description promises, and never a fault of ours."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from ads_orchestrator_airflow.api import app as users_api
from tests.api.conftest import as_service, as_user
from tests.integration.store.conftest import Rows

pytestmark = [pytest.mark.usefixtures("airflow"), pytest.mark.filterwarnings("default")]

schema = schemathesis.openapi.from_dict(users_api.create().openapi())


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_a_fault_of_ours(case: schemathesis.Case, http: httpx.Client, rows: Rows):
    who = as_service() if "cron" in case.path else as_user(rows.user(assets={"auth_connected": False}))
    if "wait" in (case.query or {}):
        case.query["wait"] = 0
    case.headers = {**(case.headers or {}), **who}

    answer: Any = case.call(base_url=str(http.base_url))

    case.validate_response(
        answer,
        checks=[
            checks.not_a_server_error,
            checks.load_all_checks() and checks.CHECKS.get_one("status_code_conformance"),
            checks.CHECKS.get_one("content_type_conformance"),
            checks.CHECKS.get_one("response_schema_conformance"),
        ],
    )
