from __future__ import annotations

import fcntl
import json
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

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


def test_the_app_has_several_secrets_newest_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET", "new, old")

    assert [secret.get_secret_value() for secret in settings.load().meta_app_secret] == ["new", "old"]


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


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ads:h%25%20%40%3Aush@db:5433/ads?sslmode=require",
        "postgres://ads@db/ads",
        "postgresql://ads:a:b?c#d@db/ads",
        "postgresql://ads%40server:x@db/ads",
        "postgresql://ads:x@[::1]:5433/ads",
        "postgresql://ads:x@one:5432,two:5433/ads",
        "postgresql://ads@/ads?host=/tmp/a%20socket",
        "postgresql:///ads",
    ],
)
def test_a_url_that_libpq_reads_is_left_as_it_is(url: str):
    assert settings.load(database_url=url).database() == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://ads:hush%zzhush@127.0.0.1:1/ads", id="a percent sign"),
        pytest.param("postgresql://ads:hush%00@127.0.0.1:1/ads", id="an encoded NUL"),
        pytest.param("postgresql://ads:hush hush@127.0.0.1:1/ads", id="a blank"),
        pytest.param("postgresql://ads:x@hush@127.0.0.1:1/ads", id="an at sign"),
        pytest.param("postgresql://ads:x@@127.0.0.1:1/hush", id="an at sign at the end"),
        pytest.param("postgresql://ads:hush/x@127.0.0.1:1/ads", id="a slash"),
        pytest.param("postgresql://ads:12/hush@127.0.0.1:1/ads", id="a slash after digits"),
        pytest.param("postgresql://ads:12/hush@127.0.0.1", id="a slash, and no database"),
        pytest.param("postgresql://ads:x@127.0.0.1:hush/ads", id="a port that is none"),
        pytest.param("postgresql://ads:hush@[127.0.0.1/ads", id="half a bracket"),
        pytest.param("postgresql://ads:x@127.0.0.1:1/ads?hush=1", id="no parameter of libpq"),
        pytest.param("POSTGRESQL://ads:hush@127.0.0.1:1/ads", id="a scheme in capitals"),
        pytest.param("host=127.0.0.1 port=1 password=hush", id="no URL"),
        pytest.param("hush", id="nothing of the kind"),
    ],
)
def test_a_url_that_libpq_cannot_read_repeats_nothing_of_it(url: str):
    with pytest.raises(ConfigError) as refusal:
        settings.load(database_url=url)

    told = "".join(traceback.format_exception(refusal.value))
    assert str(refusal.value).startswith(
        "ORCHESTRATOR_DATABASE_URL: Value error, must be a postgresql:// address"
    )
    assert "hush" not in told


@pytest.mark.parametrize(
    ("content", "expected"),
    [("hush", "hush"), ("hush\n", "hush"), ("hush\r\n", "hush"), ("h" * 65_536, "h" * 65_536)],
    ids=["as it is", "a newline", "a newline of Windows", "as large as it may be"],
)
def test_a_secret_may_come_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, expected: str
):
    (tmp_path / "secret").write_bytes(content.encode())
    monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET", "")

    assert [secret.get_secret_value() for secret in settings.load().meta_app_secret] == [expected]


def test_the_database_may_come_from_a_file_and_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "secret"
    file.write_text("postgresql://u:h%40ush@h/ads\n")
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL_FILE", str(file))
    assert settings.load().database() == "postgresql://u:h%40ush@h/ads"

    file.write_text("postgresql://u:x@hush@h/ads\n")
    with pytest.raises(ConfigError, match=r"^ORCHESTRATOR_DATABASE_URL: (?!.*hush)"):
        settings.load()


def test_every_secret_has_a_file_and_one_newline_alone_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    files = {
        "SECRET_KEYS": "new, old\n",
        "META_APP_SECRET": "newest,older\n",
        "API_JWT_SECRET": "x" * 31 + "\n\n",
        "API_RATE_STORAGE_URL": "redis://:hush@h/1\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        monkeypatch.setenv(f"ORCHESTRATOR_{name}_FILE", str(tmp_path / name))

    found, api = settings.load(), settings.load_api()

    assert [key.get_secret_value() for key in found.secret_keys] == ["new", "old"]
    assert [secret.get_secret_value() for secret in found.meta_app_secret] == ["newest", "older"]
    assert api.jwt_secret is not None
    assert api.jwt_secret.get_secret_value() == "x" * 31 + "\n"
    assert api.rate_storage_url.get_secret_value() == "redis://:hush@h/1"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "the file cannot be read: No such file or directory"),
        (b"", "the file is empty"),
        (b"\n", "the file is empty"),
        (b"hush\xff", "the file is no text in UTF-8"),
        (b"h" * 65_537, "the file is larger than 65536 bytes"),
    ],
    ids=["missing", "empty", "a newline alone", "no text", "one byte too large"],
)
def test_a_file_that_is_no_secret_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, line: str
):
    if content is not None:
        (tmp_path / "hush").write_bytes(content)
    monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET_FILE", str(tmp_path / "hush"))

    with pytest.raises(ConfigError) as refusal:
        settings.load()

    assert str(refusal.value) == f"ORCHESTRATOR_META_APP_SECRET_FILE: {line}"
    assert "hush" not in "".join(traceback.format_exception(refusal.value))


