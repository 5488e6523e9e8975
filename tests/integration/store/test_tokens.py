"""Keys change; tokens stay readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from typer.testing import CliRunner

from orchestrator.cli import app
from orchestrator.errors import ConfigError
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import TOKEN, Rows

UNREADABLE = (
    "no key can read the token; add its key to ORCHESTRATOR_SECRET_KEYS and run this again, or connect the"
    " account again"
)
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def secrets_of(*keys: str) -> Secrets:
    return Secrets([SecretStr(key) for key in keys])


@pytest.fixture
def fleet(fresh_database_url: str, rows_at: Callable[[str], Rows]) -> Rows:
    """1,001 users: one more than a page."""
    rows = rows_at(fresh_database_url)
    rows.run(
        """
        with made as (
            insert into user_ads_modes (user_id) select gen_random_uuid() from generate_series(1, 1001)
            returning user_id
        )
        insert into meta_assets (user_id, access_token) select user_id, %(token)s from made
        """,
        token=secrets_of(OLD).encrypt(SecretStr(TOKEN)),
    )
    return rows


def lose_one(rows: Rows) -> UUID:
    user: UUID = rows.one("select user_id from meta_assets order by user_id limit 1")["user_id"]
    rows.run(
        "update meta_assets set access_token = %(token)s where user_id = %(user)s",
        token=secrets_of(LOST).encrypt(SecretStr(TOKEN)),
        user=user,
    )
    return user


def readable(rows: Rows, secrets: Secrets) -> set[str]:
    return {
        secrets.decrypt(row["access_token"]).get_secret_value()
        for row in rows.all("select access_token from meta_assets")
    }


def test_every_token_is_rewritten_with_the_newest_key(fleet: Rows, fresh_database_url: str):
    with Store(fresh_database_url, secrets_of(NEW, OLD)) as store:
        assert store.tokens.rotate() == (1001, ())

    assert readable(fleet, secrets_of(NEW)) == {TOKEN}


def test_a_token_that_no_key_reads_is_left_and_named(fleet: Rows, fresh_database_url: str):
    lost = lose_one(fleet)

    with Store(fresh_database_url, secrets_of(NEW, OLD)) as store:
        assert store.tokens.rotate() == (1000, (lost,))

    assert readable(fleet, secrets_of(NEW, LOST)) == {TOKEN}


def token_of(url: str, user: UUID, *keys: str) -> str:
    with Store(url, secrets_of(*keys)) as store:
        (found,) = store.users.load([user], history_since=datetime(2026, 11, 1, tzinfo=UTC)).values()
    return str(found) if isinstance(found, ConfigError) else found.assets.access_token.get_secret_value()


def test_what_an_old_key_wrote_is_read_beside_a_newer_one_and_a_lost_key_shows_nothing(
    fresh_database_url: str, rows_at: Callable[[str], Rows]
):
    old = rows_at(fresh_database_url)
    old.secrets = secrets_of(OLD)
    user = old.user()

    assert token_of(fresh_database_url, user, NEW, OLD) == TOKEN
    with Store(fresh_database_url, secrets_of(NEW, OLD)) as store:
        store.tokens.rotate()
    assert token_of(fresh_database_url, user, NEW) == TOKEN
    unreadable = token_of(fresh_database_url, user, OLD)
    assert unreadable.startswith("the stored access token cannot be read with ORCHESTRATOR_SECRET_KEYS")
    assert not any(secret in unreadable for secret in (TOKEN, OLD, NEW))


@pytest.fixture
def command(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run a command over the test's database: exit code, what it printed, what it complained of."""
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", f"{NEW},{OLD}")

    def run(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.stdout, result.stderr

    return run


def test_the_command_says_how_many(fleet: Rows, command: Callable[..., tuple[int, str, str]]):
    assert command("rotate-keys") == (0, "1001 tokens are encrypted with the newest key\n", "")


def test_the_command_names_the_user_whose_token_is_lost(
    fleet: Rows, command: Callable[..., tuple[int, str, str]]
):
    lost = lose_one(fleet)

    assert command("rotate-keys") == (
        1,
        "1000 tokens are encrypted with the newest key\n",
        f"user {lost}: {UNREADABLE}\n",
    )


def test_the_command_passes_over_what_nobody_encrypted_and_is_done_when_run_again(
    fleet: Rows, command: Callable[..., tuple[int, str, str]]
):
    users = [row["user_id"] for row in fleet.all("select user_id from meta_assets order by user_id")]
    for user, stored in zip(
        (users[0], users[500], users[1000]), ("gAAAAplainé", "gAAAAplain", "gAAAA\u200b"), strict=True
    ):
        fleet.run("update meta_assets set access_token = %(t)s where user_id = %(u)s", t=stored, u=user)
    lines = [f"user {users[at]}: {UNREADABLE}\n" for at in (0, 500, 1000)]
    said = (1, "998 tokens are encrypted with the newest key\n", "".join(lines))

    assert command("rotate-keys") == said
    assert command("rotate-keys") == said


def test_the_migrate_command_again_is_a_no_op(command: Callable[..., tuple[int, str, str]]):
    assert [command("migrate"), command("migrate")] == [(0, "the database is up to date\n", "")] * 2


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        (
            "DATABASE_URL",
            "",
            "ORCHESTRATOR_DATABASE_URL is not set; give postgresql://user:password@host/ads\n",
        ),
        ("DATABASE_URL", "host=x password=secret", "ORCHESTRATOR_DATABASE_URL: Value error, must be a"),
        ("SECRET_KEYS", "", "ORCHESTRATOR_SECRET_KEYS is not set; give at least one Fernet key\n"),
        ("SECRET_KEYS", f"{OLD},short", "ORCHESTRATOR_SECRET_KEYS: key 2 is no Fernet key"),
    ],
    ids=["no database", "no database address", "no key", "no Fernet key"],
)
def test_what_is_missing_is_one_line(
    command: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    line: str,
):
    monkeypatch.setenv(f"ORCHESTRATOR_{variable}", value)

    code, printed, complained = command("rotate-keys")

    assert (code, printed, complained.count("\n")) == (2, "", 1)
    assert complained.startswith(line)
    assert "secret" not in complained
