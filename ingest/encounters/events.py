"""Events that a readout refers to: their nouns, and how these are found.

Nouns, needs and cues are data (``grammar/references.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import ahocorasick

from communique.ingest.grammar import either, table

# Parts of a pattern that need not stand in the text as written: groups, classes, escapes, what may be left out.
_GROUP = re.compile(r"\((?:[^()\\]|\\.)*\)[?*]?")
_BEHIND = re.compile(r"\(\?<=[^()]* \)")  # what must stand before, a space at its end
_CASES = re.compile(r"\[([A-Z])([a-z])\]")
_CHOICE = re.compile(r"\[[^\]]*\](?:[?*+]|\{[^}]*\})?|\\.[?*+]?|.[?*]")


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event: what its nouns need, and its relation where neither date nor cue tells."""

    kind: str
    need: str
    relation: str


@dataclass(frozen=True, slots=True)
class Events:
    """The events, and the patterns of words around them; ``references.toml`` says what each decides."""

    stems: ahocorasick.Automaton
    heads: tuple[tuple[re.Pattern[str], Event], ...]
    past: re.Pattern[str]
    future: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    occasion: re.Pattern[str]
    sought: re.Pattern[str]
    never: re.Pattern[str]
    wished: re.Pattern[str]
    settled: re.Pattern[str]
    stops: frozenset[str]
    determiners: frozenset[str]

    def find(self, text: str, low: str) -> Iterator[tuple[int, int, Event]]:
        """Start, end and event of each head in ``text`` (``low``: in lower case), the leftmost first and of two at one place the one that
        the table has first.  What is found never overlaps."""
        # Most sentences hold no words of events at all and the others those of one or two, and one pass tells which to look for.
        told = {
            n for last, (size, ids) in self.stems.iter(low) for n, word in ids if not word or last < size or not low[last - size].isalnum()
        }
        found = {n: m for n in told if (m := _search(self.heads[n][0], text, 0))}
        while found:
            n, m = min(found.items(), key=lambda item: (item[1].start(), item[0]))
            yield m.start(), m.end(), self.heads[n][1]
            for k in [k for k, other in found.items() if other.start() < m.end()]:
                again = _search(self.heads[k][0], text, m.end())
                if again:
                    found[k] = again
                else:
                    del found[k]


def _search(head: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The first match of a head that begins with a word.  A look behind in the pattern itself would be tried at every letter."""
    m = head.search(text, at)
    while m and m.start() and (text[m.start() - 1].isalnum() or text[m.start() - 1] in "_-"):
        m = head.search(text, m.start() + 1)
    return m


@cache
def event_grammar() -> Events:
    """The grammar of events, patterns compiled."""
    data = table("references.toml")
    c = data["cues"]
    nouns = [(_whole(noun, data["parts"]), Event(e["kind"], e["need"], e["relation"])) for e in data["events"] for noun in e["nouns"]]
    opens: dict[str, list[tuple[int, bool]]] = {}
    for n, (noun, _) in enumerate(nouns):
        stem, word = _stem(noun)
        opens.setdefault(stem, []).append((n, word))
    stems = ahocorasick.Automaton()
    for stem, ids in opens.items():
        stems.add_word(stem, (len(stem), tuple(ids)))
    stems.make_automaton()

    def ahead(words: list[str]) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{either(words)})\s(?:(?:the|a|an|their|his|her|its|our|preparations?|plans)\s?)*$", re.IGNORECASE)

    return Events(
        stems,
        tuple((re.compile(rf"(?:{noun})(?![\w-])"), event) for noun, event in nouns),
        re.compile(rf"\b(?:{either(c['past'])})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{either(c['future'])})\b", re.IGNORECASE),
        ahead(c["before"]),
        ahead(c["after"]),
        ahead(c["occasion"]),
        re.compile(rf"\b(?:{either(c['sought'])})\s(?:\w+(?:'s)?\s){{0,3}}$", re.IGNORECASE),
        re.compile(rf"\b(?:{c['never']})"),
        re.compile(c["wished"]),
        re.compile(rf"\b(?:{either(c['settled'])})\b[^.;]*$"),
        frozenset(c["stops"]),
        frozenset(c["determiners"]),
    )


def _whole(pattern: str, parts: Mapping[str, str]) -> str:
    """A pattern with its shared parts put in."""
    return re.sub(r"<(\w+)>", lambda part: _whole(parts[part[1]], parts), pattern)


def _stem(noun: str) -> tuple[str, bool]:
    """Words, in lower case, that every match of a noun's pattern holds, and whether they surely begin with a word.

    Raises ``ValueError`` if the pattern has no three letters or digits in a row outside its groups.
    """
    plain, groups = _CASES.sub(lambda m: m[1] if m[1].lower() == m[2] else m[0], _BEHIND.sub(" ", noun)), 1
    while groups:  # what stands in a group may be left out or chosen; the innermost go first
        plain, groups = _GROUP.subn("|", plain)
    plain = _CHOICE.sub("|", plain)
    runs = list(re.finditer(r"[A-Za-z\d]{3,}(?:[ -][A-Za-z\d]+)*", plain))
    if not runs:
        raise ValueError(f"no three letters or digits in a row stand outside the groups of this noun: {noun}")
    # The longest is the rarest, and of two the last: "travell?ing" is looked for where "travel" stands, not at every "ing".
    longest = max(reversed(runs), key=lambda run: len(run[0]))
    return longest[0].lower(), longest.start() == 0 or plain[longest.start() - 1] == " "
