from __future__ import annotations

import os

import pytest

from orchestrator import settings
from orchestrator.errors import ConfigError


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own settings."""
    for name in [name for name in os.environ if name.startswith("ORCHESTRATOR_")]:
        monkeypatch.delenv(name)


def test_an_empty_environment_is_dry_and_means_meta():
    found = settings.load()

    assert (found.armed, found.meta_base_url, found.meta_api_version) == (
        False,
        "https://graph.facebook.com",
        "v26.0",
    )
    assert (found.database_url, found.secret_keys, found.policy_file) == (None, (), None)


@pytest.mark.parametrize(
    ("word", "armed"),
    [
        ("true", True),
        ("True", False),
        ("TRUE", False),
        ("true ", False),
        ("1", False),
        ("yes", False),
        ("on", False),
        ("false", False),
        ("", False),
    ],
)
def test_only_the_exact_word_arms(monkeypatch: pytest.MonkeyPatch, word: str, *, armed: bool):
    monkeypatch.setenv("ORCHESTRATOR_ARMED", word)

    assert settings.load().armed is armed


@pytest.mark.parametrize("value", [True, "true"])
def test_a_given_field_arms_only_by_the_word_too(value: object):
    assert settings.load(armed=value).armed is (value == "true")


def test_keys_are_separated_by_commas_newest_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", " new, old ,")

    assert [key.get_secret_value() for key in settings.load().secret_keys] == ["new", "old"]


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_META_APP_ID", "1")

    assert settings.load(meta_app_id="2").meta_app_id == "2"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_USERS_CONCURRENCY", "")

    assert settings.load().users_concurrency == 32


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("USERS_CONCURRENCY", "0", "Input should be greater than or equal to 1"),
        ("USERS_CONCURRENCY", "257", "Input should be less than or equal to 256"),
        (
            "USERS_CONCURRENCY",
            "many",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        ("META_API_VERSION", "26", r"String should match pattern '^v\d+\.\d+$'"),
        ("META_BASE_URL", "graph.facebook.com", "Value error, must be an http or https address"),
        ("META_BASE_URL", "http://", "Value error, must be an http or https address"),
        ("DATABASE_URL", "mysql://u:secret@h/ads", "Value error, must be a postgresql:// address"),
        ("META_READ_TIMEOUT_S", "0", "Input should be greater than 0"),
        ("LEASE_MINUTES", "361", "Input should be less than or equal to 360"),
        ("REQUIRE_ACTIVITY_DAYS", "0", "Input should be greater than or equal to 1"),
    ],
)
def test_a_bad_value_is_one_line_without_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
):
    monkeypatch.setenv(f"ORCHESTRATOR_{variable}", value)

    with pytest.raises(ConfigError) as refusal:
        settings.load()

    assert str(refusal.value) == f"ORCHESTRATOR_{variable}: {line}"


def test_secrets_print_as_stars(monkeypatch: pytest.MonkeyPatch):
    for variable, value in {
        "DATABASE_URL": "postgresql://u:hush@h/ads",
        "META_APP_SECRET": "hush",
        "SECRET_KEYS": "hush",
    }.items():
        monkeypatch.setenv(f"ORCHESTRATOR_{variable}", value)

    assert "hush" not in repr(settings.load())


@pytest.mark.parametrize(
    ("url", "real"),
    [
        ("https://graph.facebook.com", True),
        ("https://graph.facebook.com:443/", True),
        ("https://GRAPH.FACEBOOK.COM", True),
        ("https://facebook.com", True),
        ("http://127.0.0.1:9000", False),
        ("https://graph.facebook.com.example.org", False),
        ("https://notfacebook.com", False),
    ],
)
def test_real_meta_is_told_by_its_host(url: str, *, real: bool):
    assert settings.load(meta_base_url=url).is_real_meta() is real


def test_a_database_that_is_not_set_says_what_to_give():
    with pytest.raises(ConfigError, match=r"^ORCHESTRATOR_DATABASE_URL is not set; give postgresql://"):
        settings.load().database()
