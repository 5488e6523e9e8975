"""The picture of the panel in README.md: a user's page, in Airflow, after the demo's runs."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ViewportSize, sync_playwright

from stack.browser import FLAGS, MISSING, chromium, log_in

USER = "Bo"
SIZE: ViewportSize = {"width": 1360, "height": 1240}
WAIT_MS = 120_000
DRAWN_MS = 2_000  # Airflow's page goes on asking for news: it is never idle
STOP_S = 60.0
_LOGIN = re.compile(r"^ +user (?P<user>\S+), password (?P<password>\S+)$", re.MULTILINE)
_PAGE = re.compile(rf"^{USER} in it +(?P<url>\S+)$", re.MULTILINE)
_UP = "everything stays up until Ctrl-C"


def take(path: Path, environment: Mapping[str, str]) -> None:
    """Run a demo with Airflow and keep the picture; without a Chromium, keep the old one and say so."""
    browser = chromium()
    if browser is None:
        print(f"{path.name} stays as it is: {MISSING}")
        return
    with subprocess.Popen(
        [sys.executable, "-m", "demo"], env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as demo:
        try:
            url, user, password = where(_until_up(demo.stdout or ()))
            _photograph(path, browser, url, (user, password))
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=STOP_S)


def where(printed: str) -> tuple[str, str, str]:
    """The address of the user's page, a login and its password, as the demo printed them.

    Raises:
        ValueError: the demo ended before it printed them.
    """
    page, login = _PAGE.search(printed), _LOGIN.search(printed)
    if page is None or login is None:
        raise ValueError(f"the demo did not print where its panel is: {printed[-500:]}")
    return page["url"], login["user"], login["password"]


def _until_up(output: Iterable[str]) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if _UP in line:
            break
    return "".join(lines)


def _photograph(path: Path, browser: str, url: str, login: tuple[str, str]) -> None:
    parts = urlsplit(url)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = opened.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(WAIT_MS)
        log_in(page, f"{parts.scheme}://{parts.netloc}", *login)
        page.goto(url)
        panel = page.frame_locator("iframe[title='Ads Orchestrator']")
        panel.get_by_role("heading", name="Live campaigns").wait_for()
        page.wait_for_timeout(DRAWN_MS)
        page.screenshot(path=path)
        opened.close()
