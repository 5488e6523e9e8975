"""Make `.venv` what requirements-dev.txt says, with this checkout in it; do nothing when it is already.

Runs before anything is installed, so only the standard library is used. pip installs the
pinned uv, uv installs the rest; where uv cannot run, pip does it all. Last comes the project
itself, editable: its command, its version and its entry points. Everything lands in `.venv` and
the state folder.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
LOCK = ROOT / "requirements-dev.txt"
PROJECT = ROOT / "pyproject.toml"
STATE = Path(os.environ.get("STATE_DIR", ROOT / ".state")).resolve()
NEEDED_MB = 1200  # the environment and the downloads
# The build backend is in the lock: nothing more is downloaded.
EDITABLE = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))

# pip's setting -> the environment variable by which uv takes the same.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}


def main() -> int:
    """Install what is missing, one installer at a time."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if STAMP.exists() and STAMP.read_text() == stamp() and runs(str(PYTHON), "--version"):
            return 0
        try:
            check_disk()
            install()
            STAMP.write_text(stamp())
        except subprocess.CalledProcessError as problem:
            print(f"Setting up .venv failed at {' '.join(problem.cmd[1:5])}: see above", file=sys.stderr)
            return 1
        except OSError as problem:
            print(f"Setting up .venv failed: {problem.strerror or problem}", file=sys.stderr)
            return 1
    return 0


def check_disk() -> None:
    """Raise OSError when the disk has no room for the environment."""
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDED_MB and not VENV.exists():
        raise OSError(f"the disk of {ROOT} has {free_mb} MB free and {NEEDED_MB} are needed; free some space")


def stamp() -> str:
    """What an installed `.venv` was made from: the lock, the project, the Python and the place."""
    made_from = hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes()).hexdigest()
    return f"{made_from} {sys.version} {ROOT}\n"


def install() -> None:
    """Make the environment, fill it from the lock, then link the checkout into it."""
    print(f"Setting up .venv with Python {sys.version.split()[0]} (once, about a minute)", flush=True)
    STAMP.unlink(missing_ok=True)
    if not made_by_this_python():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True)
    environment = installer_environment()
    bootstrap = STATE / "uv-requirement.txt"
    bootstrap.write_text(locked("uv"))
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    if runs_after([*pip, "--require-hashes", "--no-deps", "-r", str(bootstrap)], environment):
        uv = [str(PYTHON), "-m", "uv", "pip"]
        here = ["--quiet", "--python", str(PYTHON)]
        # Airflow is five processes that import the same thousands of files: compiled once, here.
        fill = [*uv, "sync", *here, "--require-hashes", "--compile-bytecode", str(LOCK)]
        link = [*uv, "install", *here]
    else:
        print("uv cannot run here; pip installs instead (some minutes)", flush=True)
        fill = [*pip, "--require-hashes", "-r", str(LOCK)]
        link = pip
    subprocess.run(fill, env=environment, check=True)
    subprocess.run([*link, *EDITABLE], env=environment, check=True)


def made_by_this_python() -> bool:
    """True when `.venv` works and has the version of the Python that runs this."""
    return runs(str(PYTHON), "-c", f"import sys, pip; sys.exit(sys.version != {sys.version!r})")


def runs_after(install_uv: list[str], environment: dict[str, str]) -> bool:
    """Install uv, then true when it starts on this machine."""
    installed = subprocess.run(install_uv, env=environment, check=False).returncode == 0
    return installed and runs(str(PYTHON), "-m", "uv", "--version")


def runs(*command: str) -> bool:
    """True when the command exists and exits 0."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def locked(name: str) -> str:
    """One package's requirement, with its hashes, cut out of the lock."""
    lines = LOCK.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1]) + "\n"


def installer_environment() -> dict[str, str]:
    """The environment for pip and uv: caches in the state folder, pip's settings handed on to uv."""
    caches = {"UV_CACHE_DIR": str(STATE / "cache" / "uv"), "PIP_CACHE_DIR": str(STATE / "cache" / "pip")}
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_PROGRESS": "1"}
    return caches | quiet | uv_settings(pip_settings()) | os.environ


def pip_settings() -> dict[str, str]:
    """Pip's own settings, from its files and the environment; the environment wins, then `install.`."""
    ask = [str(PYTHON), "-m", "pip", "config", "list"]
    listing = subprocess.run(ask, capture_output=True, text=True, check=True)
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listing.stdout.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(section):
                found[name.removeprefix(section)] = ast.literal_eval(value)
    return found


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """The same settings under uv's names. Like pip, uv then takes a version from any of the indexes."""
    settings = {UV_NAMES[name]: value for name, value in pip.items() if name in UV_NAMES and value}
    if "UV_FIND_LINKS" in settings:
        settings["UV_FIND_LINKS"] = ",".join(settings["UV_FIND_LINKS"].split())
    return settings | {"UV_INDEX_STRATEGY": "unsafe-best-match"}


if __name__ == "__main__":
    sys.exit(main())
