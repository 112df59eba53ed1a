"""The SPARQL editor: examples as tabs, answers that lead to our pages, errors in words, nothing asked elsewhere, a form without scripts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.browser.conftest import Opener


def editing(page: Opener, path: str = "/sparql", **options: Any) -> Any:
    """The page with the editor open."""
    shown = page(path, **options)
    shown.locator("#edit").click()
    shown.locator(".yasqe:visible").wait_for()
    return shown


def text_of(page: Any) -> str:
    return str(page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()"))


def test_the_first_example_runs_and_its_answer_leads_to_our_pages(page: Opener) -> None:
    shown = editing(page)
    assert shown.locator("#plain").is_hidden()
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    shown.locator(".yasr a[href^='/id/publisher/']").first.wait_for()
    assert shown.locator(".yasr a[href^='/vocab/issue/']").count() > 0
    assert shown.locator(".yasr td a[href*='w3id.org']").count() == 0


def test_it_is_loaded_when_somebody_writes(page: Opener) -> None:
    """Until then the page is as light as any other, and its form works."""
    loaded = """performance.getEntriesByType('resource').filter(e => e.name.split('?')[0].endsWith('js'))
        .reduce((all, e) => all + e.encodedBodySize, 0)"""
    shown = page("/sparql")
    shown.wait_for_load_state("networkidle")
    assert shown.evaluate(loaded) < 20_000
    shown.locator("#query").click()
    shown.locator(".yasqe:visible").wait_for()
    assert shown.evaluate(loaded) > 200_000
    assert shown.locator("#plain").is_hidden()


def test_saved_questions_are_tabs(page: Opener) -> None:
    shown = editing(page)
    tabs = shown.locator(".yasgui .tab:not(.addTab)")
    assert tabs.count() == 5
    shown.get_by_role("tab", name="stance-over-time").click()
    assert "How did a party's stance" in text_of(shown)
    assert "#+" not in text_of(shown)
    shown.locator("#example").select_option("commitments")
    assert tabs.count() == 6
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr:visible table.dataTable tbody tr").first.wait_for()


def test_prefixes_classes_and_properties_are_completed_from_here(page: Opener) -> None:
    shown = editing(page)
    for kind, wanted in (("prefixes", "cq: <"), ("property", "communique/ns#"), ("class", "communique/ns#")):
        found = shown.evaluate(f"Promise.resolve(window.Yasqe.Autocompleters.{kind}.get({{config: {{}}}})).then((all) => all.join('\\n'))")
        assert wanted in found


def test_a_query_in_the_address_is_in_the_editor(page: Opener) -> None:
    query = "SELECT ?s { ?s a <https://w3id.org/communique/ns#Readout> }"
    shown = editing(page, f"/sparql?query={quote(query)}")
    assert shown.locator("#answer table").is_visible()
    assert text_of(shown) == query
    shown.locator(".yasqe_share:visible").click()
    assert quote("ns#Readout", safe="") in shown.locator(".yasqe_sharePopup input").input_value()
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    assert shown.locator("#answer").count() == 0


def test_an_error_is_told_in_words_with_its_place(browser: Any, served: str) -> None:
    shown = browser.new_page()  # unwatched: the editor writes refusals to the console
    shown.goto(f"{served}/sparql")
    shown.locator("#edit").click()
    shown.locator(".yasqe:visible").wait_for()
    shown.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.setValue('SELECT * { ?a ?b }')")
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".errorResult pre[data-told]").wait_for()
    words = shown.locator(".errorResult pre").text_content()
    assert "line 1, column" in words
    assert "^" in words
    assert '{"' not in words
    shown.close()


def test_without_scripts_there_is_a_form(page: Opener) -> None:
    shown = page("/sparql", java_script_enabled=False)
    shown.get_by_role("button", name="Run").click()
    shown.get_by_role("heading", name="Answer").wait_for()
    assert shown.locator("#answer tbody tr").count() > 0


def test_it_fits_a_narrow_window(page: Opener) -> None:
    shown = editing(page, viewport={"width": 360, "height": 780}, color_scheme="dark")
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
