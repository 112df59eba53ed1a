"""The lexicon: the labels of the vocabularies, found in one pass, and the facts that rules ask of their concepts.

The vocabularies are Turtle (``ontology/vocab``); ``communique lexicon build`` writes them as two tables that load
in milliseconds: ``labels.tsv`` (label, kind, id, form) and ``facts.tsv`` (kind, id, property, value).
A label with a capital letter matches as written, a label without matches in any case and with a plural *s*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import ahocorasick

# Kinds that grammar modules index themselves; they are no names of things and stay out of the automaton.
GRAMMAR = frozenset({"act", "verb", "noun"})
# Kinds whose labels are written in one way only.
NAMES = frozenset({"state", "place", "honorific", "rank", "portfolio"})


class Label(NamedTuple):
    """One label: its words, the kind of thing (``state``, ``issue`` ...), the concept's id and the form (``altLabel``, ``demonym`` ...)."""

    text: str
    kind: str
    id: str
    form: str


class Hit(NamedTuple):
    """A label found in a view, at ``[start, end)`` of the view."""

    start: int
    end: int
    label: Label

    @property
    def is_plural(self) -> bool:
        """Whether the words are the label with a plural *s*."""
        return self.end - self.start > len(self.label.text)


# A tuple is made without its class's own constructor where there are thousands.
_new = tuple.__new__


class Lexicon:
    """An immutable index of labels and facts.

    The labels are found by an automaton.  Who asks for certain kinds only gets one of these kinds, so that no other label costs time;
    each is made when it is first asked for.
    """

    def __init__(self, labels: Iterable[Label], facts: Iterable[tuple[str, str, str, str]] = ()) -> None:
        self.labels = tuple(labels)
        self._automata: dict[frozenset[str] | None, ahocorasick.Automaton] = {}
        self._facts: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        self._preferred: dict[tuple[str, str], str] = {}
        for kind, id_, name, value in facts:
            of = self._facts.setdefault((kind, id_), {})
            of[name] = (*of.get(name, ()), value)
            if name == "preferredFor":
                self._preferred[kind, value] = id_
        self._shared = frozenset(text for _, text in self._preferred)

    def facts(self, kind: str, id_: str) -> Mapping[str, tuple[str, ...]]:
        """All facts of a concept: property -> values; empty if there is none."""
        return self._facts.get((kind, id_), {})

    def fact(self, kind: str, id_: str, name: str) -> str | None:
        """The first value of a property of a concept, or ``None``."""
        values = self._facts.get((kind, id_), {}).get(name)
        return values[0] if values else None

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of a kind that have facts, sorted."""
        return tuple(sorted(id_ for k, id_ in self._facts if k == kind))

    def _automaton(self, kinds: frozenset[str] | None) -> ahocorasick.Automaton:
        """The automaton of all labels that are names of things, or of certain kinds of them."""
        made = self._automata.get(kinds)
        if made is None:
            by_key: dict[str, list[Label]] = {}
            for label in self.labels:
                if (label.kind in kinds) if kinds is not None else (label.kind not in GRAMMAR):
                    by_key.setdefault(lower(label.text), []).append(label)
            made = ahocorasick.Automaton()
            for key, entries in by_key.items():
                made.add_word(key, (len(key), tuple((x, x.text, x.text.islower(), has_plural(x)) for x in entries)))
            made.make_automaton()
            self._automata[kinds] = made
        return made

    def find(self, view: str, kinds: frozenset[str] | None = None) -> Iterator[Hit]:
        """Every label of the given kinds (all kinds if ``None``) that stands in ``view`` at word boundaries, overlaps included."""
        automaton = self._automaton(kinds)
        if not automaton:
            return
        low = lower(view)
        size = len(low)
        for last, (length, entries) in automaton.iter(low):
            start, end = last + 1 - length, last + 1
            if start and (low[start - 1].isalnum() and low[start].isalnum()):
                continue
            plural = False
            if end < size and low[end].isalnum() and low[end - 1].isalnum():
                if low[end] != "s" or (end + 1 < size and low[end + 1].isalnum()):
                    continue
                plural = True
            words = view[start:end]
            for label, text, any_case, has_s in entries:
                if (text == words or (any_case and not (plural and length < 3))) and (has_s or not plural):
                    yield _new(Hit, (start, end + plural, label))

    def _is_preferred(self, label: Label) -> bool:
        return self._preferred.get((label.kind, label.text), label.id) == label.id

    def longest(self, view: str, kinds: frozenset[str] | None = None) -> list[Hit]:
        """The leftmost-longest hits of the given kinds (all kinds if ``None``).

        Equal spans all stay, but of concepts of one kind the one that says ``cq:preferredFor`` of the words (Congolese, Dominican).
        """
        hits = [h for h in self.find(view, kinds) if h.label.text not in self._shared or self._is_preferred(h.label)]
        if len(hits) < 2:
            return hits
        # "the Gulf Cooperation Council" is no "the Gulf": an article does not make a label begin before a longer one
        hits.sort(key=lambda h: (h.start + _article(h), -h.end, h.start, h.label.kind, h.label.id, -len(h.label.text)))
        out: list[Hit] = []
        for hit in hits:
            # "the Philippines" is the state's name, and no plural of its adjective
            if hit.is_plural and out and out[-1][:2] == hit[:2] and out[-1].label.id == hit.label.id:
                continue
            if not out or hit.start >= out[-1].end or (hit.start, hit.end) == (out[-1].start, out[-1].end):
                out.append(hit)
        return out


def _article(hit: Hit) -> int:
    """How many characters of a hit are the article that its label begins with."""
    return len("the ") if hit.label.text.startswith("the ") else 0


def has_plural(label: Label) -> bool:
    """Whether a plural *s* may follow the label: no acronym has one and no name, but the people of a state (``the Danes``)."""
    return label.text[-1].islower() and (label.kind not in NAMES or label.form in {"adjective", "demonym"})


def lower(text: str) -> str:
    """Lower case that never changes the length (``İ`` stays one character)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def read_table(folder: Traversable, name: str) -> Iterator[tuple[str, ...]]:
    """The rows of a table below its header line."""
    lines = folder.joinpath(name).read_text(encoding="utf-8").splitlines()
    return (tuple(line.split("\t")) for line in lines[1:])


@cache
def load() -> Lexicon:
    """The lexicon that is shipped."""
    tables = files("communique.ingest").joinpath("tables")
    return Lexicon(
        (Label(*row) for row in read_table(tables, "labels.tsv")),
        ((k, i, p, v) for k, i, p, v in read_table(tables, "facts.tsv")),
    )