def test_a_secret_and_its_file_exclude_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "secret").write_text("new")
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", "old")
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS_FILE", str(tmp_path / "secret"))

    with pytest.raises(
        ConfigError, match=r"^ORCHESTRATOR_SECRET_KEYS and ORCHESTRATOR_SECRET_KEYS_FILE are both"
    ):
        settings.load()
    assert [key.get_secret_value() for key in settings.load(secret_keys="given").secret_keys] == ["given"]


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


DEMO = {
    "ORCHESTRATOR_META_BASE_URL": "http://127.0.0.1:8090",
    "ORCHESTRATOR_ARMED": "true",
    "AIRFLOW_HOME": "/a",
}


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a demo that runs in a checkout of its own."""
    (tmp_path / "dev" / "demo").mkdir(parents=True)
    (tmp_path / ".state").mkdir()
    monkeypatch.setattr(settings, "CHECKOUT", tmp_path)
    monkeypatch.delenv("STATE_DIR", raising=False)
    path = tmp_path / ".state" / settings.DEMO_FILE
    path.write_text(json.dumps(DEMO))
    path.chmod(0o600)
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield path


def test_a_running_demo_is_found_below_its_checkout(demo: Path):
    found = settings.running_demo()

    assert found == demo
    assert settings.load_demo(demo).meta_base_url == "http://127.0.0.1:8090"
    assert settings.load_demo(demo).armed is True


def test_what_is_given_goes_before_the_demo(demo: Path):
    assert settings.load_demo(demo, keep_runs_days="60").keep_runs_days == 60


def test_it_is_found_where_the_state_folder_is(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "other"))
    assert settings.running_demo() is None

    monkeypatch.setenv("STATE_DIR", str(demo.parent))
    assert settings.running_demo() == demo


def test_an_installed_package_never_looks_for_a_demo(demo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STATE_DIR", str(demo.parent))
    monkeypatch.setattr(settings, "CHECKOUT", Path(pytest.__file__).parents[2])

    assert settings.running_demo() is None


@pytest.mark.parametrize(
    "name", ["ORCHESTRATOR_DATABASE_URL", "ORCHESTRATOR_ARMED", "ORCHESTRATOR_API_ORIGINS"]
)
@pytest.mark.parametrize("value", ["", "anything"])
def test_no_demo_is_looked_for_beside_a_setting(
    demo: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)

    assert demo.exists()
    assert settings.running_demo() is None


def test_a_demo_that_ended_is_none(demo: Path):
    with demo.open() as held:
        demo.unlink()
        assert settings.running_demo() is None
        demo.write_text(held.read())

    assert settings.running_demo() is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(demo: Path, mode: int):
    demo.chmod(mode)

    with pytest.raises(ConfigError, match="must belong to you and be closed to others"):
        settings.load_demo(demo)


def test_a_file_of_somebody_else_is_refused(demo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: demo.stat().st_uid + 1)

    with pytest.raises(ConfigError, match="must belong to you"):
        settings.load_demo(demo)


def test_a_file_that_points_at_meta_is_refused(demo: Path):
    demo.write_text(json.dumps(DEMO | {"ORCHESTRATOR_META_BASE_URL": "https://graph.facebook.com"}))

    with pytest.raises(ConfigError, match="points at Meta itself"):
        settings.load_demo(demo)


def test_a_file_without_an_address_is_refused_as_meta(demo: Path):
    demo.write_text("{}")

    with pytest.raises(ConfigError, match="points at Meta itself"):
        settings.load_demo(demo)


@pytest.mark.parametrize(
    ("field", "taken", "refused"),
    [("jwks_outage_hours", (1, 168), (0, 169)), ("proxy_depth", (0, 10), (-1, 11))],
)
def test_bounds_of_the_users_api(field: str, taken: tuple[int, ...], refused: tuple[int, ...]):
    assert [getattr(settings.load_api(**{field: value}), field) for value in taken] == list(taken)
    for value in refused:
        with pytest.raises(ConfigError, match=f"ORCHESTRATOR_API_{field.upper()}"):
            settings.load_api(**{field: value})


def test_the_users_api_trusts_no_proxy_and_limits_strangers_unless_it_is_set_otherwise():
    found = settings.load_api()

    assert (found.proxy_depth, found.anonymous_rate_limit, found.jwks_outage_hours) == (0, "120/minute", 24)
