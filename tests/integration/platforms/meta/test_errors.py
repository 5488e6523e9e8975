"""What goes wrong on the way, and what is made of it: nothing is sent twice, nothing is taken for done."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from pydantic import SecretStr

from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    PlatformError,
    ProofRefused,
    Rejected,
    Throttled,
    Unknown,
    VersionExpired,
)
from orchestrator.platforms.meta.client import MetaApp
from orchestrator.platforms.specs import CampaignSpec
from tests.integration.platforms.meta.conftest import PATIENCE, Simulator, User, build_tree

SPEC = CampaignSpec(name="c [k:1]", goal_key="streams", daily_budget_minor=None)
EFFECTLESS = ["timeout_before", "reset_before", "html_502", "empty_200", "empty_500", "error_1", "error_2"]
EFFECTIVE = ["timeout_after", "reset_after", "html_502_after", "empty_200_after", "broken_json"]


def sent(user: User, path: str) -> int:
    return sum(1 for each in user.requests() if each["method"] == "POST" and each["path"].endswith(path))


@pytest.mark.parametrize(
    ("kind", "happened"), [(kind, 0) for kind in EFFECTLESS] + [(kind, 1) for kind in EFFECTIVE]
)
def test_a_creation_without_a_clean_answer_is_unknown_and_can_be_read_back(
    user: User, kind: str, happened: int
):
    user.fault(kind, method="POST")

    with pytest.raises(Unknown, match="read back before anything is repeated"):
        user.account_for(kind).create_campaign(SPEC)

    assert sent(user, "/campaigns") == 1
    assert len(user.account.campaigns_named("[k:1]")) == happened


@pytest.mark.parametrize("kind", [*EFFECTLESS, *EFFECTIVE])
def test_an_update_without_a_clean_answer_is_unknown_and_sent_once(user: User, kind: str):
    tree = build_tree(user, "streams")
    user.fault(kind, method="POST")

    with pytest.raises(Unknown):
        user.account_for(kind).set_daily_budget("ad_set", tree.ad_set, 2400)

    assert sent(user, f"/{tree.ad_set}") == 1
    assert user.account.ad_set(tree.ad_set).daily_budget_minor == (2400 if kind in EFFECTIVE else 2000)


@pytest.mark.parametrize("kind", ["timeout_after", "reset_after", "html_502_after", "empty_200_after"])
def test_a_lost_copy_is_found_from_its_source(user: User, kind: str):
    tree = build_tree(user, "streams")
    scaling = user.account.create_campaign(
        CampaignSpec(name="s", goal_key="streams", daily_budget_minor=6000)
    )
    user.fault(kind, method="POST", path="*/copies")

    with pytest.raises(Unknown):
        user.account_for(kind).copy_ad_set(user.account.ad_set(tree.ad_set), scaling, " [k:p]")

    (found,) = user.account.copies_of(tree.ad_set, scaling)
    assert found.name.endswith("[k:p]")
    assert found.status == "PAUSED"


@pytest.mark.parametrize("kind", [*EFFECTLESS, "broken_json"])
def test_a_read_is_tried_again_and_succeeds(user: User, kind: str):
    tree = build_tree(user, "streams")
    user.fault(kind, method="GET")

    assert user.account_for(kind).ad_set(tree.ad_set).id == tree.ad_set


@pytest.mark.parametrize(
    "kind", ["throttle_4", "throttle_17", "throttle_613", "throttle_80000", "throttle_80004"]
)
def test_a_throttled_write_did_not_happen_and_says_how_long_to_wait(user: User, kind: str):
    user.fault(kind, method="POST")

    with pytest.raises(Throttled) as refused:
        user.account.create_campaign(SPEC)

    assert refused.value.wait_s > 0
    assert sent(user, "/campaigns") == 1
    assert user.state()["campaigns"] == []


def test_after_a_throttle_the_account_is_left_alone(user: User):
    user.fault("throttle_17", method="POST")
    with pytest.raises(Throttled):
        user.account.create_campaign(SPEC)
    before = len(user.requests())

    with pytest.raises(Throttled, match="Nothing was sent"):
        user.account.campaigns_named("[k:1]")

    assert len(user.requests()) == before


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("token_460", AuthExpired),
        ("token_463", AuthExpired),
        ("permission", Rejected),
        ("account_disabled", AccountClosed),
    ],
)
def test_trouble_of_the_user_stops_the_user(user: User, kind: str, error: type[PlatformError]):
    user.fault(kind, count=None)

    with pytest.raises(error):
        user.account.create_campaign(SPEC)
    with pytest.raises(error):
        user.account.read([], date(2026, 11, 1), date(2026, 11, 2))


def test_a_token_that_was_never_valid_is_dead(user: User):
    with pytest.raises(AuthExpired):
        user.app.account(replace(user.assets, access_token=SecretStr("EAABnonsense"))).campaigns_named(
            "[k:1]"
        )


@pytest.fixture
def app_of(user: User) -> Iterator[Callable[..., MetaApp]]:
    """Our app, with given secrets; ``None`` is the one that Meta has."""
    made = []

    def make(*secrets: str | None) -> MetaApp:
        right = user.simulator.get("app")["app_secret"]
        made.append(
            MetaApp(
                app_id="1",
                app_secrets=[SecretStr(secret or right) for secret in secrets],
                base_url=user.simulator.url,
                limits=PATIENCE,
            )
        )
        return made[-1]

    yield make
    for app in made:
        app.close()


@pytest.mark.parametrize("secrets", [("wrong",), ("wrong", "wrong too")])
def test_a_proof_that_meta_takes_of_no_secret_is_the_deployments_error(
    user: User, app_of: Callable[..., MetaApp], secrets: tuple[str, ...], caplog: pytest.LogCaptureFixture
):
    account = app_of(*secrets).account(user.assets)

    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(ProofRefused, match="no user has to connect") as caught,
    ):
        account.create_campaign(SPEC)

    assert sent(user, "/campaigns") == len(secrets)
    shown = "".join(traceback.format_exception(caught.value, chain=True)) + caplog.text
    assert not re.search(r"wrong|appsecret_proof=(?!\*\*\*)", shown)


def test_a_write_is_proved_with_the_older_secret_and_done_once(user: User, app_of: Callable[..., MetaApp]):
    app = app_of("wrong", None)

    app.account(user.assets).create_campaign(SPEC)
    app.account(user.assets).create_campaign(replace(SPEC, name="d [k:2]"))

    assert [r["status"] for r in user.requests() if r["path"].endswith("/campaigns")] == [400, 200, 200]
    assert len(user.account.campaigns_named("[k:1]")) == 1


def test_every_request_asks_for_its_own_write_guard(user: User, app_of: Callable[..., MetaApp]):
    asked = []

    @contextmanager
    def guard() -> Iterator[None]:
        asked.append("guard")
        yield

    app_of("wrong", None).account(user.assets, guard).create_campaign(SPEC)

    assert asked == ["guard", "guard"]


def test_a_version_that_is_gone_stops_everything(user: User, simulator: Simulator):
    facts = simulator.get("app")
    app = MetaApp(
        app_id=facts["app_id"],
        app_secrets=[SecretStr(facts["app_secret"])],
        base_url=simulator.url,
        api_version="v23.0",
        limits=PATIENCE,
    )

    with pytest.raises(VersionExpired):
        app.account(user.assets).campaigns_named("[k:1]")


@pytest.mark.parametrize("kind", ["timeout_before", "reset_before", "html_502", "error_1", "token_463"])
def test_no_error_and_no_log_holds_the_token(user: User, kind: str, caplog: pytest.LogCaptureFixture):
    secret = user.facts["access_token"]
    user.fault(kind, count=None)

    with caplog.at_level(logging.DEBUG), pytest.raises(PlatformError) as caught:
        user.account_for(kind).create_campaign(SPEC)

    shown = "".join(traceback.format_exception(caught.value, chain=True)) + repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert secret not in shown
    assert secret not in caplog.text
    assert not re.search(r"appsecret_proof=(?!\*\*\*)", shown + caplog.text)


def test_the_connection_s_log_shows_calls_without_their_token(user: User, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        user.account.create_campaign(SPEC)

    assert (
        f'"POST /v26.0/{user.id}/campaigns?access_token=***&appsecret_proof=*** HTTP/1.1" 200' in caplog.text
    )
