"""What every request needs to know: the engine that answers, and the names under which its data is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from communique.iris import CQ, VOCAB, Iris
from communique.server.access import Writing
from communique.server.engine import Engine
from communique.server.writer import Writer
from communique.store import EVERYTHING, Dataset


@dataclass(frozen=True, slots=True)
class Site:
    """What is served: an engine that answers, and the names under which its data is published.

    ``whole`` is what a query sees that names no graphs.  ``writer`` changes the data, for those whom ``writing`` lets.
    ``servers`` are those that queries may ask.
    """

    engine: Engine
    iris: Iris = field(default_factory=Iris)
    whole: Dataset = EVERYTHING
    writing: Writing = field(default_factory=Writing)
    writer: Writer | None = None
    servers: frozenset[str] = frozenset()

    def write(self, update: str, base: str) -> None:
        """Run an update; who asks for it was let in before.  Answers show it from the return of this call on."""
        assert self.writer is not None, "writes are let in only where there is a writer"
        self.writer.update(update, base)

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
