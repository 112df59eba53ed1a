"""The watch itself: a page that breaks a rule is told, one that breaks none is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Opener
from tests.browser.watching import Watch

POLICY = "<meta http-equiv=content-security-policy content=\"default-src 'self'; img-src *\">"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>well", ""),
        (f"{POLICY}<p style='color:red'>styled", "policy: style-src-attr"),
        (f"{POLICY}<script>alert(1)</script>", "policy: script-src-elem"),
        ("<script>console.error('said so')</script>", "said so"),
        ("<script>nothing.here()</script>", "uncaught: nothing is not defined"),
        ("<img src=http://example.org/a.png>", "foreign: http://example.org/a.png"),
        ("<script>fetch('http://127.0.0.1:9/').catch(() => 0)</script>", "foreign: http://127.0.0.1:9/"),
    ],
)
def test_what_breaks_a_rule_is_told(browser: Any, served: str, html: str, told: str) -> None:
    context = browser.new_context()
    watch = Watch(context, served.removeprefix("http://"))
    page = context.new_page()
    page.goto(f"{served}/static/favicon.svg")  # somewhere on the host; its own policy does not hold for what is written over it
    page.route("**/odd", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{served}/odd")
    page.wait_for_load_state("networkidle")
    lines = watch.end()
    assert [line for line in lines if told in line] if told else lines == [], lines


def test_an_answer_that_fails_may_be_expected(page: Opener) -> None:
    assert page("/no-such-page", failing=True).title() == "Not Found · Communique"


def test_a_page_without_a_script_is_the_same_page(opener: Callable[[str], Opener], served: str) -> None:
    assert opener(served)("/", java_script_enabled=False).locator("h1").count() == 1
