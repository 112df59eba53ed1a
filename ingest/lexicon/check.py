"""Checks the vocabularies: labels that are double, ambiguous, unreachable or ill written, terms that say too little, cycles, stale tables.

Every check is a pure function from a graph or its rows to findings; what is ambiguous on purpose is data: ``cq:preferredFor`` and
``cq:ambiguousWith`` of a concept, and ``ontology/vocab/sharing.ttl`` for vocabularies that share words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from itertools import combinations

from rdflib import RDF, SKOS, Graph, Literal, URIRef

from communique.ingest.lexicon import build
from communique.ingest.lexicon.lexicon import GRAMMAR, Label, Lexicon, has_plural
from communique.ingest.lexicon.views import view
from communique.model import Span

# Facts whose value must be a label of the same concept: else they never take effect.
_NAMING = ("preferredFor", "alsoName")
_BLOCKING = ("notBefore", "notAfter")
_ODD = frozenset("‘’ʼ“”–‑\u00a0\u00ad\u200b\ufeff|")
_WEAK = frozenset({"genericLabel", "hintLabel", "modifierLabel"})


class Severity(StrEnum):
    """``error``: must be mended; ``notice``: worth a look, or ambiguous on purpose."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: how grave, which check (``duplicate``, ``ambiguous``, ``unreachable`` ...), of what, and one plain line."""

    severity: Severity
    check: str
    subject: str
    message: str


def error(check: str, subject: str, message: str) -> Finding:
    return Finding(Severity.ERROR, check, subject, message)


def notice(check: str, subject: str, message: str) -> Finding:
    return Finding(Severity.NOTICE, check, subject, message)


def check(graph: Graph, shipped: Mapping[str, str] | None = None) -> list[Finding]:
    """All findings on the vocabularies in ``graph``, gravest first; ``shipped``: the tables in use, name -> content."""
    labels, facts = build.rows(graph)
    lexicon = Lexicon((Label(*row) for row in labels), facts)
    findings = [
        *collisions(lexicon, sharing(graph)),
        *unreachable(lexicon),
        *ill_written(lexicon.labels),
        *idle_facts(lexicon),
        *incomplete(graph),
        *dangling(graph),
        *cycles(graph),
    ]
    if shipped is not None:
        findings += stale(dict(build.tables(graph)), shipped)
    return sorted(set(findings))


def check_shipped() -> list[Finding]:
    """All findings on the vocabularies and tables that are shipped."""
    folder = files("communique.ingest").joinpath("tables")
    tables = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".tsv")}
    return check(build.vocabularies(), tables)


def sharing(graph: Graph) -> frozenset[frozenset[str]]:
    """The pairs of vocabularies that share words on purpose (``cq:LabelSharing`` between two schemes)."""
    pairs: dict[object, set[str]] = {}
    for node, scheme in graph.subject_objects(build.CQ["between"]):
        pairs.setdefault(node, set()).add(build.local(scheme))
    return frozenset(frozenset(kinds) for kinds in pairs.values())


def collisions(lexicon: Lexicon, shared: frozenset[frozenset[str]]) -> Iterator[Finding]:
    """Labels of two concepts: of one vocabulary (``duplicate``) or of two (``ambiguous``).

    Labels of weak evidence and those of grammar, which are no names of things, may be shared by anybody.
    """
    by_words: dict[str, set[Label]] = {}
    for label in lexicon.labels:
        if label.form not in _WEAK and label.kind not in GRAMMAR:
            by_words.setdefault(label.text.lower(), set()).add(label)
            if has_plural(label):
                by_words.setdefault(f"{label.text.lower()}s", set()).add(label._replace(text=f"{label.text}s"))
    for entries in by_words.values():
        concepts = sorted({(x.text, x.kind, x.id) for x in entries})
        for (text, kind, id_), (other, kind2, id2) in combinations(concepts, 2):
            # "US" and "us" are two words; "foreign minister" matches in any case.
            if (kind, id_) == (kind2, id2) or (text != other and not text.islower() and not other.islower()):
                continue
            where = f"{text!r} is a label of {kind}/{id_} and of {kind2}/{id2}"
            if kind == kind2 and frozenset((kind,)) in shared:
                yield notice("duplicate", text, f"{where}, on purpose")
            elif kind == kind2:
                yield _duplicate(lexicon, kind, (id_, id2), text, where)
            elif frozenset((kind, kind2)) not in shared and not _declared(lexicon, (kind, id_), (kind2, id2)):
                yield error("ambiguous", text, f"{where}; say why in sharing.ttl or with cq:ambiguousWith, or give one up")


def _duplicate(lexicon: Lexicon, kind: str, ids: tuple[str, str], text: str, where: str) -> Finding:
    preferred = [id_ for id_ in ids if text in lexicon.facts(kind, id_).get("preferredFor", ())]
    if len(preferred) == 1:
        return notice("duplicate", text, f"{where}; {preferred[0]} is preferred")
    if _declared(lexicon, (kind, ids[0]), (kind, ids[1])):
        return notice("duplicate", text, f"{where}, on purpose")
    return error("duplicate", text, f"{where}; drop one, or say with cq:preferredFor which is meant")


