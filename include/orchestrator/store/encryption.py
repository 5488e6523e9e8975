"""Access tokens at rest: encrypted with the newest key, readable with every configured key."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from orchestrator.errors import ConfigError


class Secrets:
    """Encrypts and decrypts with Fernet keys, the newest first.

    Raises:
        ConfigError: there is no key, or one is not a Fernet key. The key is not shown.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        if not keys:
            raise ConfigError("ORCHESTRATOR_SECRET_KEYS is not set; give at least one Fernet key")
        self._fernet = MultiFernet([_fernet(key, position) for position, key in enumerate(keys, start=1)])

    def encrypt(self, token: SecretStr) -> str:
        """Encrypt ``token`` with the newest key."""
        return self._fernet.encrypt(token.get_secret_value().encode()).decode()

    def decrypt(self, stored: str) -> SecretStr:
        """Read what any of the keys encrypted.

        Raises:
            ConfigError: none of the keys can read it.
        """
        try:
            return SecretStr(self._fernet.decrypt(stored).decode())
        except _UNREADABLE_ERRORS:
            raise ConfigError(_UNREADABLE) from None

    def rotate(self, stored: str) -> str:
        """Encrypt again with the newest key.

        Raises:
            ConfigError: none of the keys can read it.
        """
        try:
            return self._fernet.rotate(stored).decode()
        except _UNREADABLE_ERRORS:
            raise ConfigError(_UNREADABLE) from None


# Fernet raises a ValueError for letters that base64 has not, and so do bytes that are no text.
_UNREADABLE_ERRORS = (InvalidToken, ValueError)
_UNREADABLE = (
    "the stored access token cannot be read with ORCHESTRATOR_SECRET_KEYS; "
    "add the key it was encrypted with, or connect the account again"
)


def _fernet(key: SecretStr, position: int) -> Fernet:
    try:
        return Fernet(key.get_secret_value())
    except ValueError:
        raise ConfigError(
            f"ORCHESTRATOR_SECRET_KEYS: key {position} is no Fernet key (32 bytes, url-safe base64)"
        ) from None
