"""The Jinja environment: templates, filters, and the context of every page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ads_orchestrator_airflow.panel import decision_view, labels, static_files
from orchestrator.domain import money
from orchestrator.domain.reasons import reason_text

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template. ``root`` in it is the relative URL of the panel's first page.

    A fragment needs the ``root`` of the page that embeds it.
    """
    common = {"root": root_of(request), "version": static_files.VERSION}
    return HTMLResponse(_TEMPLATES.get_template(template).render(common | context), status)


def root_of(request: Request) -> str:
    """Return the relative URL of the panel's first page; independent of Airflow's base path."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return "../" * (path.count("/") - 1) or "./"


def _time(at: datetime | None) -> Markup:
    if at is None:
        return Markup("—")
    at = at.astimezone(UTC)
    shown = f"{at.day} {at:%b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), shown)


_TEMPLATES.filters |= {
    "amount": lambda minor, currency: "—" if minor is None else money.text(minor, currency),
    "per_event": labels.cost_per_event,
    "time": _time,
    "because": reason_text,
    "goal": labels.goal_title,
    "role": labels.role,
    "needs": labels.needs,
    "capital": lambda text: f"{text[:1].upper()}{text[1:]}",
    "sentence": lambda text: f"{text[:1].upper()}{text[1:]}".rstrip(".") + ".",
    "as_json": lambda value: json.dumps(value, separators=(",", ":")),
    "count": lambda number: f"{number:,}",
}
_TEMPLATES.globals |= {
    "status": labels.status,
    "trigger": labels.trigger,
    "refusal": labels.not_eligible,
    "ads_manager": decision_view.ads_manager,
    "task_log": decision_view.task_log,
    "first_failed": decision_view.first_failed,
}
