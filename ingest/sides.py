"""Finds who stands on which side of an encounter's verb: persons, titles with the names in apposition, unnamed delegations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from communique.ingest.line import office_words
from communique.ingest.names import read_name
from communique.ingest.parses import Parse, Who, grammar
from communique.ingest.persons import Phrase


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


def who_of(p: Parse, q: Phrase) -> Who:
    name = q.name_in(p.text)
    return Who(
        q.start,
        q.end,
        name,
        tuple(o.text for o in q.offices),
        q.party,
        q.feminine,
        q.definite,
        "person.titled" if q.offices else "person.honorific",
    )


def subjects_before(p: Parse, begin: int, end: int) -> tuple[Who, ...]:
    """The persons who stand as subject before ``end``: the last group of the clause, relative clauses and possessives aside."""
    chosen: list[Phrase] = []
    for q in reversed([q for q in p.persons if begin <= q.start and q.end <= end]):
        if q.possessive or _in_relative(p, q, begin) or _oblique(p, q):
            continue
        if chosen and not _linked(p, q, chosen[-1]):
            break
        chosen.append(q)
    out = _merged(p, list(reversed(chosen)))
    if not out:
        out = list(_surname_before(p, begin, end))
    if not out:
        return tuple(delegations(p, begin, end, subject=True))
    # "A and her Norwegian colleague B met"
    if grammar().patterns["and_counterpart"].match(p.text, out[-1].end, end):
        out += delegations(p, out[-1].end, end, subject=False)
    return tuple(out)


def _surname_before(p: Parse, begin: int, end: int) -> Iterator[Who]:
    """A bare surname directly before the verb: ``While in Bogota, Reed met with ...``."""
    n = next((k for k in range(len(p.line.words) - 1, -1, -1) if p.line.words[k].end <= end), None)
    if n is None or p.line.words[n].start < begin or p.text[p.line.words[n].end : end] not in (" ", " also "):
        return
    word = p.line.words[n]
    if word.capital and not word.possessive and len(word.text) > 1 and not p.line.firm(n) and n not in p.line.inside:
        stop = read_name(p.line.words, n, frozenset())
        if stop == n + 1 and not (n and p.line.words[n - 1].capital and word.tied):
            yield Who(word.start, word.end, word.text, (), None, None, False, "person.surname")


def _linked(p: Parse, q: Phrase, following: Phrase) -> bool:
    gap = p.text[q.end : following.start]
    if "(" in gap:
        # "A and African Union Commission (AUC) Chairperson B"
        known = [p.line.span(k.first, k.last) for k in p.line.known.values() if k.party]
        for a, b in sorted((ab for ab in known if q.end <= ab[0] and ab[1] <= following.start), reverse=True):
            gap = gap[: a - q.end] + gap[b - q.end :]
        gap = gap.replace("()", "")
    return bool(grammar().patterns["and"].match(gap)) or (
        len(gap) < 60
        and gap.rstrip().endswith((",", "and", ", and"))
        and not re.search(r"\b(?:that|said|stated|met|spoke|who|which)\b", gap)
    )


def _in_relative(p: Parse, q: Phrase, begin: int) -> bool:
    """Whether the person stands in ", who is visiting ... ," or in a bracket."""
    before = p.text[begin : q.start]
    clause = grammar().patterns["relative"].search(before)
    return clause is not None or before.count("(") > before.count(")")


def _oblique(p: Parse, q: Phrase) -> bool:
    """Whether a preposition stands before the person, so that he is no subject."""
    before = p.text[: q.start]
    g = grammar().patterns
    return bool(g["oblique"].search(before)) and not g["together"].search(before)


def _merged(p: Parse, phrases: list[Phrase]) -> list[Who]:
    """Joins a title and the name in apposition: ``The Foreign Secretary, the Rt Hon Name Name``."""
    out: list[Who] = []
    for n, q in enumerate(phrases):
        who = who_of(p, q)
        previous = out[-1] if out else None
        if any(p.line.words[k].text in office_words().plurals for o in q.offices for k in range(o.first, o.last)):
            listed = list(_listed(p, q, who))
            if listed:
                out.extend(listed)
                continue
        if (
            previous is not None
            and previous.name is None
            and who.name is not None
            and p.text[previous.end : who.start] in (", ", " ", " (")
            and (not who.offices or previous.definite is False)
            and not _is_list(p, phrases[n : n + 2])
        ):
            out[-1] = replace(
                who,
                start=previous.start,
                offices=previous.offices + who.offices,
                party=previous.party or who.party,
                feminine=who.feminine if who.feminine is not None else previous.feminine,
                definite=False,
                rule="person.apposition",
            )
            continue
        if who.name is None and not any(x.first in (q.last, q.last + 1) and x.name for x in phrases):
            who = _named_behind(p, q, who)
        out.append(who)
    return out


def _is_list(p: Parse, phrases: list[Phrase]) -> bool:
    """Whether a name behind a title is the next of a list: ``the Crown Prince, Sheikh X, and Mr. Y``."""
    if len(phrases) < 2 or phrases[0].offices or phrases[1].offices or not phrases[1].name:
        return False
    return p.text[phrases[0].end : phrases[1].start] == ", and "


def _listed(p: Parse, q: Phrase, who: Who) -> Iterator[Who]:
    """Several persons behind a plural office: ``Members of the Presidency Name Name, Name Name, and Name Name``."""
    ws = p.line.words
    i = next((k for k in range(q.first, q.last) if q.name and ws[k].start == q.name[0]), q.last)
    first = True
    if i < len(ws) and p.line.firm(i):
        return
    offices = tuple(singular(o) for o in who.offices)
    while i < len(ws):
        if ws[i].text == "and" and not first:
            i += 1
        if i >= len(ws) or (ws[i].gap not in (" ", ", ", ": ") and not ws[i].tied):
            return
        stop = read_name(ws, i, frozenset(k for k in range(i, min(len(ws), i + 6)) if p.line.firm(k)), 5)
        if stop == i or (stop - i < 2 and not first and ws[i - 1].text != "and"):
            return
        yield Who(
            who.start if first else ws[i].start,
            ws[stop - 1].end,
            p.text[ws[i].start : ws[stop - 1].end],
            offices,
            who.party,
            None,
            False,
            "person.listed",
        )
        i, first = stop, False


def _named_behind(p: Parse, q: Phrase, who: Who) -> Who:
    """A bare name in apposition after a title: ``Germany's Foreign Minister, Annalena Baerbock,``."""
    ws = p.line.words
    if q.possessive or q.last >= len(ws) or ws[q.last].gap not in (", ", " - ", " ("):
        return who
    stop = read_name(ws, q.last, frozenset(k for k in range(q.last, min(len(ws), q.last + 6)) if p.line.firm(k)), 5)
    alone = stop - q.last == 1 and q.last not in p.line.inside and p.text.startswith(", ", ws[q.last].end) and len(ws[q.last].text) > 2
    if stop - q.last < 2 and not (alone and ws[q.last].gap == ", "):
        return who
    return replace(who, end=ws[stop - 1].end, name=p.text[ws[q.last].start : ws[stop - 1].end], definite=False, rule="person.apposition")


