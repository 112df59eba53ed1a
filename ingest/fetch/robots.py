"""What a host's robots.txt allows (RFC 9309).

Read with Protego, not with ``urllib.robotparser``: the standard library takes ``*`` and ``$`` in a path for plain characters and
lets the first matching line win instead of the longest, so ``Disallow: /*?print=`` would be broken and an ``Allow`` below a wider
``Disallow`` never seen; a test shows both.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

LIMIT = 512 * 1024
"""How much of a robots.txt is read; RFC 9309, 2.5 asks for at least 500 KiB."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host for us: none by default; ``unread`` says why they could not be read; ``delay`` is in seconds."""

    parsed: Protego | None = None
    agent: str = ""
    delay: float = 0.0
    unread: str | None = None

    def allow(self, url: str) -> bool:
        """Whether ``url`` may be fetched."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, self.agent))


def read(content: bytes, agent: str) -> Rules:
    """The rules in a robots.txt for the product named first in ``agent``."""
    name = agent.replace("/", " ").split()[0]
    parsed = Protego.parse(content.decode("utf-8-sig", "replace"))
    rate = parsed.request_rate(name)
    slow = rate.seconds / rate.requests if rate and rate.requests else 0.0
    return Rules(parsed, name, max(float(parsed.crawl_delay(name) or 0.0), slow))
