"""Reads the header of a readout: which encounters it reports, who took part in what office, when, where and on what occasion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from communique.ingest.clock import DateHit, When, find_dates, publication_day, read_when
from communique.ingest.encounters import Parse, Telling, Who, find_tellings, grammar, objects_after, parse, singular
from communique.ingest.lexicon import Lexicon
from communique.ingest.names import family_of, fold, order_of
from communique.ingest.offices import office_words
from communique.ingest.places import Place, find_occasion, find_place
from communique.ingest.segment import Sentence
from communique.ingest.sources import Source
from communique.ingest.titles import TitleRead, read_title
from communique.model import BlockKind, Diagnostic, Document, Encounter, Participant, Span

_FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE})
_ADVERBIAL = re.compile(
    r"^(?:(?:Additionally|Also|In addition|Separately|Later|Earlier|Afterwards?|Subsequently|Prior to|Before|Following|After|On|In|At|Today|Yesterday|That|Then|Finally|Furthermore|Meanwhile|During|While)\b[^.;]{0,90})?,?\s*(?:the\s)?$",
    re.IGNORECASE,
)
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says.

    ``read``: indexes of the sentences that tell of an encounter; ``parses``: every sentence read for persons, for the stages that follow;
    ``title``: what the page's title tells; ``day``: the day of publication in the publisher's zone;
    ``groups``: for each encounter the labels of everyone told of with it (``they``), which are more than its own participants where several
    calls are told at once.
    """

    encounters: tuple[Encounter, ...]
    read: frozenset[int] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    parses: tuple[Parse, ...] = field(default=(), repr=False, compare=False)
    title: TitleRead | None = field(default=None, repr=False, compare=False)
    day: date | None = None
    groups: tuple[tuple[str, ...], ...] = ()
    party: str | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """What all rules of the header look at."""

    document: Document
    source: Source
    parses: tuple[Parse, ...]
    title: TitleRead
    day: date | None
    forms: dict[str, list[str]]
    lexicon: Lexicon

    @property
    def order(self) -> str | None:
        """The publisher whose order of Japanese names counts: before 2020 all wrote the given name first."""
        return None if self.day is not None and self.day.year < 2020 else self.source.party


def read_header(document: Document, source: Source, sentences: Sequence[Sentence], lexicon: Lexicon) -> Header:
    """Everything the title, the lead and later sentences say about who met whom, when and where.  Never raises."""
    parses = tuple(parse(s, lexicon) for s in sentences)
    title_words = document.title or next((s.view.text for s in sentences if s.block.kind is BlockKind.TITLE), "")
    title = read_title(title_words, lexicon)
    day = publication_day(document.date, document.published, source.zone)
    page = _Page(document, source, parses, title, day, _address_forms(parses, title), lexicon)
    body = [p for p in parses if p.sentence.block.kind not in _FRAME]
    encounters: list[Encounter] = []
    groups: list[tuple[str, ...]] = []
    read: set[int] = set()
    diagnostics: list[Diagnostic] = []
    tellings = [t for p in body for t in find_tellings(p)]
    full = [t for t in tellings if not t.rule.endswith(".open")]
    # A telling that leaves the other side to the title ("a call with allies") counts only where no sentence names both.
    for telling in full or tellings[:1]:
        made = _encounters(page, telling, encounters)
        if made is None:
            continue
        read.add(telling.parse.sentence.index)
        together = tuple(dict.fromkeys(x.label for e in made for x in e.participants))
        encounters.extend(made)
        groups.extend(together for _ in made)
    if encounters:
        encounters[0], more = _roster(page, body, encounters[0])
        read |= more
        if more and groups:
            groups[0] = tuple(dict.fromkeys([*groups[0], *(x.label for x in encounters[0].participants)]))
    if not encounters:
        encounters = list(_from_title(page, body))
        groups = [tuple(x.label for x in e.participants) for e in encounters]
        if encounters:
            diagnostics.append(Diagnostic("encounter-from-title", None, "the encounter is told by the title only"))
    encounters = [replace(e, id=f"e{n}") for n, e in enumerate(encounters, 1)]
    diagnostics.extend(Diagnostic("clock-conflict", e.span, c) for e in encounters for c in e.conflicts)
    return Header(tuple(encounters), frozenset(read), tuple(diagnostics), parses, title, day, tuple(groups), source.party)