@cache
def _link(only: str | None) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{only})\b" if only else r"\b(?:with|to|between|among|and)\b(?! attend)")


def objects_behind(p: Parse, at: int, boundary: int, only: str | None = None) -> tuple[Who, ...]:
    """The persons the encounter was with: behind "with" (or "to", "between"), up to the account of what was said."""
    m = _link(only).search(p.text, at, boundary)
    if m is None:
        return ()
    first = next((q for q in p.persons if q.start >= m.end() and not q.possessive), None)
    if first is None or first.start >= boundary:
        return tuple(delegations(p, m.end(), boundary, subject=False)) or tuple(_bare_names(p, m.end(), boundary))
    chosen: list[Phrase] = []
    for q in p.persons:
        if q.start < first.start or q.start >= boundary:
            continue
        if q.possessive or (chosen and _in_relative(p, q, chosen[0].start)):
            continue
        if chosen and (len(p.text[chosen[-1].end : q.start]) > 110 or grammar().patterns["break"].search(p.text, chosen[-1].end, q.start)):
            break
        chosen.append(q)
    unnamed = [
        d for d in delegations(p, m.end(), boundary, subject=False) if all(d.end <= q.start or d.start >= q.end or q.plural for q in chosen)
    ]
    people = [w for w in (_from_counterpart(p, m.end(), w) for w in _merged(p, chosen)) if w.name or not _collective(p, w)]
    plural = [d for d in unnamed if not any(w.party == d.party for w in people)]
    return tuple(sorted(people + plural, key=lambda w: w.start))


def objects_after(p: Parse, at: int) -> tuple[Who, ...]:
    """The persons of a list that begins at ``at``."""
    chosen = [q for q in p.persons if q.start >= at and not q.possessive]
    kept: list[Phrase] = []
    for q in chosen:
        if (not kept and q.start - at > 60) or (kept and not _linked(p, kept[-1], q)):
            break
        kept.append(q)
    return tuple(_merged(p, kept))


def _bare_names(p: Parse, at: int, end: int) -> Iterator[Who]:
    """Names without a title that the lexicon of offices knows: ``opposition leader Name Name of Belarus``."""
    ws = p.line.words
    i = next((k for k, w in enumerate(ws) if w.start >= at), len(ws))
    while i < len(ws) and ws[i].start < end:
        stop = read_name(ws, i, frozenset(k for k in range(i, min(len(ws), i + 6)) if p.line.firm(k) or k in p.line.inside), 5)
        goes_on = stop < len(ws) and ws[stop].tied and ws[stop].capital
        if (
            stop - i >= 2
            and not goes_on
            and not any(k in p.line.inside or p.line.firm(k) for k in range(i, stop))
            and (i == 0 or not (ws[i - 1].capital and ws[i].tied))
        ):
            party, close_ = None, ws[stop - 1].end
            known = p.line.known.get(stop + 1) if stop < len(ws) and ws[stop].text == "of" else None
            if known is not None and known.party and known.kind == "state":
                party, close_ = known.party, ws[known.last - 1].end
            before = [
                k.party
                for k in p.line.known.values()
                if k.party and k.kind == "state" and at <= ws[k.first].start and 0 <= ws[i].start - ws[k.last - 1].end < 40
            ]
            yield Who(
                ws[i].start,
                close_,
                p.text[ws[i].start : ws[stop - 1].end],
                (),
                party or (before[-1] if before else None),
                None,
                False,
                "person.bare",
            )
            i = stop
        else:
            i = max(stop, i + 1)


