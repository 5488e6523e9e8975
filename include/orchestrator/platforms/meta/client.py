"""Meta through its own SDK: the only importer of ``facebook_business``.

The SDK has no time-outs by default, retries nothing, has the access token in the URL of each
request and raises whatever its parser trips over. All of that ends here: a call gives an
``Response``, never an exception, and no text that leaves this module holds a URL.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import requests
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession
from pydantic import SecretStr
from urllib3.exceptions import HTTPError

from orchestrator.bounded_http import BoundedAdapter
from orchestrator.domain.records import AssetsRow, UserRows
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import (
    AdsPlatform,
    Capabilities,
    InsightReport,
    InsightSource,
    WriteGuard,
)
from orchestrator.platforms.call_counter import CallCounter, CallStats
from orchestrator.platforms.meta import needs
from orchestrator.platforms.meta.account import MetaAccount
from orchestrator.platforms.meta.app_secrets import AppSecrets, proof_of
from orchestrator.platforms.meta.capabilities import CAPABILITIES, NAME
from orchestrator.platforms.meta.graph import Call, Graph, Response, parsed
from orchestrator.platforms.meta.rate_limit import TIERS, RateLimiter
from orchestrator.platforms.meta.time_budget import TimeBudget
from orchestrator.platforms.user_assets import Need

# What the network, requests or the SDK's parser raise. What the answer was is then not known.
_BROKEN = (
    *(requests.RequestException, HTTPError, OSError),
    *(LookupError, TypeError, ValueError, AttributeError, RecursionError),
)
_KNOWS_DEVICE_SWITCH = 27
"""The first version that knows ``device`` in ``targeting_automation``."""
_SECRET_PARAMETER = re.compile(r"(access_token|appsecret_proof|input_token|client_secret)=[^&\s\"']+")


class SdkWire:
    """Carries calls through the SDK with one user's token."""

    def __init__(
        self, session: FacebookSession, api_version: str, counter: CallCounter, secrets: AppSecrets
    ) -> None:
        self._session = session
        self._api = FacebookAdsApi(session, api_version=api_version)
        self._counter = counter
        self._secrets = secrets
        self._refused: set[str] = set()

    def one(self, call: Call) -> Response:
        """Send one call."""
        is_read = call.method == "GET"
        self._counter.add(CallStats(requests=1, reads=int(is_read), writes=int(not is_read)))
        return self._answer(call.method, call.path, dict(call.params))

    def batch(self, calls: Sequence[Call]) -> Response:
        """Send reads as one Graph batch.

        The SDK encodes the parts; its own ``execute`` would drop the usage headers and trip over
        a null or an HTML answer.
        """
        self._counter.add(CallStats(requests=1, reads=len(calls)))
        batch = self._api.new_batch()
        parts = [batch.add(call.method, call.path, params=dict(call.params)) for call in calls]
        return self._answer("POST", (), {"batch": parts})

    def change_proof(self) -> bool:
        """Prove the following calls with another app secret; false when Meta refused each of them."""
        self._refused.add(self._session.app_secret)
        left = [secret for secret in self._secrets.all if secret not in self._refused]
        if not left:
            self._refused.clear()
        secret = (left or self._secrets.all)[0]
        self._session.app_secret = secret
        self._session.requests.params["appsecret_proof"] = proof_of(self._session.access_token, secret)
        return bool(left)

    def keep_proof(self) -> None:
        """Meta took the proof: other users' calls begin with the same secret."""
        self._refused.clear()
        self._secrets.use(self._session.app_secret)

    def _answer(self, method: str, path: tuple[str, ...], params: dict[str, Any]) -> Response:
        try:
            response = self._api.call(method, path, params=params)
        except FacebookRequestError as refused:
            return Response(
                status=refused.http_status(),
                headers=dict(refused.http_headers() or {}),
                body=refused.body(),
            )
        except _BROKEN as broken:
            return Response(status=None, problem=f"no readable answer ({type(broken).__name__})")
        return Response(
            status=response.status(), headers=dict(response.headers()), body=parsed(response.body())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLimits:
    """Limits of time, in seconds, and how many connections all users share.

    ``short_wait_s`` is the longest wait for a rate limit, ``user_waits_s`` of all waits of one opened
    account together, ``user_limit_s`` of all that is done with it. ``clock`` and ``sleep`` are the time
    it is waited in. ``tier`` is the app's, until an answer says otherwise.
    """

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    short_wait_s: float = 30.0
    user_limit_s: float = 600.0
    user_waits_s: float = 180.0
    connections: int = 64
    tier: Literal["limited", "full"] = "limited"
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class MetaApp(AdsPlatform):
    """Our app at Meta, shared by all users: one connection pool, one pace per ad account."""

    def __init__(
        self,
        *,
        app_id: str,
        app_secrets: Sequence[SecretStr],
        base_url: str = "https://graph.facebook.com",
        api_version: str = "v26.0",
        limits: ClientLimits | None = None,
    ) -> None:
        self._app_id = app_id
        self._app_secrets = AppSecrets(app_secrets)
        self._base_url = base_url.rstrip("/")
        self._api_version = api_version
        self._limits = limits or ClientLimits()
        self._pool = BoundedAdapter(total_s=self.longest_call_s, connections=self._limits.connections)
        # The proxies and the certificates of the environment; not a password from ~/.netrc.
        self._surroundings = requests.Session().merge_environment_settings(
            self._base_url, {}, stream=None, verify=None, cert=None
        )
        self._limiters: dict[str, RateLimiter] = {}
        self._lock = threading.Lock()
        self._counter = CallCounter()
        _mask_connection_log()

    @property
    def name(self) -> str:
        """Its name in column ``platform``."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """What Meta can."""
        return CAPABILITIES

    def account(self, assets: AssetsRow, guard: WriteGuard = nullcontext) -> MetaAccount:
        """Open one user's ad account (``act_…``). Sends nothing.

        Raises:
            ConfigError: the app has no id or no secret, or the account is another platform's.
        """
        if assets.platform != NAME:
            raise ConfigError(f"the ad account {assets.ad_account_id} is of platform {assets.platform!r}")
        if not self._app_id or not self._app_secrets.all:
            raise ConfigError(
                "no Meta app: set ORCHESTRATOR_META_APP_ID and ORCHESTRATOR_META_APP_SECRET, or fill in the "
                "Airflow connection ads_orchestrator_meta"
            )
        token = assets.access_token.get_secret_value()
        session = FacebookSession(
            self._app_id,
            self._app_secrets.in_use,
            token,
            timeout=(self._limits.connect_timeout_s, self._limits.read_timeout_s),
        )
        session.GRAPH = self._base_url
        self._prepare(session.requests)
        proofs = (proof_of(token, secret) for secret in self._app_secrets.all)
        graph = Graph(
            SdkWire(session, self._api_version, self._counter, self._app_secrets),
            self.limiter(assets.ad_account_id),
            (token, *proofs, *self._app_secrets.all),
            guard,
            self._time_budget(),
        )
        major = int(self._api_version[1:].partition(".")[0])
        return MetaAccount(graph, assets, knows_device_switch=major >= _KNOWS_DEVICE_SWITCH)

    def needs(self, user: UserRows) -> tuple[Need, ...]:
        """What the user's active goals, and their approved creatives, need of the user's."""
        return needs.needs(user)

    def insight_reports(self, sources: Mapping[UUID, InsightSource]) -> dict[UUID, InsightReport]:
        """Parse what was read of many users at once."""
        # Loads pandas, which costs as much as all the rest of a step that has nothing to read.
        from orchestrator.platforms.meta import insight_rows  # noqa: PLC0415 - only reading steps need it

        return insight_rows.insight_reports(sources)

    def _time_budget(self) -> TimeBudget:
        limits = self._limits
        return TimeBudget(limit_s=limits.user_limit_s, waits_s=limits.user_waits_s, clock=limits.clock)

    @property
    def call_stats(self) -> CallStats:
        """The calls so far."""
        return self._counter.so_far

    def _prepare(self, session: requests.Session) -> None:
        """Share the connections, and what requests would look up in the environment before every call."""
        session.mount("https://", self._pool)
        session.mount("http://", self._pool)
        session.trust_env = False
        session.max_redirects = 0
        session.proxies = self._surroundings["proxies"]
        session.verify = self._surroundings["verify"] or session.verify

    @property
    def longest_call_s(self) -> float:
        """How long a call that was sent may still be under way, in seconds."""
        return self._limits.connect_timeout_s + self._limits.read_timeout_s

    def limiter(self, ad_account_id: str) -> RateLimiter:
        """Find the pace of an ad account, the same for each user and thread."""
        with self._lock:
            if ad_account_id not in self._limiters:
                self._limiters[ad_account_id] = RateLimiter(
                    short_wait_s=self._limits.short_wait_s,
                    tier=TIERS[self._limits.tier],
                    clock=self._limits.clock,
                    sleep=self._counter.counting(self._limits.sleep),
                )
            return self._limiters[ad_account_id]

    def close(self) -> None:
        """Close the shared connections."""
        self._pool.close()


def _mask_connection_log() -> None:
    # urllib3 logs each request's URL at DEBUG, and the SDK puts the token there.
    log = logging.getLogger("urllib3.connectionpool")
    if _masked not in log.filters:
        log.addFilter(_masked)


def _masked(record: logging.LogRecord) -> bool:
    record.msg = _SECRET_PARAMETER.sub(r"\1=***", record.getMessage())
    record.args = ()
    return True
