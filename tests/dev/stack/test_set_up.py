from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import set_up

ROOT = Path(__file__).parents[3]
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]


def find_python(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "find_python.sh")],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def an_old_python(folder: Path) -> Path:
    """A Python that says it is 3.9 and runs nothing newer."""
    python = folder / "python3"
    python.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.18 && exit 0\nexit 1\n')
    python.chmod(0o755)
    return python


def test_a_python_that_is_too_old_is_one_line(tmp_path: Path) -> None:
    an_old_python(tmp_path)

    found = find_python(PATH=str(tmp_path))

    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        "Python 3.11, 3.12 or 3.13 with its venv module is needed, and here is Python 3.9.18: "
        "install one, or name it with PYTHON=/path/to/python3.12 make ...\n"
    )


def test_beside_a_python3_that_is_too_old_a_newer_one_is_found(tmp_path: Path) -> None:
    an_old_python(tmp_path)
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\ncase "$2" in *executable*) echo /found/here;; esac\n')
    newer.chmod(0o755)

    assert find_python(PATH=str(tmp_path)).stdout == "/found/here\n"


def test_uv_is_told_what_pip_is_configured_with() -> None:
    pip = {
        "index-url": "https://packages.example/simple",
        "extra-index-url": "file:///one/simple file:///two/simple",
        "find-links": "/wheels /more",
        "cert": "/etc/ca.pem",
        "disable-pip-version-check": "1",
    }

    assert set_up.uv_settings(pip) == {
        "UV_DEFAULT_INDEX": "https://packages.example/simple",
        "UV_INDEX": "file:///one/simple file:///two/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


@pytest.mark.parametrize("changed", ["requirements-dev.txt", "pyproject.toml"])
def test_a_change_of_the_lock_or_of_the_project_is_installed(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, where in (("LOCK", "requirements-dev.txt"), ("PROJECT", "pyproject.toml")):
        (tmp_path / where).write_text("before")
        monkeypatch.setattr(set_up, name, tmp_path / where)
    before = set_up.stamp()

    (tmp_path / changed).write_text("after")

    assert set_up.stamp() != before


def test_the_installer_itself_is_pinned_with_its_hashes() -> None:
    first, *hashes = set_up.locked("uv").splitlines()

    assert first.startswith("uv==")
    assert hashes
    assert all(line.strip().startswith("--hash=sha256:") for line in hashes)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_index(lock: Path) -> None:
    text = lock.read_text()

    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_of_a_lock_is_pinned_and_hashed(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if line and not line.lstrip().startswith("#")]
    requirements = [line for line in lines if not line.startswith(" ")]

    assert all("==" in line and line.endswith("\\") for line in requirements)
    assert len(requirements) > 100


def test_both_locks_agree() -> None:
    pins = [
        {line.removesuffix(" \\") for line in lock.read_text().splitlines() if "==" in line} for lock in LOCKS
    ]

    assert pins[0] <= pins[1]


def test_the_environment_wins_over_what_pip_was_configured_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    monkeypatch.setattr(set_up, "pip_settings", lambda: {"index-url": "https://pip.example/simple"})

    assert set_up.installer_environment()["UV_DEFAULT_INDEX"] == "https://mine.example/simple"
    assert os.environ["UV_DEFAULT_INDEX"] == "https://mine.example/simple"
