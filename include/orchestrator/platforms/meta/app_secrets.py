"""The secrets of our app, and the proof that Meta asks of a call: made with one of them and the token."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Sequence

from pydantic import SecretStr

log = logging.getLogger(__name__)


class AppSecrets:
    """The secrets, the newest first, and the one that Meta took last. Shared by all users and threads."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        self.all = tuple(secret.get_secret_value() for secret in secrets if secret.get_secret_value())
        self._in_use = self.all[0] if self.all else ""
        self._lock = threading.Lock()

    @property
    def in_use(self) -> str:
        """The secret that a user's first call is proved with."""
        return self._in_use

    def use(self, secret: str) -> None:
        """Begin with ``secret`` from now on: Meta took its proof, and refused that of another."""
        with self._lock:
            if secret == self._in_use:
                return
            self._in_use = secret
        log.warning(
            "Meta refuses the proof of one app secret and takes number %d of ORCHESTRATOR_META_APP_SECRET "
            "or of the Airflow connection ads_orchestrator_meta",
            self.all.index(secret) + 1,
        )


def proof_of(token: str, secret: str) -> str:
    """The ``appsecret_proof`` of a token."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
