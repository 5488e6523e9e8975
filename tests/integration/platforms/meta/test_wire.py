"""The SDK on the wire: what it sends, and what it trips over, against a server that answers anything."""

from __future__ import annotations

import hashlib
import hmac
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from facebook_business.api import FacebookAdsApi
from pydantic import SecretStr

from orchestrator.errors import Transient, Unknown
from orchestrator.platforms.meta.client import ClientLimits, MetaApp
from orchestrator.platforms.specs import CampaignSpec
from tests.unit.platforms.meta.assets import assets

SPEC = CampaignSpec(name="c [k:1]", goal_key="streams", daily_budget_minor=None)
ACCOUNT = b'{"id":"act_1","currency":"USD","timezone_name":"UTC","account_status":1}'


@dataclass
class Server:
    """Answers ``body`` to everything and remembers each request and the connection it came by."""

    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)

    def app(self) -> MetaApp:
        return MetaApp(
            app_id="1",
            app_secrets=[SecretStr("app-secret")],
            base_url=f"{self.url}/",
            limits=ClientLimits(read_timeout_s=20.0, tier="full"),
        )


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            told.seen.append((self.command, self.path, sent))
            told.connections.add(self.client_address[1])
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    told.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield told
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(
            502, b"<html>error: Service Unavailable</html>", id="a page that the SDK's error trips over"
        ),
        pytest.param(200, b"<html>Service Unavailable</html>", id="a page with status 200"),
        pytest.param(502, b"<html>Bad Gateway</html>", id="a page that the SDK takes for a success"),
        pytest.param(200, b"true", id="just true"),
        pytest.param(200, b"17", id="just a number"),
        pytest.param(200, b"null", id="null"),
        pytest.param(200, b"", id="nothing, status 200"),
        pytest.param(500, b"", id="nothing, status 500"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(200, b'"id"', id="a text"),
        pytest.param(200, b"{}", id="no id"),
        pytest.param(200, b'{"id":null}', id="an empty id"),
        pytest.param(200, b'{"id":"act_1"}', id="an id that is none"),
        pytest.param(200, b'{"success":false}', id="success: false"),
        pytest.param(200, b'{"success":true}', id="success without an id"),
        pytest.param(500, b'{"id":"120200000000000001"}', id="an id with status 500"),
        pytest.param(200, b'{"error":"broken"}', id="an error that is a text"),
        pytest.param(400, b'{"error":{"error_data":"{broken"}}', id="an error that the SDK cannot read"),
        pytest.param(200, b'{"id":"1202', id="cut off"),
        pytest.param(200, b"\xff\xfe\x00", id="no text at all"),
    ],
)
def test_whatever_is_no_clean_success_leaves_a_creation_unknown(server: Server, status: int, body: bytes):
    server.status, server.body = status, body

    with pytest.raises(Unknown) as caught:
        server.app().account(assets()).create_campaign(SPEC)

    assert len(server.seen) == 1
    assert caught.value.__context__ is None


@pytest.mark.parametrize("body", [b"{}", b'{"success":false}', b'{"success":"yes"}', b'{"id":"1"}', b"true"])
def test_an_update_is_done_only_when_meta_says_so(server: Server, body: bytes):
    server.body = body

    with pytest.raises(Unknown):
        server.app().account(assets()).set_status("ad_set", "7", "PAUSED")

    assert len(server.seen) == 1


@pytest.mark.parametrize("body", [b"", b"true", b"[]", b"<html>", b'{"id":"act_1"}', b"\xff\xfe\x00"])
def test_an_account_that_cannot_be_read_is_a_passing_fault(server: Server, body: bytes):
    server.body = body

    with pytest.raises(Transient):
        server.app().account(assets()).read([], date(2026, 11, 1), date(2026, 11, 2))


def test_nobody_listening_is_a_passing_fault_of_a_read_and_an_unknown_write():
    app = MetaApp(app_id="1", app_secrets=[SecretStr("s")], base_url="http://127.0.0.1:1")
    account = app.account(assets())

    with pytest.raises(Transient):
        account.campaign("1")
    with pytest.raises(Unknown):
        account.create_campaign(SPEC)


def test_a_call_carries_version_token_and_proof(server: Server):
    server.body = b'{"id":"120200000000000001"}'

    server.app().account(assets()).create_campaign(SPEC)

    ((method, path, body),) = server.seen
    query = parse_qs(urlsplit(path).query)
    proof = hmac.new(b"app-secret", b"TOKEN", hashlib.sha256).hexdigest()
    assert (method, urlsplit(path).path) == ("POST", "/v26.0/act_1/campaigns")
    assert query == {"access_token": ["TOKEN"], "appsecret_proof": [proof]}
    assert parse_qs(body)["special_ad_categories"] == ["[]"]
    assert parse_qs(body)["is_adset_budget_sharing_enabled"] == ["false"]


def test_users_share_connections_and_nothing_else(server: Server):
    server.body = ACCOUNT
    app = server.app()

    for number in range(5):
        account = app.account(assets(ad_account_id=f"act_{number}", access_token=SecretStr(f"TOKEN{number}")))
        account.read([], date(2026, 11, 1), date(2026, 11, 2))

    tokens = [parse_qs(urlsplit(path).query)["access_token"] for _, path, _ in server.seen]
    assert tokens == [[f"TOKEN{number}"] for number in range(5)]
    assert len(server.connections) == 1
    app.close()


def test_the_sdk_is_never_made_global(server: Server):
    server.body = ACCOUNT
    hook = sys.excepthook

    server.app().account(assets()).read([], date(2026, 11, 1), date(2026, 11, 2))

    assert FacebookAdsApi.get_default_api() is None
    assert sys.excepthook is hook
