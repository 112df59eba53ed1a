"""Finds who stands on which side of an encounter's verb: the persons before it, behind it, and in lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from communique.ingest.encounters.delegations import closing_group, delegations, is_collective, parties_named
from communique.ingest.people.appositions import bare_names, joined
from communique.ingest.people.author import author_before
from communique.ingest.people.names import person_words, read_name
from communique.ingest.people.parses import Parse, Who, grammar
from communique.ingest.people.persons import Phrase


def subjects_before(p: Parse, begin: int, end: int) -> tuple[Who, ...]:
    """The persons who stand as subject before ``end``: the last group of the clause, relative clauses and possessives aside."""
    chosen: list[Phrase] = []
    for q in reversed([q for q in p.persons if begin <= q.start and q.end <= end]):
        if q.possessive or _in_relative(p, q, begin) or _oblique(p, q):
            continue
        if chosen and not _linked(p, q, chosen[-1]):
            break
        chosen.append(q)
    out = [_from_counterpart(p, begin, w) for w in joined(p, list(reversed(chosen)))]
    if not out:
        out = list(_surname_before(p, begin, end)) or list(_name_before(p, begin, end))
    if not out:
        out = list(_leader_before(p, begin, end)) or list(_side_before(p, begin, end))
    if not out and (author := author_before(p, begin, end)) is not None:
        return (author,)
    if not out:
        return tuple(delegations(p, begin, end, subject=True))
    if out[0].name and (first := _name_joined(p, begin, out[0].start)) is not None:
        out.insert(0, first)
    # "Deputy Prime Minister A and I hosted"
    if (me := author_before(p, out[-1].end, end)) is not None and _AND_I.fullmatch(p.text, out[-1].end, me.start):
        return (me, *out)
    # "A and her Norwegian colleague B met"
    if grammar().patterns["and_counterpart"].match(p.text, out[-1].end, end):
        out += delegations(p, out[-1].end, end, subject=False)
    return tuple(out)


def _surname_before(p: Parse, begin: int, end: int) -> Iterator[Who]:
    """A bare surname directly before the verb: ``While in Bogota, Reed met with ...``."""
    n = next((k for k in range(len(p.line.words) - 1, -1, -1) if p.line.words[k].end <= end), None)
    if n is None or p.line.words[n].start < begin or not _BETWEEN.fullmatch(p.text, p.line.words[n].end, end):
        return
    word = p.line.words[n]
    acronym = word.text.rpartition("-")[2].isupper()  # "Inter-MFA consultations were held"
    if word.capital and not acronym and not word.possessive and len(word.text) > 1 and not p.line.firm(n) and n not in p.line.inside:
        stop = read_name(p.line.words, n, frozenset())
        before = p.line.words[n - 1].text if n and word.tied and p.line.words[n - 1].capital else None
        # "Afterwards Reed was received by"
        if stop == n + 1 and (before is None or (before in person_words().openers and before not in _OF_THEIRS)):
            yield Who(word.start, word.end, word.text, (), None, None, False, "person.surname")


def _leader_before(p: Parse, begin: int, end: int) -> tuple[Who, ...]:
    """Who led the delegation that is the subject of a verb: ``A Latvian delegation headed by Minister A met ...``."""
    m = _DELEGATION.search(p.text, begin, end)
    led = delegation_led(p, m.start(), end) if m else ()
    return led if led and led[-1].end <= end <= led[-1].end + _NEAR else ()


def _side_before(p: Parse, begin: int, end: int) -> Iterator[Who]:
    """Somebody told by the state he speaks for, as the subject of a verb: ``the Latvian official had a talk with``."""
    m = _OFFICIAL.search(p.text, begin, end)
    k = next((k for k in p.line.known.values() if m and k.party and p.line.span(k.first, k.last) == m.span("whose")), None)
    if m and k is not None and not _oblique_at(p, m.start()):
        yield Who(m.start(), m.end("what"), None, (), k.party, None, True, SIDE)


def _name_before(p: Parse, begin: int, end: int) -> Iterator[Who]:
    """A name without a title that opens a clause directly before its verb: ``Name Name had a telephone conversation with ...``."""
    last = next((w for w in reversed(p.line.words) if w.end <= end), None)
    if last is None or not last.capital or last.start < begin or not _BETWEEN.fullmatch(p.text, last.end, end):
        return
    who = next((w for w in bare_names(p, max(begin, last.start - _NAME), end) if w.end == last.end), None)
    if who is not None and _OPENED.search(p.text, 0, who.start):
        yield who


def _name_joined(p: Parse, begin: int, at: int) -> Who | None:
    """A name without a title that opens a clause before another person at ``at``: ``Name Name and Minister B met``."""
    m = _JOINING.search(p.text, begin, at)
    if m is None:
        return None
    who = next((w for w in bare_names(p, max(begin, m.start() - _NAME), m.start()) if w.end == m.start()), None)
    return who if who is not None and _OPENED.search(p.text, 0, who.start) else None


_DELEGATION = re.compile(r"(?:(?<=^)|(?<=, )|(?<=^\W))(?=\s?(?:[Aa]n?|[Tt]he) (?:[\w-]+ ){0,5}?delegation\b)")
# How near the verb stands whose subject is a delegation told by who led it.
_NEAR = 8
_JOINING = re.compile(r",? and (?:the )?$")
_AND_I = re.compile(r"(?: [A-Z]+)?,? and ")  # "A MP, and I"
_COORDINATED = re.compile(r",? (?:and|as well as) (?:the )?[A-Z]")
# What opens a title and no name: "His Majesty spoke".
_OF_THEIRS = frozenset({"His", "Her", "Their", "Its", "The", "Our", "My"})
# Somebody who is told by his state alone, whose name the page tells elsewhere.
SIDE = "person.side"
_OFFICIAL = re.compile(
    r"\b[Tt]he (?P<whose>[A-Z][\w-]*(?: [A-Z][\w-]*){0,2}) "
    r"(?P<what>(?:top |chief |senior |high-ranking )?(?:diplomat|official|dignitary|politician|statesman|minister|envoy|leader))"
    r"(?: (?:also|then|later|today|further|subsequently|later on))*,? ?$"
)
# How far before its last word a name may begin; what stands before one that opens a clause.
_NAME = 40
_OPENED = re.compile(r"(?:^|, |[–—-] )$")
_TWO = re.compile(r" (?P<name>[A-Z][\w.'-]+(?:-[A-Z]\w+)?) and ")
_WITH = re.compile(r"(?:,? [\w ]{1,30})? with ")
# "Together with her counterparts"
_BESIDE = re.compile(r"(?:[^.;,]{0,40}, )?(?:[Tt]ogether|[Jj]ointly|[Aa]longside|[Aa]long) with ")
# What may stand between a name and its verb: "Reed also met", "Reed, for his part, thanked".
_BETWEEN = re.compile(r" (?:also )?|, (?:(?:for|on) (?:his|her) part|in (?:his|her )?turn|meanwhile), (?:also )?")
# The members of an organisation beside one who is its officer: "the foreign ministers of ASEAN member states and its Secretary-General".
_MANY = re.compile(r"\b(?:[Mm]inisters|[Ll]eaders|member states|members|nations|countries)\b")
# What somebody did, told within a list: "A, who chaired the meeting, and B".
_WHO = re.compile(r", (?:who|which) [^,;:.]{3,60}(?=, (?:and )?(?:the )?$)")
# The body whose officer follows in a list: ", and the State Department's ".
_BODY_OF = re.compile(r"\s(?:the\s)?(?:[A-Z][\w.]*\s)+[A-Z]\w*(?:'s|s')\s$")


def _linked(p: Parse, q: Phrase, following: Phrase) -> bool:
    gap = _WHO.sub("", p.text[q.end : following.start])
    if ":" in gap and not q.plural:
        return False  # "Statement by the Spokesperson: Minister A received"
    gap = _BODY_OF.sub(" ", gap)
    if "(" in gap:
        # "A and African Union Commission (AUC) Chairperson B"
        known = [p.line.span(k.first, k.last) for k in p.line.known.values() if k.party]
        for a, b in sorted((ab for ab in known if q.end <= ab[0] and ab[1] <= following.start), reverse=True):
            gap = gap[: a - q.end] + gap[b - q.end :]
        gap = gap.replace("()", "")
    return bool(grammar().patterns["and"].match(gap)) or (
        len(gap) < 120
        and gap.rstrip().endswith((",", "and", ", and", "together with", "along with", "as well as"))
        and not re.search(r"\b(?:that|said|stated|met|spoke|who|which)\b", gap)
    )


def _in_relative(p: Parse, q: Phrase, begin: int) -> bool:
    """Whether the person stands in ", who is visiting ... ," or in a bracket."""
    before = p.text[begin : q.start]
    clause = grammar().patterns["relative"].search(before)
    return clause is not None or before.count("(") > before.count(")")


def _oblique(p: Parse, q: Phrase) -> bool:
    """Whether a preposition stands before the person, so that he is no subject."""
    return _oblique_at(p, q.start)


def _oblique_at(p: Parse, at: int) -> bool:
    before = p.text[:at]
    g = grammar().patterns
    return bool(g["oblique"].search(before)) and not g["together"].search(before)


@cache
def _link(only: str | None) -> re.Pattern[str]:
    return re.compile(rf"\b(?:(?:{only})\b|w/)" if only else r"\b(?:(?:with|to|between|among|alongside|and)\b(?! attend)|w/)")


def objects_behind(p: Parse, at: int, boundary: int, only: str | None = None) -> tuple[Who, ...]:
    """The persons the encounter was with: behind "with" (or "to", "between"), up to the account of what was said."""
    m = _link(only).search(p.text, at, boundary)
    if m is None:
        return ()
    first = next((q for q in p.persons if q.start >= m.end() and not q.possessive), None)
    if first is None or first.start >= boundary:
        return tuple(delegations(p, m.end(), boundary, subject=False)) or tuple(bare_names(p, m.end(), boundary))
    chosen: list[Phrase] = []
    for q in p.persons:
        if q.start < first.start or q.start >= boundary:
            continue
        if q.possessive or (chosen and _in_relative(p, q, chosen[0].start)):
            continue
        if chosen and p.text[chosen[-1].end : q.start] in (" to ", ", to "):
            continue  # "A and B, Advisors, to President C"
        if chosen and (len(p.text[chosen[-1].end : q.start]) > 110 or grammar().patterns["break"].search(p.text, chosen[-1].end, q.start)):
            break
        chosen.append(q)
    groups = list(delegations(p, m.end(), boundary, subject=False))
    unnamed = [d for d in groups if all(d.end <= q.start or d.start >= q.end or q.plural for q in chosen)]
    # "her Korean and Japanese counterparts, Minister A and Minister B"
    stands = {d.start: d.party for d in groups if d.name}
    told = (replace(w, party=w.party or next((t for at, t in stands.items() if w.start <= at < w.end), None)) for w in joined(p, chosen))
    people = [w for w in (_from_counterpart(p, m.end(), w) for w in told) if w.name or not is_collective(p, w)]
    plural = [d for d in unnamed if d.rule == "person.counterpart" or not any(w.party == d.party for w in people)]
    state = p.line.lexicon.facts
    beside = [d for d in unnamed if d not in plural and not state("state", d.party or "")]
    plural += [replace(d, rule="group") for d in beside if _MANY.search(p.text, d.start, d.end + 20)]
    return tuple(sorted(people + plural, key=lambda w: w.start)) + tuple(closing_group(p, chosen[-1].end))


def surname_behind(p: Parse, at: int) -> tuple[Who, ...]:
    """A bare surname as the other side of a further encounter, whose bearer the page has named: ``held a bilateral meeting with Reed``."""
    m = _WITH.match(p.text, at)
    n = next((k for k, w in enumerate(p.line.words) if m and w.start == m.end()), None)
    if (
        n is None
        or p.line.firm(n)
        or n in p.line.inside
        or not p.line.words[n].capital
        or p.line.words[n].possessive
        or p.line.words[n].text.isupper()
    ):
        return ()
    word = p.line.words[n]
    alone = not (n + 1 < len(p.line.words) and p.line.words[n + 1].tied and p.line.words[n + 1].capital)
    return (Who(word.start, word.end, word.text, (), None, None, False, "person.surname"),) if alone else ()


def surname_at(p: Parse, at: int) -> Iterator[Who]:
    """A bare surname as the first of two: ``between Reed and the Minister of``."""
    m = _TWO.match(p.text, at)
    n = next((k for k, w in enumerate(p.line.words) if m and w.start == m.start("name") and w.end == m.end("name")), None)
    if n is not None and not p.line.firm(n) and n not in p.line.inside:
        yield Who(*p.line.span(n, n + 1), p.line.words[n].text, (), None, None, False, "person.surname")


def companions(p: Parse, begin: int, end: int) -> tuple[Who, ...]:
    """Who is told with the subject before it: ``Together with her counterparts A (Finland) and B (Norway), Minister C met ...``."""
    m = _BESIDE.match(p.text, begin, end)
    return objects_behind(p, begin, end, "with") if m else ()


def delegation_led(p: Parse, at: int, boundary: int) -> tuple[Who, ...]:
    """Who led the delegation that stands behind a verb: ``received a delegation of the Parliament of A led by its Deputy Speaker, B``."""
    m = grammar().patterns["delegation"].match(p.text, at, boundary)
    people = objects_after(p, m.end()) if m else ()
    if m is None or not people or people[0].start - m.end() > len("its new "):
        return ()
    side = next(parties_named(p, at, m.end(), ("state", "organization")), None)
    return tuple(replace(w, party=w.party or (side.party if side else None)) for w in people)


def objects_after(p: Parse, at: int) -> tuple[Who, ...]:
    """The persons of a list that begins at ``at``."""
    chosen = [q for q in p.persons if q.start >= at and not q.possessive]
    kept: list[Phrase] = []
    for q in chosen:
        if (not kept and q.start - at > 60) or (kept and not _linked(p, kept[-1], q)):
            break
        kept.append(q)
    return tuple(joined(p, kept))


def _from_counterpart(p: Parse, at: int, who: Who) -> Who:
    """``his Israeli counterpart, National Security Advisor X``: the party stands with "counterpart"."""
    if who.party is not None:
        return who
    m = re.search(
        r"\b(?:counterpart|colleague|partner|homologue|opposite number)s?(?: (?:from|of|in) [^,;]{2,40})?,? (?:the )?$",
        p.text[at : who.start],
    )
    if m is None:
        return who
    known = [k for k in p.line.known.values() if k.party and at <= p.line.words[k.first].start < at + m.end()]
    return replace(who, party=known[-1].party) if known else who


def _name_behind(p: Parse, at: int, boundary: int) -> Iterator[Who]:
    """A name without a title as the object of a verb, told by what follows it: ``met today Name Name, his Finnish counterpart``."""
    who = next(bare_names(p, at, min(boundary, at + 40)), None)
    if who is not None and grammar().patterns["direct"].match(p.text[at : who.start]) and _IN_APPOSITION.match(p.text, who.end):
        side = next(delegations(p, who.end, who.end + 80, subject=False), None)
        if side is not None and side.party:
            yield replace(who, end=max(who.end, side.end), party=who.party or side.party)


# Who a name before it belongs to: ", his Finnish counterpart".
_IN_APPOSITION = re.compile(r", (?:his|her|its|their|my|our|the) ")


def direct_objects(p: Parse, at: int, boundary: int) -> tuple[Who, ...]:
    """The persons who stand directly behind a verb, as its object."""
    first = next((q for q in p.persons if q.start >= at), None)
    if first is None or first.possessive or not grammar().patterns["direct"].match(p.text[at : first.start]):
        # "met his Finnish counterpart Name Name"
        owned = tuple(delegations(p, at, min(boundary, at + 80), subject=False)) if grammar().patterns["owned"].match(p.text, at) else ()
        if owned and owned[-1].name and _COORDINATED.match(p.text, owned[-1].end):
            owned += objects_after(p, owned[-1].end)  # "her counterpart Name Name and President B"
        return owned or tuple(_name_behind(p, at, boundary))
    chosen = [first]
    for q in p.persons:
        if q.start > first.start and q.start < boundary and not q.possessive and _linked(p, chosen[-1], q):
            chosen.append(q)
    return tuple(_from_counterpart(p, at, w) for w in joined(p, chosen))
