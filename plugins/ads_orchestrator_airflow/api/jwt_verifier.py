"""Verification of bearer JWTs. Nothing else in a request identifies a user."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any
from uuid import UUID

import jwt
import requests
from jwt import PyJWK, PyJWKClient
from jwt.exceptions import (
    ExpiredSignatureError,
    InvalidTokenError,
    PyJWKClientConnectionError,
    PyJWKError,
    PyJWKSetError,
    PyJWTError,
)

from ads_orchestrator_airflow.api.problems import NOT_SIGNED_IN, Problem, unavailable
from orchestrator.bounded_http import bounded_session
from orchestrator.settings import ApiSettings

SHARED = "HS256"
PUBLIC = ("RS256", "PS256", "ES256", "EdDSA")
REQUIRED = ["exp", "iss", "aud", "sub"]
LEEWAY_S = 30
JWKS_TIMEOUT_S = 5
JWKS_MAX_BYTES = 2**20
JWKS_PAUSE_S = 10


class _BoundedJwkClient(PyJWKClient):
    """Fetches a key set within ``JWKS_TIMEOUT_S`` seconds, of ``JWKS_MAX_BYTES`` at most."""

    def fetch_data(self) -> Any:
        """Fetch the key set.

        Raises:
            PyJWKClientConnectionError: no answer in time, too large a one, or none that is JSON.
        """
        with bounded_session(total_s=JWKS_TIMEOUT_S, max_bytes=JWKS_MAX_BYTES) as session:
            try:
                answer = session.get(self.uri, timeout=JWKS_TIMEOUT_S, headers={"Accept": "application/json"})
                answer.raise_for_status()
                found = answer.json()
            except (requests.RequestException, ValueError) as error:
                raise PyJWKClientConnectionError(type(error).__name__) from None
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(found)
        return found


class JwtVerifier:
    """Verifies signature, algorithm, issuer, audience, expiry and subject of a token.

    Raises:
        Problem: 503: the deployment has no keys.
    """

    def __init__(self, settings: ApiSettings) -> None:
        closed = settings.closed_because()
        if closed is not None:
            raise unavailable(closed)
        self._settings = settings
        self._secret = settings.jwt_secret.get_secret_value() if settings.jwt_secret else None
        self._lock = Lock()
        self._retry_at = 0.0
        self._jwks = _BoundedJwkClient(settings.jwks_url) if settings.jwks_url else None

    def user(self, token: str) -> UUID:
        """Return the user of a token.

        Raises:
            Problem: 401: the token is not valid; 503: the public keys cannot be fetched.
        """
        subject = self._claims(token, self._settings.jwt_audience)["sub"]
        try:
            user_id = UUID(subject)
        except ValueError:
            raise not_signed_in("The token's subject is no user id.") from None
        if str(user_id) != subject.lower():
            raise not_signed_in("The token's subject is no user id.")
        return user_id

    def service(self, token: str) -> str:
        """Return the service of a token.

        Raises:
            Problem: as ``user``; also 503: the deployment accepts no service tokens.
        """
        audience = self._settings.service_audience
        if not audience:
            raise unavailable("ORCHESTRATOR_API_SERVICE_AUDIENCE is not set")
        return str(self._claims(token, audience)["sub"])

    def _claims(self, token: str, audience: str) -> dict[str, Any]:
        try:
            key, algorithm = self._key(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=audience,
                issuer=self._settings.jwt_issuer,
                leeway=LEEWAY_S,
                options={"require": REQUIRED},
            )
        except ExpiredSignatureError:
            raise not_signed_in("The sign-in has expired. Sign in again.") from None
        except PyJWKClientConnectionError:
            raise unavailable("the keys of the sign-in service cannot be fetched") from None
        except PyJWTError:
            raise not_signed_in("The token is not valid here. Sign in again.") from None
        return claims

    def _key(self, token: str) -> tuple[Any, str]:
        """Return the key and its algorithm. The token's header must not choose the algorithm."""
        if self._jwks is None:
            return self._secret, SHARED
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str):
            raise InvalidTokenError("no key id")
        key = self._fetch_key(self._jwks, kid)
        if key.algorithm_name not in PUBLIC:
            raise InvalidTokenError("not a public key")
        return key, key.algorithm_name

    def _fetch_key(self, jwks: PyJWKClient, kid: str) -> PyJWK:
        """Return the public key with an id; one fetch at a time, none for 10 s after a failure.

        The same threads serve Airflow's own requests: they must not all block here.
        """
        with self._lock:
            if time.monotonic() < self._retry_at:
                raise PyJWKClientConnectionError("the keys could not be fetched a moment ago")
            try:
                return jwks.get_signing_key(kid)
            except (PyJWKClientConnectionError, PyJWKSetError, PyJWKError, ValueError) as error:
                # Unreachable, or the response is no key set: a login page, for example.
                self._retry_at = time.monotonic() + JWKS_PAUSE_S
                raise PyJWKClientConnectionError("the keys could not be fetched") from error


def not_signed_in(detail: str) -> Problem:
    """Return a 401 with the ``WWW-Authenticate`` header."""
    return Problem(
        NOT_SIGNED_IN,
        detail,
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )
