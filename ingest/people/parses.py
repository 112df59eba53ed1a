"""A sentence read for persons, and the grammar of encounters: what the readers of the header share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from communique.ingest.grammar import either, table
from communique.ingest.lexicon.lexicon import Lexicon, lower
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.line import Line
from communique.ingest.people.lowered import as_written, raised
from communique.ingest.people.persons import Phrase, find_persons


@dataclass(frozen=True, slots=True)
class Parse:
    """A sentence read for persons, once for all stages; ``text`` is the view's, ``low`` the same in lower case, character by character."""

    sentence: Sentence
    line: Line
    persons: tuple[Phrase, ...]
    text: str
    low: str


@dataclass(frozen=True, slots=True)
class Who:
    """Someone in an encounter's clause, at ``[start, end)`` of the view: a person, or an unnamed delegation."""

    start: int
    end: int
    name: str | None
    offices: tuple[str, ...]
    party: str | None
    feminine: bool | None
    definite: bool
    rule: str


@dataclass(frozen=True, slots=True)
class EncounterGrammar:
    """The patterns that tell of encounters (``encounters.toml`` says what each decides); ``types``: the type each noun gives."""

    trigger: re.Pattern[str]
    passive: re.Pattern[str]
    noun: re.Pattern[str]
    nouns: re.Pattern[str]
    types: dict[str, str]
    patterns: dict[str, re.Pattern[str]]
    needs: dict[str, tuple[str, ...]]
    titles: dict[str, re.Pattern[str]]
    counterparts: re.Pattern[str]
    gatherings: dict[str, re.Pattern[str]]

    def search(self, name: str, text: str) -> re.Match[str] | None:
        """Where a pattern first fits, looked for only in a text that holds what the pattern needs."""
        return self.patterns[name].search(text) if self.needed(name, text) else None

    def find_all(self, name: str, text: str) -> list[re.Match[str]]:
        """Everywhere that a pattern fits, if the text holds what the pattern needs."""
        return list(self.patterns[name].finditer(text)) if self.needed(name, text) else []

    def needed(self, name: str, text: str) -> bool:
        """Whether a text holds one of the words without which the pattern cannot fit."""
        return name not in self.needs or any(map(text.__contains__, self.needs[name]))


@cache
def grammar() -> EncounterGrammar:
    """The encounter grammar, patterns compiled."""
    data = table("encounters.toml")
    p = {k: v.replace("ADJUNCT", data["patterns"]["adjunct"]) for k, v in data["patterns"].items()}
    types = {noun: kind for kind, nouns in data["nouns"].items() for noun in nouns}
    noun = either(types)
    guard = "".join(rf"(?<!\b{re.escape(word)} )" for word in data["untold"]["before"])
    v = {kind: either(words) for kind, words in data["verbs"].items()}
    # The first words stand once more at the front: most words are none of them, and the rest of the pattern is not tried there.
    first = either(["have", *(words.split()[0] for kind in data["verbs"].values() for words in kind)])
    bracketed = (
        r"(?:participated|took part)(?= (?:today|yesterday|on )[^.;]{0,20}\([^)]{0,40}\) in )"  # "participated today (Monday, 3 May) in"
    )
    trigger = (
        rf"(?<!-)\b(?={first}\b){guard}"
        rf"(?:(?P<light>(?:ha[sd] |have )?{v['light']}|{bracketed}),?(?P<gap>(?:\s\(?[\w'’.,/-]+\)?){{0,9}}?)\s(?i:(?P<noun>{noun}))\b"
        # "the 11th Bilateral Strategic Dialogue", "bilateral political consultations"
        rf"(?:(?<!ilateral)|(?!\s(?:[A-Z]|(?:[a-z]+\s)?(?:consultations|dialogue|commission)\b)))"
        rf"|(?P<meet>{v['meet']})\b|(?P<host>{p['was_guest']}|{v['host']})\b|(?P<speak>{p['on_the_line']}|{v['speak']})\b)(?!-)"
    )
    passive = rf"\b(?i:(?P<noun>{noun}))\b[^;]{{0,240}}?\s(?P<held>{p['held']})[^.;]{{0,80}}?\s(?P<by>by|between|with)\b"
    opened = rf"(?:[\w-]+\s){{0,4}}?(?i:(?P<noun>{noun}))\b"
    compiled = {k: re.compile(v) for k, v in p.items()}
    words = table("who.toml")
    plurals = [w for plural in words["offices"]["plurals"] for w in (plural, plural.lower(), plural.upper())]
    gathered = either([*words["words"]["counterparts"], *plurals, "Foreign Ministers", "heads of state"])
    return EncounterGrammar(
        re.compile(trigger),
        re.compile(passive),
        re.compile(opened),
        re.compile(rf"(?i:\b(?:{noun}))\b"),
        types,
        compiled,
        {k: tuple(v) for k, v in data["needs"].items()},
        {k: re.compile(v) for k, v in data["titles"].items()},
        re.compile(rf"\b(?:{gathered})\b"),
        {k: re.compile(v.replace("NOUNS", noun)) for k, v in data["gatherings"].items()},
    )


def parse(sentence: Sentence, lexicon: Lexicon) -> Parse:
    """Reads the persons of a sentence."""
    text = sentence.view.text
    line = Line(raised(text), lexicon)
    persons = tuple(find_persons(line))
    if line.text is not text:
        persons = tuple(replace(q, offices=tuple(o._replace(text=as_written(o.text, text)) for o in q.offices)) for q in persons)
    return Parse(sentence, line, persons, text, lower(text))


def inside_person(p: Parse, at: int) -> bool:
    return any(q.start <= at < q.end for q in p.persons)


def places(text: str, words: str) -> Iterator[int]:
    """Where some words begin in a text."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
