"""Reporting verbs: their forms, and the triggers that a sentence may hold.

The rows come from the act lexicon (``ontology/vocab/acts.ttl``); English inflection is code, its exceptions are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from communique.ingest.lexicon.lexicon import Lexicon

TOKEN = re.compile(r"[^\W_]+(?:['&./-][^\W_]+)*(?:\.(?=[^\W_]|,? [a-z]))*|[^\w\s]|_")
_VOWELS = "aeiou"


class Token(NamedTuple):
    """A word or a mark at ``[start, end)`` of a view; ``low`` is its lower-case form."""

    start: int
    end: int
    low: str


@dataclass(frozen=True, slots=True)
class TypeRule:
    """``type`` where ``pattern`` fits the words after the verb; ``scope`` ``joint`` or ``adverb`` narrows it."""

    type: str
    scope: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb: its default type, frame and the patterns that decide."""

    id: str
    type: str
    frame: frozenset[str]
    requires: re.Pattern[str] | None
    rules: tuple[TypeRule, ...]
    strength: int | None


@dataclass(frozen=True, slots=True)
class Noun:
    """A reporting noun that decides the type of a light verb."""

    words: tuple[str, ...]
    type: str
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A verb form in a sentence: tokens ``[first, last]`` of the verb, ``noun`` the last token of a reporting noun.

    ``form`` is ``past``, ``present``, ``base`` or ``gerund``; ``type`` is ``None`` where the words after the verb still decide.
    """

    verb: Verb
    form: str
    first: int
    last: int
    type: str | None = None
    noun: int | None = None

    @property
    def end(self) -> int:
        """The last token of the trigger."""
        return self.last if self.noun is None else max(self.last, self.noun)


def tokens(view: str) -> tuple[Token, ...]:
    """The words and marks of a view."""
    new = tuple.__new__  # without the constructor's own frame: there are thousands
    return tuple([new(Token, (m.start(), m.end(), m[0].lower())) for m in TOKEN.finditer(view)])


def past(verb: str) -> str:
    """The regular past form of a verb (``urge`` -> ``urged``)."""
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"


def gerund(verb: str) -> str:
    """The regular participle of a verb (``note`` -> ``noting``)."""
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def present(verb: str) -> str:
    """The regular third person of a verb (``press`` -> ``presses``)."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def forms(lemma: str, irregular: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each form of a (possibly phrasal) verb with its name."""
    first, _, rest = lemma.partition(" ")
    tail = f" {rest}" if rest else ""
    special = [(words, name) for words, _, name in (f.rpartition(" ") for f in irregular)]
    given = {name for _, name in special}
    yield lemma, "base"
    yield present(first) + tail, "present"
    if "past" not in given:
        yield past(first) + tail, "past"
    if "gerund" not in given:
        yield gerund(first) + tail, "gerund"
    yield from special


class ActLexicon:
    """The reporting verbs and nouns, indexed by their first word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._verbs: dict[str, list[tuple[tuple[str, ...], str, Verb]]] = {}
        self._nouns: dict[str, list[Noun]] = {}
        self._by_id: dict[str, Verb] = {}
        self._unchanged: set[tuple[tuple[str, ...], str]] = set()
        self.strength = {id_: int(s) for id_ in lexicon.ids("act") if (s := lexicon.fact("act", id_, "strengthStep"))}
        for label in lexicon.labels:
            if label.kind == "verb":
                self._add_verb(label.text, label.id, lexicon)
            elif label.kind == "noun":
                words = tuple(label.text.lower().split())
                facts = lexicon.facts("noun", label.id)
                noun = Noun(words, facts["performs"][0], frozenset(facts.get("withVerb", ())))
                self._nouns.setdefault(words[0], []).append(noun)
        for rows in self._verbs.values():
            rows.sort(key=lambda r: -len(r[0]))
        for nouns in self._nouns.values():
            nouns.sort(key=lambda n: (-len(n.words), not n.verbs))

    def verb(self, id_: str) -> Verb:
        """The verb with an identifier."""
        return self._by_id[id_]

    def _add_verb(self, lemma: str, id_: str, lexicon: Lexicon) -> None:
        facts = lexicon.facts("verb", id_)
        rules = []
        for row in sorted(facts.get("typeRule", ())):
            _, type_, pattern = row.split(" ", 2)
            scope, _, rest = pattern.partition(":") if pattern.startswith(("joint:", "adverb:")) else ("", "", pattern)
            rules.append(TypeRule(type_, scope, re.compile(rest, re.IGNORECASE if scope == "adverb" else 0)))
        requires = facts.get("requires")
        verb = Verb(
            id_,
            facts["performs"][0],
            frozenset(facts.get("frame", ())),
            re.compile(requires[0]) if requires else None,
            tuple(rules),
            int(facts["strengthStep"][0]) if "strengthStep" in facts else None,
        )
        self._by_id[id_] = verb
        made = [(tuple(t.low for t in tokens(form)), name) for form, name in forms(lemma, facts.get("form", ()))]
        self._unchanged |= {(words, id_) for words, name in made if name == "past" and (words, "base") in made}
        for words, name in made:
            self._verbs.setdefault(words[0], []).append((words, name, verb))

    def triggers(self, toks: Sequence[Token]) -> Iterator[Trigger]:
        """Every verb form in a sentence, longest form first, without overlaps."""
        lows = tuple([t.low for t in toks])
        i = 0
        while i < len(lows):
            step = 1
            for words, form, verb in self._verbs.get(lows[i], ()):
                if len(words) == 1 or lows[i : i + len(words)] == words:
                    # "set out" is both: an infinitive after "to", else past
                    if form == "base" and (words, verb.id) in self._unchanged and not (i and lows[i - 1] == "to"):
                        form = "past"
                    yield Trigger(verb, form, i, i + len(words) - 1)
                    step = len(words)
                    break
            i += step

    def nouns(self, verb: Verb, toks: Sequence[Token], start: int, stop: frozenset[str], reach: int = 9) -> list[tuple[int, str]]:
        """The reporting nouns after a light verb: last token and type of each, conjoined ones included."""
        out: list[tuple[int, str]] = []
        i, last = start, min(start + reach, len(toks))
        while i < last:
            if toks[i].low in stop:
                break
            hit = next(
                (
                    n
                    for n in self._nouns.get(toks[i].low, ())
                    if (not n.verbs or verb.id in n.verbs) and tuple(t.low for t in toks[i : i + len(n.words)]) == n.words
                ),
                None,
            )
            if hit:
                i += len(hit.words)
                out.append((i - 1, hit.type))
                # "concern and condolences": only a conjoined noun may follow
                if i < len(toks) and toks[i].low == "and":
                    last = min(i + 3, len(toks))
                    i += 1
                    continue
                break
            i += 1
        return out


@cache
def act_lexicon(lexicon: Lexicon) -> ActLexicon:
    """The act lexicon of a lexicon, made once."""
    return ActLexicon(lexicon)