def _address_forms(parses: Iterable[Parse], title: TitleRead) -> dict[str, list[str]]:
    """The names that stand after an office or a form of address in the text or the title, under each folded word of them."""
    forms: dict[str, list[str]] = {}
    names = [
        q.name_in(p.text)
        for p in parses
        for q in p.persons
        if q.name and (q.offices or q.honorific) and (not q.offices or q.name[0] > p.line.words[q.offices[0].first].start)
    ]
    for name in [*names, *(w.name for w in title.persons if w.offices)]:
        if name:
            for word in fold(name).split():
                forms.setdefault(word, []).append(name)
    return forms


def _roster(page: _Page, body: Sequence[Parse], main: Encounter) -> tuple[Encounter, set[int]]:
    """Adds who a later sentence says took part: ``The meeting included: ...``, ``They were joined by ...``."""
    people, read = list(main.participants), set()
    for p in body:
        m = grammar().patterns["roster"].search(p.text)
        if m is None:
            continue
        listed = objects_after(p, m.end())
        made = [_participant(page, p, w, subject=False) for w in listed if w.name]
        if made:
            own = page.source.party
            made = [x if x.party else replace(x, party=own if m["own"] else None) for x in made]
            people, read = _distinct([*people, *made]), read | {p.sentence.index}
    return replace(main, participants=tuple(people)), read


def _encounters(page: _Page, telling: Telling, so_far: Sequence[Encounter]) -> list[Encounter] | None:
    """The encounters of a telling; ``None`` if it only repeats one or speaks of another event."""
    subjects = [_participant(page, telling.parse, w, subject=True) for w in telling.subjects]
    objects = [_participant(page, telling.parse, w, subject=False) for w in telling.objects]
    if so_far and not _is_new(page, telling, subjects, objects, so_far):
        return None
    if not subjects:
        subjects = _carried(page, telling, objects, so_far)
    known = {x.label: x for e in so_far for x in e.participants}
    subjects, objects = [_known(x, known) for x in subjects], [_known(x, known) for x in objects]
    subjects, objects = _parties(page, subjects, objects)
    everyone = _distinct([*subjects, *objects])
    if not so_far:
        everyone = _completed(page, telling, everyone)
    if len(everyone) < 2 and so_far:
        return None
    if not everyone:
        return None
    base = _dated(page, telling, _placed(page, telling))
    split = telling.separate and len(objects) > 1 and subjects
    sets = [_distinct([*subjects, o]) for o in objects] if split else [everyone]
    return [replace(base, participants=tuple(s)) for s in sets]


def _is_new(page: _Page, telling: Telling, subjects: list[Participant], objects: list[Participant], so_far: Sequence[Encounter]) -> bool:
    """Whether a later clause tells of a further encounter of the page and not of one already told, or of an earlier or coming one."""
    who = {x.label for x in (*subjects, *objects) if x.family}
    named = [w for w in (*telling.subjects, *telling.objects) if w.name and w.offices]
    if not objects or not who or any(who <= {x.label for x in e.participants} for e in so_far):
        return False
    if all(x.label in {y.label for e in so_far for y in e.participants} for x in objects) and not telling.subjects:
        return False
    text = telling.parse.text
    first = min((w.start for w in (*telling.subjects, *telling.objects)), default=telling.start)
    opening = text[: min(first, telling.start)]
    if not _ADVERBIAL.match(opening) or re.search(r"\bthat\b", text[: telling.start]):
        return False
    if not telling.subjects and not re.match(r"(?:He|She|They|The two)\b", text):
        return False
    marked = re.search(
        r"\b(?:also|separate(?:ly)?|additionally|in addition|later|earlier|then|afterwards?)\b", text[: telling.end + 40], re.IGNORECASE
    )
    if not (marked or named) or telling.parse.sentence.block.kind is BlockKind.HEADING:
        return False
    main = so_far[0].date
    hits = [h for a, b in telling.scope for h in find_dates(text[a:b], page.day)]
    for h in hits:
        if main and len(h.iso) == 10 and abs((date.fromisoformat(h.iso) - date.fromisoformat(main)).days) <= _NEAR:
            continue
        return False
    return True


