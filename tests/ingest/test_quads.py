"""Quads: re-read by two independent readers, the same bytes every time, every quote where its offsets say, nothing lost."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Literal, URIRef

from communique.ingest.lexicon.lexicon import Label, Lexicon
from communique.ingest.nquads import day, literal, moment
from communique.ingest.quads import quads
from communique.iris import CQ, Iris
from communique.model import (
    Act,
    Block,
    BlockKind,
    Covered,
    Diagnostic,
    Document,
    Encounter,
    Extraction,
    IssueLink,
    Participant,
    Reading,
    Reference,
    Span,
    Stance,
)

IRIS = Iris("https://example.org/d/")
LEXICON = Lexicon(
    [
        Label("Geneva", "place", "geneva", "prefLabel"),
        Label("Group of Seven", "forum", "G7", "prefLabel"),
        Label("Foreign Minister", "office", "foreign-minister", "prefLabel"),
        Label("Minister", "office", "minister", "prefLabel"),
        Label("Trade", "portfolio", "trade", "prefLabel"),
        Label("Norway", "state", "NOR", "prefLabel"),
    ],
    [
        ("state", "NOR", "iso3", "NOR"),
        ("state", "CHL", "iso3", "CHL"),
        ("forum", "G7", "acronym", "G7"),
        ("office", "minister", "officeKind", "minister"),
        ("portfolio", "trade", "officeKind", "trade-minister"),
    ],
)
Triples = dict[str, dict[str, list[str]]]


def document(text: str, **more: object) -> Document:
    values: dict[str, object] = {
        "id": "page",
        "text": text,
        "sha256": "0" * 64,
        "origin": "here",
        "title": "A “title” with \\ and \t",
        "publisher": "Ministry of Foreign Affairs of Norway",
        "date": "2023-05-04",
        **more,
    }
    return Document(**values)  # type: ignore[arg-type]


def participant(name: str | None, party: str | None, span: Span, *offices: str) -> Participant:
    return Participant(name, name.split()[-1] if name else None, offices, party, span, "who")


def encounter(span: Span, *participants: Participant, **more: object) -> Encounter:
    values: dict[str, object] = {
        "id": "e1",
        "type": "meeting",
        "date": "2023-05-03",
        "participants": participants,
        "span": span,
        "rule": "lead",
    }
    return Encounter(**{**values, **more})  # type: ignore[arg-type]


def read(lines: list[str]) -> Triples:
    """Subject -> predicate (local name) -> values, as pyoxigraph reads the lines."""
    out: Triples = defaultdict(lambda: defaultdict(list))
    for q in ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS):
        value = q.object.value if isinstance(q.object, ox.Literal | ox.NamedNode) else str(q.object)
        out[str(q.subject)[1:-1]][re.split("[/#]", q.predicate.value)[-1]].append(value)
    return out


def only(triples: Triples, part: str) -> dict[str, list[str]]:
    (found,) = [s for s in triples if part in s]
    return triples[found]


TEXTS = st.text(st.characters(codec="utf-8"), min_size=12, max_size=60)


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # rdflib's own reader asks for it
@settings(max_examples=30, deadline=None)
@given(TEXTS, st.data())
def test_every_line_is_read_back_and_every_quote_stands_at_its_offsets(text: str, data: st.DataObject) -> None:
    def span() -> Span:
        start = data.draw(st.integers(0, len(text) - 1))
        return Span(start, data.draw(st.integers(start + 1, len(text))))

    words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
    people = (
        participant(f"Given {data.draw(words).strip() or 'X'}", "NOR", span(), data.draw(words)),
        participant(None, data.draw(words), span()),
    )
    meeting = encounter(span(), *people, place=data.draw(words), occasion=data.draw(words), occasion_span=span())
    link = IssueLink("trade", "trade", span(), "issue", 0.5, candidate=data.draw(st.booleans()))
    act = Act(
        id="a1",
        encounter="e1",
        trigger=span(),
        content=span(),
        type="Request",
        verb="request",
        actors=(people[0].label, data.draw(words)),
        addressees=(people[1].label,),
        addressee_implicit=False,
        target=data.draw(words),
        issues=(link,),
        stance=Stance.NEGATIVE,
        joint=False,
        commitment=True,
        rule="verb",
        note=data.draw(words),
    )
    x = Extraction(
        document(text, title=data.draw(words), url=data.draw(words)),
        "readout",
        None,
        (Block(BlockKind.PARA, Span(0, len(text))),),
        (meeting,),
        (Reference("call", data.draw(words), "before", span(), "reference"),),
        (act,),
        (Covered(Span(0, len(text)), Reading.ACT),),
        (Diagnostic(data.draw(words), span(), data.draw(words)),),
    )
    lines = quads(x, IRIS, LEXICON)
    assert lines == sorted(set(lines)) == quads(x, IRIS, LEXICON)
    joined = "\n".join(lines)
    one = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(joined.encode(), format=ox.RdfFormat.N_QUADS)}
    dataset = Dataset()
    dataset.parse(data=joined, format="nquads")
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    quoted = 0
    for s, p, o, g in dataset.quads():
        assert isinstance(s, URIRef) and isinstance(o, URIRef | Literal) and str(g) == IRIS.account(IRIS.readout(x.document))
        facts[str(s)][str(p)] = str(o)
    assert len(one) == len(lines) == sum(1 for _ in dataset.quads())
    for fact in facts.values():
        for name in ("", "trigger", "content"):
            start, end = (f"{CQ}{name}{w}" if name else f"{CQ}{w.lower()}" for w in ("Start", "End"))
            if start in fact:
                quoted += 1
                assert text[int(fact[start]) : int(fact[end])] == fact[f"{CQ}{name or 'quote'}"]
    assert quoted >= 10


def test_lines_are_canonical_so_that_a_store_gives_them_back_unchanged() -> None:
    text = "Norway met Chile in Geneva."
    meeting = encounter(
        Span(0, 10),
        participant("Kari Dahl", "NOR", Span(0, 6)),
        start="2023-05-03T16:20:00+00:00",
        start_publisher="2023-05-03T18:20:00+02:00",
        duration_min=40,
    )
    lines = quads(Extraction(document(text), "readout", None, (), (meeting,)), IRIS, LEXICON)
    store = ox.Store()
    store.load("\n".join(lines).encode(), ox.RdfFormat.N_QUADS)
    assert sorted(store.dump(format=ox.RdfFormat.N_QUADS).decode().splitlines()) == lines  # type: ignore[union-attr]


def test_a_document_set_aside_keeps_its_reason_and_not_its_text() -> None:
    triples = read(quads(Extraction(document("Remarks."), "transcript", "a transcript"), IRIS, LEXICON))
    page = (
        only(triples, "/page-")
        if len([s for s in triples if "/page-" in s]) == 1
        else next(f for s, f in triples.items() if "setAsideReason" in f)
    )
    assert page["setAsideReason"] == ["a transcript"] and page["genre"] == ["transcript"] and "text" not in page
    assert not any("encounter" in s for s in triples)


def test_a_meeting_its_place_occasion_and_clocks() -> None:
    text = "Kari Dahl met Ana Rojas in Geneva on the margins of the Group of Seven summit."
    people = (
        participant("Kari Dahl", "NOR", Span(0, 9), "Foreign Minister"),
        participant("Ana Rojas", "CHL", Span(14, 23), "Minister of Trade"),
    )
    occasion = Span(text.index("the Group"), len(text) - 1)
    meeting = encounter(
        Span(0, 30),
        *people,
        place="Geneva",
        occasion=occasion.of(text),
        occasion_span=occasion,
        start="2023-05-03T23:30:00-04:00",
        start_publisher="2023-05-04T05:30:00+02:00",
        duration_min=40,
        approximate=True,
        conflicts=("a conflict",),
    )
    triples = read(quads(Extraction(document(text), "readout", None, (), (meeting,)), IRIS, LEXICON))
    e = only(triples, "/encounter/e1")
    assert e["type"] == [CQ + "BilateralMeeting"] and e["partyKey"] == ["CHL NOR"]
    assert (e["startUTC"], e["startLocal"], e["duration"], e["approximate"]) == (
        ["2023-05-04T03:30:00Z"],
        ["2023-05-03T23:30:00-04:00"],
        ["40"],
        ["true"],
    )
    assert e["atPlace"] == ["https://w3id.org/communique/vocab/place/geneva"] and e["clockConflict"] == ["a conflict"]
    assert only(triples, "/occasion/")["convenedBy"] == ["https://w3id.org/communique/vocab/forum/G7"]
    assert only(triples, "/office/nor/foreign-minister")["officeKind"] == ["https://w3id.org/communique/vocab/office/foreign-minister"]
    assert only(triples, "/office/chl/minister-of-trade")["officeKind"] == ["https://w3id.org/communique/vocab/office/trade-minister"]
    assert only(triples, "/person/nor-dahl-kari")["familyName"] == ["Dahl"]
    # Who she is elsewhere, and since when she is minister, is no account's to say.
    assert not [s for s in triples if "/incumbency/" in s or "/id/person/" in s]


def test_a_courtesy_call_is_known_by_its_title() -> None:
    x = Extraction(
        document("Kari Dahl", title="Courtesy Call on the Minister"),
        "readout",
        None,
        (),
        (encounter(Span(0, 9), participant("Kari Dahl", "NOR", Span(0, 9))),),
    )
    assert CQ + "CourtesyCall" in only(read(quads(x, IRIS, LEXICON)), "/encounter/e1")["type"]


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("A Day in Bodø", ["A Day in Bodø (meeting 1 of 2, NOR)", "A Day in Bodø (meeting 2 of 2, SWE)"]),
        (None, ["meeting 1 of 2, NOR, 2023-05-03", "meeting 2 of 2, SWE, 2023-05-03"]),
    ],
)
def test_encounters_of_one_readout_are_told_apart_by_their_labels(title: str | None, labels: list[str]) -> None:
    first = encounter(Span(0, 9), participant("Kari Dahl", "NOR", Span(0, 9)))
    second = encounter(Span(14, 21), participant("Jon Aas", "SWE", Span(14, 21)), id="e2")
    x = Extraction(document("Kari Dahl met Jon Aas.", title=title), "readout", None, (), (first, second))
    triples = read(quads(x, IRIS, LEXICON))
    assert [only(triples, f"/encounter/e{n}")["label"] for n in (1, 2)] == [[label] for label in labels]


def test_parties_and_people_that_are_not_known_are_kept() -> None:
    text = "The delegation of the Isles met."
    meeting = encounter(Span(0, 14), participant(None, "ISLES", Span(0, 28)), participant(None, None, Span(0, 14)))
    act = Act(
        "a1",
        "e1",
        Span(29, 31),
        None,
        "Discuss",
        "discuss",
        ("ISLES", "NOR", "somebody"),
        ("she",),
        False,
        None,
        (),
        Stance.NONE,
        False,
        False,
        "verb",
    )
    triples = read(quads(Extraction(document(text), "readout", None, (), (meeting,), (), (act,)), IRIS, LEXICON))
    a = only(triples, "/act/a1")
    assert sorted(a["actor"]) == ["https://example.org/d/id/party/isles", "https://w3id.org/communique/vocab/state/NOR"]
    assert a["actorState"] == ["https://w3id.org/communique/vocab/state/NOR"]
    assert (a["unresolvedActor"], a["unresolvedAddressee"]) == (["somebody"], ["she"])
    assert only(triples, "/party/the-delegation")["type"] == [CQ + "NonStateActor"]


def test_stance_is_towards_the_target_if_there_is_one_else_towards_the_issues() -> None:
    text = "Norway condemned Chile over trade."
    link = IssueLink("trade", "trade", Span(28, 33), "issue")
    act = Act(
        "a1",
        "e1",
        Span(7, 16),
        Span(17, 33),
        "Condemn",
        "condemn",
        ("NOR",),
        (),
        False,
        "CHL",
        (link,),
        Stance.NEGATIVE,
        False,
        False,
        "verb",
    )
    x = Extraction(document(text), "readout", None, (), (encounter(Span(0, 6)),), (), (act,))
    assert only(read(quads(x, IRIS, LEXICON)), "/act/a1")["opposes"] == ["https://w3id.org/communique/vocab/state/CHL"]
    x = replace(x, acts=(replace(act, target=None, stance=Stance.POSITIVE),))
    assert only(read(quads(x, IRIS, LEXICON)), "/act/a1")["supports"] == ["https://w3id.org/communique/vocab/issue/trade"]


def test_the_account_of_every_sentence() -> None:
    text = "Title\nThey met. Tea was served."
    covered = (Covered(Span(0, 5), Reading.BOILERPLATE), Covered(Span(6, 15), Reading.ENCOUNTER), Covered(Span(16, 31), Reading.UNREAD))
    blocks = (Block(BlockKind.TITLE, Span(0, 5)), Block(BlockKind.ITEM, Span(6, 31), "(1)"))
    x = Extraction(
        document(text),
        "readout",
        None,
        blocks,
        (encounter(Span(6, 10)),),
        coverage=covered,
        diagnostics=(Diagnostic("unread", None, "why"),),
    )
    triples = read(quads(x, IRIS, LEXICON))
    reading = only(triples, "/extraction")
    assert [reading[f"sentences{n}"] for n in ("", "WithActs", "OfEncounter", "OfBackground", "OfBoilerplate", "Unread")] == [
        ["3"],
        ["0"],
        ["1"],
        ["0"],
        ["1"],
        ["1"],
    ]
    unread = only(triples, "/segment/3")
    assert (unread["quote"], unread["reading"], unread["blockKind"], unread["itemNumber"]) == (
        ["Tea was served."],
        ["unread"],
        ["item"],
        ["(1)"],
    )
    assert only(triples, "/encounter/e1")["evidence"] == [next(s for s in triples if s.endswith("/segment/2"))]
    assert not any(s.endswith("/segment/1") for s in triples)
    assert only(triples, "/diagnostic/1")["message"] == ["why"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-05-03", '"2023-05-03"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("2023-05", '"2023-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("2023", '"2023"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("2023-02-30", '"2023-02-30"'),
        ("last week", '"last week"'),
    ],
)
def test_days_are_as_exact_as_they_are_known(value: str, expected: str) -> None:
    assert day(value) == expected


def test_literals_are_canonical() -> None:
    assert literal('a"\\\n\x01\x7f') == '"a\\"\\\\\\n\\u0001\\u007F"'
    assert literal(True) == '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    assert literal(0.95) == '"0.95"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert literal(1.0) == '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def test_a_time_without_zone_is_no_moment() -> None:
    assert moment("2023-05-03T10:00:00") is None
    assert moment("noon") is None


def test_an_act_told_once_for_two_calls_has_the_people_of_both() -> None:
    text = "Kari Dahl spoke with Ana Rojas. Kari Dahl spoke with Jo Berg. They agreed."
    dahl = participant("Kari Dahl", "NOR", Span(0, 9))
    first = encounter(Span(0, 9), dahl, participant("Ana Rojas", "CHL", Span(21, 30)))
    second = encounter(Span(32, 41), dahl, participant("Jo Berg", "CHL", Span(53, 60)), id="e2")
    people = ("Dahl", "Rojas", "Berg")
    act = Act("a1", "e1", Span(67, 73), None, "Agree", "agree", people, (), False, None, (), Stance.NONE, True, False, "verb")
    x = Extraction(document(text), "readout", None, (), (first, second), (), (act,))
    found = only(read(quads(x, IRIS, LEXICON)), "/act/a1")
    assert sorted(iri.rsplit("/", 1)[1] for iri in found["actor"]) == ["chl-berg-jo", "chl-rojas-ana", "nor-dahl-kari"]
    assert sorted(iri.rsplit("/", 1)[1] for iri in found["actorParticipation"]) == ["e1-1", "e1-2", "e2-2"]


@pytest.mark.parametrize(
    ("title", "party", "office"),
    [
        ("Minister of Foreign Affairs", "NOR", "nor/foreign-minister"),
        ("Deputy Crown Prince", "KWT", "kwt/deputy-crown-prince"),
        ("National Security Adviser", "GBR", "gbr/national-security-advisor"),
        ("National Security Advisor to the Vice President", "USA", "usa/national-security-advisor-to-the-vice-president"),
        ("Deputy Prime Minister", "JOR", "jor/deputy-prime-minister"),
    ],
)
def test_titles_of_an_office_with_one_holder_share_it_but_a_deputys_does_not(title: str, party: str, office: str) -> None:
    text = f"Kari Dahl, {title}."
    x = Extraction(document(text), "readout", None, (), (encounter(Span(0, 9), participant("Kari Dahl", party, Span(0, 9), title)),))
    assert [s for s in read(quads(x, IRIS)) if "/id/office/" in s] == [f"https://example.org/d/id/office/{office}"]