def _declared(lexicon: Lexicon, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether one of two concepts says that it is ambiguous with the other."""
    return other[1] in lexicon.facts(*one).get("ambiguousWith", ()) or one[1] in lexicon.facts(*other).get("ambiguousWith", ())


def unreachable(lexicon: Lexicon) -> Iterator[Finding]:
    """Labels that no text can match: the view of a text never looks so, or a blocking word hides them always."""
    for label in sorted(set(lexicon.labels), key=lambda x: (x.kind, x.id, x.text)):
        if label.kind in GRAMMAR:
            continue
        subject = f"{label.kind}/{label.id}"
        sentence = f"with {label.text} today"
        seen = view(sentence, Span(0, len(sentence))).text
        if not any(h.label == label and h.start == len("with ") for h in lexicon.find(seen)):
            why = "texts are read with straight quotes, single spaces and whole words"
            yield error("unreachable", subject, f"the label {label.text!r} cannot match: {why}")
    for kind, id_ in sorted({(x.kind, x.id) for x in lexicon.labels}):
        for name in _BLOCKING:
            if any(not words.strip() for words in lexicon.facts(kind, id_).get(name, ())):
                yield error("unreachable", f"{kind}/{id_}", f"an empty cq:{name} blocks every label")


def ill_written(labels: Iterable[Label]) -> Iterator[Finding]:
    """Labels with characters that belong in no label."""
    for label in labels:
        subject = f"{label.kind}/{label.id}"
        odd = sorted({f"U+{ord(c):04X}" for c in label.text if c in _ODD or not c.isprintable()})
        if odd:
            yield error("characters", subject, f"the label {label.text!r} has {', '.join(odd)}")
        if label.text != " ".join(label.text.split()) or not label.text:
            yield error("characters", subject, f"the label {label.text!r} begins, ends or is broken with blanks")


def idle_facts(lexicon: Lexicon) -> Iterator[Finding]:
    """Facts that name a label which the concept, or for ``shortForm`` the vocabulary, does not have."""
    of: dict[tuple[str, str], set[str]] = {}
    of_kind: dict[str, set[str]] = {}
    for label in lexicon.labels:
        of.setdefault((label.kind, label.id), set()).add(label.text)
        of_kind.setdefault(label.kind, set()).add(label.text)
    for (kind, id_), own in sorted(of.items()):
        facts = lexicon.facts(kind, id_)
        for name in _NAMING:
            for text in facts.get(name, ()):
                if text not in own:
                    yield error("idle", f"{kind}/{id_}", f"cq:{name} {text!r} is none of its labels")
        for text in facts.get("shortForm", ()):
            if text not in of_kind[kind]:
                yield error("idle", f"{kind}/{id_}", f"cq:shortForm {text!r} is no label of the vocabulary {kind}")


def incomplete(graph: Graph) -> Iterator[Finding]:
    """Terms without the one preferred label, the definition, the example or the scheme that every term has."""
    for term in _terms(graph):
        subject = f"{build.kind_of(term)}/{build.local(term)}"
        preferred = [o for o in graph.objects(term, SKOS.prefLabel) if isinstance(o, Literal) and o.language in (None, "en")]
        if len(preferred) != 1:
            yield error("incomplete", subject, f"it has {len(preferred)} preferred labels; one is needed")
        for name in ("definition", "example"):
            if graph.value(term, SKOS[name]) is None:
                yield error("incomplete", subject, f"skos:{name} is missing")
        if graph.value(term, SKOS.inScheme) is None:
            yield notice("incomplete", subject, "skos:inScheme is missing")


def dangling(graph: Graph) -> Iterator[Finding]:
    """Links to terms of a vocabulary that nobody defines."""
    known = set(_terms(graph))
    kinds = {build.kind_of(t) for t in known}
    for s, p, o in graph:
        if isinstance(s, URIRef) and s in known and isinstance(o, URIRef) and o not in known and build.kind_of(o) in kinds:
            goal = f"{build.kind_of(o)}/{build.local(o)}"
            yield error("dangling", f"{build.kind_of(s)}/{build.local(s)}", f"{build.local(p)} leads to {goal}, which is not defined")


def cycles(graph: Graph) -> Iterator[Finding]:
    """Concepts that are broader than themselves."""
    above = {s: set(graph.objects(s, SKOS.broader)) for s in set(graph.subjects(SKOS.broader))}
    for start in sorted(above, key=str):
        reached: set[object] = set()
        front = set(above[start])
        while front:
            reached |= front
            front = {b for a in front for b in above.get(a, ())} - reached
        if start in reached:
            yield error("cycle", f"{build.kind_of(URIRef(str(start)))}/{build.local(start)}", "skos:broader leads back to it")


def stale(built: Mapping[str, str], shipped: Mapping[str, str]) -> Iterator[Finding]:
    """Tables that are not what the vocabularies say; run ``communique lexicon build``."""
    for name in sorted(built.keys() | shipped.keys()):
        if built.get(name) != shipped.get(name):
            new, old = set(built.get(name, "").splitlines()), set(shipped.get(name, "").splitlines())
            rows = f"{len(new - old)} rows are missing, {len(old - new)} are out of date"
            yield error("stale", name, f"{rows}; run `communique lexicon build`")


def _terms(graph: Graph) -> list[URIRef]:
    """The concepts of the vocabularies, sorted."""
    return sorted({s for s in graph.subjects(RDF.type, None) if isinstance(s, URIRef) and build.kind_of(s) is not None})
