"""The real SDK against the simulator in a process of its own: one account for each test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import stamina
from pydantic import SecretStr

from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.meta.account import MetaAccount
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec

INCLUDE = Path(__file__).parents[4] / "include"
ACCOUNTS = 400
US = {"geo_locations": {"countries": ["US"]}, "age_min": 18, "age_max": 65}
PATIENCE = ClientLimits(read_timeout_s=20.0, short_wait_s=5.0, tier="full")
# For calls that get no answer: long enough for one that does, on a busy machine.
HURRY = ClientLimits(read_timeout_s=2.0, short_wait_s=5.0, tier="full")


class Simulator:
    """The simulator's control API."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, **query: Any) -> Any:
        answer = requests.get(f"{self.url}/_sim/{path}", params=query, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        answer = requests.post(f"{self.url}/_sim/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def clear_faults(self) -> None:
        requests.delete(f"{self.url}/_sim/faults", timeout=10).raise_for_status()


@dataclass(frozen=True)
class User:
    """One simulated account, seen with its token through the orchestrator's client."""

    simulator: Simulator
    app: MetaApp
    hurried_app: MetaApp
    facts: dict[str, Any]
    since: int

    @property
    def account(self) -> MetaAccount:
        return self.app.account(self.assets)

    def account_for(self, kind: str) -> MetaAccount:
        """The account, with little patience where a fault of this kind leaves calls unanswered."""
        app = self.hurried_app if kind.startswith("timeout") else self.app
        return app.account(self.assets)

    @property
    def id(self) -> str:
        return str(self.facts["ad_account_id"])

    @property
    def assets(self) -> AssetsRow:
        return AssetsRow(
            ad_account_id=self.id,
            page_id=self.facts["page_id"],
            instagram_user_id=self.facts["instagram_user_id"],
            pixel_id=self.facts["pixel_id"],
            conversions={
                "streams": {"custom_event_str": "SmartLinkClicked"},
                "presave": {"custom_conversion_id": self.facts["custom_conversion_id"]},
            },
            currency=self.facts["currency"],
            timezone=self.facts["timezone"],
            access_token=SecretStr(self.facts["access_token"]),
        )

    def fault(self, kind: str, **more: Any) -> None:
        """Let trouble befall this account's calls, once unless told otherwise."""
        self.simulator.post("faults", [{"kind": kind, "account": self.id, "count": 1} | more])

    def requests(self) -> list[dict[str, Any]]:
        """What reached Meta for this account in this test."""
        return list(self.simulator.get("requests", since=self.since, account=self.id))

    def state(self) -> dict[str, Any]:
        return dict(self.simulator.get("state", account=self.id)["accounts"][0])


@dataclass(frozen=True)
class Tree:
    campaign: str
    ad_set: str
    creative: str
    ad: str


def build_tree(
    user: User, goal: str, *, cbo_minor: int | None = None, ad_set_minor: int | None = 2000
) -> Tree:
    """Create campaign, ad set, creative and ad as the orchestrator would; everything PAUSED."""
    account = user.account
    campaign = account.create_campaign(
        CampaignSpec(name=f"{goal} [k:c]", goal_key=goal, daily_budget_minor=cbo_minor)
    )
    ad_set = account.create_ad_set(
        AdSetSpec(
            name="broad [k:s]",
            campaign_id=campaign,
            goal_key=goal,
            daily_budget_minor=None if cbo_minor else ad_set_minor,
            targeting=US,
        )
    )
    creative = account.create_creative(a_creative(user, goal))
    ad = account.create_ad(AdSpec(name="ad [k:a]", ad_set_id=ad_set, creative_id=creative))
    return Tree(campaign, ad_set, creative, ad)


def activate(user: User, tree: Tree) -> None:
    user.account.set_status("ad", tree.ad, "ACTIVE")
    user.account.set_status("ad_set", tree.ad_set, "ACTIVE")
    user.account.set_status("campaign", tree.campaign, "ACTIVE")


def a_creative(user: User, goal: str) -> CreativeSpec:
    spec: dict[str, Any] = {
        "link": "https://example.com/song",
        "message": "Out now",
        "headline": "New song",
        "image_hash": user.facts["image_hash"],
        "call_to_action": "LISTEN_NOW",
    }
    if goal == "virality":
        spec |= {"video_id": user.facts["video_id"]}
    if goal == "build_audience":
        spec |= {"call_to_action": "SIGN_UP", "lead_gen_form_id": user.facts["lead_form_id"]}
    return CreativeSpec(name="c1 [k:r]", creative_id="c1", goal_key=goal, parts=spec)


@pytest.fixture(autouse=True)
def _no_pauses_between_attempts() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph_simulator", "--port", str(port), "--accounts", str(ACCOUNTS)]
    process = subprocess.Popen([*command, "--require-proof"], env=os.environ | {"PYTHONPATH": str(INCLUDE)})
    try:
        _wait_for(process, f"http://127.0.0.1:{port}/_sim/ready")
        yield Simulator(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    for attempt in stamina.retry_context(
        on=requests.ConnectionError, attempts=None, timeout=30, wait_max=0.2
    ):
        with attempt:
            assert process.poll() is None, "the simulator ended before it was ready"
            requests.get(url, timeout=5).raise_for_status()


def an_app(simulator: Simulator, limits: ClientLimits, api_version: str = "v26.0") -> MetaApp:
    facts = simulator.get("app")
    return MetaApp(
        app_id=facts["app_id"],
        app_secrets=[SecretStr(facts["app_secret"])],
        base_url=simulator.url,
        api_version=api_version,
        limits=limits,
    )


@pytest.fixture(scope="session")
def apps(simulator: Simulator) -> Iterator[tuple[MetaApp, MetaApp]]:
    patient, hurried = an_app(simulator, PATIENCE), an_app(simulator, HURRY)
    yield patient, hurried
    patient.close()
    hurried.close()


@pytest.fixture(scope="session")
def dollar_accounts(simulator: Simulator) -> Iterator[dict[str, Any]]:
    return iter([facts for facts in simulator.get("accounts") if facts["currency"] == "USD"])


@pytest.fixture
def user(
    simulator: Simulator, apps: tuple[MetaApp, MetaApp], dollar_accounts: Iterator[dict[str, Any]]
) -> Iterator[User]:
    seen = simulator.get("requests")
    yield User(simulator, *apps, facts=next(dollar_accounts), since=seen[-1]["id"] if seen else 0)
    simulator.clear_faults()
