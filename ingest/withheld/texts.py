"""The words of readouts of which only facts are here: looked for in a page, and proved by their hash before they are taken.

A page may have more on it than was read (a letterhead, a menu), or be wrapped otherwise.  So not only its whole text is compared, but
every run of its lines, by letters and digits alone; what has the hash is the text, whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.ingest.withheld.facts import letters, plain
from communique.iris import CQ, Iris
from communique.model import Document, Refusal
from communique.store import Store

_LINES = 600  # of a page; the runs of more would take seconds

_BARE = f"""
SELECT ?readout ?url ?hash ?letters ?published ?language ?licence ?publisher ?composed {{
  GRAPH ?graph {{
    ?readout <{CQ}factsOnly> true ; <{CQ}sha256> ?hash .
    OPTIONAL {{ ?readout <{CQ}url> ?url }}
    OPTIONAL {{ ?readout <{CQ}lettersSha256> ?letters }}
    OPTIONAL {{ ?readout <{CQ}published> ?published }}
    OPTIONAL {{ ?readout <{CQ}language> ?language }}
    OPTIONAL {{ ?readout <{CQ}licence> ?licence }}
    OPTIONAL {{ ?readout <{CQ}publisher>/<http://www.w3.org/2000/01/rdf-schema#label> ?publisher }}
    OPTIONAL {{ ?readout <{CQ}composed> ?composed }}
  }}
}} ORDER BY ?readout"""


@dataclass(frozen=True, slots=True)
class Bare:
    """A readout of which only facts are here: where its text is, and by what it is known."""

    readout: str
    url: str | None
    sha256: str
    letters: str | None
    published: str | None
    lang: str
    licence: str | None
    publisher: str | None
    composed: bool = False


class Found(StrEnum):
    """What became of the text of a readout."""

    SAME = "same"
    LETTERS = "letters"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found of a text: the document, if it is the one that was read, else why it is not taken."""

    found: Found
    document: Document | None = None
    reason: str = ""


def bare(store: Store) -> list[Bare]:
    """The readouts of a store of which only facts are there, by IRI."""
    found: dict[str, Bare] = {}
    for row in store.select(_BARE):
        told = [None if term is None else str(term.value) for term in row]  # type: ignore[union-attr]  # IRIs and literals, by the query
        readout, url, hash_, alike, published, language, licence, publisher, composed = told
        assert readout is not None
        assert hash_ is not None
        one = Bare(readout, url, hash_, alike, published, language or "en", licence, publisher, composed == "true")
        found.setdefault(readout, one)
    return list(found.values())


def recover(wanted: Bare, pages: Iterable[Path], iris: Iris) -> Recovered:
    """The text of a readout among the versions of its page, as a document that has the readout's IRI.

    A text that is no longer read as a readout is not taken, for then the facts would go.
    """
    told = Recovered(Found.UNREADABLE, None, "there is no page")
    for item in documents.read(pages):
        if isinstance(item, Refusal):
            told = told if told.found is Found.CHANGED else Recovered(Found.UNREADABLE, None, item.reason)
            continue
        text = proved(item.text, wanted)
        if text is None:
            told = Recovered(Found.CHANGED, None, "the page has changed since it was read")
            continue
        document = named(replace(item, text=text, sha256=sha256(text.encode()).hexdigest()), wanted, iris)
        if document is None:
            return Recovered(Found.UNREADABLE, None, "its name cannot be made from the page; read the text with `communique ingest`")
        if reason := extract(document).set_aside:
            return Recovered(Found.UNREADABLE, None, f"today's rules set the text aside ({reason})")
        return Recovered(Found.SAME if document.sha256 == wanted.sha256 else Found.LETTERS, document)
    return told


def proved(text: str, wanted: Bare) -> str | None:
    """The run of lines of ``text`` that is the text that was read, by its hash or by the hash of its letters."""
    if sha256(text.encode()).hexdigest() == wanted.sha256:
        return text
    if wanted.letters is None:
        return None
    if letters(text) == wanted.letters:
        return text
    lines = text.splitlines(keepends=True)
    return next(("".join(lines[i:j]).strip() for i, j in _runs(lines, wanted.letters)), None) if len(lines) <= _LINES else None


def _runs(lines: Sequence[str], wanted: str) -> Iterator[tuple[int, int]]:
    """Where runs of lines with these letters begin and end."""
    bare_lines = [plain(line).encode() for line in lines]
    for i, first in enumerate(bare_lines):
        if not first:
            continue
        so_far = sha256()
        for j, words in enumerate(bare_lines[i:], i + 1):
            if words:
                so_far.update(words)
                if so_far.hexdigest() == wanted:
                    yield i, j


def named(document: Document, wanted: Bare, iris: Iris) -> Document | None:
    """The document under the name that its facts have; ``None`` if no name gives their IRI."""
    source, day, name = wanted.readout.rsplit("/", 3)[1:]
    stem = name.rpartition("-")[0]
    known = replace(
        document,
        source=source,
        publisher=wanted.publisher or document.publisher,
        url=wanted.url,
        date=None if day == "undated" else day,
        published=wanted.published,
        licence=wanted.licence,
        lang=wanted.lang,
        composed=wanted.composed,
        revises=None,
    )
    tried = (replace(known, id=id_) for id_ in (stem, f"{source}-{stem}", f"{source}-{day}-{stem}"))
    return next((d for d in tried if iris.readout(d) == wanted.readout), None)
