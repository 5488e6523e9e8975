"""Which links could lead somewhere, by their form."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.platforms.meta.links import leads_somewhere


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com",
        "HTTP://example.com/a?b=c#d",
        "https://EXAMPLE.com.",
        "https://sub.example.co.jp/",
        "https://example.com:8443/song",
        "https://user@example.com/",
        "https://example.com/?campaign={{campaign.id}}",
        "https://xn--mnchen-3ya.de",
        "https://münchen.de",
        "https://example.xn--p1ai",
        "https://my_link.ffm.to/song",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    ],
)
def test_what_is_public_leads_somewhere(link: str) -> None:
    assert leads_somewhere(link)


@pytest.mark.parametrize(
    "link",
    [
        *("", None, 7, [], "example.com", "//example.com", "https://", "https://example", "https://."),
        *(
            "ftp://example.com",
            "javascript:alert(1)",
            "data:text/html,x.y",
            "file:///etc/passwd",
            "spotify:a.b",
        ),
        *("https://exa mple.com", "https://example.com/a b", " https://example.com", "https://example.com\n"),
        *("https://exam\tple.com", "https://example.com\\@evil.com", "https://[", "https://example.com:x"),
        *("https://example.com:65536", "https://-example.com", "https://example-.com", "https://a..com"),
        *("https://localhost", "https://localhost:8080/", "https://printer.local", "https://db.internal"),
        *("https://x.localhost", "https://song.test", "https://song.example", "https://song.INVALID./"),
        *("https://127.0.0.1", "https://10.1.2.3", "https://172.16.0.1", "https://192.168.1.1"),
        *(
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://[::1]",
        ),
        *("https://[fe80::1]", "https://[::ffff:10.0.0.1]", "https://2130706433", "https://127.1"),
        *("https://0x7f.0.0.0x1", "https://1.2.3", "https://example.123", "https://example.c%6Fm"),
    ],
)
def test_what_is_malformed_or_private_does_not(link: Any) -> None:
    assert not leads_somewhere(link)
