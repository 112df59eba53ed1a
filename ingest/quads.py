"""Writes an extraction as N-Quads: one asserted named graph a readout, one function for each kind of node.

No blank nodes, no clock, no counter of a run: the same extraction gives the same bytes.  Every claim carries offsets, the
exact quote, the rule that read it and a confidence.  A document that was set aside gets a small record with the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from communique.ingest import lexicon as lexicons
from communique.ingest import sources
from communique.ingest.lexicon import Lexicon
from communique.iris import CQ, Iris, concept, given_name
from communique.model import Act, Encounter, Extraction, IssueLink, Participant, Reading, Reference, Span, Stance
from communique.ontology import terms

_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PROV = "http://www.w3.org/ns/prov#"
_UNSAFE = re.compile(r'[\x00-\x1f"\\\x7f]')
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f"}

_ENCOUNTERS = {
    "call": "TelephoneTalk",
    "video": "VideoTalk",
    "visit": "Visit",
    "multilateral-meeting": "MultilateralMeeting",
    "dialogue": "Dialogue",
    "signing": "Signing",
    "other": "Encounter",
}
_IN_PERSON = frozenset({"meeting", "multilateral-meeting", "visit", "other"})
_MEETINGS = {2: "BilateralMeeting", 3: "TrilateralMeeting"}
_REFERENCES = {
    **dict.fromkeys(("call", "meeting", "visit", "summit", "session"), "ReferredEncounter"),
    "launch": "MissileLaunch",
    "attack": "ArmedAttack",
    "election": "Election",
    "incident": "Incident",
    "agreement": "AgreementEvent",
}


def quads(extraction: Extraction, iris: Iris, lexicon: Lexicon | None = None) -> list[str]:
    """The sorted N-Quads lines, without line ends, of what was read from one document.

    All lines are in one graph, ``iris.account(iris.readout(document))``; ``lexicon`` (the shipped one by default) names
    places, offices and parties.
    """
    writer = _Writer(extraction, iris, lexicon or lexicons.load())
    _document(writer)
    if extraction.set_aside is None:
        _account(writer)
        for encounter in extraction.encounters:
            _encounter(writer, encounter)
        for number, reference in enumerate(extraction.references, 1):
            _reference(writer, reference, writer.part("reference", number))
        for number, act in enumerate(extraction.acts, 1):
            _act(writer, act, number)
        _segments(writer)
    _reading(writer)
    return writer.lines()


# Terms


def literal(value: str | int | float | bool, datatype: str | None = None) -> str:
    """A literal in canonical N-Quads: strings plain, truth values, integers and decimals typed."""
    if isinstance(value, str):
        text = _UNSAFE.sub(lambda m: _SHORT.get(m[0]) or f"\\u{ord(m[0]):04X}", value)
        return f'"{text}"^^<{_XSD}{datatype}>' if datatype else f'"{text}"'
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{_XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{_XSD}integer>'
    return f'"{f"{value:.4f}".rstrip("0").rstrip(".")}"^^<{_XSD}decimal>'


def day(value: str) -> str:
    """A date as far as it is known: day, month or year; anything else stays the string it is."""
    for datatype, pattern in (("date", r"\d{4}-\d\d-\d\d"), ("gYearMonth", r"\d{4}-\d\d"), ("gYear", r"\d{4}")):
        if re.fullmatch(pattern, value):
            try:
                date.fromisoformat(value + "-01-01"[len(value) - 4 :])
            except ValueError:
                break
            return literal(value, datatype)
    return literal(value)


def moment(value: str) -> datetime | None:
    """A time with its offset, or ``None`` if it is none."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _clock(value: datetime) -> str:
    return literal(value.isoformat().replace("+00:00", "Z"), "dateTime")


# The writer: one graph, and what the functions below need to look up


