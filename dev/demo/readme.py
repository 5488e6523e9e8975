"""Keep README.md's output real: ``python -m demo.readme`` writes it anew, ``--check`` fails on a difference.

What the demo printed is run again without Airflow, whose part of it is progress lines alone.
What differs from run to run is masked: run keys, timings, and the tables of the runs after
the first, since ads that are created at the same time get their luck in order of arrival.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from stack.paths import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- printed by make demo: begin -->", "<!-- end -->"
RUN_S = 300.0
_OTHERS = ("ORCHESTRATOR_", "SIMULATOR_PORT", "AIRFLOW_PORT")  # settings of another demo
_MASKS = (
    (r"^· .*\n", ""),
    (r"^run \S+: [\d.]+ s$", "run …: … s"),
    (r"^What it did at (.*?) *\n(?:[┏┃┡│├└].*\n)+", r"What it did at \1\n(the table of this run)\n"),
    (r"^Nothing to do for .*\n", ""),
    (r"(\(the table of this run\)\n✓ each of the )\d+( writes)", r"\1…\2"),
    (r"^Where to look .*\Z", ""),
    (r" +$", ""),
)


def readable(printed: str) -> str:
    """What the demo printed, without what differs from run to run. Pure."""
    for pattern, replacement in _MASKS:
        flags = re.MULTILINE | re.DOTALL if pattern.endswith(r"\Z") else re.MULTILINE
        printed = re.sub(pattern, replacement, printed, flags=flags)
    return printed.strip()


def with_output(document: str, printed: str) -> str:
    """The document with what was printed between its marks. Pure.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} needs {BEGIN} and after it {END}")
    return f"{before}{BEGIN}\n\n```console\n$ make demo\n{printed}\n```\n\n{END}{after}"


def main(
    *, check: Annotated[bool, typer.Option("--check", help="Change nothing, fail on a difference.")] = False
) -> None:
    """Bring README.md up to what the demo prints."""
    document = README.read_text(encoding="utf-8")
    wanted = with_output(document, readable(_printed()))
    if not check:
        README.write_text(wanted, encoding="utf-8")
        return
    changes = list(
        difflib.unified_diff(
            document.splitlines(), wanted.splitlines(), "README.md", "make demo", lineterm="", n=1
        )
    )
    if changes:
        print("\n".join(changes[:40]), file=sys.stderr)
        print("README.md does not show what the demo prints: run make readme", file=sys.stderr)
        sys.exit(1)


def _printed() -> str:
    state_dir = Path(os.environ.get("STATE_DIR") or ROOT / ".state") / "readme"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    settings = {
        "STATE_DIR": str(state_dir),
        "DEMO_ONCE": "1",
        "COLUMNS": "118",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
    }
    made = subprocess.run(
        [sys.executable, "-m", "demo", "--no-airflow"],
        env=plain | settings,
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


if __name__ == "__main__":
    typer.run(main)
