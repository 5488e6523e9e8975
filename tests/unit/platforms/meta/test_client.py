"""What the client refuses before it sends anything."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from orchestrator.errors import ConfigError
from orchestrator.platforms.meta.client import MetaApp
from tests.unit.platforms.meta.assets import assets


@pytest.mark.parametrize(
    ("app_id", "app_secret"),
    [
        pytest.param("", "secret", id="no id"),
        pytest.param("1", "", id="no secret"),
    ],
)
def test_an_app_without_id_or_secret_is_one_clear_line(app_id: str, app_secret: str) -> None:
    app = MetaApp(app_id=app_id, app_secret=SecretStr(app_secret))

    with pytest.raises(ConfigError, match="no Meta app: set ORCHESTRATOR_META_APP_ID"):
        app.account(assets())


def test_an_account_of_another_platform_is_refused() -> None:
    app = MetaApp(app_id="1", app_secret=SecretStr("secret"))

    with pytest.raises(ConfigError, match="the ad account act_1 is of platform 'other'"):
        app.account(assets(platform="other"))


def test_an_account_is_opened_without_sending_anything() -> None:
    app = MetaApp(app_id="1", app_secret=SecretStr("secret"), base_url="http://127.0.0.1:9")

    assert app.account(assets()) is not None
