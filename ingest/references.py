"""Finds the other encounters and events that a readout refers to: an earlier call, a coming summit, a launch, an election."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import ahocorasick

from communique.ingest.clock import DateHit, find_dates
from communique.ingest.grammar import either, table
from communique.ingest.header import Header
from communique.ingest.lexicon import Lexicon, lower
from communique.ingest.parses import Parse, parse
from communique.ingest.segment import Sentence
from communique.ingest.sources import Source
from communique.model import BlockKind, Document, Encounter, Reference, Span

_FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE, BlockKind.HEADING})
_WORD = re.compile(r"[\w$][\w.'’&/+-]*(?:\([^)]*\))?")
# Parts of a pattern that need not stand in the text as written: groups, classes, escapes, what may be left out.
_GROUP = re.compile(r"\((?:[^()\\]|\\.)*\)[?*]?")
_CASES = re.compile(r"\[([A-Z])([a-z])\]")
_CHOICE = re.compile(r"\[[^\]]*\](?:[?*+]|\{[^}]*\})?|\\.[?*+]?|.[?*]")
_ENCOUNTERS = frozenset({"call", "meeting", "visit", "summit", "session", "other"})
_STRIKING = re.compile(r"\s(?:that|which)\s(?:hit|struck|killed|devastated|claimed|affected)\b")
_LATER = re.compile(r",?\s(?:held\s)?(?:in the coming (?:months|weeks|days)|within the year|later today)")
_POSSESSIVE = re.compile(r"'s?$|^(?:their|his|her|our|its)$", re.IGNORECASE)


@cache
def _place(*, company: bool) -> re.Pattern[str]:
    """A complement: where, and for encounters also with whom; a month is no place."""
    month = "|".join(table("clock.toml")["months"])
    name = rf"(?!(?:{month})\b)[A-Z][\w.'’-]*"
    links = "in|at|to|across|between|from|of|against|on|near|off|by|around|on behalf of" + ("|with" if company else "")
    return re.compile(
        rf"(?:\s\([A-Z0-9-]+\))?(?:,?\s(?:{links})\s(?:the\s)?"
        rf"(?:{name}|(?:senior|political|diplomatic|other)\s[a-z]+(?:\s(?:officials|relations|ties))?)(?:(?:\sand\s(?:other\s)?|\sof\s(?:the\s)?|\s)(?:the\s)?{name})*)?"
    )


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str
    need: str
    relation: str


@dataclass(frozen=True, slots=True)
class _Grammar:
    stems: ahocorasick.Automaton
    head: re.Pattern[str]
    heads: re.Pattern[str]
    events: tuple[_Event, ...]
    past: re.Pattern[str]
    future: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    occasion: re.Pattern[str]
    sought: re.Pattern[str]
    never: re.Pattern[str]
    wished: re.Pattern[str]
    stops: frozenset[str]
    determiners: frozenset[str]


@cache
def _grammar() -> _Grammar:
    data = table("references.toml")
    c = data["cues"]
    # Most sentences hold no event's words at all, and one pass tells so; in the others the heads are looked for.
    stems = ahocorasick.Automaton()
    for e in data["events"]:
        for noun in e["nouns"]:
            stems.add_word(_stem(noun), noun)
    stems.make_automaton()
    # Every head without its group finds the places faster; the groups then tell which it is.
    head = "|".join(noun for e in data["events"] for noun in e["nouns"])
    heads = "|".join(f"(?P<e{n}>{'|'.join(e['nouns'])})" for n, e in enumerate(data["events"]))

    def ahead(words: list[str]) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{either(words)})\s(?:(?:the|a|an|their|his|her|its|our|preparations?|plans)\s?)*$", re.IGNORECASE)

    return _Grammar(
        stems,
        re.compile(rf"(?<![\w-])(?=\w)(?:{head})(?![\w-])"),
        re.compile(rf"(?<![\w-])(?:{heads})(?![\w-])"),
        tuple(_Event(e["kind"], e["need"], e["relation"]) for e in data["events"]),
        re.compile(rf"\b(?:{either(c['past'])})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{either(c['future'])})\b", re.IGNORECASE),
        ahead(c["before"]),
        ahead(c["after"]),
        ahead(c["occasion"]),
        re.compile(rf"\b(?:{either(c['sought'])})\s(?:\w+(?:'s)?\s){{0,3}}$", re.IGNORECASE),
        re.compile(c["never"]),
        re.compile(c["wished"]),
        frozenset(c["stops"]),
        frozenset(c["determiners"]),
    )


def _stem(noun: str) -> str:
    """Words, in lower case, that every match of a noun's pattern holds.

    Raises ``ValueError`` if the pattern has no three letters in a row outside its groups.
    """
    plain, groups = _CASES.sub(lambda m: m[1] if m[1].lower() == m[2] else m[0], noun), 1
    while groups:  # what stands in a group may be left out or chosen; the innermost go first
        plain, groups = _GROUP.subn("|", plain)
    runs = re.findall(r"[A-Za-z]{3,}(?:[ -][A-Za-z]+)*", _CHOICE.sub("|", plain))
    if not runs:
        raise ValueError(f"no three letters in a row stand outside the groups of this noun: {noun}")
    return str(runs[-1]).lower()


def find_references(
    document: Document, source: Source, sentences: Sequence[Sentence], header: Header, lexicon: Lexicon
) -> tuple[Reference, ...]:
    """The references of a text, in its order, never overlapping.  Never raises."""
    if not header.encounters:
        return ()
    del source  # every publisher refers to other events in the same words
    parses = header.parses if len(header.parses) == len(sentences) else tuple(parse(s, lexicon) for s in sentences)
    out: dict[str, Reference] = {}
    for p in parses:
        if p.sentence.block.kind not in _FRAME:
            for found in _sentence(p, header):
                # A second mention in the same words, or as "the Summit", is the same reference.
                key = _key(found.span.of(document.text))
                if (
                    " " in key
                    or found.kind not in ("summit", "session", "meeting")
                    or not any(other.kind == found.kind for other in out.values())
                ):
                    out.setdefault(key, found)
    return tuple(out.values())


def _key(words: str) -> str:
    return " ".join(w for w in words.lower().split() if w not in _grammar().determiners)


def _sentence(p: Parse, header: Header) -> Iterator[Reference]:
    if next(_grammar().stems.iter(lower(p.text)), None) is None:
        return
    main = header.encounters[0]
    taken: list[tuple[int, int]] = []
    occasions = [e.occasion_span for e in header.encounters if e.occasion_span]
    for m in _grammar().head.finditer(p.text):
        if any(a < m.end() and m.start() < b for a, b in taken) or any(q.start <= m.start() < q.end and q.name for q in p.persons):
            continue
        which = _grammar().heads.match(p.text, m.start())
        event = _grammar().events[int((which and which.lastgroup or "e0")[1:])]
        start, end = _left(p.text, m.start()), _right(p, m.end(), header.day, company=event.kind in _ENCOUNTERS)
        start = max([start, *(b for a, b in taken if b <= m.start())])
        span = p.sentence.view.span(start, end)
        occasion = any(span.overlaps(o) for o in occasions)
        made = _reference(p, event, (start, m.start(), m.end(), end), header, main, occasion, span)
        if made is not None:
            taken.append((start, end))
            yield made


def _left(text: str, at: int) -> int:
    """Where the noun phrase begins: back over modifiers to a determiner or a possessor."""
    g = _grammar()
    start = at
    for m in reversed(list(_WORD.finditer(text, max(0, at - 90), at))):
        gap = text[m.end() : start]
        if gap not in (" ", ""):
            break
        low = m[0].lower()
        if low in g.determiners:
            return m.start()
        if low in g.stops or (
            low.endswith(("ed", "ing"))
            and m[0].islower()
            and low not in ("upcoming", "coming", "forthcoming", "ongoing", "planned", "shocking")
        ):
            break
        start = m.start()
        if m[0].endswith(("'s", "'")):
            # The possessor may be several words: "President Biden's", "the Vice President's".
            owner = re.search(
                r"\b(?:[Tt]his|[Nn]ext|[Ll]ast)\s$" if low[0] == m[0][0] else r"(?:\b[Tt]he\s)?(?:[A-Z][\w.'-]*\s)*$", text[:start]
            )
            return owner.start() if owner and owner[0] else start
    # "the December 24, 2021 elections": the comma of a date ends nothing.
    dated = re.search(r"(?:\b[Tt]he\s)?[A-Z][a-z]+\s\d{1,2},\s$", text[:start]) if re.match(r"\d{4}\b", text[start:]) else None
    return dated.start() if dated else start


def _right(p: Parse, at: int, day: date | None, *, company: bool) -> int:
    """Where it ends: its complements (between whom, where) and its date."""
    end = at
    for _ in range(3):
        m = _place(company=company).match(p.text, end)
        grown = m.end() if m else end
        near = next(
            (
                h
                for h in find_dates(p.text[grown : grown + 60], day)
                if re.fullmatch(r",?\s?(?:held\s)?(?:in [A-Z]\w+ )?(?:on\s|in\s|earlier\s|later\s)?", p.text[grown : grown + h.start])
            ),
            None,
        )
        later = _LATER.match(p.text, grown)
        grown += near.end if near is not None else later.end() - grown if later else 0
        if grown == end:
            break
        end = grown
    while end > at and p.text[end - 1] in " ,.;":
        end -= 1
    return end


def _reference(
    p: Parse, event: _Event, at: tuple[int, int, int, int], header: Header, main: Encounter, occasion: bool, span: Span
) -> Reference | None:
    g = _grammar()
    start, noun, noun_end, end = at
    text = p.text
    phrase, left, before = text[start:end], text[start:noun], text[max(0, start - 60) : start]
    hits = [h for h in find_dates(phrase, header.day) if h.how != "relative" or event.kind not in ("meeting", "call")]
    past, future = g.past.search(left), g.future.search(phrase)
    dated = next(iter(hits), None)
    if not occasion and not _meant(event, left, phrase, text, (noun, noun_end), dated, bool(past or future), before):
        return None
    if (
        any(span.overlaps(e.span) for e in header.encounters)
        and not occasion
        and event.relation != "occasion"
        and (dated is None or dated.iso == main.date)
        and event.kind in ("meeting", "call", "summit", "visit")
        and not future
    ):
        return None
    iso = dated.iso if dated else None
    if occasion or g.occasion.search(text[:start]):
        relation = "occasion"
    else:
        relation = _relation(event, dated, bool(past), bool(future), text[:start], main)
    return Reference(
        event.kind, iso, relation, span, f"reference.{event.kind}.{event.need}", 0.9 if dated or event.need == "none" else 0.75
    )


def _meant(event: _Event, left: str, phrase: str, text: str, head: tuple[int, int], dated: DateHit | None, cue: bool, before: str) -> bool:
    """Whether a single event is meant, not a kind of event, a standing body or the encounter itself."""
    g = _grammar()
    noun, noun_end = head
    words = left.split()
    determiner = words[0].lower() if words and words[0].lower() in g.determiners else None
    owner = any(_POSSESSIVE.search(w) for w in words)
    capital = any(w[0].isupper() for w in words if w.lower() not in g.determiners)
    need = event.need
    if need == "none":
        return True
    if need == "name":
        return capital or text[noun].isupper() and determiner == "the"
    if need == "cue":
        return bool(dated or cue or (capital and determiner) or (determiner and g.before.search(before)))
    if need == "date":
        placed = re.search(r"\sin\s[A-Z]", phrase)
        told = (owner and (placed or g.before.search(before))) or (capital and determiner == "the" and placed)
        if determiner in ("this", "today's") or (dated is None and not cue and not told):
            return False
        return not re.search(r"\b(?:regular|annual|future|further|additional|more)\b", left)
    if need == "day":
        return dated is not None and len(dated.iso) >= 7
    if need == "visit":
        return bool(dated or cue or owner or determiner) and determiner != "this"
    if g.never.search(phrase) or g.never.search(before[-25:]) or (g.wished.search(phrase) and not (dated or owner)):
        return False
    if need == "deed":
        done_to = re.match(r"\s(?:of|that|to|by|from|in|as)\b", text[noun_end:])
        return bool(dated or ((owner or determiner == "the") and done_to)) and not g.sought.search(text[:noun])
    if need == "point":
        return bool(dated or cue or owner or determiner in ("the", "a", "an", "his", "her", "their"))
    if need == "happening":
        located = _STRIKING.match(text, noun_end) or re.search(
            r"\s(?:in|across|on|at|off|near|around|from|by|against|of)\s(?:the\s)?[A-Z]", phrase
        )
        return bool(dated or cue or (located and (determiner != "a")))
    if need == "convened":
        return bool(re.search(r"\b(?:convened|hosted|held|attended|joined|chaired)\b[^.]{0,60}$", text[:noun])) and bool(
            re.match(r"^(?:In|On|At|Earlier|Last)\b|.*\band in\b", text[:noun])
        )
    if need == "agreement":
        return bool(dated or cue or determiner == "the" or owner or (determiner and "agreement" in phrase))
    if need == "presidency":
        return bool(dated or (cue and g.future.search(phrase)) or (capital and "Presidency" in phrase and owner))
    return False


def _relation(event: _Event, dated: DateHit | None, past: bool, future: bool, before: str, main: Encounter) -> str:
    g = _grammar()
    if event.relation == "about" and event.kind != "other":
        return "about"
    if event.kind == "other" and event.relation == "about" and dated is None and not future and not g.before.search(before):
        return "about"
    if dated is not None and main.date:
        iso = dated.iso.split("/")[0]
        size = min(len(iso), len(main.date))
        if iso[:size] != main.date[:size]:
            return "before" if iso[:size] < main.date[:size] else "after"
    if future:
        return "after"
    if g.before.search(before):
        return "before"
    if past:
        return "before"
    if g.after.search(before):
        return "after"
    return event.relation
