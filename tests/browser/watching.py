"""What no page may do: write an error to the console, break its content security policy, ask another host for anything."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

# Chromium writes most violations to the console, and not all of them.
_TELL: Final = """addEventListener('securitypolicyviolation', e => console.error(
  `policy: ${e.effectiveDirective} forbids ${e.blockedURI || e.sourceFile} ${e.sample}`))"""
_LOCAL: Final = ("data", "blob", "about")


class Watch:
    """Hears what the pages of one context do; requests of other hosts are stopped as well as told."""

    def __init__(self, context: Any, host: str, *, failing: bool = False) -> None:
        self._context, self._host, self._failing = context, host, failing
        self._lines: list[str] = []
        context.add_init_script(_TELL)
        context.route("**/*", self._asked)
        context.on("console", self._told)
        context.on("weberror", lambda error: self._lines.append(f"uncaught: {error.error}"))

    def heard(self) -> list[str]:
        """What was heard since it was last asked, each with the page it came from."""
        lines, self._lines = self._lines, []
        return lines

    def end(self) -> list[str]:
        """Close the context; what was heard."""
        self._context.close()
        return self.heard()

    def _asked(self, route: Any) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in _LOCAL or parts.netloc == self._host:
            route.continue_()
        else:
            self._lines.append(f"foreign: {route.request.url}")
            route.abort()

    def _told(self, message: Any) -> None:
        if message.type != "error" or (self._failing and "the server responded with a status of" in message.text):
            return
        self._lines.append(f"{message.page.url if message.page else ''}: {message.text}")
