"""What charts do when they are touched: by pointer, by keyboard, in narrow windows, and what they give to take away."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.browser.conftest import Opener

CHARTS = ["/network", "/timeline", "/map", "/dyads", "/issue/north-korea", "/stance?state=JPN&issue=north-korea", "/query/one-sided-acts"]
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


def test_the_brush_is_moved_by_keyboard_and_its_state_is_in_the_address(page: Opener) -> None:
    shown = page("/timeline?lane=issue")
    handle = shown.locator("#brush-0")
    handle.focus()
    shown.keyboard.press("ArrowRight")
    shown.wait_for_url("**/timeline?lane=issue&from=*")
    first = parse_qs(urlsplit(shown.url).query)["from"][0]
    until(shown, lambda: shown.locator("#from").input_value() == first)
    assert all(day[:7] >= first for day in shown.locator("main .list time").all_text_contents())
    assert shown.evaluate("document.activeElement.id") == "brush-0"
    shown.get_by_role("button", name="all months").click()
    until(shown, lambda: "from=" not in shown.url)


def test_the_brush_is_drawn_by_pointer(page: Opener) -> None:
    shown = page("/timeline")
    area = shown.locator(".brush .cover").bounding_box()
    shown.mouse.move(area["x"] + area["width"] * 0.3, area["y"] + 30)
    shown.mouse.down()
    shown.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + 30, steps=4)
    shown.mouse.up()
    shown.wait_for_url("**/timeline?from=*&until=*")
    until(shown, lambda: shown.locator(".brush .month.out").count() > 0)


def test_the_map_has_a_link_for_every_state_that_its_shapes_show(page: Opener) -> None:
    shown = page("/map")
    data = json.loads(shown.locator("#map-data").text_content())
    shown.locator(".map a").first.wait_for()
    until(shown, lambda: shown.locator(".map a path[d]").count() > 10)
    drawn = set(shown.locator(".map a").evaluate_all("all => all.map((a) => a.getAttribute('href'))"))
    named = set(shown.locator("figure > p a").evaluate_all("all => all.map((a) => a.getAttribute('href'))"))
    assert {state["href"] for state in data} <= drawn | named
    assert "/state/JPN" in drawn
    shown.locator(".map a[tabindex='0']").focus()
    assert shown.locator(".tip").text_content().startswith(data[0]["name"])
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/state/*")


def test_rows_and_columns_of_the_matrix_light_up(page: Opener) -> None:
    shown = page("/dyads")
    cell = shown.locator("table.matrix td a[tabindex='0']")
    cell.focus()
    assert shown.locator("table.matrix thead th.lit").count() == 1
    before = shown.evaluate("document.activeElement.href")
    shown.keyboard.press("ArrowDown")
    assert shown.evaluate("document.activeElement.href") != before
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/dyad/**")


def test_columns_are_told_and_reached_by_arrows(page: Opener) -> None:
    shown = page("/issue/north-korea")
    first = shown.locator("svg.drawing a[tabindex='0']")
    first.focus()
    words = first.get_attribute("aria-label")
    assert shown.locator(".tip").first.text_content() == words
    shown.keyboard.press("ArrowRight")
    assert shown.evaluate("document.activeElement.getAttribute('aria-label')") != words
    tall = shown.locator("svg.drawing rect").first
    before = float(tall.get_attribute("height"))
    shown.get_by_role("button", name="as shares").click()
    assert float(tall.get_attribute("height")) >= before


def test_each_mark_of_a_stance_has_its_words_and_leads_to_them(page: Opener) -> None:
    shown = page("/stance?state=JPN&issue=north-korea")
    marks = shown.locator(".chart a")
    marks.first.wait_for()
    assert marks.count() == shown.locator("figure tbody tr").count()
    marks.first.focus()
    words = shown.locator(".tip").text_content()
    assert "readout" in words
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/statement/**")
    assert words.split("“")[1].split("”")[0] in shown.locator("main").text_content()


def test_another_issue_is_chosen_without_loading_all_anew(page: Opener) -> None:
    shown = page("/stance?state=JPN&issue=north-korea")
    shown.locator("#issue").select_option("abductions")
    shown.wait_for_url("**/stance?state=JPN&issue=abductions")
    shown.get_by_role("heading", level=1, name="Japan on Abductions issue").wait_for()
    shown.locator(".chart a").first.wait_for()


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("/query/one-sided-acts", "rect"),
        ("/query/state-by-issue", "circle"),
        ("/query/encounters-of-dyad", "rect"),
        ("/query/dyad-matrix", "rect.cell"),
        ("/query/third-party-targets?view=map", ".land[d]"),
        ("/query/issue-network", ".mark"),
        ("/query/issue-network?view=matrix", "rect.cell"),
    ],
)
def test_the_answer_of_a_question_is_drawn(page: Opener, path: str, marks: str) -> None:
    shown = page(path)
    shown.locator(f"figure .chart svg {marks}").first.wait_for()
    assert not shown.locator("figure table").is_visible()
    first = shown.locator("figure .chart svg [tabindex='0']").first
    first.focus()
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("ArrowRight")
    assert shown.evaluate("document.activeElement.closest('svg') !== null")


def test_bars_say_what_their_table_says(page: Opener) -> None:
    shown = page("/query/one-sided-acts")
    shown.locator("figure .chart svg [data-stop]").first.wait_for()
    at = json.loads(shown.locator("figure").get_attribute("data-columns"))
    totals: dict[str, int] = {}
    for row in shown.locator("figure tbody tr").all():
        cells = row.locator("td").all_text_contents()
        name = cells[at["category"]].strip()
        totals[name] = totals.get(name, 0) + int(cells[at["number"]])
    told = shown.locator("[data-stop]").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    drawn = {label.split(", ")[0]: int(label.split(", ")[1]) for label in told if label.split(", ")[0] in totals}
    assert drawn
    assert all(totals[name] == number for name, number in drawn.items())


def test_a_proof_is_drawn_where_there_is_room_and_listed_everywhere(page: Opener, served: str) -> None:
    shown = page("/readouts", alone=True)
    for kind in ("/readout/", "/statement/", "/proof"):
        shown.goto(served + shown.locator(f"main a[href^='{kind}']").first.get_attribute("href"))
    steps = shown.locator(".tree li").count()
    shown.locator(".proof .step").first.wait_for()
    assert shown.locator(".proof .step").count() == steps
    assert shown.locator(".proof .because").count() == steps - 1
    shown.set_viewport_size({"width": 360, "height": 780})
    until(shown, lambda: shown.locator(".proof .step").count() in (0, steps))
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    assert shown.locator(".tree li").first.is_visible()


def test_the_map_of_a_state_leads_to_its_dyads(page: Opener) -> None:
    shown = page("/state/JPN")
    shown.locator(".map a path[d]").first.wait_for()
    assert shown.locator(".map .own").count() == 1
    shown.locator(".map a[tabindex='0']").focus()
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/dyad/**JPN**")


def test_what_comes_up_with_an_issue_is_drawn(page: Opener) -> None:
    shown = page("/issue/north-korea")
    shown.locator(".lesser .node").first.wait_for()
    assert shown.locator(".lesser .node").count() == shown.locator(".lesser tbody tr").count() + 1
    assert not shown.locator(".lesser table").is_visible()


@pytest.mark.parametrize("path", CHARTS)
def test_a_chart_is_saved_as_svg_and_png(page: Opener, tmp_path: Path, path: str) -> None:
    shown = page(path)
    shown.get_by_role("button", name="SVG", exact=True).first.wait_for()
    picture = ET.fromstring(saved(shown, "SVG", tmp_path))
    assert picture.tag == f"{SVG}svg"
    assert picture.findtext(f"{SVG}title") in shown.locator("figcaption").first.text_content()
    assert any("According to readouts" in (text.text or "") for text in picture.iter(f"{SVG}text"))
    assert saved(shown, "PNG", tmp_path)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("path", CHARTS)
def test_charts_fit_a_narrow_window(page: Opener, path: str) -> None:
    shown = page(path, viewport={"width": 360, "height": 780})
    shown.get_by_role("button", name="SVG", exact=True).first.wait_for()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    # Words that lie along a line have their height as their size, those that stand upright their width.
    sizes = shown.evaluate(
        "[...document.querySelectorAll('.chart svg text')].map(e => e.getBoundingClientRect()).map(r => Math.min(r.height, r.width))"
    )
    assert max(sizes, default=0) < 20


@pytest.mark.parametrize("path", CHARTS)
def test_tables_stand_there_without_scripts(page: Opener, path: str) -> None:
    shown = page(path, java_script_enabled=False)
    assert shown.locator("figure table, figure details").first.is_visible()
    assert shown.locator(".chart").count() == 0


def test_no_chart_loads_much_script_and_other_pages_load_none(page: Opener) -> None:
    for path, most in (
        ("/", 0),
        ("/readouts", 0),
        ("/network", 20_000),
        ("/map", 60_000),
        ("/state/JPN", 60_000),
        ("/query/one-sided-acts", 20_000),
    ):
        shown = page("/about", alone=True)
        sizes: list[int] = []
        shown.on("response", lambda answer, sizes=sizes: sizes.append(len(gzip.compress(answer.body()))) if script(answer) else None)
        shown.goto(f"{shown.url.partition('/about')[0]}{path}")
        shown.wait_for_load_state("networkidle")
        assert sum(sizes) <= most, (path, sizes)
        assert bool(sizes) is bool(most)


def script(answer: Any) -> bool:
    return str(answer.request.resource_type) == "script"
