"""The whole line for one document: from text to everything that was read from it, and everything that was not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TypeVar

from communique.ingest import sources
from communique.ingest.acts import confidence
from communique.ingest.acts.acts import read_acts
from communique.ingest.acts.coverage import account, unlinked, unread
from communique.ingest.encounters.header import opens, outright, read_header
from communique.ingest.encounters.references import find_references
from communique.ingest.issues.issues import IssueLinker
from communique.ingest.lexicon import lexicon as lexicons
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.pages.genre import NO_ENCOUNTER, READOUT, classify
from communique.ingest.pages.layout import lay_out
from communique.ingest.pages.segment import sentences
from communique.model import Document, Encounter, Extraction, Participant, Reference

# How many acts make a release that opens as something else an account of the encounter that it tells of.
TOLD = 3


@cache
def linker(lexicon: Lexicon) -> IssueLinker:
    return IssueLinker(lexicon)


Weighed = TypeVar("Weighed", Encounter, Participant, Reference)


def _weighed(kind: str, item: Weighed) -> Weighed:
    """An item no surer than its rule has proved to be."""
    proved = confidence.of(kind, item.rule)
    return item if item.confidence <= proved else replace(item, confidence=proved)


def _encounter(encounter: Encounter) -> Encounter:
    people = tuple(_weighed("participant", p) for p in encounter.participants)
    return replace(_weighed("encounter", encounter), participants=people)


def extract(document: Document) -> Extraction:
    """Everything a document says: encounters, references and acts, or the reason why it was set aside.

    Pure and deterministic; never raises on any text.  Source: EXTRACTION design, section 2.
    """
    lexicon = lexicons.load()
    source = sources.of(document)
    blocks = lay_out(document, source)
    genre = classify(document, source, blocks)
    if genre.set_aside and not genre.open:
        return Extraction(document, genre.name, genre.set_aside, blocks)
    parts = sentences(document, blocks)
    header = read_header(document, source, parts, lexicon)
    if genre.set_aside and not outright(header, pieced=genre.name == NO_ENCOUNTER):
        return Extraction(document, genre.name, genre.set_aside, blocks)
    if not header.encounters:
        return Extraction(
            document, genre.name, "no encounter found: nobody is said to have met or spoken", blocks, diagnostics=header.diagnostics
        )
    acts = read_acts(parts, header, source, lexicon, linker(lexicon), document.date)
    if genre.set_aside and len(acts.acts) < TOLD and not (genre.name == NO_ENCOUNTER and opens(header)):
        return Extraction(document, genre.name, genre.set_aside, blocks)
    references = tuple(_weighed("reference", r) for r in find_references(document, source, parts, header, lexicon))
    coverage = tuple(account(header.parses, document.text, source, header.read, acts.seen, acts.acts))
    diagnostics = (*header.diagnostics, *acts.diagnostics, *unlinked(acts.acts, document.text), *unread(coverage, document.text))
    return Extraction(
        document, READOUT, None, blocks, tuple(map(_encounter, header.encounters)), references, acts.acts, coverage, diagnostics
    )
