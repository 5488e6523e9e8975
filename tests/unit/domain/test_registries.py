"""One place for each step and each reason: spelled in its table, and where its rule gives it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import orchestrator
from orchestrator.domain.reasons import REASONS
from orchestrator.domain.steps import RULES, TASKS

INCLUDE = Path(orchestrator.__path__[0]).parent
HOUSE = INCLUDE.parent
SHIPPED = [INCLUDE / "orchestrator", HOUSE / "plugins", HOUSE / "dags"]

PANEL = "plugins/ads_orchestrator_airflow/panel/"
OTHER_MEANINGS: dict[str, tuple[str, ...]] = {
    # a status of a run and a state in the fleet
    "throttled": ("orchestrator/domain/", "orchestrator/runs/", "orchestrator/store/", "plugins/"),
    # a bound value, a problem's slug and a form's field
    "stopped": ("orchestrator/store/", "plugins/"),
    # a threshold by goal
    "unknown_goal": ("orchestrator/domain/policy/",),
    # a role of a campaign, and a delivery status in a report of Ads Manager
    "learning": (
        "orchestrator/audit/report.py",
        "orchestrator/domain/action_titles.py",
        "orchestrator/explain/titles.py",
        PANEL,
        "orchestrator/store/",
    ),
    # what the platform says of an ad set's delivery
    "ended": ("orchestrator/domain/model.py", "orchestrator/snapshot/", "orchestrator/store/", "plugins/"),
    "in_review": ("orchestrator/domain/model.py", "orchestrator/platforms/", "orchestrator/snapshot/"),
    # verdicts of an audit
    "winner": ("orchestrator/audit/verdicts.py",),
    "loser": ("orchestrator/audit/verdicts.py",),
    # verbs, and the beginning of action types
    "pause": ("orchestrator/execution/",),
}
"""Where the same word is something else, by the beginning of the path."""


def test_a_task_is_spelled_in_the_table_of_steps_alone():
    assert {path for task in TASKS for path in spelled(task)} == {"orchestrator/domain/steps.py"}


def test_a_step_is_spelled_in_the_table_of_steps_and_in_the_rules():
    outside = {rule: strays(rule, "orchestrator/domain/steps.py") for rule in RULES}

    assert {rule: paths for rule, paths in outside.items() if paths} == {}


def test_a_reason_is_spelled_in_the_table_of_reasons_and_in_the_rules():
    outside = {code: strays(code, "orchestrator/domain/reasons.py") for code in REASONS}

    assert {code: paths for code, paths in outside.items() if paths} == {}


def test_a_statement_spells_only_the_reasons_that_it_gives():
    statements = (INCLUDE / "orchestrator/store/sql").rglob("*.sql")
    spelled = {path.name: quoted_in(path) & set(REASONS) for path in statements}

    assert {name: codes - {"throttled"} for name, codes in spelled.items() if codes - {"throttled"}} == {
        "named_users.sql": {"unknown_user"},
        "refuse.sql": {"run_in_progress"},
    }


def test_the_database_knows_the_steps_in_their_order():
    listed = [
        re.findall(r"'([a-z]+)'", names)
        for path in sorted((INCLUDE / "orchestrator/store/migrations/sql").glob("*.sql"))
        for names in re.findall(r"(?:step in \(|array\[)((?:'[a-z]+'(?:, )?)+)", path.read_text())
        if "'allocate'" in names
    ]

    assert len(listed) >= 2  # the constraint of the action log, the order of a run's actions
    assert all(names == list(RULES) for names in listed)


def strays(word: str, table: str) -> set[str]:
    """Files that spell ``word`` though they neither are its table nor a rule nor mean something else."""
    elsewhere = (table, "orchestrator/rules/", "orchestrator/explain/", *OTHER_MEANINGS.get(word, ()))
    return {path for path in spelled(word) if not path.startswith(elsewhere)}


def spelled(word: str) -> set[str]:
    return {path for path, words in WORDS.items() if word in words}


def words_in(path: Path) -> Iterator[str]:
    """The text constants of a module, without docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def quoted_in(path: Path) -> set[str]:
    """The text constants of a statement, and the words of its documents."""
    return set(re.findall(r"""['"]([a-z_]+)['"]""", path.read_text()))


WORDS = {
    str(path.relative_to(INCLUDE if path.is_relative_to(INCLUDE) else HOUSE)): set(words_in(path))
    for folder in SHIPPED
    for path in folder.rglob("*.py")
}
