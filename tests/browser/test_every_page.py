"""Every page, as a browser shows it: quiet console, no foreign host, narrow, enlarged, in the dark, and as axe-core judges it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import open_store
from tests.browser.conftest import Opener
from tests.browser.crawling import crawl

# What answers data, takes data, leads to another address, or tells machines how the server is.
NO_PAGES = {
    "things.thing",
    *("api.answer", "api.description", "api.queries", "dataset.void", "graphs.direct", "graphs.indirect"),
    *("health.health", "health.metrics", "health.ready", "network.file", "readouts.feed", "reference.listed", "static"),
    *("dumps.file", "dumps.listed", "dumps.newest"),
}
# Serious by the standard, or by what good pages do.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FITS = "() => [document.documentElement.scrollWidth, innerWidth]"
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.scroll, .pan, pre, .away')).map(e => e.tagName + '.' + e.className).slice(0, 4)"""


@pytest.fixture(scope="module")
def app() -> Flask:
    with open_store("memory:") as store:
        return create_app(Settings(), InProcess(store))


@pytest.fixture(scope="module")
def pages(served: str, app: Flask) -> dict[str, list[str]]:
    return crawl(served, app.url_map)


@pytest.fixture(scope="module")
def axe(root: Path) -> str:
    folder = root / "tests" / "browser" / "vendor"
    (package,) = tomllib.loads((folder / "VENDOR.toml").read_text(encoding="utf-8"))["package"]
    home = folder / f"{package['name']}-{package['version']}"
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in home.iterdir()} == package["sha256"]
    return (home / "axe.min.js").read_text(encoding="utf-8")


def every(pages: dict[str, list[str]]) -> list[str]:
    return [path for paths in pages.values() for path in paths]


def test_links_reach_every_kind_of_page(pages: dict[str, list[str]], app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert not [endpoint for endpoint in pages if "no such address" in endpoint or "dead link" in endpoint]
    assert rules - NO_PAGES == set(pages)


def test_every_page_is_quiet_and_fits_and_keeps_nobody_out(page: Opener, served: str, pages: dict[str, list[str]], axe: str) -> None:
    """Each page is loaded once: in a narrow window, in one that is enlarged (at 200 % of 1280 pixels there is room for 640), in a wide one
    by every rule of axe-core, and in the dark, where other colours are all that is other."""
    shown = page("/", alone=True, reduced_motion="reduce")
    found = []
    for path in every(pages):
        shown.set_viewport_size({"width": 360, "height": 900})
        shown.goto(served + path)
        told = cut(shown)
        for width in (640, 1280):
            shown.set_viewport_size({"width": width, "height": 900})
            told += cut(shown)
        told += judged(shown, axe, TAGS)
        shown.emulate_media(color_scheme="dark")
        told += judged(shown, axe, ["color-contrast"])
        shown.emulate_media(color_scheme="light")
        found += [f"{path}: {line}" for line in told]
    assert not found, "\n".join(found)


def cut(shown: Any) -> list[str]:
    """What reaches beyond the window."""
    wanted, there = shown.evaluate(FITS)
    return [f"{wanted} pixels wide in {there}: {shown.evaluate(WIDE)}"] if wanted > there else []


def judged(shown: Any, axe: str, rules: list[str]) -> list[str]:
    """What axe-core calls serious or critical on a page, by some rules or by those with some tags."""
    if not shown.evaluate("'axe' in window"):
        shown.evaluate(axe)
    # Names in a picture have a line of paper around each letter, which axe-core does not see where a shape lies under them.
    where = "{exclude: ['svg text']}"
    answer = shown.evaluate(f"rules => axe.run({where}, {{runOnly: rules, resultTypes: ['violations']}})", rules)
    bad = [v for v in answer["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes'][:3]]} {v['nodes'][0]['failureSummary']}" for v in bad]
