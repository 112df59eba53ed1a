"""Reads the header of a readout: which encounters it reports, who took part in what office, when, where and on what occasion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from communique.ingest.encounters.asides import SOFT
from communique.ingest.encounters.circumstances import is_dated, lasting, sides_type
from communique.ingest.encounters.counterparts import counterparted
from communique.ingest.encounters.dates import find_dates
from communique.ingest.encounters.encounters import find_tellings
from communique.ingest.encounters.gatherings import find_gathering
from communique.ingest.encounters.journeys import reduced
from communique.ingest.encounters.making import encounters_of, further, on_the_visit, told_again, with_title
from communique.ingest.encounters.page import FRAME, Page, address_forms
from communique.ingest.encounters.parted import parted
from communique.ingest.encounters.participants import same_participant, speaks
from communique.ingest.encounters.recalled import RULE as RECALLED
from communique.ingest.encounters.recalled import recalled
from communique.ingest.encounters.roster import accompanied, attended, rostered
from communique.ingest.encounters.sections import overview, sectioned
from communique.ingest.encounters.speakers import from_speakers, met_too, named_by_speakers, with_speakers
from communique.ingest.encounters.telling import Telling
from communique.ingest.encounters.titled import from_title, untold
from communique.ingest.encounters.titles import TitleRead, read_title
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.pages.published import publication_date
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.appositions import singular
from communique.ingest.people.author import RULE as AUTHOR
from communique.ingest.people.parses import Parse, grammar, parse
from communique.ingest.sources import Source
from communique.model import BlockKind, Diagnostic, Document, Encounter

# How a clause tells of an encounter so that nothing else is needed: it says that they met, talked or were received.
_OUTRIGHT = frozenset(
    {
        "encounter.meet",
        "encounter.light",
        "encounter.host",
        "encounter.passive",
        "encounter.came",
        "encounter.speak",
        "encounter.led",
        "encounter.during",
        "encounter.together",
        "encounter.received",
        "encounter.signed",
        "encounter.exchanged",
        "encounter.both",
    }
)
# A sentence that names one side only tells the encounter of the page only if it stands among the first.
_OPENING = 4


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


def read_header(document: Document, source: Source, sentences: Sequence[Sentence], lexicon: Lexicon) -> Header:
    """Everything the title, the lead and later sentences say about who met whom, when and where.  Never raises."""
    parses = tuple(parse(s, lexicon) for s in sentences)
    title_words = document.title or next((s.view.text for s in sentences if s.block.kind is BlockKind.TITLE), "")
    title = read_title(title_words, lexicon)
    body = [p for p in parses if p.sentence.block.kind not in FRAME]
    tellings = tuple(counterparted((t for p in body for t in find_tellings(p)), body, source.party))
    day = publication_date(document, source, here=any(w.rule == AUTHOR for t in tellings for w in t.subjects))
    full = _full(tellings, body, source.party)
    first = full[0].parse.sentence.index if full else None
    opening = tuple(t for p in body[:_OPENING] if first is None or p.sentence.index < first if (t := find_gathering(p)))
    # "The second round was held in Riga. A and B chaired the consultations": who was there is for the roster to say
    told = -1 if title.type and len(title.parties) > 1 else opening[0].parse.sentence.index if opening else len(parses)
    if any(t.points_back and t.parse.sentence.index > told for t in tellings):
        tellings = tuple(t for t in tellings if not (t.points_back and t.parse.sentence.index > told))
        full = _full(tellings, body, source.party)
    page = Page(document, source, parses, title, day, address_forms(parses, title), lexicon, tellings, opening)
    account = _Account(page, body)
    for telling in _in_order(page, full or _by_pair(tellings, opening)) or tellings[:1]:
        account.tell(telling)
    account.complete()
    conflicts = [Diagnostic("clock-conflict", e.span, c) for e in account.encounters for c in e.conflicts]
    diagnostics = (*account.diagnostics, *conflicts)
    return Header(tuple(account.encounters), frozenset(account.read), diagnostics, parses, title, day, tuple(account.groups), source.party)


class _Account:
    """What a page has told so far: its encounters, for each of them whom "they" means, and the sentences that told of them."""

    def __init__(self, page: Page, body: Sequence[Parse]) -> None:
        self._page = page
        self._body = body
        self._undated: set[int] = set()  # the encounters whose clauses told no day
        self.encounters: list[Encounter] = []
        self.groups: list[tuple[str, ...]] = []
        self.read: set[int] = set()
        self.diagnostics: list[Diagnostic] = []

    def tell(self, telling: Telling) -> None:
        """One more clause: it tells of an encounter of the page again, of a further one, or of none."""
        again = told_again(self._page, telling, self.encounters, self._undated)
        made = None if again and again[2] else encounters_of(self._page, telling, self.encounters)
        if made is not None:
            self._add(telling, made)
        elif again is not None:
            at, whole, _ = again
            named = {old.label: x.label for old, x in zip(self.encounters[at].participants, whole.participants, strict=True)}
            self.groups = [tuple(named.get(label, label) for label in group) for group in self.groups]
            self.encounters[at] = whole
            self.read.add(telling.parse.sentence.index)

    def _add(self, telling: Telling, made: list[Encounter]) -> None:
        self.read.add(telling.parse.sentence.index)
        if _sums_up(self.encounters, made, telling):
            made[0] = replace(made[0], date=made[0].date or self.encounters[0].date)
            self.encounters, self.groups, self._undated = [], [], set()  # the line above the account had told it in short
        if not self.encounters:
            many = telling.type == "multilateral-meeting"
            made[0], more = rostered(self._page, self._body, replace(made[0], type=telling.type) if many else made[0])
            kind = telling.type if many else made[0].type  # who else came may make it one after all
            made[0] = replace(made[0], type=sides_type(self._page, telling, kind, made[0].participants))
            self.read |= more
        if not is_dated(self._page, telling):
            self._undated |= set(range(len(self.encounters), len(self.encounters) + len(made)))
        together = tuple(dict.fromkeys(x.label for e in made for x in e.participants))
        self.encounters.extend(made)
        self.groups.extend(together for _ in made)

    def complete(self) -> None:
        """What the whole page adds, once all clauses are read: from its opening, its title, its lists and those who speak in it."""
        page, body = self._page, self._body
        if not self.encounters:
            self._from_opening()
        if len(self.encounters) > 1:
            self.encounters = accompanied(page, body, attended(page, self.encounters))
        if self.encounters:
            self.read |= {t.parse.sentence.index for t in page.opening}
        else:
            elsewhere = list(from_title(page, body)) or list(from_speakers(page, body)) or recalled(page, body)
            self.encounters = [rostered(page, body, e)[0] for e in elsewhere]
            self.groups = _everyone(self.encounters)
            if self.encounters and self.encounters[0].rule != RECALLED:
                self.diagnostics.append(Diagnostic("encounter-from-title", None, "the encounter is told by the title only"))
        self._each()
        if len(self.encounters) > 1 and len(kept := reduced(page, self.encounters)) < len(self.encounters):
            # "They" of a meeting are those whom its own sentence names, not who came along on the journey.
            told = {e.span: e for e in self.encounters[1:]}
            self.encounters = kept
            self.groups = _everyone([told.get(e.span, e) for e in kept])
        if len(self.encounters) == 1:
            self.encounters = [with_speakers(page, body, self.encounters[0])]
        self.encounters = named_by_speakers(page, body, self.encounters)
        more = met_too(page, body, self.encounters) if self.encounters else []
        self.groups += _everyone(more[len(self.encounters) :])
        self.encounters = more
        if len(self.encounters) == 1 and not set(self.groups[0]) >= {x.label for x in self.encounters[0].participants if speaks(x)}:
            self.groups = _everyone(self.encounters)
        present = {x.label for e in self.encounters for x in e.participants if not speaks(x)}
        self.groups = [tuple(label for label in group if label not in present) for group in self.groups]
        self.encounters = [replace(e, id=f"e{n}") for n, e in enumerate(lasting(body, self.encounters), 1)]

    def _from_opening(self) -> None:
        """The first gathering of the opening that makes an encounter, where no clause tells of one."""
        for gathering in self._page.opening:
            if made := encounters_of(self._page, with_title(self._page, gathering), ()):
                made[0], more = rostered(self._page, self._body, made[0])
                self.encounters, self.read = made, self.read | more
                self.groups = _everyone(made)
                break

    def _each(self) -> None:
        """Apart what is told as one, and with the encounters that only the title tells."""
        each = parted(self._page, self._body, self.encounters)
        groups = self.groups * len(each) if len(each) > len(self.encounters) else self.groups
        more = untold(self._page, each)
        self.encounters, self.groups = [*each, *more], [*groups, *_everyone(more)]


def _everyone(encounters: Sequence[Encounter]) -> list[tuple[str, ...]]:
    """For each encounter the labels of all who took part."""
    return [tuple(x.label for x in e.participants) for e in encounters]


def _full(tellings: Sequence[Telling], body: Sequence[Parse], party: str | None) -> list[Telling]:
    """The clauses that tell of an encounter with both sides, in the order of the page.

    A telling that leaves the other side to the title ("a call with allies") counts only where no sentence names both.
    """
    firm = _firm([t for t in tellings if not t.rule.endswith(".open")], body)
    # The points above an account say in short, without a name, what it tells: "- talks with the Foreign Minister".
    lead = overview(tellings)
    firm = [t for t in firm if lead is None or not _above(t, lead)]
    named = next((n for n, t in enumerate(firm) if any(w.name for w in t.objects)), 0)
    firm = [t for t in firm[:named] if t.parse.sentence.block.kind is not BlockKind.ITEM] + firm[named:]
    return sorted([*firm, *sectioned(tellings, body, party)], key=lambda t: t.parse.sentence.index)


def _above(telling: Telling, lead: Telling) -> bool:
    """Whether a clause is that of a line above an overview, which says it in short: ``The Minister also took part in ...``."""
    block, sentence = telling.parse.sentence.block.span, telling.parse.sentence.span
    alone = sentence.end - sentence.start > (block.end - block.start) * 0.9
    return alone and telling.parse.sentence.index < lead.parse.sentence.index and further(telling)


def _in_order(page: Page, full: list[Telling]) -> list[Telling]:
    """The clauses with what the opening told before them: a gathering that they go on from, or the journey that the title tells of."""
    opening = page.opening
    if full and opening and (further(full[0]) or on_the_visit(full[0]) or _another_day(opening[0], full[0], page.day)):
        full = [*(with_title(page, t) for t in opening if t.rule in ("encounter.held", "encounter.attended")), *full]
    if full and grammar().patterns["trip"].search(page.title.text):
        journeys = (replace(t, objects=()) for t in opening if t.rule == "encounter.travelled" and t.subjects)
        full = [*islice(journeys, 1), *full]
    return full


def outright(header: Header, *, pieced: bool = False) -> bool:
    """Whether a sentence tells who met whom, both sides by name: enough for a page whose opening tells of no encounter.

    ``pieced``: or tells of an encounter whose other side stands elsewhere on the page.
    """
    e = header.encounters[0] if header.encounters else None
    rule = e.rule.removesuffix(".open") if e and pieced else e.rule if e else ""
    return e is not None and rule in _OUTRIGHT and len({p.party for p in e.participants if p.name and p.party}) > 1


def opens(header: Header) -> bool:
    """Whether the account begins with the sentence that tells of the encounter, both sides by name."""
    first = next((p for p in header.parses if p.sentence.block.kind not in FRAME), None)
    return (
        first is not None
        and outright(header)
        and first.sentence.index in header.read
        and header.encounters[0].span.start < first.sentence.span.end
    )


def _firm(tellings: list[Telling], body: Sequence[Parse]) -> list[Telling]:
    """The clauses that tell of an encounter outright; those that may recall one count at the head, before one that is told as a
    further one, or where there are no others."""
    firm = next((t for t in tellings if t.rule not in SOFT), None)
    if firm is None:
        return tellings
    before = firm.parse.sentence.index if further(firm) else 0
    head = {rule: body[: _OPENING if rule == "encounter.during" else 1] for rule in SOFT}
    return [t for t in tellings if t.rule not in SOFT or t.parse in head[t.rule] or t.parse.sentence.index < before]


def _by_pair(tellings: Sequence[Telling], opening: Sequence[Telling]) -> list[Telling]:
    """``At the invitation of A, B paid a visit. The two Ministers held talks``: those of whom the opening tells, in what they held."""
    pair = next((t for t in tellings[:1] if not t.objects), None)
    both = next((t for t in opening if t.subjects and any(w.name for w in t.objects)), None)
    if pair is None or both is None or any(w.name or w.party or all(singular(o) == o for o in w.offices) for w in pair.subjects):
        return []
    return [replace(both, type=pair.type)]


def _another_day(opening: Telling, telling: Telling, day: date | None) -> bool:
    """Whether the opening tells, with its day, of what was held on another day than a clause: ``On March 15, B called on C``."""
    one, other = ({h.iso for a, b in t.scope for h in find_dates(t.parse.text[a:b], day) if len(h.iso) == 10} for t in (opening, telling))
    return opening.rule == "encounter.held" and bool(one and other) and one.isdisjoint(other)


def _sums_up(so_far: Sequence[Encounter], made: Sequence[Encounter], telling: Telling) -> bool:
    """Whether the only encounter told so far was a summary of what a clause now tells in full: the same day, fewer of the same people."""
    if len(so_far) != 1 or len(made) != 1 or grammar().patterns["further"].search(telling.parse.text[: telling.end]):
        return False
    few, many = so_far[0].participants, made[0].participants
    afar = ("call", "video")
    alike = so_far[0].type == made[0].type or (so_far[0].type in afar and made[0].type in afar)
    fuller = len(many) > len(few) or sum(x.family is not None for x in many) > sum(x.family is not None for x in few)
    return alike and fuller and so_far[0].date == made[0].date and all(any(same_participant(y, x) for y in many) for x in few)
