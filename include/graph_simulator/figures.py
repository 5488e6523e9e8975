"""Figures that Meta withholds or corrects: fields that go missing, a day's figures that are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_simulator import spec
from graph_simulator.control_forms import FiguresForm
from graph_simulator.delivery.ledger import AdLedger
from graph_simulator.delivery.outcomes import Cell
from graph_simulator.delivery.run import delivered
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.state.world import World


def correct(world: World, form: FiguresForm) -> dict[str, Any]:
    """Do what a form specifies; what was withheld and how much was taken back.

    Raises:
        ValueError: there is no such account, field or object.
    """
    answer: dict[str, Any] = {}
    if form.missing is not None:
        answer["missing"] = _withhold(world, form)
    if form.taken_back:
        answer["taken_back"] = _take_back(world, form)
    return answer


def _withhold(world: World, form: FiguresForm) -> list[str]:
    account = world.objects.get(form.ad_account_id or "")
    unknown = sorted({*(form.missing or ())} - spec.fields("AdsInsights"))
    if not isinstance(account, Account) or unknown:
        msg = f"there is no field {unknown[0]}" if unknown else f"there is no ad account {form.ad_account_id}"
        raise ValueError(msg)
    account.missing = tuple(form.missing or ())
    return [*account.missing]


def _take_back(world: World, form: FiguresForm) -> dict[str, int]:
    node = world.objects.get(form.id or "")
    if not isinstance(node, Campaign | AdSet | Ad):
        msg = f"there is no campaign, ad set or ad {form.id}"
        raise ValueError(msg)  # noqa: TRY004 - the body is at fault
    world.record_outcome(node.account)
    today = day_of(world.now(), node.account.timezone)
    day = form.date.toordinal() if form.date else today - (form.days_ago or 0)
    totals = Cell(0, 0, 0, 0, 0)
    for ad in _ads(node):
        less = _part(delivered([ad], (day, day), world.now(), world.laws), form.taken_back)
        ad.ledger = ad.ledger or AdLedger()
        ad.ledger.book(day, less)
        totals = totals.plus(less)
    return {name: -value for name, value in totals._asdict().items()}


def _ads(node: Campaign | AdSet | Ad) -> list[Ad]:
    if isinstance(node, Ad):
        return [node]
    ad_sets = node.ad_sets if isinstance(node, Campaign) else [node]
    return [ad for ad_set in ad_sets for ad in ad_set.ads if ad.ledger]


def _part(cell: Cell, parts: Mapping[Any, float]) -> Cell:
    """So much of each figure, as a negative amount; link clicks go with the clicks."""
    shares = {**parts, "link_clicks": parts.get("clicks", 0)}
    return Cell(*(-int(value * shares.get(name, 0)) for name, value in cell._asdict().items()))
