"""Where things are in a checkout, and what a Python process of ours needs on its path."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
DEV = ROOT / "dev"
PLUGINS = ROOT / "plugins"
PYTHON_PATH = os.pathsep.join(map(str, (INCLUDE, DEV, PLUGINS)))
