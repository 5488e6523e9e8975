"""``ORCHESTRATOR_DATABASE_URL`` as an operator mistypes it: one line, and no part of the password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from psycopg.conninfo import conninfo_to_dict

INCLUDE = Path(__file__).parents[3] / "include"
ADDRESS = "ORCHESTRATOR_DATABASE_URL: Value error, must be a postgresql:// address"


def command(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestrator", *arguments],
        env=os.environ
        | {
            "PYTHONPATH": str(INCLUDE),
            "ORCHESTRATOR_DATABASE_URL": database_url,
            "ORCHESTRATOR_SECRET_KEYS": Fernet.generate_key().decode(),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "url"),
    [
        pytest.param("migrate", "postgresql://ads:hush%zzhush@127.0.0.1:1/ads", id="a percent sign"),
        pytest.param("rotate-keys", "postgresql://ads:x@hush@127.0.0.1:1/ads", id="an at sign"),
        pytest.param("tidy", "POSTGRESQL://ads:hush@127.0.0.1:1/ads", id="a scheme in capitals"),
    ],
)
def test_a_url_that_libpq_cannot_read_is_one_line_that_repeats_nothing_of_it(name: str, url: str):
    done = command(url, name)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(ADDRESS)
    assert "hush" not in done.stderr


def test_a_server_that_does_not_answer_is_one_line_without_the_password():
    done = command("postgresql://ads:h%25%20%40:%2Fush@127.0.0.1:1/ads", "tidy")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("Postgres: connection ")
    assert "ush" not in done.stderr


def test_an_encoded_password_connects(fresh_database_url: str):
    """The server trusts this machine: what is shown is that the rest of the URL is read as before."""
    parts = conninfo_to_dict(fresh_database_url)
    url = (
        f"postgresql://{parts['user']}:%25%20%40%3A%2F@/{parts['dbname']}?host={parts['host']}"
        f"&port={parts.get('port', 5432)}"
    )

    done = command(url, "migrate")

    assert (done.returncode, done.stdout, done.stderr) == (0, "the database is up to date\n", "")


def test_a_command_reads_the_address_from_a_file_and_says_what_is_wrong_with_it(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "hush"
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL_FILE", str(file))

    missing = command("", "migrate")
    file.write_text(f"{fresh_database_url}\n")
    found = command("", "migrate")

    assert (missing.returncode, missing.stderr) == (
        2,
        "ORCHESTRATOR_DATABASE_URL_FILE: the file cannot be read: No such file or directory\n",
    )
    assert (found.returncode, found.stdout) == (0, "the database is up to date\n")
