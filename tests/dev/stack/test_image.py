"""What the image would hold, put together as Docker does it, and Airflow started on that alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[3]
BUILD, FINAL = (ROOT / "Dockerfile").read_text().split("\nFROM ")[1:]
COPY = re.compile(r"^COPY --chown=airflow:0 (.+) (\S+)$", re.MULTILINE)
PACKAGES = {"orchestrator": "include", "ads_orchestrator_airflow": "plugins"}

LOADED = """
import json
import ads_orchestrator_airflow, airflow_local_settings, orchestrator
from airflow import plugins_manager
from airflow.dag_processing.dagbag import DagBag
from airflow.providers_manager import ProvidersManager

bag = DagBag(safe_mode=False)
print(json.dumps({
    "dags": sorted(bag.dags),
    "errors": dict(bag.import_errors),
    "plugins": [each.name for each in plugins_manager._get_plugins()[0] if each.name == "ads_orchestrator"],
    "meta": ProvidersManager().providers["ads-orchestrator"].version,
    "places": [each.__file__ for each in (orchestrator, ads_orchestrator_airflow, airflow_local_settings)],
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


def copy_into(root: Path, stage: str) -> None:
    """Do what the COPY lines of a stage do."""
    for sources, target in COPY.findall(stage):
        for source in map(ROOT.joinpath, sources.split()):
            files = [source] if source.is_file() else source.rglob("*")
            for file in files:
                if file.is_file() and is_in_context(file.relative_to(ROOT).as_posix()):
                    inside = Path(target[1:]) / (file.name if target.endswith("/") else "")
                    inside = root / (inside if source.is_file() else inside / file.relative_to(source))
                    inside.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, inside)


def pip(*words: str) -> None:
    """The command of a RUN line, with what is installed here: nothing is downloaded."""
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the first stage builds."""
    root = tmp_path_factory.mktemp("build")
    copy_into(root, BUILD)
    assert "RUN pip wheel --no-cache-dir --no-deps --wheel-dir /tmp/wheel /tmp/source" in BUILD
    source, target = str(root / "tmp" / "source"), str(root / "tmp" / "wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", target, source)
    [built] = Path(target).iterdir()
    return built


@pytest.fixture(scope="module")
def image(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's own files, without the base image; the wheel is in ``site``."""
    root = tmp_path_factory.mktemp("image")
    copy_into(root, FINAL)
    assert "RUN pip install --no-cache-dir --no-deps /opt/ads-orchestrator/wheel/*.whl" in FINAL
    pip("install", "--no-deps", "--no-index", "--target", str(root / "site"), str(wheel))
    return root


def test_the_wheel_is_the_package_and_the_plugin_and_nothing_else(wheel: Path):
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES.values()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    wanted = {
        path.partition("/")[2]
        for path in tracked
        if path.split("/")[1] in PACKAGES and (ROOT / path).is_file() and not path.endswith("ruff.toml")
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert held == wanted
    assert {"orchestrator/domain/policy/policy.yaml", "ads_orchestrator_airflow/get_provider_info.py"} < held


def test_the_wheel_has_a_command_and_a_connection_type(wheel: Path):
    entry_points = ZipFile(wheel).read("ads_orchestrator-0.1.0.dist-info/entry_points.txt").decode()

    assert sorted(filter(None, entry_points.splitlines())) == [
        "[apache_airflow_provider]",
        "[console_scripts]",
        "ads-orchestrator = orchestrator.cli:app",
        "provider_info = ads_orchestrator_airflow.get_provider_info:get_provider_info",
    ]


def test_it_has_what_runs_and_nothing_that_could_pass_for_meta(image: Path):
    site = image / "site"

    assert {path.name for path in site.iterdir()} == {
        "ads_orchestrator-0.1.0.dist-info", "ads_orchestrator_airflow", "bin", "orchestrator",
    }  # fmt: skip
    assert files_below(image / "opt") == {
        "ads-orchestrator/include/airflow_local_settings.py",
        "ads-orchestrator/requirements.txt",
        "airflow/dags/ads_orchestrator.py",
        "airflow/dags/ads_orchestrator_tidy.py",
        "airflow/plugins/ads_orchestrator_plugin.py",
    }
    assert list((site / "orchestrator" / "store" / "sql").glob("*/*.sql"))
    assert list((site / "ads_orchestrator_airflow" / "panel" / "templates").glob("*.html"))


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_its_command_starts_outside_a_checkout(image: Path, tmp_path: Path):
    done = subprocess.run(
        [str(image / "site" / "bin" / "ads-orchestrator"), "migrate"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(image / "site"), "STATE_DIR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ORCHESTRATOR_DATABASE_URL is not set")


@pytest.mark.airflow
def test_airflow_finds_the_dags_the_plugin_and_the_connection_type_in_it(image: Path, tmp_path: Path):
    home = image / "opt" / "airflow"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join((str(image / "opt/ads-orchestrator/include"), str(image / "site"))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=True
    )

    found = json.loads(done.stdout.splitlines()[-1])
    assert [place for place in found.pop("places") if not place.startswith(str(image))] == []
    assert found == {
        "dags": ["ads_orchestrator", "ads_orchestrator_tidy"],
        "errors": {},
        "plugins": ["ads_orchestrator"],
        "meta": "0.1.0",
    }
