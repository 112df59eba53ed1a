"""What every request needs to know: the engine that answers, and the names under which its data is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from communique.iris import CQ, VOCAB, Iris
from communique.server.engine import Engine


@dataclass(frozen=True, slots=True)
class Site:
    """What is served: an engine that answers, and the names under which its data is published."""

    engine: Engine
    iris: Iris = field(default_factory=Iris)

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
