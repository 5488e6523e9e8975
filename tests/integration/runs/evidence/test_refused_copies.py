"""Copies that Meta refuses for good: refused once, and nothing is prepared for them again."""

from __future__ import annotations

import pytest

from demo import demo_users
from tests.integration.runs.conftest import Workbench

REFUSAL = {
    "kind": "refusal",
    "method": "POST",
    "edge": "copies",
    "refusal": {"code": 100, "subcode": 1870227, "title": "No", "text": "Invalid parameter."},
}


def kinds(town: Workbench, run_key: str) -> dict[tuple[str, str, str], int]:
    found = [(r.action.action_type, r.action.reason, r.status) for r in town.actions(run_key)]
    return {each: found.count(each) for each in found}


@pytest.mark.people(demo_users.BO)
def test_a_refused_copy_is_not_sent_again_and_nothing_is_prepared_for_it(town: Workbench):
    town.simulator.add_faults([REFUSAL])
    town.run("refused")
    town.later(6)
    town.run("restored")
    sent = len(town.writes())
    town.later(6)
    town.run("quiet")

    assert kinds(town, "refused") == {
        ("update_budget", "make_room", "success"): 4,
        ("create_campaign", "winner", "success"): 1,
        ("promote_winner", "winner", "failed"): 2,
        ("resume_campaign", "winner", "held"): 1,
    }
    assert kinds(town, "restored") == {("update_budget", "learning_share", "success"): 4}
    assert kinds(town, "quiet") == {}
    assert len(town.writes()) == sent
    copies = [r for r in town.simulator.requests() if str(r["path"]).endswith("/copies")]
    assert len(copies) == 2
