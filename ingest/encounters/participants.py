"""Turns the persons of a lead into participants: full name, family name, offices and party, completed from the title and the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from communique.ingest.encounters.meant import meant
from communique.ingest.encounters.page import FRAME, Page, holders, span_of
from communique.ingest.encounters.telling import Telling
from communique.ingest.grammar import table
from communique.ingest.people.appositions import joined, singular
from communique.ingest.people.author import RULE
from communique.ingest.people.line import office_words
from communique.ingest.people.names import bare_form, family_of, fold, person_words
from communique.ingest.people.parses import Parse, Who, grammar
from communique.model import Participant, Span

OFFICES = frozenset({"office"})
# Ends the rule of a participant who was there but is no one that "they" or "the two ministers" means.
ATTENDING = "+attending"


def speaks(x: Participant) -> bool:
    """Whether a participant is one of those who talk, and not one who was present only."""
    return not x.rule.endswith(ATTENDING)


def same_person(w: Who, x: Participant) -> bool:
    """Whether a person of the title is a participant of the lead."""
    if w.name and x.name:
        a, b = fold(w.name).split(), fold(x.name).split()
        return bool(set(a) & set(b) & ({a[-1], a[0]} | {b[-1], b[0]}))
    if w.name is None and w.party is None:
        return any(covers(o, mine) for o in x.offices for mine in w.offices)
    return w.party == x.party and (x.name is None or w.name is None)


def participant(page: Page, p: Parse, w: Who, *, subject: bool) -> Participant:
    """A participant from a phrase of the lead; the title and the rest of the text complete what it leaves out."""
    w = meant(page, p, w)
    name, offices, party, span, rule, feminine = w.name, w.offices, w.party, span_of(p, w.start, w.end), w.rule, w.feminine
    if name is None and offices and w.rule != RULE:  # whoever tells of himself is not "President X" of his text
        fuller = _by_office(page, offices[0], party, subject=subject)
        if fuller is None:
            # "the head of Moldovan diplomacy", whom the page names as the Minister of Foreign Affairs
            known = ((other, _by_office(page, other, party, subject=subject)) for other in other_titles(offices[0]))
            fuller, offices = next(((named, (other,)) for other, named in known if named is not None), (None, offices))
            if fuller is not None:
                known_here = (x for q in page.parses for x in holders(q) if q.sentence.block.kind not in FRAME)
                offices = next((x.offices for x in known_here if x.name == fuller[0] and x.offices), offices)
        if fuller is not None:
            name, party = fuller[0], party or fuller[1]
            rule = "person.by-office"
            better = _fullest(page, name, offices)
            if better is not None:
                name, span, party = better[0], better[1], party or better[3]
            if fuller[2] is not None:
                span = fuller[2]
            offices = _in_full(page, name, offices)
    elif name is not None:
        better = _fullest(page, name, offices)
        if better is not None:
            name, span = better[0], better[1]
            offices = better[2] if len(better[2]) >= len(offices) else offices
            party = party or better[3]
    if name and not offices:
        offices = _office_elsewhere(page, name, party)
    # "Minister of Foreign Affairs, Ambassador Name": behind an office a rank only addresses its holder
    offices = tuple(o for n, o in enumerate(offices) if n == 0 or o not in office_words().addressed)
    if name and party is None:
        party = _party_elsewhere(page, name)
    family = None
    if name:
        forms = page.forms_of(name, party)
        family, how = family_of(name, party, page.order, forms)
        if how == "order" and (form := bare_form(name, page.document.text, party)) and form != family:
            family, how = form, "bare"
        if how == "single" and name.split()[-1] in person_words().generations and family not in forms:
            family = name  # a monarch whom nobody names without the number
        rule = f"{rule}+{how}"
    return Participant(name, family, tuple(dict.fromkeys(offices)), party, span, rule, 1.0 if party else 0.8, feminine)


@cache
def other_titles(office: str) -> tuple[str, ...]:
    """The offices that a title of other words stands for: whoever is the head of diplomacy is the minister of foreign affairs."""
    return tuple(table("mentions.toml")["aliases"].get(office.lower(), ()))


def _in_full(page: Page, name: str, offices: tuple[str, ...]) -> tuple[str, ...]:
    """The office with all its words, where the text names its holder: ``the Special Envoy`` is the Special Envoy for the Horn of Africa."""
    words = set(fold(name).split())
    for p in page.parses:
        for w in holders(p) if p.sentence.block.kind not in FRAME else ():
            if w.name and len(w.offices) == len(offices) == 1 and words & set(fold(w.name).split()):
                whole = w.offices[0]
                return (whole,) if whole != offices[0] and covers(whole, offices[0]) else offices
    return offices


def _by_office(page: Page, office: str, party: str | None, *, subject: bool) -> tuple[str, str | None, Span | None] | None:
    """The name of someone said by title only: the title's person in that office, or the person whom the text names in apposition."""
    own = page.source.party
    theirs = party not in (None, own) and not (subject and own is None)  # whoever is told first, without a state, is none of theirs
    for w in page.title.persons:
        if (
            w.name
            and any(covers(o, office) for o in w.offices)
            and (party is None or w.party in (None, party))
            and (not subject or w in page.title.subjects)
            and not (theirs and w.party is None and w in page.title.subjects)
        ):
            return w.name, w.party or party, None
    for telling in page.tellings:
        for w in (*telling.subjects, *telling.objects):
            if (
                w.name
                and any(covers(o, office) for o in w.offices)
                and (party is None or w.party in (None, party))
                and (not subject or w in telling.subjects)
                and not (theirs and w.party is None and w in telling.subjects)
            ):
                return w.name, w.party, span_of(telling.parse, w.start, w.end)
    named = _first_named(page, office, party or (page.source.party if subject else None))
    if named and theirs and named[1] is None:
        named = None
    if named or not subject or page.source.party is None or party not in (None, page.source.party):
        return named
    return _in_byline(page, office) or _named_later(page, office, page.source.party)


