"""The pages without a mouse, without a script, on paper, and without movement."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Opener
from tests.server.test_explorer import TALK

READOUT = f"/readout/{TALK}"
STATEMENT = f"/statement/{TALK}/act/a1"
# What the Tab key should stop at, in the order of the page: whatever is shown and can be used.
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})).map((e, n) => (e.dataset.place = n, n))"""
# Where the focus is, and whether it can be seen there: a line around it, inside the window.
HERE = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {stop: e.dataset.place, tag: e.tagName, lined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
          seen: r.width > 0 && r.bottom > 0 && r.top < innerHeight}; }"""
MOVING = """() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
  return s.scrollBehavior === 'smooth'
    || [s.animationDuration, s.transitionDuration].some(d => d.split(',').some(t => parseFloat(t) > 0)); })
  .map(e => e.tagName)"""
WORDS = "document.querySelector('main').innerText.replace(/\\s+/g, ' ')"


@pytest.mark.parametrize("path", ["/", "/readouts?state=JPN", READOUT, STATEMENT, "/requests", "/query/acts-compared", "/search?q=nuclear"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Opener, path: str) -> None:
    shown = page(path, alone=True, reduced_motion="reduce")  # else what has the focus is still on its way into the window
    shown.wait_for_load_state("networkidle")  # charts are drawn
    shown.wait_for_timeout(300)
    stops = shown.evaluate(STOPS)
    assert len(stops) > 20
    reached = []
    for _ in range(len(stops) + 5):
        shown.keyboard.press("Tab")
        here = shown.evaluate(HERE)
        if here["tag"] == "BODY":
            break
        assert here["lined"], here
        assert here["seen"], here
        reached.append(int(here["stop"]))
    assert reached == stops


def test_the_first_stop_leads_past_the_navigation(page: Opener) -> None:
    shown = page("/readouts")
    shown.keyboard.press("Tab")
    skip = shown.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().left >= 0")
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_mark_selects_its_statement(page: Opener) -> None:
    """With the keyboard, and back: the statement leads to its sentence's page, the browser's way back to the mark."""
    shown = page(READOUT)
    mark = shown.locator("a.m.act").nth(3)
    mark.focus()
    shown.keyboard.press("Enter")
    card = shown.locator(".card:target")
    assert card.count() == 1
    assert f"#{card.get_attribute('id')}" == mark.get_attribute("href")
    plain = shown.locator(".card:not(:target)").first
    assert card.evaluate("e => getComputedStyle(e).backgroundColor") != plain.evaluate("e => getComputedStyle(e).backgroundColor")
    shown.keyboard.press("Tab")
    assert card.evaluate("e => e.contains(document.activeElement)"), "reading goes on in the statement"


@pytest.mark.parametrize(
    "path", ["/", READOUT, f"/encounter/{TALK}/e1", "/timeline", "/dyads", "/map", "/network", "/issue/north-korea", "/sparql"]
)
def test_without_a_script_everything_is_there(page: Opener, path: str) -> None:
    """A script may draw what a table says; it brings nothing that is not there without it."""
    told = page(path, java_script_enabled=False)
    assert told.locator("h1").count() == 1
    assert "loading" not in told.locator("main").inner_text().lower()
    with_script = set(page(path).locator("main a[href^='/']").evaluate_all("some => some.map(a => a.getAttribute('href'))"))
    without = set(told.locator("main a[href^='/']").evaluate_all("some => some.map(a => a.getAttribute('href'))"))
    assert not with_script - without


def test_without_a_script_forms_are_sent(page: Opener) -> None:
    shown = page("/", java_script_enabled=False)
    shown.fill("#find", "abductions")
    shown.press("#find", "Enter")
    assert "abductions" in shown.locator("main").inner_text().lower()
    shown.goto(shown.url.partition("/search")[0] + "/requests")
    shown.select_option("#f-a", "JPN")
    shown.click("form[action='/requests'] button")
    assert "a=JPN" in shown.url
    assert shown.locator("ul.list > li").count() > 3
    shown.goto(shown.url.partition("/requests")[0] + "/sparql")
    shown.fill("main textarea", "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/communique/ns#Readout> }")
    shown.click("main form button")
    assert "51" in shown.locator("main table").inner_text()


@pytest.mark.parametrize("path", ["/", READOUT, "/network", "/timeline"])
def test_who_wants_no_movement_sees_none(page: Opener, path: str) -> None:
    assert page(path, reduced_motion="reduce").evaluate(MOVING) == []


@pytest.mark.parametrize("path", [READOUT, STATEMENT])
def test_on_paper_are_the_words_and_where_they_are_from(page: Opener, path: str) -> None:
    shown = page(path, alone=True, color_scheme="dark")
    shown.emulate_media(media="print")
    title, address = shown.locator("h1").inner_text(), shown.url
    heading = shown.locator("h1").evaluate("e => getComputedStyle(e).color")
    assert heading == "rgb(0, 0, 0)", "ink on paper is black, also for who reads in the dark"
    told = printed(shown)
    flat = "".join(told.split())
    assert "".join(title.split()) in flat
    assert "".join(address.split()) in flat
    assert "congratulatedMinisterColborne" in flat
    assert "MinistryofForeignAffairsofJapan" in flat
    for chrome in ("Skip to content", "BibTeX", "SPARQL behind", "Find"):
        assert chrome not in told, chrome


def printed(shown: Any) -> str:
    """The words of the page as a PDF of A4 sheets."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads what was printed: 'make browser' installs it")
    sheets = pypdf.PdfReader(io.BytesIO(shown.pdf(format="A4", print_background=False))).pages
    assert 1 <= len(sheets) <= 6
    return unicodedata.normalize("NFKC", "\n".join(texts(sheets)))  # letters that are set as one sign


def texts(sheets: Any) -> Iterator[str]:
    for sheet in sheets:
        yield sheet.extract_text()
