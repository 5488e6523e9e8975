from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from stack.paths import PYTHON_PATH
from stack.processes import MARK

HERE = Path(__file__).parent
GONE_S = 30


@dataclass
class Supervised:
    """A supervisor in a process of its own, and everyone it started."""

    process: subprocess.Popen[str]
    parts: list[int]
    everyone: list[psutil.Process]
    database_url: str

    def all_gone(self) -> bool:
        """Wait for everyone's end."""
        self.process.wait(GONE_S)
        _, alive = psutil.wait_procs(self.everyone, timeout=GONE_S)
        return not alive


StartSupervised = Callable[..., Supervised]


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def start_supervised(state_dir: Path) -> Iterator[StartSupervised]:
    started: list[Supervised] = []

    def start(*words: str) -> Supervised:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "supervised.py"), str(state_dir), *words],
            env={**os.environ, "PYTHONPATH": PYTHON_PATH},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = process.stdout.readline()
        assert line, process.stderr.read()
        told, everyone = json.loads(line), psutil.Process(process.pid).children(recursive=True)
        started.append(Supervised(process, told["parts"], everyone, told["url"]))
        return started[-1]

    yield start
    for demo in started:
        demo.process.terminate()
        demo.process.communicate()
        assert demo.all_gone()
    assert not [process for process in psutil.process_iter() if _belongs_to(process, state_dir)]


def _belongs_to(process: psutil.Process, state_dir: Path) -> bool:
    try:
        return process.environ().get(MARK) == str(state_dir)
    except (psutil.Error, OSError):
        return False