def _collective(p: Parse, who: Who) -> bool:
    return bool(grammar().counterparts.search(p.text[who.start : who.end]))


def _from_counterpart(p: Parse, at: int, who: Who) -> Who:
    """``his Israeli counterpart, National Security Advisor X``: the party stands with "counterpart"."""
    if who.party is not None:
        return who
    m = re.search(r"\b(?:counterpart|colleague|homologue)s?,? (?:the )?$", p.text[at : who.start])
    if m is None:
        return who
    known = [k for k in p.line.known.values() if k.party and at <= p.line.words[k.first].start < at + m.start()]
    return replace(who, party=known[-1].party) if known else who


def direct_objects(p: Parse, at: int, boundary: int) -> tuple[Who, ...]:
    """The persons who stand directly behind a verb, as its object."""
    first = next((q for q in p.persons if q.start >= at), None)
    if first is None or first.possessive or not grammar().patterns["direct"].match(p.text[at : first.start]):
        # "met his Finnish counterpart Name Name"
        owned = re.match(r"\s(?:(?:today|also|with)\s)?(?:his|her|its|their)\s", p.text[at:])
        return tuple(delegations(p, at, min(boundary, at + 80), subject=False)) if owned else ()
    chosen = [first]
    for q in p.persons:
        if q.start > first.start and q.start < boundary and not q.possessive and _linked(p, chosen[-1], q):
            chosen.append(q)
    return tuple(_from_counterpart(p, at, w) for w in _merged(p, chosen))


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
        if title is not None and title.party and (swallowed or not found):
            own = [k.party for k in p.line.known.values() if k.party and m.end() <= p.line.words[k.first].start < title.end]
            found.append((title.start, title.end, own[-1] if own else title.party))
        found += _run(p, title.end if title is not None else m.end(), backward=False, begun=swallowed)
        if len(found) == 1 and not m[0].endswith("s"):
            # "her Turkish counterpart Name Name"
            named = next(iter(_bare_names(p, m.end(), min(end, m.end() + 3))), None)
            if named is not None:
                yield replace(named, party=named.party or found[0][2], rule="person.counterpart")
                continue
        for a, b, party in found:
            yield Who(a, b, None, offices, party, None, False, "delegation")
        if found:
            return
    if subject:
        yield from (Who(a, b, None, (), party, None, False, "delegation.state") for a, b, party in _states(p, start, end))


def _said(p: Parse, m: re.Match[str]) -> tuple[str, ...]:
    """The office of an unnamed group as written: ``senior officials from ...``, ``the foreign ministers of ...``."""
    if m[0].lower() not in ("officials", "ministers") or not m[0].islower():
        return ()
    before = grammar().patterns["group_office"].search(p.text[: m.start()])
    return (f"{before[0].lower()}{m[0]}",) if before else ()


_PLURAL = re.compile(
    r"\b(Minister|President|Ambassador|Advisor|Adviser|Director|Chancellor|Representative|Official|Envoy|Leader|Member|Senator|Governor|Premier)s\b"
)


@lru_cache(maxsize=1024)
def singular(office: str) -> str:
    return _PLURAL.sub(r"\1", office).replace("Secretaries", "Secretary")


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
            r"\)?,?\s(?:of|from|representing)\s(?:the\s)?(?:[A-Z]{2,}\s(?:[Aa]llies|[Mm]embers|partners)\s)?(?:\w+\s){0,2}"
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


def parties_named(p: Parse, start: int, end: int) -> Iterator[Who]:
    """Every state or organisation that the words name, as an unnamed delegation: ``the sixth India-Sweden Consultations``."""
    seen: set[str] = set()
    for k in sorted(p.line.known.values(), key=lambda k: k.first):
        a, b = p.line.span(k.first, k.last)
        if (
            k.party
            and k.kind == "state"
            and start <= a
            and b <= end
            and k.party not in seen
            and not any(q.start <= a < q.end for q in p.persons)
        ):
            seen.add(k.party)
            yield Who(a, b, None, (), k.party, None, False, "delegation.event")


def party_at(p: Parse, at: int) -> Iterator[Who]:
    """The state or organisation that stands directly at ``at``."""
    for k in p.line.known.values():
        a, b = p.line.span(k.first, k.last)
        if k.party and at < a <= at + len(", the "):
            yield Who(a, b, None, (), k.party, None, False, "delegation.event")


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
