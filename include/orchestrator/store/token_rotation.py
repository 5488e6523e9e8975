"""Rewrite every stored access token with the newest key, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from orchestrator.errors import ConfigError
from orchestrator.store.database import Connection, statement
from orchestrator.store.encryption import Secrets

PAGE = 1_000  # users a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationResult:
    """One page: how many were rewritten, whose could not be read, and where to go on."""

    rewritten: int
    unreadable: tuple[UUID, ...]
    last: UUID | None


def rotate_page(tx: Connection, secrets: Secrets, after: UUID | None) -> RotationResult:
    """Rewrite the tokens of the next users after ``after``; ``last`` is null at the end."""
    rows = tx.execute(statement("tokens/token_page"), {"after": after, "page_size": PAGE}).fetchall()
    rewritten, unreadable = _rewritten(secrets, {row["user_id"]: row["access_token"] for row in rows})
    tx.execute(
        statement("tokens/replace_tokens"), {"user_ids": list(rewritten), "tokens": list(rewritten.values())}
    )
    last = rows[-1]["user_id"] if len(rows) == PAGE else None
    return RotationResult(rewritten=len(rewritten), unreadable=unreadable, last=last)


def _rewritten(secrets: Secrets, stored: Mapping[UUID, str]) -> tuple[dict[UUID, str], tuple[UUID, ...]]:
    rewritten: dict[UUID, str] = {}
    unreadable: list[UUID] = []
    for user_id, token in stored.items():
        try:
            rewritten[user_id] = secrets.rotate(token)
        except ConfigError:
            unreadable.append(user_id)
    return rewritten, tuple(unreadable)
