"""``python -m orchestrator``: the command line."""

from __future__ import annotations

from orchestrator.cli import app

if __name__ == "__main__":
    app()
