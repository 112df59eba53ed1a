"""What every request needs to know: the store, the names under which it is published, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from communique.iris import CQ, VOCAB, Iris
from communique.store import Store


@dataclass(frozen=True, slots=True)
class Site:
    """One store as it is served; ``seconds`` and ``answer_bytes`` bound an answer, ``patience`` a wait for a free worker."""

    store: Store
    iris: Iris = field(default_factory=Iris)
    at_once: int = 6
    seconds: float = 30.0
    answer_bytes: int = 200_000_000
    patience: float = 2.0

    def path(self, iri: str) -> str | None:
        """Where on this server the page of an IRI is; ``None`` for what is not ours.

        Terms and vocabulary concepts have IRIs of their own, whatever the base of the data is.
        """
        if iri.startswith(CQ):
            return f"/ns#{iri.removeprefix(CQ)}"
        if iri.startswith(VOCAB):
            return f"/vocab/{iri.removeprefix(VOCAB)}"
        return self.iris.path(iri)

    def iri(self, path: str) -> str:
        """The IRI that a path of this server stands for: the inverse of :meth:`path`."""
        head, _, rest = path.lstrip("/").partition("/")
        return f"{VOCAB}{rest}" if head == "vocab" else self.iris.at(path)


def site() -> Site:
    """The site of the application that answers the current request."""
    return cast(Site, current_app.extensions["communique.site"])
