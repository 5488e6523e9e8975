"""What the image would hold, put together as Docker does it, and Airflow started on that alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COPY = re.compile(r"^COPY --chown=airflow:0 (\S+) (\S+)$", re.MULTILINE)

LOADED = """
import json
from airflow.dag_processing.dagbag import DagBag
from airflow.providers_manager import ProvidersManager

bag = DagBag(safe_mode=False)
print(json.dumps({
    "dags": sorted(bag.dags),
    "errors": dict(bag.import_errors),
    "meta": "ads_orchestrator_meta" in ProvidersManager().hooks,
}))
"""


def is_in_context(path: str) -> bool:
    """True when .dockerignore leaves the file in; the last pattern that fits decides, as in Docker."""
    kept = True
    for pattern in (ROOT / ".dockerignore").read_text().split():
        name = pattern.removeprefix("!")
        anywhere = name.removeprefix("**/")
        fits = (
            any(fnmatch(part, anywhere) for part in path.split("/"))
            if name.startswith("**/")
            else fnmatch(path, name) or fnmatch(path, f"{name}/*")
        )
        kept = name != pattern if fits else kept
    return kept


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's own files, without the base image."""
    root = tmp_path_factory.mktemp("image")
    for source, target in COPY.findall((ROOT / "Dockerfile").read_text()):
        files = [ROOT / source] if (ROOT / source).is_file() else (ROOT / source).rglob("*")
        for file in files:
            path = file.relative_to(ROOT).as_posix()
            if file.is_file() and is_in_context(path):
                inside = root / target[1:] / file.relative_to(ROOT / source)
                inside = inside if file != ROOT / source else root / target[1:]
                inside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, inside)
    return root


def test_it_has_what_runs_and_nothing_that_could_pass_for_meta(image: Path):
    include = image / "opt" / "ads-orchestrator" / "include"

    assert sorted(path.name for path in include.iterdir()) == [
        "ads_orchestrator-0.1.0.dist-info",
        "airflow_local_settings.py",
        "orchestrator",
    ]
    assert (image / "opt" / "ads-orchestrator" / "requirements.txt").is_file()
    assert (include / "orchestrator" / "domain" / "policy.yaml").is_file()
    assert list((include / "orchestrator" / "store" / "sql").glob("*/*.sql"))
    assert not list(image.rglob("__pycache__"))


@pytest.mark.airflow
def test_airflow_finds_the_dags_and_the_connection_type_in_it(image: Path, tmp_path: Path):
    home = image / "opt" / "airflow"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": f"{image / 'opt' / 'ads-orchestrator' / 'include'}:{home / 'plugins'}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == (
        '{"dags": ["ads_orchestrator", "ads_orchestrator_tidy"], "errors": {}, "meta": true}'
    )
