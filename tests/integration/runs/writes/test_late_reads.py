"""A read that does not show our own write yet is no edit of a person's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.base import AdsPlatform, Capabilities, RemoteTree
from orchestrator.resources import Resources
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.test_human_edits import by_hand, live_minor, type_in

BO = demo_users.BO


@dataclass(frozen=True, kw_only=True)
class LateResources(Resources):
    """The resources, over a platform whose reads are late."""

    app: AdsPlatform

    @property
    def platform(self) -> AdsPlatform:
        return self.app

    @property
    def capabilities(self) -> Capabilities:
        return self.app.capabilities


class LatePlatform:
    """A platform whose reads show the campaigns and ad sets as they were when ``stop`` was called."""

    def __init__(self, inner: AdsPlatform) -> None:
        self._inner = inner
        self.shown: RemoteTree | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def account(self, assets: AssetsRow, *guard: Any) -> Any:
        return LateAccount(self, self._inner.account(assets, *guard))


class LateAccount:
    """One account of it. Its first write stops the time of its reads."""

    def __init__(self, platform: LatePlatform, inner: Any) -> None:
        self._platform, self._inner = platform, inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def tree(self, campaign_ids: Any) -> RemoteTree:
        return self._platform.shown or self._inner.tree(campaign_ids)

    def read(self, campaign_ids: Any, *period: Any) -> Any:
        reading = self._inner.read(campaign_ids, *period)
        if self._platform.shown is None:
            return reading
        campaigns, ad_sets = self._platform.shown
        return replace(reading, campaigns=campaigns, ad_sets=ad_sets)


def read_late(town: Workbench, name: str) -> LatePlatform:
    """From now on reads show what there is now."""
    late = LatePlatform(town.resources.platform)
    account = town.resources.platform.account(
        town.resources.store.users.load([BO.user_id], history_since=town.now)[BO.user_id].assets  # type: ignore[union-attr]
    )
    late.shown = account.tree([c["id"] for c in town.campaigns(name)])
    plain = town.resources
    town.resources = LateResources(
        store=plain.store,
        policy=plain.policy,
        settings=plain.settings,
        app=late,  # type: ignore[arg-type]
    )
    return late


def rows(town: Workbench, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.mark.people(BO)
def test_a_second_write_of_a_run_is_made_though_the_first_does_not_show(town: Workbench):
    type_in(town, "global_daily_budget", "30.00")
    read_late(town, "Bo")

    town.run("run")

    budgets = [r for r in town.actions("run") if r.action.action_type == "update_budget"]
    assert [(r.action.before_minor, r.action.after_minor, r.status) for r in budgets] == [
        *([(500, 750, "success")] * 4),
        *([(750, 525, "success")] * 4),
    ]
    assert {r.details.get("hold") for r in town.actions("run")} == {None}
    assert live_minor(town, "Bo") == 3000


@pytest.mark.people(BO)
def test_what_was_resumed_a_moment_ago_was_not_paused_by_a_person(town: Workbench):
    (campaign,) = town.campaigns("Bo")
    by_hand(town, "Bo").set_status("campaign", campaign["id"], "PAUSED")
    rows(
        town,
        "update ads_campaigns set status = 'PAUSED', paused_by = 'orchestrator',"
        " paused_reason = 'goal_inactive' returning id",
    )
    town.later(1)
    late = read_late(town, "Bo")
    town.run("run")
    assert town.campaigns("Bo")[0]["status"] == "ACTIVE"

    town.run("at once")

    assert rows(town, "select status, paused_by from ads_campaigns") == [("ACTIVE", None)]
    late.shown = None
    by_hand(town, "Bo").set_status("campaign", campaign["id"], "PAUSED")
    town.later(1)
    town.run("later")
    assert rows(town, "select status, paused_by from ads_campaigns") == [("PAUSED", "user")]
