"""Writes an extraction as N-Quads: one asserted named graph a readout, one function for each kind of node.

No blank nodes, no clock, no counter of a run: the same extraction gives the same bytes.  Every claim carries offsets, the
exact quote, the rule that read it and a confidence.  A document that was set aside gets a small record with the reason.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from communique.ingest import sources
from communique.ingest.lexicon import lexicon as lexicons
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.nquads import LABEL, Writer, clock, day, moment
from communique.ingest.people.line import office_words
from communique.iris import CQ, Iris, concept, given_name
from communique.model import Act, Encounter, Extraction, IssueLink, Participant, Reading, Reference, Span, Stance
from communique.ontology import terms

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PROV = "http://www.w3.org/ns/prov#"

_ENCOUNTERS = {
    "call": "TelephoneTalk",
    "video": "VideoTalk",
    "visit": "Visit",
    "multilateral-meeting": "MultilateralMeeting",
    "dialogue": "Dialogue",
    "signing": "Signing",
    "other": "Encounter",
}
_TITLES = frozenset({"office", "portfolio"})
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
    writer = Writer(extraction, iris, lexicon or lexicons.load())
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


def _document(w: Writer) -> None:
    d = w.x.document
    w.type(w.readout, "Readout" if w.x.set_aside is None else "SetAside")
    w.say(w.readout, LABEL, w.x.heading or d.id)
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
    publisher, name = _publisher(w), sources.teller(d)[0]
    w.type(publisher, "Publisher")
    w.say(publisher, LABEL, name)
    w.link(w.readout, "publisher", publisher)
    if party := _publishing_party(w):
        w.link(publisher, "speaksFor", party)
    if source := _sources().get(d.source):
        w.say(publisher, "zone", source.zone)


def _publisher(w: Writer) -> str:
    d = w.x.document
    return w.iris.publisher(d.source, sources.teller(d)[0], composed=d.composed)


def _publishing_party(w: Writer) -> str | None:
    """The party that the publisher speaks for, as the document was read, else the state or organization in the publisher's name."""
    d = w.x.document
    if party := sources.teller(d)[1]:
        return w.party(party)
    return w.known(("state", "organization"), d.publisher, whole=False) if d.publisher else None


def _account(w: Writer) -> None:
    w.type(w.account, "Account")
    w.link(w.readout, "hasAccount", w.account)
    w.link(w.account, "accordingTo", _publisher(w))
    w.link(w.account, f"<{_PROV}wasDerivedFrom>", w.readout)
    w.link(w.account, f"<{_PROV}wasGeneratedBy>", f"{w.readout}/extraction")


def _label(x: Extraction, e: Encounter) -> str:
    """The title; encounters that share one, or have none, are told apart by kind, place in the readout and parties."""
    title, several = x.heading, len(x.encounters) > 1
    if title and not several:
        return title
    kind = e.type.replace("-", " ") + (f" {x.encounters.index(e) + 1} of {len(x.encounters)}" if several else "")
    own = ", ".join(filter(None, (kind, "-".join(e.parties), "" if title else e.date)))
    return f"{title} ({own})" if title else own


def _encounter(w: Writer, e: Encounter) -> None:
    iri = w.part("encounter", e.id)
    w.link(w.account, "describesEncounter", iri)
    w.type(iri, _ENCOUNTERS.get(e.type) or _MEETINGS.get(len(e.parties), "MultilateralMeeting" if len(e.parties) > 3 else "Meeting"))
    if e.type in _IN_PERSON:
        w.type(iri, *(name for words, name in _title_words() if words in (w.x.heading or "").lower()))
    w.claim(iri, e.span, e.rule, e.confidence)
    w.say(iri, LABEL, _label(w.x, e))
    w.say(iri, "kind", e.type)
    _days(w, iri, e.date)
    w.say(iri, "partyKey", " ".join(sorted(e.parties)))
    if start := moment(e.start or ""):
        w.add(iri, "startLocal", clock(start))
        w.add(iri, "startUTC", clock(start.astimezone(UTC)))
    if start := moment(e.start_publisher or ""):
        w.add(iri, "startPublisher", clock(start))
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


def _occasion(w: Writer, e: Encounter, encounter: str) -> None:
    iri = w.part("occasion", e.id)
    w.link(encounter, "onMarginsOf", iri)
    w.type(iri, "Occasion")
    w.say(iri, LABEL, e.occasion)
    w.claim(iri, e.occasion_span or e.span, e.rule, e.confidence)
    if body := w.known(("organization", "forum"), e.occasion or "", whole=False):
        w.link(iri, "convenedBy", body)


