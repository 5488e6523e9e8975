"""What the client refuses before it sends anything, and what it does not wait for."""

from __future__ import annotations

import gzip
import time
from datetime import date

import pytest
from pydantic import SecretStr

from orchestrator.errors import ConfigError, Throttled, Transient
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from tests import slow_server
from tests.unit.platforms.meta.assets import assets


@pytest.mark.parametrize(
    ("app_id", "app_secret"),
    [
        pytest.param("", "secret", id="no id"),
        pytest.param("1", "", id="no secret"),
    ],
)
def test_an_app_without_id_or_secret_is_one_clear_line(app_id: str, app_secret: str) -> None:
    app = MetaApp(app_id=app_id, app_secrets=[SecretStr(app_secret)])

    with pytest.raises(ConfigError, match="no Meta app: set ORCHESTRATOR_META_APP_ID"):
        app.account(assets())


def test_an_account_of_another_platform_is_refused() -> None:
    app = MetaApp(app_id="1", app_secrets=[SecretStr("secret")])

    with pytest.raises(ConfigError, match="the ad account act_1 is of platform 'other'"):
        app.account(assets(platform="other"))


def test_an_account_is_opened_without_sending_anything() -> None:
    app = MetaApp(app_id="1", app_secrets=[SecretStr("secret")], base_url="http://127.0.0.1:9")

    assert app.account(assets()) is not None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(slow_server.drip(slow_server.LONG), id="a byte now and then"),
        pytest.param(slow_server.drip(b""), id="no status line"),
    ],
)
def test_an_answer_that_drips_costs_a_user_the_limit_and_one_time_out_at_most(answer: slow_server.AnswerPeer):
    limits = ClientLimits(connect_timeout_s=0.2, read_timeout_s=0.3, user_limit_s=0.8)
    with slow_server.serve(answer) as (url, peers):
        app = MetaApp(app_id="1", app_secrets=[SecretStr("s")], base_url=url, limits=limits)
        began = time.monotonic()

        with pytest.raises((Transient, Throttled)):
            app.account(assets()).read([], date(2026, 11, 1), date(2026, 11, 2))

        assert time.monotonic() - began < 0.8 + app.longest_call_s + 2
        assert len(peers) <= 3


def test_a_gigabyte_behind_gzip_is_not_read_and_costs_the_user_its_reading():
    small = gzip.compress(b" " * 2**20, 9)
    packed = b"".join(small for _ in range(1024))
    head = slow_server.HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with slow_server.serve(lambda peer: peer.sendall(head + packed)) as (url, _):
        app = MetaApp(app_id="1", app_secrets=[SecretStr("secret")], base_url=url)

        with pytest.raises(Transient, match="AnswerTooLarge"):
            app.account(assets()).read([], date(2026, 11, 1), date(2026, 11, 2))
