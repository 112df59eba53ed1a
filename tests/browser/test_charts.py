"""What charts do when they are touched: by pointer, by keyboard, in narrow windows, and what they give to take away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.browser.conftest import Opener

SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Any, name: str, place: Path) -> bytes:
    """What the button of this name saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).first.click()
    path = place / name
    waiting.value.save_as(path)
    return path.read_bytes()


def until(page: Any, true: Callable[[], bool]) -> None:
    """Wait for something; the policy of the pages forbids Playwright's own way, which evaluates words in them."""
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come true in ten seconds")


def test_the_network_is_drawn_over_its_table(page: Opener) -> None:
    shown = page("/network")
    data = json.loads(shown.locator("#network-data").text_content())
    shown.wait_for_selector(".node")
    assert shown.locator(".node").count() == len(data["nodes"])
    assert shown.locator(".edge").count() == len(data["edges"])
    assert not shown.locator("figure table").is_visible()
    shown.get_by_text("The same as a table").click()
    assert shown.locator("figure table").is_visible()


def test_enter_on_a_node_tells_what_it_is_tied_to(page: Opener) -> None:
    shown = page("/network")
    shown.locator(".node[tabindex='0']").focus()
    shown.keyboard.press("ArrowRight")
    name = shown.evaluate("document.activeElement.getAttribute('aria-label')").split(",")[0]
    shown.keyboard.press("Enter")
    assert shown.locator(".picked h3").text_content() == name
    tie = shown.locator(".picked .ties a").first
    assert tie.get_attribute("href").count("issue=") == 2
    shown.keyboard.press("Escape")
    assert "Choose a node" in shown.locator(".picked").text_content()


def test_enter_on_a_line_shows_the_readouts_behind_it(page: Opener) -> None:
    shown = page("/network")
    shown.locator(".node[tabindex='0']").focus()
    shown.keyboard.press("Enter")
    line = shown.locator(".edge[tabindex='0']").first
    behind = line.get_attribute("href")
    line.focus()
    shown.keyboard.press("Enter")
    found = shown.locator(".picked .behind .list > li")
    found.first.wait_for()
    assert shown.locator(".picked .behind > p a").get_attribute("href") == behind
    assert urlsplit(shown.url).path == "/network"
    found.first.locator("a").first.click()
    shown.wait_for_url("**/readout/**")


def test_a_click_on_a_line_does_the_same(page: Opener) -> None:
    shown = page("/network")
    shown.locator(".edge").first.dispatch_event("click")
    shown.locator(".picked .behind .list > li").first.wait_for()


def test_sliders_change_picture_table_and_address(page: Opener) -> None:
    shown = page("/network")
    shown.wait_for_selector(".node")
    before = shown.locator(".edge").count()
    slider = shown.locator("#least-slider")
    slider.focus()
    shown.keyboard.press("ArrowRight")
    shown.wait_for_url("**/network?*least=*")
    until(shown, lambda: 0 < shown.locator(".edge").count() < before)
    least = int(parse_qs(urlsplit(shown.url).query)["least"][0])
    weights = [int(text) for text in shown.locator("figure tbody td:nth-child(3)").all_text_contents()]
    assert min(weights) >= least
    assert shown.evaluate("document.activeElement.id") == "least-slider"
    shown.go_back()
    until(shown, lambda: shown.locator(".edge").count() == before)


def test_a_community_is_lit(page: Opener) -> None:
    shown = page("/network")
    button = shown.locator(".groups button").first
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert shown.locator(".node.dim").count() > 0
    assert shown.locator(".picked h3").text_content() == button.text_content()


@pytest.mark.parametrize("path", ["/network"])
def test_a_chart_is_saved_as_svg_and_png(page: Opener, tmp_path: Path, path: str) -> None:
    shown = page(path)
    shown.locator("figure .chart svg").first.wait_for()
    picture = ET.fromstring(saved(shown, "SVG", tmp_path))
    assert picture.tag == f"{SVG}svg"
    assert picture.findtext(f"{SVG}title") == shown.locator("figcaption").first.text_content().strip()
    assert any("According to readouts" in (text.text or "") for text in picture.iter(f"{SVG}text"))
    assert saved(shown, "PNG", tmp_path)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("path", ["/network"])
def test_charts_fit_a_narrow_window(page: Opener, path: str) -> None:
    shown = page(path, viewport={"width": 360, "height": 780})
    shown.locator("figure .chart svg").first.wait_for()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["/network"])
def test_tables_stand_there_without_scripts(page: Opener, path: str) -> None:
    shown = page(path, java_script_enabled=False)
    assert shown.locator("figure table").first.is_visible()
    assert shown.locator(".chart").count() == 0
