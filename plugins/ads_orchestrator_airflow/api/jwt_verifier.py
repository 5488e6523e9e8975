"""Verification of bearer JWTs. Nothing else in a request identifies a user."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import jwt
from jwt.exceptions import ExpiredSignatureError, InvalidTokenError, MissingRequiredClaimError, PyJWTError

from ads_orchestrator_airflow.api.problems import NOT_SIGNED_IN, Problem, unavailable
from ads_orchestrator_airflow.api.sign_in_keys import SignInKeys
from orchestrator.settings import API_PREFIX, ApiSettings

SHARED = "HS256"
LEEWAY_S = 30
REQUIRED = {
    "exp": f"When the token ends, in seconds since 1970; {LEEWAY_S} seconds of leeway.",
    "iss": f"The issuer: `{API_PREFIX}JWT_ISSUER`.",
    "aud": f"The audience: `{API_PREFIX}JWT_AUDIENCE`; of a service's token `{API_PREFIX}SERVICE_AUDIENCE`.",
    "sub": "The user id, a UUID; of a service's token the service's name.",
}
"""The claims that a token must have, and their meaning for the reference page."""


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
        url = settings.jwks_url
        self._keys = SignInKeys(url, settings.jwks_outage_hours * 3600) if url else None

    async def user(self, token: str) -> UUID:
        """Return the user of a token.

        Raises:
            Problem: 401: the token is not valid; 503: the public keys cannot be fetched.
        """
        subject = (await self._claims(token, self._settings.jwt_audience))["sub"]
        try:
            user_id = UUID(subject)
        except ValueError:
            raise not_signed_in("The token's subject is no user id.") from None
        if str(user_id) != subject.lower():
            raise not_signed_in("The token's subject is no user id.")
        return user_id

    async def service(self, token: str) -> str:
        """Return the service of a token.

        Raises:
            Problem: as ``user``; also 503: the deployment accepts no service tokens.
        """
        audience = self._settings.service_audience
        if not audience:
            raise unavailable("ORCHESTRATOR_API_SERVICE_AUDIENCE is not set")
        return str((await self._claims(token, audience))["sub"])

    def close(self) -> None:
        """End the refresh of the public keys."""
        if self._keys is not None:
            self._keys.close()

    async def _claims(self, token: str, audience: str) -> dict[str, Any]:
        try:
            key, algorithm = await self._key(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=audience,
                issuer=self._settings.jwt_issuer,
                leeway=LEEWAY_S,
                options={"require": list(REQUIRED)},
            )
        except ExpiredSignatureError:
            raise not_signed_in("The sign-in has expired. Sign in again.") from None
        except MissingRequiredClaimError as error:
            raise not_signed_in(f"The token lacks the claim {error.claim}.") from None
        except PyJWTError:
            raise not_signed_in("The token is not valid here. Sign in again.") from None
        return claims

    async def _key(self, token: str) -> tuple[Any, str]:
        """Return the key and its algorithm. The token's header must not choose the algorithm.

        An unknown key is a 401 while other keys are in force: made-up key ids must not look like an outage.
        """
        if self._keys is None:
            return self._secret, SHARED
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str):
            raise InvalidTokenError("no key id")
        key = self._keys.find(kid) or await self._keys.find_new(kid)
        if key is not None:
            return key, key.algorithm_name
        if not self._keys.in_force:
            raise unavailable("the keys of the sign-in service cannot be fetched")
        retry_s = self._keys.retry_s
        raise not_signed_in(
            f"The token's key is not known here. Try again in {retry_s} seconds, or sign in again.",
            {"Retry-After": str(retry_s)},
        )


def not_signed_in(detail: str, headers: dict[str, str] | None = None) -> Problem:
    """Return a 401 with the ``WWW-Authenticate`` header."""
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return Problem(NOT_SIGNED_IN, detail, headers=challenge | (headers or {}))
