"""Tabs that one test passes on to the next: the process of a new one costs a second of a processor, another page in it a third of that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.browser.watching import Watch


@dataclass(frozen=True)
class Tab:
    """A page alone in its context, and who may have it next: nobody, if its kind is empty."""

    kind: str
    page: Any
    watch: Watch


class Tabs:
    """Hands out tabs, those first that an earlier test has given back."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._idle: dict[str, list[Tab]] = {}

    def take(self, host: str, *, failing: bool, alone: bool, **options: Any) -> Tab:
        """An empty tab with the options of a Playwright context, watched for what its pages must not do."""
        kind = "" if alone else json.dumps([host, failing, options], sort_keys=True)
        if idle := self._idle.get(kind):
            return idle.pop()
        context = self._browser.new_context(**options)
        watch = Watch(context, host, failing=failing)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return Tab(kind, page, watch)

    def give_back(self, tab: Tab) -> list[str]:
        """What was heard in a tab, each with the page it came from; what its pages stored is forgotten."""
        if not tab.kind:
            return tab.watch.end()
        tab.page.mouse.move(0, 0)
        origin = tab.page.evaluate("origin")
        tab.page.goto("about:blank")
        session = tab.page.context.new_cdp_session(tab.page)
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        session.detach()
        self._idle.setdefault(tab.kind, []).append(tab)
        return tab.watch.heard()

    def close(self) -> None:
        """The idle tabs close."""
        for tab in (tab for tabs in self._idle.values() for tab in tabs):
            tab.watch.end()
