"""Mutate the rules and see whether the tables notice: ``make mutation``. Takes the better part of an hour.

Works on a copy below the state folder, since a mutant is written into the file it mutates. Started
again it goes on where it was stopped; the session starts anew when a file of the copy has changed.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("STATE_DIR", ROOT / ".state")) / "mutation"
COPIED = ("include/orchestrator", "tests/unit", "mutation.toml")
RUN_TESTS = """\
export PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=include:.
exec {python} -m pytest -c /dev/null --rootdir=. --import-mode=importlib -p no:cacheprovider -x -q \\
    tests/unit/rules tests/unit/domain/test_money.py tests/unit/documents/test_codec.py \\
    --deselect tests/unit/rules/test_properties.py
"""


def main() -> None:
    """Go on with the session, or begin it."""
    tree, session = STATE / "tree", STATE / "session.sqlite"
    if not session.exists() or not _is_same(tree):
        _copy(tree)
        session.unlink(missing_ok=True)
        _cosmic("cosmic-ray", "init", "mutation.toml", str(session), tree=tree)
        _cosmic("cr-filter-operators", str(session), "mutation.toml", tree=tree)
        _cosmic("cosmic-ray", "baseline", "mutation.toml", tree=tree)
    _cosmic("cosmic-ray", "exec", "mutation.toml", str(session), tree=tree)
    _cosmic("cr-report", "--surviving-only", "--show-diff", str(session), tree=tree)


def _copy(tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    (tree / "run_tests.sh").write_text(RUN_TESTS.format(python=sys.executable))


def _is_same(tree: Path) -> bool:
    sources = [
        path for name in COPIED for path in ((ROOT / name), *(ROOT / name).rglob("*")) if path.is_file()
    ]
    wanted = [path for path in sources if "__pycache__" not in path.parts]
    return all(
        (tree / path.relative_to(ROOT)).is_file()
        and filecmp.cmp(path, tree / path.relative_to(ROOT), shallow=False)
        for path in wanted
    )


def _cosmic(program: str, *arguments: str, tree: Path) -> None:
    subprocess.run([Path(sys.executable).with_name(program), *arguments], cwd=tree, check=True)


if __name__ == "__main__":
    main()