def _first_named(page: Page, office: str, party: str | None) -> tuple[str, str | None, Span | None] | None:
    """The person whom the first sentence of the text names in that office, whatever it tells of him: ``Minister X paid a visit to ...``."""
    first = next((p for p in page.parses if p.sentence.block.kind not in FRAME), None)
    for w in joined(first, [q for q in first.persons if not q.possessive]) if first else ():
        if first and w.name and any(covers(o, office) for o in w.offices) and (party is None or w.party in (None, party)):
            return w.name, w.party, span_of(first, w.start, w.end)
    return None


def _named_later(page: Page, office: str, party: str) -> tuple[str, str | None, Span | None] | None:
    """The person whom the text first names in the office of its title: ``The Head of State received B`` is ``President A`` below."""
    for p in page.parses:
        for q in p.persons if p.sentence.block.kind not in FRAME else ():
            name = q.name_in(p.text)
            if name and not q.possessive and q.party in (None, party) and any(covers(o.text, office) for o in q.offices):
                return name, party, span_of(p, q.start, q.end)
    return None


def _in_byline(page: Page, office: str) -> tuple[str, str | None, Span | None] | None:
    """The publisher's own office-holder whom the line of issue names: ``From: Prime Minister's Office and The Rt Hon Name Name MP``."""
    if not any(covers(mine, office) for mine in page.source.offices):
        return None
    for p in page.parses:
        m = grammar().patterns["byline"].search(p.text)
        q = next((q for q in p.persons if q.name and q.honorific and not q.offices and m and q.start >= m.end()), None)
        if q is not None:
            return q.name_in(p.text) or "", page.source.party, span_of(p, q.start, q.end)
    return None


def covers(long: str, short: str) -> bool:
    """Whether a title may stand short for an office: the same rank, no word that the office lacks."""
    a, b = _title_words(long), _title_words(short)
    ranks = {fold(rank) for rank in office_words().lower}
    return b <= a and (a & ranks) == (b & ranks)


def _title_words(office: str) -> set[str]:
    o = office_words()
    return set(fold(o.abbreviations.get(office, office).replace("-", " ")).split()) - o.links - {"the", "and"}