def _known(x: Participant, known: dict[str, Participant]) -> Participant:
    """A participant who was told of before keeps the fullest form; a title alone means who holds it."""
    if x.name is None and x.offices:
        same = [y for y in known.values() if y.name and x.party in (None, y.party) and any(covers(o, x.offices[0]) for o in y.offices)]
        if len(same) == 1:
            return same[0]
    old = known.get(x.label)
    return old if old is not None and old.family and x.family and (len(old.name or "") >= len(x.name or "") or not x.offices) else x


def _carried(page: _Page, telling: Telling, objects: list[Participant], so_far: Sequence[Encounter]) -> list[Participant]:
    """The subject that a clause leaves to a pronoun or to the title: the publisher's own side."""
    if so_far:
        own = [x for x in so_far[-1].participants if x.party == page.source.party] or list(so_far[-1].participants[:1])
        return own[:1]
    out = []
    for w in page.title.subjects:
        if not any(_same(w, x) for x in objects):
            out.append(_title_participant(page, w, _span(telling.parse, telling.start, telling.end), subject=True))
    return out


def _span(p: Parse, start: int, end: int) -> Span:
    return p.sentence.view.span(start, end)


def _same(w: Who, x: Participant) -> bool:
    """Whether a person of the title is a participant of the lead."""
    if w.name and x.name:
        a, b = fold(w.name).split(), fold(x.name).split()
        return bool(set(a) & set(b) & ({a[-1], a[0]} | {b[-1], b[0]}))
    if w.name is None and w.party is None:
        return any(covers(o, mine) for o in x.offices for mine in w.offices)
    return w.party == x.party and (x.name is None or w.name is None)


def _participant(page: _Page, p: Parse, w: Who, *, subject: bool) -> Participant:
    """A participant from a phrase of the lead; the title and the rest of the text complete what it leaves out."""
    name, offices, party, span, rule, feminine = w.name, w.offices, w.party, _span(p, w.start, w.end), w.rule, w.feminine
    if name is None and offices:
        fuller = _by_office(page, offices[0], party, subject=subject)
        if fuller is not None:
            name, party = fuller[0], party or fuller[1]
            rule = "person.by-office"
            if fuller[2] is not None:
                span = fuller[2]
    elif name is not None:
        better = _fullest(page, name, offices)
        if better is not None:
            name, span = better[0], better[1]
            offices = better[2] if len(better[2]) > len(offices) else offices or better[2]
            party = party or better[3]
    if name and party is None:
        party = _party_elsewhere(page, name)
    family = None
    if name:
        forms = [f for word in fold(name).split() for f in page.forms.get(word, ())]
        family, how = family_of(name, party, page.order, forms)
        rule = f"{rule}+{how}"
    return Participant(name, family, tuple(dict.fromkeys(offices)), party, span, rule, 1.0 if party else 0.8, feminine)


def _by_office(page: _Page, office: str, party: str | None, *, subject: bool) -> tuple[str, str | None, Span | None] | None:
    """The name of someone said by title only: the title's person in that office, or the person whom the text names in apposition."""
    for w in page.title.persons:
        if (
            w.name
            and any(covers(o, office) for o in w.offices)
            and (party is None or w.party in (None, party))
            and (not subject or w in page.title.subjects)
        ):
            return w.name, w.party or party, None
    for p in page.parses:
        for telling in find_tellings(p):
            for w in (*telling.subjects, *telling.objects):
                if (
                    w.name
                    and any(covers(o, office) for o in w.offices)
                    and (party is None or w.party in (None, party))
                    and (not subject or w in telling.subjects)
                ):
                    return w.name, w.party, _span(p, w.start, w.end)
    return None


