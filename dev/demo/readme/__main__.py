"""Keep the pages' output real: ``python -m demo.readme`` writes it anew, ``--check`` fails on a difference.

What the demo printed is run again without Airflow, whose part of it is progress lines alone. The picture of
the panel is not checked: it is taken anew through a demo with Airflow, where there is a Chromium.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from demo.readme import pages, panel_picture
from stack.paths import ROOT

README, DEMO_PAGE, PICTURE = ROOT / "README.md", ROOT / "docs" / "demo.md", ROOT / "docs" / "panel.png"
RUN_S = 300.0
_OTHERS = ("ORCHESTRATOR_", "SIMULATOR_PORT", "AIRFLOW_PORT", "DEMO_ONCE")  # settings of another demo


def main(
    *,
    check: Annotated[bool, typer.Option("--check", help="Change nothing, fail on a difference.")] = False,
    picture: Annotated[bool, typer.Option(help="Take the panel's picture, too.")] = True,
) -> None:
    """Bring README.md and docs/demo.md up to what the demo prints."""
    printed = pages.readable(_printed())
    wanted = {DEMO_PAGE: printed, README: pages.short(printed)}
    current = {path: path.read_text(encoding="utf-8") for path in wanted}
    new = {path: pages.with_output(current[path], text, path.name) for path, text in wanted.items()}
    if check:
        changed = [path for path in wanted if _differs(path, current[path], new[path])]
        sys.exit(1 if changed else 0)
    for path, text in new.items():
        path.write_text(text, encoding="utf-8")
    if picture:
        panel_picture.take(PICTURE, _environment("panel"))


def _differs(path: Path, before: str, after: str) -> bool:
    """Whether the page is out of date; says so, and how."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), path.name, "make demo", lineterm="", n=1
    )
    changes = list(lines)
    if changes:
        print("\n".join(changes[:40]), file=sys.stderr)
        print(f"{path.name} does not show what the demo prints: run make readme", file=sys.stderr)
    return bool(changes)


def _printed() -> str:
    made = subprocess.run(
        [sys.executable, "-m", "demo", "--no-airflow"],
        env={**_environment("readme"), "DEMO_ONCE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=RUN_S,
        check=False,
    )
    if made.returncode:
        print(made.stdout[-2000:], made.stderr, sep="\n", file=sys.stderr)
        sys.exit(made.returncode)
    return made.stdout


def _environment(name: str) -> Mapping[str, str]:
    """The environment of a demo of its own, below the state folder."""
    state_dir = Path(os.environ.get("STATE_DIR") or ROOT / ".state") / name
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    settings = {"STATE_DIR": str(state_dir), "COLUMNS": "118", "NO_COLOR": "1"}
    return plain | settings | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    typer.run(main)
