"""Print `.env.example` with new random passwords and keys: `python3 scripts/new_env.py > .env`."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"


def filled(text: str) -> str:
    """The text with each ``<hex>`` and ``<fernet>`` replaced by a secret of its own."""
    lines = (line.replace("<hex>", _hex()).replace("<fernet>", _fernet()) for line in text.splitlines())
    return "\n".join(lines) + "\n"


def _hex() -> str:
    return secrets.token_hex(32)  # 256 bits, and nothing that a URL would have to escape


def _fernet() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


if __name__ == "__main__":
    print(filled(EXAMPLE.read_text()), end="")