def covers(long: str, short: str) -> bool:
    """Whether a title may stand short for an office: the same rank, no word that the office lacks."""
    full = office_words().abbreviations
    words = lambda s: {w for w in fold(full.get(s, s).replace("-", " ")).split() if w not in ("of", "for", "the", "and", "to")}  # noqa: E731
    a, b = words(long), words(short)
    ranks = {"deputy", "vice", "under", "assistant", "former"}
    return b <= a and (a & ranks) == (b & ranks)


def _fullest(page: _Page, name: str, offices: tuple[str, ...]) -> tuple[str, Span, tuple[str, ...], str | None] | None:
    """A fuller mention of a person elsewhere in the text: the longest name that contains this one, titles included."""
    words = fold(name).split()
    if len(words) > 1 and offices:
        return None
    best: tuple[int, str, Span, tuple[str, ...], str | None] | None = None
    for p in page.parses:
        if p.sentence.block.kind in _FRAME:
            continue
        for q in p.persons:
            full = q.name_in(p.text)
            if full is None or not q.offices:
                continue
            have = fold(full).split()
            longer = len(have) > len(words) and (have[-len(words) :] == words or have[: len(words)] == words)
            same = have == words and not offices
            if (
                (longer or same)
                and (not offices or any(covers(o.text, offices[0]) or covers(offices[0], o.text) for o in q.offices))
                and (best is None or len(full) > best[0])
            ):
                best = (len(full), full, _span(p, q.start, q.end), tuple(o.text for o in q.offices), q.party)
    return best[1:] if best else None


def _party_elsewhere(page: _Page, name: str) -> str | None:
    """The party that the title or another mention gives to the same person."""
    words = set(fold(name).split())
    for w in page.title.persons:
        if w.name and w.party and words & set(fold(w.name).split()):
            return w.party
    for p in page.parses:
        for q in p.persons:
            full = q.name_in(p.text)
            if full and q.party and fold(full).split()[-1] in words and (len(words) == 1 or words & set(fold(full).split())):
                return q.party
    return None


def _parties(page: _Page, subjects: list[Participant], objects: list[Participant]) -> tuple[list[Participant], list[Participant]]:
    """Completes parties: a group shares the state that stands with one of it; the publisher's own side is its own state's."""
    own = page.source.party
    others = [x.party for x in objects if x.party]
    shared = others[0] if len(set(others)) == 1 else None
    title_parties = [t for t in page.title.parties if t != own]
    filled = []
    for n, x in enumerate(objects):
        if x.party is None:
            near = _party_of_office(page, x) or shared or next((objects[m].party for m in (n - 1, n + 1) if 0 <= m < len(objects) and objects[m].party), None)
            subject_parties = {s.party for s in subjects if s.party}
            if near is None and len(title_parties) == 1 and title_parties[0] not in subject_parties:
                near = title_parties[0]
            if near is None and subject_parties and own and own not in subject_parties and _has_own_office(page, x):
                near = own
            x = replace(x, party=near, rule=f"{x.rule}+shared" if near else x.rule, confidence=0.9 if near else 0.6)
        filled.append(x)
    done = []
    taken = {x.party for x in filled if x.party}
    told = [s.party for s in subjects if s.party]
    for n, x in enumerate(subjects):
        if x.party is None and n and len(title_parties) == 1 and not told and not objects and not _has_own_office(page, x):
            x = replace(x, party=title_parties[0], rule=f"{x.rule}+title")
        if x.party is None:
            party = own if own and (own not in taken or not told) else None
            # "U.S. Coordinator A and Deputy Prime Minister B": the first is the publisher's own, the second the other side of the title.
            if own in told and len(title_parties) == 1 and not _has_own_office(page, x):
                party = title_parties[0]
            if party is None and told:
                party = told[0]
            if party is None and len(page.title.parties) > 1:
                party = next((t for t in page.title.parties if t not in taken), None)
            if own and told and own not in told and len(subjects) > 1 and own not in taken:
                party = own
            party = _party_of_office(page, x) or party
            x = replace(x, party=party, rule=f"{x.rule}+publisher" if party == own else x.rule, confidence=0.95 if party else 0.6)
        done.append(x)
    return [_refamily(page, x) for x in done], [_refamily(page, x) for x in filled]


