"""How long a refusal stands is a threshold of its own, beyond the cooldowns or below them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo import demo_users
from orchestrator.domain import policy
from orchestrator.runs import user_reader
from tests.integration.runs.conftest import Workbench

KIT = demo_users.KIT
REFUSAL = {
    "kind": "refusal",
    "method": "POST",
    "edge": "adcreatives",
    "refusal": {"code": 100, "subcode": 1815089, "title": "No", "text": "No terms."},
}


@pytest.mark.people(KIT)
@pytest.mark.parametrize("window", [24, 100])
def test_a_half_made_test_is_tried_again_after_the_policys_hours(town: Workbench, window: int):
    town.resources = replace(town.resources, policy=policy.overridden({"refused_retry_hours": window}))
    town.simulator.add_faults([REFUSAL])
    town.run("run")

    town.later(window - 1)
    before = user_reader.read_now(town.resources, KIT.user_id, town.now).snapshot
    town.later(1)
    after = user_reader.read_now(town.resources, KIT.user_id, town.now).snapshot

    assert {a.retry for a in before.ad_sets} == {False}
    assert {a.retry for a in after.ad_sets} == {True}
    assert {h.status for h in before.history if h.action_type == "create_adset"} == {"failed"}