def _fullest(page: Page, name: str, offices: tuple[str, ...]) -> tuple[str, Span, tuple[str, ...], str | None] | None:
    """A fuller mention of a person elsewhere in the text: the longest name that contains this one, titles included."""
    words = fold(name).split()
    best: tuple[int, str, Span, tuple[str, ...], str | None] | None = None
    whole = len(words) > 1 and bool(offices)  # then only a longer spelling of the same words is looked for
    for p in page.parses:
        if p.sentence.block.kind in FRAME or (whole and name not in p.text):
            continue
        for w in holders(p):
            full = w.name
            if full is None or not w.offices:
                continue
            have = fold(full).split()
            # of two words behind an office both are the family name: "Minister Marković Horvat" of Ana Marković Horvat
            ends = have[-len(words) :] == words
            longer = len(have) > len(words) and (ends or (have[: len(words)] == words and not whole))
            # "Minister Arosemena" of Lorena Arosemena Pinzón
            longer = longer or (len(words) == 1 and words[0] in have[1:-1] and bool(offices))
            same = have == words and not offices
            if (
                (longer or same)
                and (not offices or any(covers(o, offices[0]) or covers(offices[0], o) for o in w.offices))
                and (best is None or len(full) > best[0])
            ):
                best = (len(full), full, span_of(p, w.start, w.end), w.offices, w.party)
    return best[1:] if best else None


def _office_elsewhere(page: Page, name: str, party: str | None) -> tuple[str, ...]:
    """The office with which the text addresses a person later, or that the title gives to him, or to the unnamed person of that party."""
    words = set(fold(name).split())
    for p in page.parses:
        if p.sentence.block.kind not in FRAME:
            for q in p.persons:
                if q.name and q.offices and set(fold(q.name_in(p.text) or "").split()) <= words and q.party in (None, party):
                    return tuple(o.text for o in q.offices)
    titled = (w for w in page.title.persons if w.offices and (w.party == party or party is None))
    return next((w.offices for w in titled if (set(fold(w.name).split()) <= words if w.name else party)), ())


def _party_elsewhere(page: Page, name: str) -> str | None:
    """The party that the title or another mention gives to the same person: no name may contradict the other."""
    words = set(fold(name).split())
    told = [(w.name, w.party) for w in page.title.persons]
    told += [(q.name_in(p.text), q.party) for p in page.parses for q in p.persons]
    for other, party in told:
        if other and party:
            theirs = set(fold(other).split())
            if theirs <= words or words <= theirs:
                return party
    return None


def distinct(people: Iterable[Participant]) -> list[Participant]:
    """Each person once, in order; the fuller form stays.  Two of one family stay two, and acts tell them apart."""
    out: list[Participant] = []
    for x in people:
        same = next((n for n, y in enumerate(out) if _one_person(x, y)), None)
        if same is None:
            if not x.name and x.party is None and not x.offices:
                continue
            out.append(x)
        elif len(x.name or "") > len(out[same].name or ""):
            out[same] = x
    return _told_apart(out)


def _told_apart(people: list[Participant]) -> list[Participant]:
    """Participants of whom no two are named alike: ``Vice President Harris`` and ``Prime Minister Harris`` of another state."""
    taken = [x.label for x in people]
    for n, x in enumerate(people):
        if x.family and x.alias is None and x.label in taken[:n]:
            people[n] = replace(x, alias=x.party if x.party and x.party not in taken else x.name)
            taken[n] = people[n].label
    return people


def _one_person(x: Participant, y: Participant) -> bool:
    if not x.name or not y.name or not x.family or not y.family:
        alike = not x.offices or not y.offices or any(covers(o, p) or covers(p, o) for o in x.offices for p in y.offices)
        return not x.name and not y.name and x.party == y.party and alike
    a, b = set(fold(x.name).split()), set(fold(y.name).split())
    if _spouse(x) != _spouse(y) and x.offices and y.offices:
        return False  # "President Stone and First Lady Ann Stone"
    return fold(x.family) == fold(y.family) and (a <= b or b <= a or (x.party == y.party and fold(x.name)[0] == fold(y.name)[0]))


def _spouse(x: Participant) -> bool:
    """Whether somebody's title is that of the husband or wife of an office-holder."""
    return any(office in office_words().spouses for office in x.offices)


