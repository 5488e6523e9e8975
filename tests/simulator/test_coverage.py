"""The lists of what is simulated agree with the code."""

from __future__ import annotations

import ast
from pathlib import Path

from graph_simulator import coverage
from graph_simulator.coverage_rules import RULES
from graph_simulator.spec import SPEC_FILE, extract

CODE = Path(coverage.__file__).parent
NO_ERRORS = {"fit.py", "coverage_rules.py", "extract.py"}


def numbers_in_code() -> set[int]:
    """Every number of seven digits that stands in the simulator: the subcodes."""
    files = [file for file in CODE.rglob("*.py") if file.name not in NO_ERRORS]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, int) and 1_000_000 < value < 9_999_999}


def test_every_subcode_in_the_code_is_in_the_list_and_the_other_way_round():
    listed = {rule.subcode for rule in RULES if rule.subcode and rule.subcode > 999_999}

    assert listed == numbers_in_code()


def test_the_coverage_file_is_up_to_date():
    assert coverage.FILE.read_text(encoding="utf-8") == coverage.text()


def test_the_nodes_are_those_of_the_installed_sdk():
    assert extract.main(["--check"]) == 0
    assert SPEC_FILE.stat().st_size > 100_000


def test_the_simulator_imports_nothing_of_its_clients():
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {name.split(".")[0] for name in names}
            assert not roots & {"orchestrator", "facebook_business", "airflow", "demo", "random"}, file
