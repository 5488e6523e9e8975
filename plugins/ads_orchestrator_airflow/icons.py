"""The icon of the panel for Airflow's navigation and tabs, as data URIs.

A data URI needs no request: Airflow shows the navigation also to users without access to the panel.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

_ASSETS = Path(__file__).parent / "panel" / "assets"


def icons() -> dict[str, str]:
    """Return the keys of an external view for light and dark pages."""
    return {"icon": _data_uri("icon.svg"), "icon_dark_mode": _data_uri("icon_dark.svg")}


def _data_uri(name: str) -> str:
    return f"data:image/svg+xml,{quote((_ASSETS / name).read_text(encoding='utf-8').strip())}"
