"""The rules as a page for people, written from the code: ``docs/rules.md``.

A step's text is its module's docstring, a threshold's row its field's ``About`` and its value in
``policy.yaml``. So the page says what the code says, or ``python -m orchestrator rules --check`` fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from orchestrator.domain import steps
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.policy import About, Policy

_PARTS = {steps.PROMOTE.key: {", the winners": "winners.thresholds", ", the actions": steps.PROMOTE.key}}
"""The modules of a step that has more than one, by the end of their title."""
_CHAPTERS = {
    **{
        f"Step {number}: {rule}{part}": module
        for number, rule in enumerate(steps.RULES, 1)
        for part, module in _PARTS.get(rule, {"": rule}).items()
    },
    "At every moment: the guardrail": "guardrail",
    "Before steps 3 to 5: evidence": "freshness",
    "In every step: breakers": "breakers",
}
"""The modules of ``rules`` that a person should read about, by title."""

TableRow = tuple[object, ...]

_HEAD = """\
# The rules

Written by `python -m orchestrator rules` from the code; do not edit. Amounts in the policy are US cents
and are converted to the ad account's currency; a basis point is a hundredth of a percent.
"""


def page(policy: Policy) -> str:
    """``docs/rules.md`` under ``policy``, as Markdown."""
    chapters = [f"## {title}\n\n{_text(name)}\n" for title, name in _CHAPTERS.items()]
    return "\n".join([_HEAD, *chapters, _goals(policy), _thresholds(policy)])


def _text(name: str) -> str:
    module = import_module(f"orchestrator.rules.{name}")
    return inspect.cleandoc(module.__doc__ or "").replace("``", "`")


def _goals(policy: Policy) -> str:
    rows = [
        (
            f"`{s.goal_key}`",
            f"`{s.core_signal}`",
            policy.min_events[s.goal_key],
            policy.best_min_events[s.goal_key],
        )
        for s in REGISTRY.values()
    ]
    return _table("Goals", ("goal", "core signal", "`min_events`", "`best_min_events`"), rows)


def _thresholds(policy: Policy) -> str:
    schema = Policy.model_json_schema()["properties"]
    rows: list[TableRow] = []
    for name, field in Policy.model_fields.items():
        about = next(each for each in field.metadata if isinstance(each, About))
        value = getattr(policy, name)
        shown = "see goals" if isinstance(value, dict) else "null" if value is None else value
        rows.append((f"`{name}`", shown, about.unit, _range(schema[name]), about.meaning, about.source))
    return _table("Thresholds", ("name", "value", "unit", "range", "meaning", "source"), rows)


def _range(schema: dict[str, Any]) -> str:
    schema = schema.get("additionalProperties", schema)
    if "anyOf" in schema:
        return f"{_range(schema['anyOf'][0])}, null"
    names = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return ", ".join(f"`{name}`" for name in names) or f"{schema['minimum']} to {schema['maximum']}"


def _table(title: str, head: TableRow, rows: Iterable[TableRow]) -> str:
    lines = [f"| {' | '.join(map(str, row))} |" for row in (head, ("---",) * len(head), *rows)]
    return "\n".join([f"## {title}\n", *lines, ""])
