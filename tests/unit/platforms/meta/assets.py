"""A user's assets at Meta, complete unless changed."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from orchestrator.domain.records import AssetsRow


def assets(**change: Any) -> AssetsRow:
    complete = {
        "ad_account_id": "act_1",
        "page_id": "10",
        "instagram_user_id": "20",
        "pixel_id": "9",
        "conversions": {
            "streams": {"custom_event_str": "SmartLinkClicked"},
            "presave": {"custom_conversion_id": "77"},
        },
        "currency": "USD",
        "timezone": "UTC",
        "access_token": SecretStr("TOKEN"),
    }
    return AssetsRow(**(complete | change))
