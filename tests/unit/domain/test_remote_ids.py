"""Ids of a platform in an action's details, under the keys that hosts read."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.domain.remote_ids import RemoteIds


@pytest.mark.parametrize(
    ("ids", "document"),
    [
        pytest.param(RemoteIds(), {}, id="none"),
        pytest.param(RemoteIds(campaign_id="1"), {"meta_campaign_id": "1"}, id="a campaign"),
        pytest.param(
            RemoteIds(campaign_id="1", adset_id="2", ad_id="3"),
            {"meta_campaign_id": "1", "meta_adset_id": "2", "meta_ad_id": "3"},
            id="an ad set with its ad",
        ),
        pytest.param(
            RemoteIds(adset_id="2", ad_ids=["3", "4"]),
            {"meta_adset_id": "2", "meta_ad_ids": ["3", "4"]},
            id="a copy",
        ),
    ],
)
def test_ids_go_into_details_and_back(ids: RemoteIds, document: dict[str, Any]) -> None:
    assert ids.document() == document
    assert RemoteIds.of({"error": "Unknown", **document}) == ids
