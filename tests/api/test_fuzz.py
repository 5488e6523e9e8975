"""Whatever is sent, the answer is one that the description promises, and never a fault of ours."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ads_orchestrator_airflow.api import app
from tests.api.conftest import as_service, as_user
from tests.integration.store.conftest import Rows

pytestmark = [pytest.mark.usefixtures("airflow"), pytest.mark.filterwarnings("default")]

schema = schemathesis.openapi.from_dict(app.create().openapi())


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
    # A plan would be made from what Meta says, and these users have no account there.
    connected = "dryrun" not in case.path
    who = as_service() if "cron" in case.path else as_user(rows.user(assets={"auth_connected": connected}))
    case.headers = {**(case.headers or {}), **who}
    if "wait" in (case.query or {}):
        case.query["wait"] = 0

    answer = case.call(base_url=str(http.base_url))

    case.validate_response(
        answer,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