def completed(page: Page, telling: Telling, people: list[Participant]) -> list[Participant]:
    """Adds the persons of the title when the lead names fewer than two sides."""
    sides = {x.party or x.label for x in people}
    if len(sides) >= 2 and all(x.family or x.party for x in people):
        if any(x.family is None and x.offices == () for x in people):
            return [_office_from_title(page, x) for x in people]
        return people
    out = list(people)
    for w in page.title.persons:
        if (w.name or w.party) and not any(same_person(w, x) for x in out):
            made = title_participant(page, w, span_of(telling.parse, telling.start, telling.end), subject=w in page.title.subjects)
            empty = next((n for n, x in enumerate(out) if x.name is None and (x.party in (None, made.party))), None)
            if empty is not None and made.name:
                out[empty] = replace(made, span=out[empty].span)
            else:
                out.append(made)
    return distinct(out)


def _office_from_title(page: Page, x: Participant) -> Participant:
    """An unnamed counterpart has the office that the title gives to its like ("National Security Advisors")."""
    if x.family is not None or x.offices or x.rule == RULE:
        return x
    offices = next((w.offices for w in page.title.objects if w.name is None and w.offices), ())
    return replace(x, offices=tuple(singular(o) for o in offices)) if offices else x


def title_participant(page: Page, w: Who, span: Span, *, subject: bool) -> Participant:
    """A person told by the title only; the span is the first place of the text that names him, else that of the telling."""
    party = w.party or (page.source.party if subject else None)
    named = _first_named(page, w.offices[0], w.party) if w.name is None and w.offices else None
    if w.name is None and w.offices and party and (named or (named := _named_later(page, w.offices[0], party))):
        w = replace(w, name=named[0], party=w.party or named[1])
        party = w.party or party
    family, how = (None, "title")
    if w.name:
        forms = page.forms_of(w.name, party)
        family, how = family_of(w.name, party, page.order, forms)
        for p in page.parses:
            if p.sentence.block.kind in FRAME:
                continue
            found = next((q for q in p.persons if q.name and fold(family) in fold(q.name_in(p.text) or "")), None)
            at = (
                (found.start, found.end)
                if found
                else next(((m.start(), m.end()) for m in [re.search(rf"(?<!\w){re.escape(family)}(?!\w)", p.text)] if m), None)
            )
            if at:
                span = span_of(p, *at)
                break
    return Participant(w.name, family, w.offices, party, span, f"person.title+{how}", 0.8, w.feminine)


def same_participant(x: Participant, y: Participant) -> bool:
    """Whether a clause that tells an encounter again means the same participant: by name, or by a title that only he has."""
    if x.family and y.family:
        a, b = set(fold(x.name or "").split()), set(fold(y.name or "").split())
        return fold(x.family) == fold(y.family) or a <= b or b <= a
    if x.party and y.party and x.party != y.party:
        return False
    unnamed = y.party is not None and x.party == y.party and y.family is None and (not x.offices or y.rule.startswith("delegation"))
    unnamed = unnamed or (x.party is not None and x.party == y.party and x.family is None and x.rule == "delegation" and not x.offices)
    return unnamed or any(covers(o, p) or covers(p, o) for o in x.offices for p in y.offices)


def filled(old: Participant, new: Participant) -> Participant:
    """A participant with what a second telling adds: a fuller name, the offices that the first left out."""
    known = old.family is not None
    if len(new.name or "") > len(old.name or ""):
        old = replace(old, name=new.name, family=new.family, span=new.span, rule=new.rule)
    if len(new.offices) > len(old.offices) or (new.offices and new.family and not known):
        old = replace(old, offices=new.offices, span=new.span)
    return old if old.party or not new.party else replace(old, party=new.party)


def known_before(x: Participant, known: dict[str, Participant]) -> Participant:
    """A participant who was told of before keeps the fullest form; a title alone means who holds it."""
    if x.name is None and x.offices:
        same = [y for y in known.values() if y.name and x.party in (None, y.party) and any(covers(o, x.offices[0]) for o in y.offices)]
        if len(same) == 1:
            return same[0]
    old = known.get(x.label)
    if old is None and x.name:
        # the same name, before its state and with it the order of its parts is known
        old = next((y for y in known.values() if y.name and fold(y.name) == fold(x.name)), None)
        if old is None and not x.offices and x.party is None:
            old = next((y for y in known.values() if y.name and fold(y.name).endswith(f" {fold(x.name)}")), None)
    return old if old is not None and old.family and x.family and (len(old.name or "") >= len(x.name or "") or not x.offices) else x
