"""A real browser over the samples: Debian's Chromium without a screen, driven by Playwright.

Playwright asks for no driver beside the browser (Selenium wants a chromedriver of the same version), tells every request and every
line of the console, and draws in any width, colour scheme and on paper. Nothing is fetched while tests run: the browser is the one of
the system, never the build that ``playwright install`` would bring. Where there is none, each test says so and is skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest

from tests.browser.tabs import Tab, Tabs
from tests.server.conftest import serve

# Nothing that draws on another processor, and nothing that a browser does for its owner.
_FLAGS = ["--disable-gpu", "--disable-quic", "--disable-extensions", "--disable-background-networking", "--disable-component-update"]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Opener(Protocol):
    """``page("/readouts")`` opens a page of the samples; options are those of a Playwright context, such as ``color_scheme="dark"``."""

    def __call__(self, path: str, *, failing: bool = False, alone: bool = False, **options: Any) -> Any:
        """``failing`` lets an answer of 400 and above stand in the console; who changes the tab itself (its size, its medium, what
        listens to it) or walks beyond its last stop asks for one ``alone``, which no other test gets."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine; ``CHROMIUM`` names another."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), "")
    if not found:
        pytest.skip("there is no browser: on Debian 'apt-get install chromium', or name one in CHROMIUM")
    pytest.importorskip("playwright.sync_api", reason="Playwright drives the browser: 'make browser' installs it and runs these tests")
    return found


@pytest.fixture(scope="module")  # not of the session: while Playwright runs, nothing else of its process may use asyncio
def browser(chromium: str) -> Iterator[Any]:
    """A browser that talks to this machine only."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(chromium: str, sampled: Path) -> Iterator[str]:
    """The address of a server over the samples, on loopback, without a slash at its end."""
    yield from serve(sampled)


@pytest.fixture(scope="module")
def tabs(browser: Any) -> Iterator[Tabs]:
    """The tabs of the browser, which tests pass on."""
    kept = Tabs(browser)
    yield kept
    kept.close()


@pytest.fixture
def opener(tabs: Tabs) -> Iterator[Callable[[str], Opener]]:
    """Makes a ``page`` for any server. At the end of the test no page may have broken a rule (``Watch``)."""
    used: list[Tab] = []

    def of(origin: str) -> Opener:
        def opened(path: str, *, failing: bool = False, alone: bool = False, **options: Any) -> Any:
            options = {"viewport": {"width": 1280, "height": 900}, **options}
            used.append(tabs.take(urlsplit(origin).netloc, failing=failing, alone=alone, **options))
            page = used[-1].page
            page.goto(origin + path)
            return page

        return opened

    yield of
    broken = [line for tab in used for line in tabs.give_back(tab)]
    assert not broken, "\n".join(broken)


@pytest.fixture
def page(opener: Callable[[str], Opener], served: str) -> Opener:
    """Opens a page of the samples; what it writes to the console, breaks of the policy or asks of other hosts fails the test."""
    return opener(served)
