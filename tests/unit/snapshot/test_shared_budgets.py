"""Where a campaign owns the budget, what each of its ad sets has of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.domain.records import AdSetRow
from orchestrator.snapshot import builder
from orchestrator.snapshot.shared_budgets import Sharing, sum_minor
from tests.unit.snapshot.rows import (
    NOW,
    a_campaign_row,
    a_user,
    ad_set_on_meta,
    an_ad_set_row,
    on_meta,
)


def ad_sets(*budgets: int | None, **change: Any) -> list[AdSetRow]:
    """Ad sets 1, 2, … of campaign 1."""
    return [
        an_ad_set_row(id=str(n), daily_budget_minor=minor, **change) for n, minor in enumerate(budgets, 1)
    ]


def parts_of(
    ours: list[AdSetRow], campaign_minor: int | None, intended: AdSetRow | None = None, role: str = "testing"
) -> list[int | None]:
    observed = [replace(each, daily_budget_minor=None) for each in ours]
    campaign = a_campaign_row(id="1", role=role, daily_budget_minor=campaign_minor)
    seen = Sharing(intended).with_parts(ours, observed, [campaign])
    return [each.daily_budget_minor for each in seen]


@pytest.mark.parametrize(
    ("ours", "campaign_minor", "parts"),
    [
        pytest.param((350, 350), 700, [350, 350], id="the sum: as we wrote them"),
        pytest.param((350, 350), 500, [250, 250], id="lowered by a person"),
        pytest.param((300, 100), 800, [600, 200], id="raised by a person, in proportion"),
        pytest.param((1, 1, 1), 100, [34, 33, 33], id="what is left over goes to the first"),
        pytest.param((350, 350), None, [350, 350], id="a campaign without a budget yet"),
        pytest.param((0, None), 700, [0, None], id="no parts to divide by"),
        pytest.param((), 700, [], id="nobody"),
    ],
)
def test_a_campaign_s_budget_is_divided_by_our_parts(
    ours: tuple[int | None, ...], campaign_minor: int | None, parts: list[int | None]
) -> None:
    seen = parts_of(ad_sets(*ours), campaign_minor)

    assert seen == parts


@pytest.mark.parametrize(
    ("campaign_minor", "parts"),
    [
        pytest.param(770, [420, 350], id="it happened"),
        pytest.param(700, [350, 350], id="it did not"),
        pytest.param(769, [385, 384], id="a person did something else"),
    ],
)
def test_a_write_without_an_answer_explains_the_sum(campaign_minor: int, parts: list[int]) -> None:
    (intended,) = ad_sets(420)

    seen = parts_of(ad_sets(350, 350), campaign_minor, intended)

    assert seen == parts


def test_only_active_ad_sets_of_the_campaign_share() -> None:
    paused, other = ad_sets(200, status="PAUSED"), ad_sets(100, campaign_id="2")
    active = [an_ad_set_row(id="7", daily_budget_minor=50)]

    seen = parts_of([*paused, *other, *active], 90)

    assert seen == [200, 100, 90]
    assert sum_minor("1", [*paused, *other, *active]) == 50


def test_a_scaling_campaign_is_not_divided() -> None:
    assert parts_of(ad_sets(None, None), 900, role="scaling") == [None, None]


def test_a_learning_campaign_owns_no_budget_though_the_platform_has_the_sum_there() -> None:
    learning = a_campaign_row(id="1", role="testing", daily_budget_minor=700)
    scaling = a_campaign_row(id="2", role="scaling", daily_budget_minor=900)

    seen = Sharing().without_sums([learning, scaling])

    assert [each.daily_budget_minor for each in seen] == [None, 900]


def test_neither_is_a_learning_campaign_s_sum_stored_nor_seen_by_the_rules() -> None:
    user = a_user(campaigns=(a_campaign_row(),), ad_sets=(an_ad_set_row(daily_budget_minor=250),))
    meta = ((on_meta(daily_budget_minor=250),), (ad_set_on_meta(daily_budget_minor=None),))

    found = builder.structure(user, meta, NOW, sharing=Sharing())

    assert (found.campaigns[0].daily_budget_minor, found.ad_sets[0].daily_budget_minor) == (None, 250)
    assert found.changed == ()
