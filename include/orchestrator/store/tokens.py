"""Stored access tokens: rewritten with the newest encryption key, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from orchestrator.errors import ConfigError
from orchestrator.store.database import Connection, Transactions, each_or_halves, statement
from orchestrator.store.encryption import Secrets

PAGE = 1_000  # users a transaction


class TokenRepository:
    """Access tokens by user, encrypted."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions = transactions
        self._secrets = secrets

    def rotate(self) -> tuple[int, tuple[UUID, ...]]:
        """Encrypt every stored token again with the newest key, one transaction a page.

        Returns:
            How many were rewritten, and the users whose token no key can read or whose row is refused.
        """
        rewritten = 0
        unreadable: list[UUID] = []
        after: UUID | None = None
        while True:
            page = self._rotate_page(after)
            failed = [user_id for user_id, token in page.items() if token is None]
            unreadable += failed
            rewritten += len(page) - len(failed)
            if len(page) < PAGE:
                return rewritten, tuple(unreadable)
            after = next(reversed(page))

    def _rotate_page(self, after: UUID | None) -> dict[UUID, str | None]:
        """Rewrite the tokens of the next users after ``after``: the new ones, in user order."""
        with self._transactions() as tx:
            rows = tx.execute(statement("tokens/page"), {"after": after, "page_size": PAGE})
            tokens = _rotated(self._secrets, {row["user_id"]: row["access_token"] for row in rows})
            new = {user_id: token for user_id, token in tokens.items() if token is not None}
            refused = each_or_halves(tx, list(new), lambda part: _replace(tx, part, new))
        return tokens | dict.fromkeys(refused)


def _replace(tx: Connection, user_ids: Sequence[UUID], new: Mapping[UUID, str]) -> None:
    bound = {"user_ids": list(user_ids), "tokens": [new[user_id] for user_id in user_ids]}
    tx.execute(statement("tokens/replace"), bound)


def _rotated(secrets: Secrets, stored: Mapping[UUID, str]) -> dict[UUID, str | None]:
    """The new form of each token; null when no key can read it."""
    rotated: dict[UUID, str | None] = {}
    for user_id, token in stored.items():
        try:
            rotated[user_id] = secrets.rotate(token)
        except ConfigError:
            rotated[user_id] = None
    return rotated