def _party_of_office(page: _Page, x: Participant) -> str | None:
    """The party that the vocabulary gives to an office by itself ("Pope", "High Representative")."""
    for office in x.offices:
        for hit in page.lexicon.find(office):
            if hit.label.kind == "office" and hit.start == 0 and (hit.end == len(office) or office[hit.end] in " ,"):
                party = page.lexicon.fact("office", hit.label.id, "partyOf") or page.lexicon.fact("office", hit.label.id, "bareParty")
                if party:
                    return party
    return None


def _has_own_office(page: _Page, x: Participant) -> bool:
    return any(covers(o, mine) for o in x.offices for mine in page.source.offices)


def _refamily(page: _Page, x: Participant) -> Participant:
    """The family name again, now that the party and with it the order of names is known."""
    if x.name is None or not x.rule.split("+")[1:2] == ["order"] or order_of(x.name, x.party, page.order) == "last":
        return x
    forms = [f for word in fold(x.name).split() for f in page.forms.get(word, ())]
    return replace(x, family=family_of(x.name, x.party, page.order, forms)[0])


def _distinct(people: Iterable[Participant]) -> list[Participant]:
    """Each person once, in order; the fuller form stays."""
    out: list[Participant] = []
    for x in people:
        same = next(
            (
                n
                for n, y in enumerate(out)
                if (x.family and y.family and fold(x.family) == fold(y.family)) or (not x.name and not y.name and x.party == y.party)
            ),
            None,
        )
        if same is None:
            if not x.name and x.party is None and not x.offices:
                continue
            out.append(x)
        elif len(x.name or "") > len(out[same].name or ""):
            out[same] = x
    return out


def _completed(page: _Page, telling: Telling, people: list[Participant]) -> list[Participant]:
    """Adds the persons of the title when the lead names fewer than two sides."""
    sides = {x.party or x.label for x in people}
    if len(sides) >= 2 and all(x.family or x.party for x in people):
        if any(x.family is None and x.offices == () for x in people):
            return [_office_from_title(page, x) for x in people]
        return people
    out = list(people)
    for w in page.title.persons:
        if (w.name or w.party) and not any(_same(w, x) for x in out):
            made = _title_participant(page, w, _span(telling.parse, telling.start, telling.end), subject=w in page.title.subjects)
            empty = next((n for n, x in enumerate(out) if x.name is None and (x.party in (None, made.party))), None)
            if empty is not None and made.name:
                out[empty] = replace(made, span=out[empty].span)
            else:
                out.append(made)
    return _distinct(out)


def _office_from_title(page: _Page, x: Participant) -> Participant:
    """An unnamed counterpart has the office that the title gives to its like ("National Security Advisors")."""
    if x.family is not None or x.offices:
        return x
    offices = next((w.offices for w in page.title.objects if w.name is None and w.offices), ())
    return replace(x, offices=tuple(singular(o) for o in offices)) if offices else x


def _title_participant(page: _Page, w: Who, span: Span, *, subject: bool) -> Participant:
    """A person told by the title only; the span is the first place of the text that names him, else that of the telling."""
    party = w.party or (page.source.party if subject else None)
    family, how = (None, "title")
    if w.name:
        forms = [f for word in fold(w.name).split() for f in page.forms.get(word, ())]
        family, how = family_of(w.name, party, page.order, forms)
        for p in page.parses:
            if p.sentence.block.kind in _FRAME:
                continue
            found = next((q for q in p.persons if q.name and fold(family) in fold(q.name_in(p.text) or "")), None)
            at = (
                (found.start, found.end)
                if found
                else next(((m.start(), m.end()) for m in [re.search(rf"(?<!\w){re.escape(family)}(?!\w)", p.text)] if m), None)
            )
            if at:
                span = _span(p, *at)
                break
    return Participant(w.name, family, w.offices, party, span, f"person.title+{how}", 0.8, w.feminine)


