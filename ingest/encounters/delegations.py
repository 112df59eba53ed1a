"""Finds the sides that are told without a name: states, organisations and groups of their office-holders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from communique.ingest.people.appositions import bare_names, singular
from communique.ingest.people.groups import each_of, members_of, named_members
from communique.ingest.people.parses import Parse, Who, grammar

_COUNTERPART = re.compile(r"(?:counterpart|colleague|partner|homologue|opposite number)")


def delegations(p: Parse, start: int, end: int, *, subject: bool) -> Iterator[Who]:
    """Unnamed sides: ``his counterparts from Estonia and Latvia``, ``G7 Foreign Ministers``, ``the Foreign Ministers of X and Y``."""
    g = grammar()
    for m in g.counterparts.finditer(p.text, start, end):
        if any(q.start < m.start() < q.end and q.name for q in p.persons) or re.match(
            r"'?\s(?:[Mm]eeting|Summit|Conference)", p.text[m.end() :]
        ):
            continue
        office = m[0][:-1] if m[0].endswith("s") and m[0][0].isupper() and not m[0].startswith("Leaders") else None
        title = next((q for q in p.persons if q.start <= m.start() < q.end and q.offices), None)
        offices = (singular(title.offices[-1].text),) if title is not None else (office,) if office else _said(p, m)
        begin = title.start if title is not None else m.start()
        swallowed = title is not None and title.party is not None and title.end > m.end()
        found = [] if swallowed else _run(p, begin, backward=True)
        members = (
            named_members(p, m.end())
            or (m[0].endswith("s") and each_of(p, m.end()))
            or members_of(p, m.end(), [party for _, _, party in found] if len(found) > 1 else [])
        )
        if members:
            held = () if _COUNTERPART.match(m[0]) else tuple(map(singular, offices))
            yield from (Who(x.start, x.end, p.text[x.start : x.end], held, x.party, None, False, "person.member") for x in members)
            return
        if title is not None and title.party and (swallowed or not found):
            own = [k.party for k in p.line.known.values() if k.party and m.end() <= p.line.words[k.first].start < title.end]
            found.append((title.start, title.end, own[-1] if own else title.party))
        found += _run(p, title.end if title is not None else m.end(), backward=False, begun=swallowed)
        if len(found) == 1 and not m[0].endswith("s"):
            # "her Turkish counterpart Name Name"
            named = next(iter(bare_names(p, m.end(), min(end, m.end() + 3))), None)
            if named is not None:
                yield replace(named, party=named.party or found[0][2], rule="person.counterpart")
                continue
            # "his counterpart from Angola, Name Name"
            behind = next(iter(bare_names(p, found[0][1], found[0][1] + 3)), None) if found[0][1] > m.end() else None
            if behind is not None and p.text[found[0][1] : behind.start] == ", ":
                yield replace(behind, start=m.start(), party=found[0][2], rule="person.counterpart")
                continue
        if not found and _COUNTERPART.fullmatch(m[0]):
            # "his counterpart Name Name", whose state is told elsewhere
            named = next(iter(bare_names(p, m.end(), min(end, m.end() + 3))), None)
            if named is not None and p.text[m.end() : named.start] in (" ", ", "):
                yield replace(named, rule="person.counterpart")
                continue
        listed = _members(p, m) if m[0].islower() and m[0].endswith("s") else []
        if listed and len(found) == 1:
            # "NUG representatives A and B"; behind "including" the group is more than its named members.
            a, b, party = found[0]
            office = singular(p.text[a : m.end()].title()).split()[-1].lower()
            # a counterpart holds an office that is not told
            said = () if office[:-1] in ("counterpart", "colleague") else (f"{p.text[a:b]} {office}",)
            yield from (replace(w, offices=said, party=party, rule="person.member") for w in listed)
            if not re.match(r",? including", p.text[m.end() :]):
                return
        for a, b, party in found:
            yield Who(a, b, None, offices, party, None, False, "group" if listed else "delegation")
        if found:
            return
    if subject:
        yield from (Who(a, b, None, (), party, None, False, "delegation.state") for a, b, party in _states(p, start, end))


def _members(p: Parse, m: re.Match[str]) -> list[Who]:
    """Those whom a group's word is followed by: ``representatives A and B``, ``representatives, including A``."""
    out: list[Who] = []
    for w in bare_names(p, m.end(), m.end() + 160):
        if not re.fullmatch(r" | and |, |, and |,? including ", p.text[out[-1].end if out else m.end() : w.start]):
            break
        out.append(w)
    return out


def _said(p: Parse, m: re.Match[str]) -> tuple[str, ...]:
    """The office of an unnamed group as written: ``senior officials from ...``, ``the foreign ministers of ...``."""
    if m[0].lower() not in ("officials", "ministers") or not m[0].islower():
        return ()
    before = grammar().patterns["group_office"].search(p.text[: m.start()])
    return (f"{before[0].lower()}{m[0]}",) if before else ()


