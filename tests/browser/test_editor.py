"""The SPARQL editor: examples as tabs, answers that lead to our pages, errors in words, nothing asked elsewhere, a form without scripts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.browser.conftest import Opener


def text_of(page: Any) -> str:
    return str(page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()"))


def test_the_first_example_runs_and_its_answer_leads_to_our_pages(page: Opener) -> None:
    shown = page("/sparql")
    assert shown.locator("#plain").is_hidden()
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    shown.locator(".yasr a[href^='/id/publisher/']").first.wait_for()
    assert shown.locator(".yasr a[href^='/vocab/issue/']").count() > 0
    assert shown.locator(".yasr td a[href*='w3id.org']").count() == 0


def test_saved_questions_are_tabs(page: Opener) -> None:
    shown = page("/sparql")
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
    shown = page("/sparql")
    shown.locator(".yasqe:visible").wait_for()
    for kind, wanted in (("prefixes", "cq: <"), ("property", "communique/ns#"), ("class", "communique/ns#")):
        found = shown.evaluate(f"Promise.resolve(window.Yasqe.Autocompleters.{kind}.get({{config: {{}}}})).then((all) => all.join('\\n'))")
        assert wanted in found


def test_a_query_in_the_address_is_in_the_editor(page: Opener) -> None:
    query = "SELECT ?s { ?s a <https://w3id.org/communique/ns#Readout> }"
    shown = page(f"/sparql?query={quote(query)}")
    assert shown.locator("#answer table").is_visible()
    shown.locator(".yasqe:visible").wait_for()
    assert text_of(shown) == query
    shown.locator(".yasqe_share:visible").click()
    assert quote("ns#Readout", safe="") in shown.locator(".yasqe_sharePopup input").input_value()
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    assert shown.locator("#answer").count() == 0


def test_an_error_is_told_in_words_with_its_place(browser: Any, served: str) -> None:
    shown = browser.new_page()  # unwatched: the editor writes refusals to the console
    shown.goto(f"{served}/sparql")
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
    shown = page("/sparql", viewport={"width": 360, "height": 780}, color_scheme="dark")
    shown.locator(".yasqe_queryButton:visible").click()
    shown.locator(".yasr table.dataTable tbody tr").first.wait_for()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