def _from_title(page: _Page, body: Sequence[Parse]) -> Iterator[Encounter]:
    """The encounter that only the title tells, when it names both sides."""
    title = page.title
    if title.type is None or not body or len(title.persons) + len(set(title.parties) - {w.party for w in title.persons}) < 2:
        return
    first = next((p for p in body if p.text.strip()), None)
    if first is None:
        return
    span = first.sentence.span
    people = [_title_participant(page, w, span, subject=w in title.subjects) for w in title.persons if w.name or w.party or w in title.subjects]
    have = {x.party for x in people}
    people += [Participant(None, None, (), t, span, "party.title", 0.6) for t in title.parties if t not in have]
    people = _distinct(people)
    if len(people) < 2:
        return
    hit = _encounter_date(page, [p.text[:60] for p in body[:1]] + [m[0] for p in body[:1] for m in re.finditer(r"\b(?:today|yesterday)\b", p.text)])
    yield Encounter("e1", title.type, hit, tuple(people), span, "encounter.title", confidence=0.6)


def _placed(page: _Page, telling: Telling) -> Encounter:
    """Type, place and occasion."""
    place = find_place(telling, page.lexicon)
    occasion = find_occasion(telling)
    kind = _final_type(page, telling)
    sentence = telling.parse.sentence
    end = max([telling.end, *(w.end for w in (*telling.subjects, *telling.objects))])
    start = min([telling.start, *(w.start for w in (*telling.subjects, *telling.objects))])
    return Encounter(
        "e1",
        kind,
        None,
        (),
        sentence.view.span(start, end),
        telling.rule,
        place=place.text if place else None,
        place_span=sentence.view.span(place.start, place.end) if place else None,
        occasion=_words(telling, occasion),
        occasion_span=sentence.view.span(*occasion) if occasion else None,
    )


def _words(telling: Telling, span: tuple[int, int] | None) -> str | None:
    return telling.parse.text[span[0] : span[1]] if span else None


def _final_type(page: _Page, telling: Telling) -> str:
    """The verb's type, and the title's where the verb leaves it open ("spoke", "held a conversation")."""
    told = page.title.type
    phone = grammar().patterns["phone"].search(telling.parse.text[telling.start : telling.start + 160])
    if told == "video" and telling.type in ("call", "meeting"):
        return "video"
    if telling.type == "call" and telling.rule == "encounter.speak" and told in ("meeting", "dialogue") and not phone:
        return "meeting"
    if (
        telling.type == "meeting"
        and told == "call"
        and telling.rule in ("encounter.light", "encounter.meet")
        and not re.match(r"(?:met|meets)\b", telling.parse.text[telling.start :])
    ):
        return "call"
    return telling.type


def _dated(page: _Page, telling: Telling, base: Encounter) -> Encounter:
    """Date, start, duration and both clocks."""
    text = telling.parse.text
    segments = [text[a:b] for a, b in telling.scope]
    iso = _encounter_date(page, segments)
    day = date.fromisoformat(iso) if iso else None
    place = find_place(telling, page.lexicon)
    abroad = bool(grammar().patterns["visiting"].search(text[: telling.end])) or _foreign(page, place)
    when: When = read_when(" | ".join(segments), day, page.day, page.source.zone, place.zone if place else None, abroad)
    return replace(
        base,
        date=when.date or iso,
        start=when.start,
        start_publisher=when.start_publisher,
        duration_min=when.duration_min,
        approximate=when.approximate,
        zone_evidence=when.zone_evidence,
        conflicts=when.conflicts,
    )


def _foreign(page: _Page, place: Place | None) -> bool:
    return place is not None and place.state is not None and page.source.party is not None and place.state != page.source.party


def _encounter_date(page: _Page, segments: Sequence[str]) -> str | None:
    """The date that the clause gives; else a relative day of its sentence; else the title's; else the day of publication."""
    usable: list[DateHit] = []
    for segment in segments:
        usable += [h for h in find_dates(segment, page.day) if h.how in ("full", "day", "relative", "weekday", "interval")]
    best = next((h for h in usable if h.how != "interval"), usable[0] if usable else None)
    if best is None:
        best = next((h for h in find_dates(page.title.text, page.day) if h.how in ("full", "day")), None)
    if best is not None:
        return best.iso[:10]
    return page.day.isoformat() if page.day else None