def _run(p: Parse, at: int, *, backward: bool, begun: bool = False) -> list[tuple[int, int, str]]:
    """The parties that stand in one list directly before ``at``, or behind ``of`` / ``from`` after it."""
    found: list[tuple[int, int, str]] = []
    hits = sorted((k for k in p.line.known.values() if k.party), key=lambda k: k.first)
    ends = [(p.line.words[k.first].start, p.line.words[k.last - 1].end, k.party or "") for k in hits]
    if backward:
        edge = at
        for a, b, party in reversed(ends):
            if b <= edge and re.fullmatch(
                r"(?:'s)?[\s,]*(?:and|&)?[\s,]*(?:the\s)?(?:(?:foreign|Foreign|Vice|Deputy|defen[cs]e|respective)\s)*", p.text[b:edge]
            ):
                found.insert(0, (a, b, party))
                edge = a
        return found
    edge, first = at, not begun
    for a, b, party in ends:
        if a < edge:
            continue
        gap = p.text[edge:a]
        if p.text.startswith("'s", b):
            break
        allowed = (
            r"\)?,?\s(?:of|from|representing)\s(?:the\s)?(?:[A-Z]{2,}\s(?:[Aa]llies|[Mm]embers|partners)\s)?(?:\w+\s){0,2}(?:[A-Z]\w+\sof\s(?:the\s)?)?"
            if first
            else r"\)?[\s,]*(?:and|as well as|&)?[\s,]*(?:the\s)?\(?"
        )
        if not re.fullmatch(allowed, gap):
            if first and party in ("NATO", "EU", "G7"):
                continue
            break
        if not first or not re.match(r"\s(?:[Aa]llies|[Mm]embers|partners)\s", p.text[b:]):
            found.append((a, b, party))
            first = False
            edge = b
    return found


def _states(p: Parse, start: int, end: int) -> list[tuple[int, int, str]]:
    """States or organisations that stand as subject of the clause: ``The United States and Japan held ...``."""
    out: list[tuple[int, int, str]] = []
    edge = start
    for k in sorted(p.line.known.values(), key=lambda k: k.first):
        a, b = p.line.words[k.first].start, p.line.words[k.last - 1].end
        if k.party is None or a < start or b > end or k.form in ("adjective", "demonym"):
            continue
        gap = p.text[edge:a]
        if (not out and grammar().patterns["governments"].fullmatch(gap)) or (out and grammar().patterns["and"].match(gap)):
            out.append((a, b, k.party))
            edge = b
    return out if len(out) > 1 else []


def closing_group(p: Parse, at: int) -> Iterator[Who]:
    """A group without a name that closes the list ending at ``at``: ``and senior officials``; its state may stand in it."""
    m = grammar().patterns["group"].match(p.text[at : at + 120])
    if m is None or any(q.start < at + m.end() and q.end > at for q in p.persons):
        return
    state = next((w.party for w in parties_named(p, at, at + m.end())), None)
    yield Who(at + len(m[0]) - len(m[0].lstrip(" ,")), at + m.end(), None, (), state, None, False, "group")


def group_met(p: Parse, at: int) -> Iterator[Who]:
    """A group without a name that someone met: ``met with energy leaders``; its state may stand in its words."""
    m = grammar().patterns["group_met"].match(p.text[at : at + 160])
    if m is not None and not any(at <= q.start < at + m.end() for q in p.persons):
        state = next((w.party for w in parties_named(p, at, at + m.end())), None)
        yield Who(at + m[0].index("with") + 5, at + m.end(), None, (), state, None, False, "group")


def forum_of(p: Parse, start: int, end: int) -> Iterator[Who]:
    """The forum or organisation whose meeting it is: ``participated in the G7 Foreign Ministers' Meeting``."""
    for k in p.line.known.values():
        a, b = p.line.span(k.first, k.last)
        if (
            k.party
            and k.kind in ("forum", "organization")
            and start <= a
            and b <= end
            and not p.text.startswith("'", b)
            and not any(q.start <= a < q.end and q.name for q in p.persons)
        ):
            yield Who(a, b, None, (), k.party, None, False, "delegation.forum")
            return


def parties_named(p: Parse, start: int, end: int, kinds: tuple[str, ...] = ("state",)) -> Iterator[Who]:
    """Every state or organisation that the words name, as an unnamed delegation: ``the sixth India-Sweden Consultations``."""
    seen: set[str] = set()
    for k in sorted(p.line.known.values(), key=lambda k: k.first):
        a, b = p.line.span(k.first, k.last)
        if (
            k.party
            and k.kind in kinds
            and start <= a
            and b <= end
            and k.party not in seen
            and not any(q.start <= a < q.end for q in p.persons)
        ):
            seen.add(k.party)
            yield Who(a, b, None, (), k.party, None, False, "delegation.event")


def pair_named(p: Parse, start: int, end: int) -> Iterator[Who]:
    """The two states in the name of what they held: ``a meeting of the Norway-Chile Joint Group``."""
    for one, other in pairwise(k for _, k in sorted(p.line.known.items()) if k.party and k.kind == "state"):
        (a, b), (c, d) = p.line.span(one.first, one.last), p.line.span(other.first, other.last)
        if start <= a and d <= end and re.fullmatch(r"\s?[-–]\s?", p.text[b:c]):
            yield Who(a, b, None, (), one.party, None, False, "delegation.event")
            yield Who(c, d, None, (), other.party, None, False, "delegation.event")
            return


def party_at(p: Parse, at: int) -> Iterator[Who]:
    """The state or organisation that stands directly at ``at``."""
    for k in p.line.known.values():
        a, b = p.line.span(k.first, k.last)
        if k.party and at < a <= at + len(", the "):
            yield Who(a, b, None, (), k.party, None, False, "delegation.event")


def is_collective(p: Parse, who: Who) -> bool:
    return bool(grammar().counterparts.search(p.text[who.start : who.end]))
