"""Finds the other encounters and events that a readout refers to: an earlier call, a coming summit, a launch, an election."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from communique.ingest.encounters.dates import DateHit, find_dates
from communique.ingest.encounters.events import Event, event_grammar
from communique.ingest.encounters.happenings import happenings
from communique.ingest.encounters.header import Header
from communique.ingest.encounters.named import AGO, Named, meant
from communique.ingest.grammar import table
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.parses import Parse, parse
from communique.ingest.sources import Source
from communique.model import BlockKind, Document, Encounter, Reference, Span

_FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE, BlockKind.HEADING})
_WORD = re.compile(r"[\w$][\w.'’&/+-]*(?:\([^)]*\))?")
# With whom it was, or is, belongs to the phrase.
_COMPANY = frozenset({"call", "meeting", "visit", "summit", "session", "agreement", "other"})
_ADJECTIVE = re.compile(r"(?:'s?|\b(?:the|an?|his|her|their|its))\s[a-z-]*(?:ous|ive|al|ful|ic|ed|ing|ant|ent|swift|free|tragic|deadly)$")
_PAIRED = re.compile(rf"\b(?:recent|latest|upcoming|(?:{'|'.join(table('clock.toml')['months'])})\s\d{{1,2}}) and $")
_NAME_OF = re.compile(
    r"\b(?:Republic|Kingdom|State|Union|Organization|Association|Council|Ministry|Department|Ministers?|Leaders|Heads) of $"
)
# Participles that only describe: a phrase goes on before them.
_QUALITIES = frozenset(
    {
        "upcoming",
        "coming",
        "forthcoming",
        "ongoing",
        "planned",
        "shocking",
        "groundbreaking",
        "longstanding",
        "expanded",
        "proposed",
        "mediated",
        "steering",
        "working",
        "founding",
    }
)
_OWN_JOURNEY = re.compile(r"(?:During )?(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he|M[rs]+\.|The [A-Z]\w+'s)\s")
_LEAD = 30  # characters before a phrase in which its verb may stand
# One of a series of meetings, which they themselves held.
_IT_WAS = re.compile(r"\b(?:It|This) (?:was|is) $")
_DID = re.compile(r"(?<!to )\b(?:co-?chaired|chaired|(?:co-)?hosted|held|convened|opened)\s$")
_WAS_HELD = re.compile(r"[^.;]{0,60}? (?:(?:was|were) (?:held|convened)|took place)\b")
_NUMBER = re.compile(r"(?:the )?(?:[A-Za-z]+th|first|second|third|\d+(?:st|nd|rd|th)|[IVX]+)\s", re.IGNORECASE)
# Who is on a visit: "A paid a working visit to Portugal".
_STAY = re.compile(
    r"\b(?:pa(?:id|ys|ying)|ma(?:de|kes|king)|undertook|(?:is|was|currently|arrived) (?:on|for)|concluded|concludes|ended|wrapped up"
    r"|(?:course|framework|margins) of)\s(?:today\s)?$"
)
_NEXT_OWNER = re.compile(r",? and (?:the )?[A-Z][\w.-]*'s?\Z")
_WHERE = re.compile(r"\s(?:in|at|on|to)\s(?=(?:the\s)?[A-Z])")
_ANOTHER = re.compile(r"(?:an?(?! successful)|another|(?:the |their |its )?(?:next|second|third|[a-z]+th))\s", re.IGNORECASE)
_NAME_WORD = re.compile(r"[A-Z][\w.]*\d*")
_YEAR = re.compile(r"20\d\d|19\d\d")
_VERBS = frozenset({"journey", "plan", "told", "earlier"})  # these events are told as verbs and have no words before them
_DATED = frozenset({"day", "told"})  # these are none without a date, which most sentences do not have
_BRACKET = re.compile(r"\)\s|\s\(")
# What may stand between the words of an event and its date.
_TO_DATE = re.compile(
    r",?\s?(?:held\s)?(?:in [A-Z]\w+ )?"
    r"(?:on\s|in\s|of\s|earlier\s|later\s|at the (?:end|beginning|start) of\s)?"
)
_LATER = re.compile(
    r",?\s(?:held\s)?(?:in the coming (?:months|weeks|days)|within the year|later today|tomorrow|next week"
    r"|(?:later )?this (?:spring|summer|fall|autumn|winter))"
)


@cache
def _place(*, company: bool) -> re.Pattern[str]:
    """A complement: where, and for encounters also with whom; a month is no place."""
    month = "|".join(table("clock.toml")["months"])
    name = rf"(?!(?:{month})\b)[A-Z][\w.'’-]*(?:\s(?:de|del|da|do|la)\s[A-Z][\w.’-]*)?"
    links = "in|at|to|across|between|from|of|against|on|near|off|by|around|on behalf of" + ("|with" if company else "")
    town = rf"(?:,\s{name}(?=,?\s(?:in|on|from|last|next|this|earlier|later|{month})\b))?"  # "in Bali, Indonesia, on May 3"
    return re.compile(
        rf"(?:\s\([A-Z0-9-]+\))?(?:,?\s(?:{links})\s(?:the\s)?"
        rf"(?:{name}|(?:senior|political|diplomatic|other)\s[a-z]+(?:\s(?:officials|relations|ties))?)(?:(?:\sand\s(?:other\s)?|\sof\s(?:the\s)?|\s)(?:the\s)?{name})*{town})?"
    )


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
                # A second mention in the same words, as "the Summit" or as "the missile launch", is the same reference.
                key = _key(found.span.of(document.text))
                if found.kind in ("summit", "session", "meeting"):
                    short = not any(c == " " or c.isdigit() for c in key)
                else:
                    short = found.kind == "launch" and not _timed(found, key)
                if _named_before(found, out.values(), document.text) or _same_stay(found, out.values(), document.text):
                    continue
                if not short or not any(other.kind == found.kind for other in out.values()):
                    out.setdefault(key, found)
    return tuple(out.values())


def _named_before(found: Reference, others: Iterable[Reference], text: str) -> bool:
    """Whether a summit or session was referred to before by a name that holds all of this one: ``COP26`` again."""
    name = _proper(found.span.of(text))
    if found.kind not in ("summit", "session") or not name or _ANOTHER.match(found.span.of(text)):
        return False
    return any(x.kind == found.kind and name <= _proper(x.span.of(text)) and None in (x.date, found.date) for x in others)


def _same_stay(found: Reference, others: Iterable[Reference], text: str) -> bool:
    """Whether a visit is the one in whose course the encounter took place, told again: ``this first visit of a minister``."""
    words = found.span.of(text).lower()
    if found.kind != "visit" or found.date or found.relation == "after" or words[:2] in ("a ", "an") or event_grammar().past.search(words):
        return False
    return any(x.kind == "visit" and x.relation == "occasion" for x in others)


def _proper(words: str) -> frozenset[str]:
    """The words of a proper name that tell one session from another: those with a capital or a number, where and when it is aside."""
    name = _WHERE.split(words)[0]
    return frozenset(w for w in _NAME_WORD.findall(name.replace("-", "")) if w.lower() not in event_grammar().determiners)


def _timed(found: Reference, words: str) -> bool:
    return found.date is not None or event_grammar().past.search(words) is not None


def _key(words: str) -> str:
    return " ".join(w for w in words.lower().split() if w not in event_grammar().determiners)


def _sentence(p: Parse, header: Header) -> Iterator[Reference]:
    main = header.encounters[0]
    taken: list[tuple[int, int]] = []
    occasions = [e.occasion_span for e in header.encounters if e.occasion_span]
    for noun, noun_end, event in event_grammar().find(p.text, p.low):
        if any(a < noun_end and noun < b for a, b in taken) or any(q.start <= noun < q.end and q.name for q in p.persons):
            continue
        verb = event.need in _VERBS
        if event.need in _DATED and not find_dates(p.text, header.day):
            continue
        if event.need == "journey" and event.kind == "visit" and any(e.type == "visit" for e in header.encounters):
            continue  # it is the encounter
        start, end = noun if verb else _left(p.text, noun), _right(p, noun_end, header.day, company=event.kind in _COMPANY)
        start = max([start, *(b for a, b in taken if b <= noun)])
        span = p.sentence.view.span(start, end)
        occasion = any(span.overlaps(o) for o in occasions)
        made = _reference(p, event, (start, noun, noun_end, end), header, main, occasion, span)
        if made is not None:
            taken.append((start, end))
            yield made
    # Whatever else is told with its day is an event too, if nothing in its clause was one.
    if any(p.sentence.span.overlaps(e.span) for e in header.encounters):
        return
    for clause, start, end, kind, when in happenings(p, header.day):
        told = any(when.iso == e.date for e in header.encounters)
        if told or any(a < end and clause < b for a, b in taken) or any(q.start <= start < q.end for q in p.persons):
            continue
        relation = _relation(Event(kind, "dated", "before" if kind in _COMPANY else "about"), when, False, False, p.text[:start], main)
        yield Reference(kind, when.iso, relation, p.sentence.view.span(start, end), f"reference.{kind}.dated", 0.6)


def _left(text: str, at: int) -> int:
    """Where the noun phrase begins: back over modifiers to a determiner or a possessor."""
    g = event_grammar()
    start = at
    for m in reversed(list(_WORD.finditer(text, max(0, at - 90), at))):
        gap = text[m.end() : start]
        # "his April 29, 2022, meeting"
        year = gap == ", " and (_YEAR.fullmatch(m[0]) or (m[0].isdigit() and _YEAR.match(text, start)))
        if gap not in (" ", "") and not year and not _BRACKET.fullmatch(gap) and not (gap == ", " and _ADJECTIVE.search(text, 0, m.end())):
            break
        low = m[0].lower()
        if low == "and" and (pair := _PAIRED.search(text, 0, start)):
            # "the recent and escalatory launches", "the May 3 and June 4 launches"
            start = pair.start()
            continue
        if start < m.start():
            continue
        if low == "s":
            break  # "the Republic (RK)'s test"
        if low in g.determiners:
            return m.start()
        if low == "of" and text[start].isupper() and _NAME_OF.search(text, 0, start):
            start = m.start()  # "the Republic of Korea trilateral meeting"
            continue
        newly = text.endswith(("recently ", "newly "), 0, m.start())  # "the recently signed agreement"
        if low in g.stops or (not newly and low.endswith(("ed", "ing")) and m[0].islower() and low not in _QUALITIES):
            break
        start = m.start()
        if m[0].endswith(("'s", "'")):
            # The possessor may be several words: "President Biden's", "the Vice President's".
            owner = re.search(
                r"\b(?:[Tt]he|[Tt]his|[Nn]ext|[Ll]ast)\s(?:(?:foreign|prime|defense|deputy|vice)\s)?$"
                if low[0] == m[0][0]
                else r"(?:\b[Tt]he\s)?(?:\b(?:recent|latest|upcoming)\s)?(?:(?:[A-Z][\w.'-]*(?:\sof)?|\d{1,2}(?:-\d{1,2})?)\s)*$",
                text[:start],
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
            (h for h in find_dates(p.text[grown : grown + 60], day) if _TO_DATE.fullmatch(p.text, grown, grown + h.start)),
            None,
        )
        later = _LATER.match(p.text, grown) or AGO.match(p.text, grown)
        grown += near.end if near is not None else later.end() - grown if later else 0
        if grown == end:
            break
        end = grown
    # "the eruption in Tonga and Poland's chairmanship": whose the next is stands behind the phrase
    if owner := _NEXT_OWNER.search(p.text, at, end):
        end = owner.start()
    while end > at and p.text[end - 1] in " ,.;":
        end -= 1
    return end


def _reference(
    p: Parse, event: Event, at: tuple[int, int, int, int], header: Header, main: Encounter, occasion: bool, span: Span
) -> Reference | None:
    g = event_grammar()
    start, noun, noun_end, end = at
    text = p.text
    phrase = text[start:end]
    # "today" and "yesterday" are days of the encounter itself, "next week" is not
    hits = [h for h in find_dates(phrase, header.day) if h.how != "relative" or event.kind not in ("meeting", "call") or _to_come(h, main)]
    past = g.past.search(text, start, noun) is not None or AGO.search(phrase) is not None
    future = g.future.search(phrase) is not None
    dated = next(iter(hits), None)
    if not occasion and not meant(Named(event, text, start, noun, noun_end, end, header.day, dated, past, future)):
        return None
    here = [e for e in header.encounters if span.overlaps(e.span)]
    # "A, who is on a working visit to Portugal, met B": the visit is the occasion, if it is not the encounter
    lead = text[max(0, start - _LEAD) : start]
    stay = event.need in ("visit", "stay") and not future and (here or _STAY.search(lead)) and _during(dated, main)
    stay = stay and all(e.type != "visit" for e in header.encounters)
    if (
        here
        and not stay
        and not occasion
        and event.relation != "occasion"
        and (dated is None or any(dated.iso == e.date for e in here))
        and (event.kind in ("meeting", "call", "summit", "visit") or (event.kind == "session" and dated is not None))
        and not future
    ):
        return None
    if event.need == "visit" and dated is None and not future and _OWN_JOURNEY.match(text) and start <= len("During "):
        return None  # the journey in whose course the encounter took place
    if (
        event.kind in ("meeting", "call")
        and not occasion
        and dated is not None
        and not future
        and any(dated.iso == e.date for e in header.encounters)
    ):
        return None  # "During the meeting on 20 May": one of the page's own
    if event.kind in ("meeting", "visit") and _IT_WAS.search(lead):
        return None  # "It was their second meeting this year"
    numbered = event.kind in ("meeting", "session") and not occasion and _NUMBER.match(phrase) and _during(dated, main)
    if numbered and (_DID.search(lead) or (here and _WAS_HELD.match(text, end))):
        return None  # "the ministers co-chaired the 4th Meeting of ...", "The 5th Joint Commission was held"
    if event.kind == "meeting" and not occasion and _named_here(p, main, text[noun:noun_end], dated):
        return None
    iso = dated.iso if dated else None
    if occasion or stay or (event.need == "journey" and event.relation == "occasion") or g.occasion.search(text[:start]):
        relation = "occasion"
    else:
        relation = _relation(event, dated, past, future, text[:start], main)
    return Reference(
        event.kind, iso, relation, span, f"reference.{event.kind}.{event.need}", 0.9 if dated or event.need == "none" else 0.75
    )


def _during(dated: DateHit | None, main: Encounter) -> bool:
    """Whether an encounter may have taken place on a day of a visit: that day is not told, or it is among those told."""
    if dated is None or not main.date:
        return True
    first, _, last = dated.iso.partition("/")
    return first <= main.date[: len(first)] and main.date[: len(last or first)] <= (last or first)


def _to_come(hit: DateHit, main: Encounter) -> bool:
    return main.date is not None and hit.iso > main.date[: len(hit.iso)]


def _named_here(p: Parse, main: Encounter, noun: str, dated: DateHit | None) -> bool:
    """Whether the sentence that tells of the encounter names it: ``met for the Third Strategic Dialogue``."""
    session = (main.type == "dialogue" and "ialogue" in noun) or (main.type == "multilateral-meeting" and noun.endswith("eeting"))
    here = dated.iso == main.date if dated is not None else session
    return here and p.sentence.view.span(0, len(p.text)).overlaps(main.span)


def _relation(event: Event, dated: DateHit | None, past: bool, future: bool, before: str, main: Encounter) -> str:
    g = event_grammar()
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
