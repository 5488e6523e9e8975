"""The panel's stylesheets, scripts and icon, and Plotly from its installed package."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fastapi import HTTPException
from fastapi.responses import FileResponse

_OURS = Path(__file__).parent / "assets"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_YEAR_S = 365 * 24 * 3600


def _plotly() -> Path:
    spec = find_spec("plotly")  # located, not imported: the panel uses its script only
    if spec is None or spec.origin is None:
        raise HTTPException(404)
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def _version() -> str:
    ours = b"".join(path.read_bytes() for path in sorted(_OURS.iterdir()))
    return hashlib.sha256(ours + version("plotly").encode()).hexdigest()[:12]


VERSION = _version()
"""Part of every asset's URL. It changes with their content, so that browsers may cache them for a year."""


def asset(name: str) -> FileResponse:
    """Serve one file.

    Raises:
        HTTPException: 404, there is no such asset.
    """
    path = _plotly() if name == "plotly.min.js" else _OURS / Path(name).name
    if not path.is_file():
        raise HTTPException(404)
    headers = {"Cache-Control": f"private, max-age={_YEAR_S}, immutable"}
    return FileResponse(path, media_type=_TYPES.get(path.suffix), headers=headers)
