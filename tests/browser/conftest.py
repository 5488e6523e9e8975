"""A real browser in front of a real Airflow: Debian's Chromium, driven by Playwright.

Skipped, with the reason, where there is no Chromium. Every page's picture is kept in
``.state/screenshots`` for whoever wants to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stack.browser import FLAGS, MISSING, chromium, log_in
from tests.e2e.conftest import House, house, metrics, sign_in
from tests.postgres import STATE

__all__ = ["house", "metrics", "sign_in"]

PATIENCE_MS = 90_000  # many things may share the machine
WIDTHS = {"wide": 1440, "narrow": 360}
SCREENSHOTS = STATE / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """A new window of somebody, logged in through Airflow's own page, or of nobody."""
    opened: list[BrowserContext] = []

    def window(user: str | None, width: str = "wide", colours: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900},
            color_scheme="dark" if colours == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        page = context.new_page()
        if user is not None:
            log_in(page, house.running.airflow_url, user, house.running.passwords[user])
        return page

    yield window
    for context in opened:
        context.close()


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)