@dataclass(slots=True)
class _Writer:
    x: Extraction
    iris: Iris
    lexicon: Lexicon
    readout: str = ""
    account: str = ""
    out: set[str] = field(default_factory=set)
    participations: dict[tuple[str | None, str], list[tuple[str, str]]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    quoted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.readout = self.iris.readout(self.x.document)
        self.account = self.iris.account(self.readout)
        self.starts = [c.span.start for c in self.x.coverage]

    def part(self, kind: str, id_: object) -> str:
        return self.iris.part(self.readout, kind, id_)

    def add(self, s: str, p: str, term: str) -> None:
        """One quad; ``p`` is a term of the ontology, or an IRI in brackets."""
        self.out.add(f"<{s}> {p if p[0] == '<' else f'<{CQ}{p}>'} {term} <{self.account}> .")

    def say(self, s: str, p: str, value: str | int | float | bool | None, datatype: str | None = None) -> None:
        """A literal; nothing for ``None`` and for an empty string."""
        if value is not None and value != "":
            self.add(s, p, literal(value, datatype))

    def link(self, s: str, p: str, o: str) -> None:
        self.add(s, p, f"<{o}>")

    def type(self, s: str, *names: str) -> None:
        for name in names:
            self.link(s, _RDF_TYPE, CQ + name)

    def span(self, s: str, span: Span) -> None:
        self.say(s, "start", span.start)
        self.say(s, "end", span.end)
        self.say(s, "quote", span.of(self.x.document.text))

    def claim(self, s: str, span: Span, rule: str, confidence: float) -> None:
        """What every claim has: offsets, quote, rule, confidence, and the sentence it stands in."""
        self.span(s, span)
        self.say(s, "derivedBy", rule)
        self.say(s, "confidence", float(confidence))
        if (sentence := self.sentence(span.start)) is not None:
            self.quoted.add(sentence)
            self.link(s, "evidence", self.part("segment", sentence))

    def sentence(self, offset: int) -> int | None:
        """The number of the sentence that stands at ``offset``."""
        i = bisect_right(self.starts, offset) - 1
        return i + 1 if i >= 0 and offset < self.x.coverage[i].span.end else None

    def party(self, code: str) -> str:
        """The concept of a party code, or a node of its own for a party that no vocabulary knows."""
        for kind in ("state", "organization", "forum"):
            if self.lexicon.facts(kind, code):
                return concept(kind, code)
        iri = self.iris.party(code)
        self.type(iri, "NonStateActor")
        self.say(iri, _LABEL, code)
        return iri

    def known(self, kinds: Iterable[str], text: str, whole: bool) -> str | None:
        """The concept that ``text`` names (``whole``), or the first that it contains."""
        straight = text.replace("’", "'")
        for hit in self.lexicon.longest(straight, tuple(kinds)):
            if not whole or (hit.start, hit.end) == (0, len(straight)):
                return concept(hit.label.kind, hit.label.id)
        return None

    def lines(self) -> list[str]:
        return sorted(self.out)


# Nodes


def _document(w: _Writer) -> None:
    d = w.x.document
    w.type(w.readout, "Readout" if w.x.set_aside is None else "SetAside")
    w.say(w.readout, _LABEL, d.title or d.id)
    w.say(w.readout, "title", d.title)
    w.say(w.readout, "url", d.url, "anyURI")
    w.say(w.readout, "language", d.lang)
    if d.date:
        w.add(w.readout, "date", day(d.date))
    for name in ("published", "sha256", "licence", "source"):
        w.say(w.readout, name, getattr(d, name))
    w.say(w.readout, "genre", w.x.genre)
    w.say(w.readout, "setAsideReason", w.x.set_aside)
    w.say(w.readout, "composed", d.composed or None)
    w.say(w.readout, "text", d.text if w.x.set_aside is None else None)
    if d.revises:
        w.link(w.readout, f"<{_PROV}wasRevisionOf>", w.iris.readout(replace(d, id=d.revises[0], date=d.revises[1])))
    publisher = w.iris.publisher(d.source, d.publisher)
    w.type(publisher, "Publisher")
    w.say(publisher, _LABEL, d.publisher or d.source)
    w.link(w.readout, "publisher", publisher)
    if party := _publishing_party(w):
        w.link(publisher, "speaksFor", party)


def _publishing_party(w: _Writer) -> str | None:
    """The party that the publisher speaks for: the source's, else the state or organization in the publisher's name."""
    d = w.x.document
    if party := _source_parties().get(d.source):
        return w.party(party)
    return w.known(("state", "organization"), d.publisher, whole=False) if d.publisher else None


def _account(w: _Writer) -> None:
    w.type(w.account, "Account")
    w.link(w.readout, "hasAccount", w.account)
    w.link(w.account, "accordingTo", w.iris.publisher(w.x.document.source, w.x.document.publisher))
    w.link(w.account, f"<{_PROV}wasDerivedFrom>", w.readout)
    w.link(w.account, f"<{_PROV}wasGeneratedBy>", f"{w.readout}/extraction")


def _encounter(w: _Writer, e: Encounter) -> None:
    iri = w.part("encounter", e.id)
    w.link(w.account, "describesEncounter", iri)
    w.type(iri, _ENCOUNTERS.get(e.type) or _MEETINGS.get(len(e.parties), "MultilateralMeeting" if len(e.parties) > 3 else "Meeting"))
    if e.type in _IN_PERSON:
        w.type(iri, *(name for words, name in _title_words() if words in (w.x.document.title or "").lower()))
    w.claim(iri, e.span, e.rule, e.confidence)
    label = w.x.document.title or " ".join(filter(None, (e.type, "-".join(e.parties), e.date)))
    w.say(iri, _LABEL, label if len(w.x.encounters) == 1 else f"{label} ({e.id})")
    w.say(iri, "kind", e.type)
    if e.date:
        w.add(iri, "date", day(e.date))
    w.say(iri, "partyKey", " ".join(sorted(e.parties)))
    if start := moment(e.start or ""):
        w.add(iri, "startLocal", _clock(start))
        w.add(iri, "startUTC", _clock(start.astimezone(UTC)))
    if start := moment(e.start_publisher or ""):
        w.add(iri, "startPublisher", _clock(start))
    w.say(iri, "duration", e.duration_min)
    w.say(iri, "approximate", e.approximate or None)
    w.say(iri, "zoneEvidence", e.zone_evidence)
    for conflict in e.conflicts:
        w.say(iri, "clockConflict", conflict)
    if e.place:
        w.say(iri, "placeName", e.place)
        if place := w.known(("place",), e.place, whole=True) or w.known(("place",), e.place, whole=False):
            w.link(iri, "atPlace", place)
    if e.occasion:
        _occasion(w, e, iri)
    for order, participant in enumerate(e.participants, 1):
        _participation(w, e, iri, participant, order)


def _occasion(w: _Writer, e: Encounter, encounter: str) -> None:
    iri = w.part("occasion", e.id)
    w.link(encounter, "onMarginsOf", iri)
    w.type(iri, "Occasion")
    w.say(iri, _LABEL, e.occasion)
    w.claim(iri, e.occasion_span or e.span, e.rule, e.confidence)
    if body := w.known(("organization", "forum"), e.occasion or "", whole=False):
        w.link(iri, "convenedBy", body)


def _participation(w: _Writer, e: Encounter, encounter: str, p: Participant, order: int) -> None:
    iri = w.part("participation", f"{e.id}-{order}")
    w.link(encounter, "hasParticipation", iri)
    w.type(iri, "Participation")
    w.claim(iri, p.span, p.rule, p.confidence)
    w.say(iri, "order", order)
    w.link(iri, "inRole", CQ + ("principal" if p.family else "delegation"))
    agent = _person(w, p) if p.family else w.party(p.party or p.span.of(w.x.document.text))
    w.link(iri, "participant", agent)
    w.say(iri, "writtenName", p.name)
    for place in (e.id, None):
        w.participations.setdefault((place, p.label), []).append((iri, agent))
    for title in p.offices:
        office = _office(w, title, p.party)
        w.say(iri, "officeTitle", title)
        w.link(iri, "inOffice", office)
        if p.family:
            _incumbency(w, e, iri, agent, office)
    if p.party and not p.offices:
        w.link(iri, "represents", w.party(p.party))


def _person(w: _Writer, p: Participant) -> str:
    iri = w.iris.person(p)
    w.type(iri, "Person")
    w.say(iri, _LABEL, p.name or p.family)
    w.say(iri, "familyName", p.family)
    w.say(iri, "givenName", given_name(p.name or "", p.family))
    return iri


def _office(w: _Writer, title: str, party: str | None) -> str:
    """The office of a title: titles of an office that a party has one of share it; others (envoys) are told apart by their words."""
    known = w.known(("office",), title, whole=True)
    id_ = known.rsplit("/", 1)[1] if known else None
    one = id_ if id_ and w.lexicon.fact("office", id_, "onePerParty") else None
    iri = w.iris.office(party, one or title)
    w.type(iri, "Office")
    w.say(iri, _LABEL, title)
    if party:
        w.link(iri, "officeOf", w.party(party))
    if kind := (w.lexicon.fact("office", id_, "officeKind") or id_) if id_ else _kind_by_portfolio(w, title):
        w.link(iri, "officeKind", concept("office", kind))
    return iri


def _kind_by_portfolio(w: _Writer, title: str) -> str | None:
    """The kind of a title that is put together: that of its head, or of its portfolio if the head is a minister of anything."""
    hits = w.lexicon.longest(title.replace("’", "'"), ("office", "portfolio"))
    heads = [w.lexicon.fact("office", h.label.id, "officeKind") or h.label.id for h in hits if h.label.kind == "office"]
    portfolios = [kind for h in hits if h.label.kind == "portfolio" and (kind := w.lexicon.fact("portfolio", h.label.id, "officeKind"))]
    if heads and heads[0] != "minister":
        return heads[0]
    return (portfolios or heads)[0] if heads else None


def _incumbency(w: _Writer, e: Encounter, participation: str, person: str, office: str) -> None:
    iri = w.iris.incumbency(person, office)
    w.type(iri, "Incumbency")
    w.link(iri, "holder", person)
    w.link(iri, "heldOffice", office)
    w.link(iri, "attestedBy", participation)
    if e.date:
        w.add(iri, "attestedOn", day(e.date))


def _reference(w: _Writer, r: Reference, iri: str) -> None:
    w.link(w.account, "hasReference", iri)
    w.type(iri, _REFERENCES.get(r.kind, "Reference"))
    w.claim(iri, r.span, r.rule, r.confidence)
    w.say(iri, "kind", r.kind)
    w.say(iri, "relation", r.relation)
    if r.date:
        first, _, last = r.date.partition("/")
        w.add(iri, "date", day(first))
        if last:
            w.add(iri, "dateEnd", day(last))


def _act(w: _Writer, act: Act, order: int) -> None:
    iri = w.part("act", act.id)
    w.link(w.part("encounter", act.encounter), "hasSpeechAct", iri)
    # The country and the act would share a name, so the class of the act type State has one of its own.
    w.type(iri, "StateAct" if act.type == "State" else act.type)
    w.link(iri, "actType", concept("act", act.type))
    if act.verb:
        w.link(iri, "verb", concept("verb", act.verb))
    whole = Span(min(act.trigger.start, act.content.start), max(act.trigger.end, act.content.end)) if act.content else act.trigger
    w.claim(iri, whole, act.rule, act.confidence)
    w.say(iri, "order", order)
    _words(w, iri, "trigger", act.trigger)
    if act.content:
        _words(w, iri, "content", act.content)
    _agents(w, act, iri, "actor", act.actors)
    _agents(w, act, iri, "addressee", act.addressees)
    target = w.party(act.target) if act.target else None
    if target:
        w.link(iri, "target", target)
    about = [_issue_mention(w, act, iri, link, n) for n, link in enumerate(act.issues, 1)]
    w.link(iri, "polarity", CQ + act.stance.value)
    if act.stance in (Stance.POSITIVE, Stance.NEGATIVE):
        for thing in [target] if target else about:
            w.link(iri, "supports" if act.stance is Stance.POSITIVE else "opposes", thing)
    for number, reference in enumerate(w.x.references, 1):
        if whole.start <= reference.span.start and reference.span.end <= whole.end:
            w.link(iri, "aboutEvent", w.part("reference", number))
    w.say(iri, "joint", act.joint)
    w.say(iri, "addresseeImplicit", act.addressee_implicit)
    w.say(iri, "inherited", act.inherited or None)
    w.say(iri, "strength", act.strength)
    w.say(iri, "modality", act.modality)
    w.say(iri, "intensity", act.intensity)
    w.say(iri, "note", act.note)
    if act.answers:
        w.link(iri, "answers", w.part("act", act.answers))
    if act.embedded_in:
        w.link(w.part("act", act.embedded_in), "reports", iri)
    if act.commitment:
        _commitment(w, act, iri, whole)
    teller = w.x.document.publisher or w.x.document.source
    words = " ".join(act.trigger.of(w.x.document.text).split())
    to = f" to {' and '.join(act.addressees)}" if act.addressees else ""
    w.say(iri, _LABEL, f"According to {teller}: {' and '.join(act.actors)}{to}: {act.type} (“{words}”)")


def _words(w: _Writer, iri: str, name: str, span: Span) -> None:
    w.say(iri, name, span.of(w.x.document.text))
    w.say(iri, f"{name}Start", span.start)
    w.say(iri, f"{name}End", span.end)


def _agents(w: _Writer, act: Act, iri: str, relation: str, labels: tuple[str, ...]) -> None:
    """Actors or addressees: participants of the encounter, or parties, or words that stay unresolved.

    An act that is told once for several calls may have actors of them all, so the other encounters are asked next.
    """
    for label in labels:
        found = w.participations.get((act.encounter, label)) or w.participations.get((None, label)) or []
        for participation, agent in found:
            w.link(iri, f"{relation}Participation", participation)
            w.link(iri, relation, agent)
        if found:
            continue
        if any(w.lexicon.facts(kind, label) for kind in ("state", "organization", "forum")):
            w.link(iri, relation, w.party(label))
            w.link(iri, f"{relation}State", w.party(label))
        else:
            w.say(iri, f"unresolved{relation.capitalize()}", label)


def _issue_mention(w: _Writer, act: Act, iri: str, link: IssueLink, number: int) -> str:
    """The words that name an issue; returns the issue: a concept, or the candidate that they make."""
    mention = w.part("issue-mention", f"{act.id}-{number}")
    issue = concept("issue", link.concept)
    if link.candidate:
        phrase = " ".join(link.span.of(w.x.document.text).split())
        broader, issue = issue, w.iris.candidate(phrase)
        w.type(issue, "CandidateIssue")
        w.say(issue, "phrase", phrase)
        w.say(issue, f"<{_SKOS}prefLabel>", phrase)
        if link.concept:
            w.link(issue, f"<{_SKOS}broader>", broader)
    w.link(iri, "aboutIssue", issue)
    w.link(iri, "hasIssueMention", mention)
    w.type(mention, "IssueMention")
    w.link(mention, "mentionsIssue", issue)
    w.say(mention, "order", number)
    w.claim(mention, link.span, link.rule, link.confidence)
    return issue


def _commitment(w: _Writer, act: Act, iri: str, whole: Span) -> None:
    commitment = w.part("commitment", act.id)
    w.link(iri, "makesCommitment", commitment)
    w.type(commitment, "Commitment")
    w.claim(commitment, act.content or whole, act.rule, act.confidence)
    w.say(commitment, "strength", act.strength)


def _segments(w: _Writer) -> None:
    """The sentences that claims stand in, the background, and those that no rule covers, each with its block."""
    blocks = sorted(w.x.blocks, key=lambda b: b.span)
    heads = [b.span.start for b in blocks]
    for number, covered in enumerate(w.x.coverage, 1):
        if covered.state not in (Reading.UNREAD, Reading.BACKGROUND) and number not in w.quoted:
            continue
        iri = w.part("segment", number)
        w.link(w.readout, "hasSegment", iri)
        w.type(iri, "Segment")
        w.span(iri, covered.span)
        w.say(iri, "reading", covered.state.value)
        i = bisect_right(heads, covered.span.start) - 1
        if i >= 0:
            w.say(iri, "blockKind", blocks[i].kind.value)
            w.say(iri, "itemNumber", blocks[i].number)


def _reading(w: _Writer) -> None:
    """How the document was read: versions, the account of every sentence, diagnostics."""
    iri = f"{w.readout}/extraction"
    w.type(iri, "Extraction")
    w.link(iri, f"<{_PROV}used>", w.readout)
    w.say(iri, "softwareVersion", software_version())
    w.say(iri, "lexiconHash", lexicon_hash())
    states = [c.state for c in w.x.coverage]
    w.say(iri, "sentences", len(states))
    w.say(iri, "sentencesWithActs", states.count(Reading.ACT))
    w.say(iri, "sentencesOfEncounter", states.count(Reading.ENCOUNTER))
    w.say(iri, "sentencesOfBackground", states.count(Reading.BACKGROUND))
    w.say(iri, "sentencesOfBoilerplate", states.count(Reading.BOILERPLATE))
    w.say(iri, "sentencesUnread", states.count(Reading.UNREAD))
    for number, diagnostic in enumerate(w.x.diagnostics, 1):
        node = w.part("diagnostic", number)
        w.link(iri, "hasDiagnostic", node)
        w.type(node, "Diagnostic")
        w.say(node, "code", diagnostic.code)
        w.say(node, "message", diagnostic.message)
        if diagnostic.span:
            w.span(node, diagnostic.span)


@cache
def software_version() -> str:
    """The version of the installed package."""
    try:
        return version("communique")
    except PackageNotFoundError:
        return "0"


@cache
def lexicon_hash() -> str:
    """The hash of the lexicon's tables, so that data tells what it was read with."""
    tables = files("communique.ingest").joinpath("tables")
    return sha256(b"".join(tables.joinpath(name).read_bytes() for name in ("labels.tsv", "facts.tsv"))).hexdigest()[:16]


@cache
def _title_words() -> tuple[tuple[str, str], ...]:
    """The words of a title that tell the class of an encounter: alternative labels of the ontology's classes."""
    labels = ((terms.text(o), s[len(CQ) + 1 : -1]) for s, p, o in terms.ontology() if p == f"<{_SKOS}altLabel>")
    return tuple(sorted(labels))


@cache
def _source_parties() -> dict[str, str]:
    return {source.id: source.party for source in sources.load() if source.party}
