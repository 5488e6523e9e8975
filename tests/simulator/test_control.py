"""What the control API does with a body that makes no sense: one line that says where, and nothing else."""

from __future__ import annotations

import pytest
import requests

from tests.simulator.client import Client

AD_SET = '{"accounts": [{"name": "good"}, {"campaigns": [{"ad_sets": [{"name": "a", %s}]}]}]}'
IN_AD_SET = "accounts.1.campaigns.0.ad_sets.0"


def ask(graph: Client, path: str, body: bytes) -> tuple[int, str]:
    answer = requests.post(f"{graph.url}/_sim/{path}", data=body, timeout=30)
    return answer.status_code, answer.json().get("error", "")


@pytest.mark.parametrize(
    ("path", "body", "beginning"),
    [
        pytest.param("clock", b"{", "Invalid JSON", id="JSON cut short"),
        pytest.param("clock", b"[]", "Input should be an object", id="a list for an object"),
        pytest.param("clock", b"null", "Input should be an object", id="null"),
        pytest.param("clock", b'"\xff"', "Invalid JSON", id="no UTF-8"),
        pytest.param("clock", b'{"advance_hours": NaN}', "advance_hours: ", id="not a number"),
        pytest.param("clock", b'{"advance_hours": 1e999}', "advance_hours: ", id="more than a number holds"),
        pytest.param("clock", b'{"advance_hours": "inf"}', "advance_hours: ", id="endless, as text"),
        pytest.param("delivery", b'{"flex": "perhaps"}', "flex: ", id="neither on nor off"),
        pytest.param("reset", b'{"accounts": -1}', "accounts: ", id="fewer than no accounts"),
        pytest.param("faults", b"[{]", "", id="faults cut short"),
        pytest.param("faults", b'{"kind": []}', "kind: ", id="a kind that is a list"),
        pytest.param("faults", b'{"kind": "earthquake"}', "kind: must be one of", id="no such trouble"),
        pytest.param(
            "faults", b'{"kind": "error_1", "method": 5}', "method: ", id="a method that is a number"
        ),
        pytest.param("faults", b'{"kind": "error_1", "path": 5}', "path: ", id="a path that is a number"),
        pytest.param("faults", b'{"kind": "error_1", "probability": NaN}', "probability: ", id="no chance"),
        pytest.param("faults", b'{"kind": "error_1", "probability": 1.1}', "probability: ", id="over one"),
        pytest.param("faults", b'{"kind": "refusal"}', "", id="a refusal of nothing"),
        pytest.param("faults", b'{"kind": "slow", "refusal": {"code": 1}}', "", id="a refusal that is slow"),
    ],
)
def test_one_line_says_what_is_wrong_and_nothing_is_done(
    graph: Client, path: str, body: bytes, beginning: str
):
    before = graph.sim("ready"), graph.sim("faults")

    status, line = ask(graph, path, body)

    assert status == 400
    assert line.startswith(beginning)
    assert len(line.splitlines()) == 1
    assert (graph.sim("ready"), graph.sim("faults")) == before


@pytest.mark.parametrize(
    ("field", "place"),
    [
        pytest.param('"hours_ago": Infinity', "hours_ago", id="begun for ever ago"),
        pytest.param('"hours_ago": "inf"', "hours_ago", id="for ever ago, as text"),
        pytest.param('"hours_ago": 960001', "hours_ago", id="more than a century ago"),
        pytest.param('"daily_budget_minor": 1000000000000001', "daily_budget_minor", id="too large a budget"),
        pytest.param(
            f'"history": [{{"days": 7, "spend_minor": {"9" * 400}}}]',
            "history.0.spend_minor",
            id="400 digits",
        ),
        pytest.param(
            '"rates": {"cost_per_result_minor": 1e-320}', "rates.cost_per_result_minor", id="almost free"
        ),
        pytest.param('"promoted_object": {"page_id": NaN}', "promoted_object", id="a page that is no number"),
    ],
)
def test_a_seed_with_an_impossible_number_loads_nothing(graph: Client, field: str, place: str):
    before = len(graph.sim("accounts"))

    status, line = ask(graph, "seed", (AD_SET % field).encode())

    assert (status, line.split(":")[0]) == (400, f"{IN_AD_SET}.{place}")
    assert len(line.splitlines()) == 1
    assert len(graph.sim("accounts")) == before


def test_the_largest_numbers_are_reckoned_with(graph: Client):
    """Both ends of what a seed may say: read back, not an overflow."""
    graph.sim(
        "seed",
        {
            "accounts": [
                {
                    "ad_account_id": "act_4242424242",
                    "access_token": "largest",
                    "campaigns": [
                        {
                            "hours_ago": 960_000,
                            "ad_sets": [
                                {
                                    "daily_budget_minor": 10**15,
                                    "rates": {
                                        "cpm_minor": 1e-9,
                                        "click_rate": 1,
                                        "cost_per_result_minor": 1e15,
                                    },
                                    "history": [{"days": 2, "spend_minor": 10**15, "impressions": 10**15}],
                                }
                            ],
                        }
                    ],
                }
            ]
        },
    )
    graph.advance(24)

    (account,) = graph.sim("state?account=act_4242424242")["accounts"]
    assert account["spend_minor"] > 10**15
