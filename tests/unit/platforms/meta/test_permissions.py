"""What a person is told whose permission or role is missing."""

from __future__ import annotations

import pytest

from orchestrator.platforms.meta import error_codes, permissions
from orchestrator.platforms.meta.error_codes import GraphError

CONNECT = "the user connects the ad account again and grants it."


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        pytest.param(
            10,
            "Application does not have permission for this action",
            "The app lacks a permission or the access to this feature; the app's owner requests it in Meta's "
            "App Review, then the user connects the ad account again.",
            id="the app's",
        ),
        pytest.param(
            10,
            "This endpoint requires the 'pages_read_engagement' permission",
            f"A permission is missing (pages_read_engagement); {CONNECT}",
            id="the app's, named",
        ),
        pytest.param(
            200,
            "Ad account owner has NOT grant ads_management or ads_read permission",
            f"A permission is missing (ads_management, ads_read); {CONNECT}",
            id="two that Meta names",
        ),
        pytest.param(
            200,
            "Permissions error",
            "The person who connected the account needs a role that may advertise with the ad account; an "
            "administrator of the ad account grants it in Meta's Business settings.",
            id="none is named",
        ),
        pytest.param(
            200,
            "You do not have permission to create ads for this Page",
            "The person who connected the account needs a role that may advertise with the Page; an "
            "administrator of the Page grants it in Meta's Business settings.",
            id="a Page",
        ),
        pytest.param(
            273,
            "the user must be admin of the ad account",
            "The person who connected the account needs the role administrator of the ad account; an "
            "administrator of it grants the role in Meta's Business settings.",
            id="an administrator's role",
        ),
        pytest.param(
            294,
            "Managing advertisements requires an extended permission",
            f"A permission is missing (ads_management); {CONNECT}",
            id="the extended permission",
        ),
    ],
)
def test_an_error_names_what_is_missing_and_who_grants_it(code: int, text: str, said: str) -> None:
    graph_error = GraphError(status=403, code=code, message=f"(#{code}) {text}")
    error = error_codes.error_for(graph_error, what="read ad account", is_write=False, wait_s=0)

    assert str(error) == f"read ad account: (#{code}) {text} (code {code}). {said}"


@pytest.mark.parametrize("code", [0, 1, 9, 11, 100, 190, 199, 270, 275, 300, 368])
def test_other_codes_are_about_no_permission(code: int) -> None:
    assert permissions.next_step(code, "ads_management") is None