def _participation(w: Writer, e: Encounter, encounter: str, p: Participant, order: int) -> None:
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
    if p.party and not p.offices:
        w.link(iri, "represents", w.party(p.party))


def _person(w: Writer, p: Participant) -> str:
    iri = w.iris.named(w.readout, p)
    w.type(iri, "Person")
    w.say(iri, LABEL, p.name or p.family)
    w.say(iri, "familyName", p.family)
    w.say(iri, "givenName", given_name(p.name or "", p.family))
    return iri


def _office(w: Writer, title: str, party: str | None) -> str:
    """The office of a title: titles of an office that a party has one of share it; others (envoys) are told apart by their words."""
    known = w.known(("office",), title, whole=True)
    id_ = known.rsplit("/", 1)[1] if known else None
    one = id_ and w.lexicon.fact("office", id_, "onePerParty") and not _lower(title, id_)
    iri = w.iris.office(party, id_ if id_ and one else title)
    w.type(iri, "Office")
    w.say(iri, LABEL, title)
    if party:
        w.link(iri, "officeOf", w.party(party))
    if kind := (w.lexicon.fact("office", id_, "officeKind") or id_) if id_ else _kind_by_portfolio(w, title):
        w.link(iri, "officeKind", concept("office", kind))
    return iri


def _lower(title: str, id_: str) -> bool:
    """Whether a word of the title makes it a lower rank than the office it is listed with: a deputy's."""
    words = title.replace("-", " ").split()
    return any(word in office_words().lower and word.lower() not in id_.split("-") for word in words)


def _kind_by_portfolio(w: Writer, title: str) -> str | None:
    """The kind of a title that is put together: that of its head, or of its portfolio if the head is a minister of anything."""
    hits = w.lexicon.longest(title.replace("’", "'"), _TITLES)
    heads = [w.lexicon.fact("office", h.label.id, "officeKind") or h.label.id for h in hits if h.label.kind == "office"]
    portfolios = [kind for h in hits if h.label.kind == "portfolio" and (kind := w.lexicon.fact("portfolio", h.label.id, "officeKind"))]
    if heads and heads[0] != "minister":
        return heads[0]
    return (portfolios or heads)[0] if heads else None


def _reference(w: Writer, r: Reference, iri: str) -> None:
    w.link(w.account, "hasReference", iri)
    w.type(iri, _REFERENCES.get(r.kind, "Reference"))
    w.claim(iri, r.span, r.rule, r.confidence)
    w.say(iri, "kind", r.kind)
    w.say(iri, "relation", r.relation)
    _days(w, iri, r.date)


def _days(w: Writer, iri: str, date: str | None) -> None:
    """The day of an event, or its first and last day."""
    first, _, last = (date or "").partition("/")
    for name, value in (("date", first), ("dateEnd", last)):
        if value:
            w.add(iri, name, day(value))


def _act(w: Writer, act: Act, order: int) -> None:
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
    teller = sources.teller(w.x.document)[0]
    words = " ".join(act.trigger.of(w.x.document.text).split())
    to = f" to {' and '.join(act.addressees)}" if act.addressees else ""
    w.say(iri, LABEL, f"According to {teller}: {' and '.join(act.actors)}{to}: {act.type} (“{words}”)")


def _words(w: Writer, iri: str, name: str, span: Span) -> None:
    w.say(iri, name, span.of(w.x.document.text))
    w.say(iri, f"{name}Start", span.start)
    w.say(iri, f"{name}End", span.end)


def _agents(w: Writer, act: Act, iri: str, relation: str, labels: tuple[str, ...]) -> None:
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


def _issue_mention(w: Writer, act: Act, iri: str, link: IssueLink, number: int) -> str:
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


def _commitment(w: Writer, act: Act, iri: str, whole: Span) -> None:
    commitment = w.part("commitment", act.id)
    w.link(iri, "makesCommitment", commitment)
    w.type(commitment, "Commitment")
    w.claim(commitment, act.content or whole, act.rule, act.confidence)
    w.say(commitment, "strength", act.strength)


def _segments(w: Writer) -> None:
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


def _reading(w: Writer) -> None:
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
def _sources() -> dict[str, sources.Source]:
    return {source.id: source for source in sources.load()}
