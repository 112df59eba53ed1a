"""Second opinions: what of a proposal is believed, and that it confirms, doubts and adds without ever replacing what the rules read."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import OpinionError
from communique.ingest.extract import extract
from communique.ingest.grammar import table
from communique.ingest.lexicon import lexicon
from communique.ingest.opinions import Proposals, consult, unheard
from communique.ingest.opinions.proposals import from_json
from communique.ingest.opinions.request import schema
from communique.ingest.opinions.sheet import Sheet
from communique.ingest.opinions.verify import Verified, verify
from communique.ingest.pages.documents import read
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Act, BlockKind, Diagnostic, Document, Extraction, Reading
from communique.ontology import reasoner
from communique.ontology.findings.upkeep import check
from communique.store import open_store
from tests.ingest.texts import document, readout

Json = dict[str, Any]
LEAD = 1  # the number of the sentence that tells of the meeting
SAID = 2

WHITCOMBE = {
    "id": "p1",
    "sentence": LEAD,
    "quote": "Secretary of State Daniel Whitcombe",
    "name": "Daniel Whitcombe",
    "family": "Whitcombe",
    "offices": ["Secretary of State"],
    "party": "U.S.",
}
ORSINI = {
    "id": "p2",
    "sentence": LEAD,
    "quote": "French Foreign Minister Clara Orsini",
    "name": "Clara Orsini",
    "family": "Orsini",
    "offices": ["Foreign Minister"],
    "party": "French",
}


def told(trigger: str, content: str | None, type_: str, by: str, *actors: str, **fields: Any) -> Json:
    given = {"sentence": SAID, "to": None, "addressees": [], "against": None, **fields}
    return {"trigger": trigger, "content": content, "type": type_, "by": by, "actors": list(actors), **given}


@dataclass(frozen=True)
class Says:
    """An opinion that says what a test wants."""

    reply: Json | str
    name: str = "test"

    def ask(self, extraction: Extraction) -> Proposals:
        if isinstance(self.reply, str):
            raise OpinionError(self.reply, where="http://inner.example/v1")
        return from_json(self.reply)


def opinion(*acts: Json, people: tuple[Json, ...] = (WHITCOMBE, ORSINI)) -> Says:
    return Says({"people": list(people), "acts": list(acts)})


def verified(found: Extraction, *acts: Json, people: tuple[Json, ...] = (WHITCOMBE, ORSINI)) -> Verified:
    proposals = from_json({"people": list(people), "acts": list(acts)})
    return verify(proposals, Sheet.of(found), lexicon.load(), frozenset(p for e in found.encounters for p in e.parties))


def codes(found: Extraction, code: str) -> list[Diagnostic]:
    return [d for d in found.diagnostics if d.code == code]


def added(found: Extraction) -> list[Act]:
    return [a for a in found.acts if a.rule.startswith("opinion-")]


# What is believed


def test_quotes_get_their_place_in_the_text_whatever_its_line_ends_and_quotation_marks() -> None:
    found = extract(
        document(
            "Office of the Spokesperson\n\nSecretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini in "
            "Vienna. Secretary Whitcombe floated\na working group on the region’s\nfisheries.\n"
        )
    )
    act = told("floated", "a working group on the region's fisheries", "Offer", "Secretary Whitcombe", "p1")
    (only,) = verified(found, act).acts
    assert only.trigger.of(found.document.text) == "floated"
    assert only.content
    assert only.content.of(found.document.text) == "a working group on the region’s\nfisheries"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"trigger": "proposed"}, "a quote that is not in its sentence"),
        ({"trigger": "float"}, "a quote that is not in its sentence"),  # inside a word
        ({"content": "a joint working group on farming"}, "a quote that is not in its sentence"),
        ({"by": "Minister Orsini"}, "a quote that is not in its sentence"),
        ({"sentence": LEAD}, "a quote that is not in its sentence"),
        ({"sentence": 0}, "a sentence that there is not"),
        ({"sentence": 99}, "a sentence that there is not"),
        ({"type": "Propose"}, "a type that the vocabulary does not have"),
        ({"actors": ["p3"]}, "an actor or addressee who is no participant"),
        ({"actors": []}, "an actor or addressee who is no participant"),
        ({"actors": ["p2"]}, "an actor or addressee whom the words do not name"),
        ({"addressees": ["p2"]}, "addressees without words that name them"),
        ({"to": "Secretary Whitcombe", "addressees": ["p1"]}, "somebody who speaks to himself"),
        ({"to": "Secretary Whitcombe", "addressees": ["p2"]}, "an actor or addressee whom the words do not name"),
        ({"against": "fisheries"}, "a target that is no party outside"),
        ({"content": "floated a joint working group"}, "a content that holds its own verb"),
        ({"trigger": None}, "not in the form asked for"),
        ({"actors": "p1"}, "not in the form asked for"),
        ({"sentence": "2"}, "not in the form asked for"),
    ],
)
def test_an_act_with_one_field_that_fails_is_rejected_whole(change: Json, reason: str) -> None:
    found = readout("Secretary Whitcombe floated a joint working group on fisheries.")
    act = told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1")
    assert len(verified(found, act).acts) == 1
    held = verified(found, {**act, **change})
    assert (held.acts, held.rejected) == ((), {reason: 1})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "Foreign Minister Carla Orsini"}, "a quote that is not in its sentence"),
        ({"name": "Carla Orsini"}, "a name or office that its quote does not have"),
        ({"family": "Orsi"}, "a name or office that its quote does not have"),
        ({"offices": ["Prime Minister"]}, "a name or office that its quote does not have"),
        ({"party": "Italian"}, "a quote that is not in the text"),
        ({"party": "Vienna"}, "a party that the words do not name"),
        ({"family": None}, "a name without a family name"),
        ({"name": None, "family": None, "party": None}, "a delegation of nobody"),
        ({"id": "p1"}, "a person named twice"),
    ],
)
def test_a_person_with_one_field_that_fails_is_rejected_whole(change: Json, reason: str) -> None:
    held = verified(readout(), people=(WHITCOMBE, {**ORSINI, **change}))
    assert (list(held.people), held.rejected) == (["p1"], {reason: 1})


def test_a_title_holds_no_act_and_an_act_is_told_once() -> None:
    found = readout("Secretary Whitcombe floated a joint working group on fisheries.")
    act = told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1")
    assert verified(found, act, act).rejected == {"an act told twice": 1}
    titled = replace(found, blocks=tuple(replace(b, kind=BlockKind.TITLE) if i else b for i, b in enumerate(found.blocks)))
    assert verified(titled, act).rejected == {"an act in a title": 1}


def test_a_target_is_the_party_that_its_words_name() -> None:
    found = readout("Secretary Whitcombe lambasted Russia for the blockade of grain.")
    act = told("lambasted", "Russia for the blockade of grain", "Condemn", "Secretary Whitcombe", "p1", against="Russia")
    assert [t.target for t in verified(found, act).acts] == ["RUS"]
    assert verified(found, {**act, "against": "Secretary Whitcombe"}).rejected


# What becomes of it


def test_what_both_read_stays_as_it_is() -> None:
    found = readout("The two ministers discussed grain exports.")
    held = consult(found, opinion(told("discussed", "grain exports", "Discuss", "The two ministers", "p1", "p2")))
    assert (held.encounters, held.acts, held.coverage) == (found.encounters, found.acts, found.coverage)
    assert [d.message for d in held.diagnostics if d not in found.diagnostics] == [
        "opinion-test confirms 1 of 1 acts and adds 0 items; none of its items rejected"
    ]


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ((), "reads no act here"),
        ((told("welcomed", "the grain deal", "Commend", "Secretary Whitcombe", "p1"),), "reads Commend here, the rules Welcome"),
    ],
)
def test_where_they_differ_the_rules_stay_with_less_confidence(acts: tuple[Json, ...], said: str) -> None:
    found = readout("Secretary Whitcombe welcomed the grain deal.")
    held = consult(found, opinion(*acts))
    (act,), (before,) = held.acts, found.acts
    assert replace(act, confidence=before.confidence) == before
    assert act.confidence < before.confidence
    (note,) = codes(held, "opinion-differs")
    assert (note.span, note.message) == (act.trigger, f"opinion-test {said}")


def test_another_actor_is_a_difference() -> None:
    found = readout("The two ministers discussed grain exports.")
    held = consult(found, opinion(told("discussed", "grain exports", "Discuss", "The two ministers", "p1")))
    assert [d.message for d in codes(held, "opinion-differs")] == [
        "opinion-test reads Whitcombe as who acts here, the rules Whitcombe and Orsini"
    ]


def test_an_act_is_added_where_the_rules_read_none() -> None:
    found = readout("Secretary Whitcombe floated a joint working group on fisheries.")
    assert not found.acts
    held = consult(found, opinion(told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1")))
    (act,) = held.acts
    assert (act.type, act.actors, act.addressees, act.addressee_implicit) == ("Offer", ("Whitcombe",), ("Orsini",), True)
    assert (act.rule, act.confidence) == ("opinion-test", 0.3)
    (by_rule,) = readout("Secretary Whitcombe discussed a joint working group on fisheries.").acts
    assert [link.issue for link in act.issues] == [link.issue for link in by_rule.issues] != []
    assert [d.span for d in codes(held, "opinion-added")] == [act.trigger]
    assert held.coverage == found.coverage  # no rule reads the sentence, and the account says so
    assert [c.state for c in held.coverage][-1] is Reading.UNREAD


def test_an_act_beside_those_of_the_rules_is_told_and_not_added() -> None:
    found = readout("Secretary Whitcombe discussed trade and floated a joint working group on fisheries.")
    discussed = told("discussed", "trade", "Discuss", "Secretary Whitcombe", "p1")
    held = consult(found, opinion(discussed, told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1")))
    assert held.acts == found.acts
    assert [d.message for d in codes(held, "opinion-differs")] == ["opinion-test reads Offer here, where the rules read no act"]


def test_the_acts_of_both_stand_in_the_order_of_the_text() -> None:
    found = readout(
        "Secretary Whitcombe floated a joint working group on fisheries.",
        "The two ministers discussed grain exports.",
        "Minister Orsini floated a paper on trade.",
    )
    held = consult(
        found,
        opinion(
            told("floated", "a paper on trade", "Offer", "Minister Orsini", "p2", sentence=4),
            told("discussed", "grain exports", "Discuss", "The two ministers", "p1", "p2", sentence=3),
            told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1"),
        ),
    )
    assert [a.trigger.start for a in held.acts] == sorted(a.trigger.start for a in held.acts)
    assert len({a.id for a in held.acts}) == 3


NOTED = "Ambassador Paul Lindgren of France took the notes."
LINDGREN = {
    "id": "p3",
    "sentence": SAID,
    "quote": "Ambassador Paul Lindgren",
    "name": "Paul Lindgren",
    "family": "Lindgren",
    "offices": ["Ambassador"],
    "party": "France",
}


def test_a_person_is_added_on_a_side_that_the_rules_know() -> None:
    found = readout(NOTED)
    held = consult(found, opinion(people=(WHITCOMBE, ORSINI, LINDGREN)))
    person = held.encounters[0].participants[-1]
    assert (person.name, person.family, person.offices, person.party) == ("Paul Lindgren", "Lindgren", ("Ambassador",), "FRA")
    assert (person.rule, person.confidence) == ("opinion-test", 0.3)
    assert held.encounters[0].participants[:-1] == found.encounters[0].participants


def test_an_opinion_never_adds_a_side() -> None:
    found = readout(NOTED.replace("France", "Sweden"))
    held = consult(found, opinion(people=(WHITCOMBE, ORSINI, {**LINDGREN, "party": "Sweden"})))
    assert held.encounters == found.encounters
    assert [d.message for d in codes(held, "opinion-differs")] == [
        "opinion-test reads a participant of SWE, a side that the rules do not know"
    ]


def test_a_participant_whom_the_opinion_does_not_see_is_doubted() -> None:
    found = readout()
    held = consult(found, opinion(people=(WHITCOMBE,)))
    before, after = ({p.label: p.confidence for p in x.encounters[0].participants} for x in (found, held))
    assert after["Orsini"] < before["Orsini"]
    assert after["Whitcombe"] == before["Whitcombe"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"party": "U.S."}, "reads Orsini as speaking for USA, the rules for FRA"),
        ({"family": "Clara Orsini"}, "reads the family name Clara Orsini, the rules Orsini"),
    ],
)
def test_a_participant_of_whom_the_opinion_reads_something_else_is_doubted(change: Json, said: str) -> None:
    found = readout()
    held = consult(found, opinion(people=(WHITCOMBE, {**ORSINI, **change})))
    before, after = (x.encounters[0].participants for x in (found, held))
    assert [replace(p, confidence=0) for p in after] == [replace(p, confidence=0) for p in before]
    assert [a.confidence < b.confidence for a, b in zip(after, before, strict=True)] == [False, True]
    assert [d.message for d in codes(held, "opinion-differs")] == [f"opinion-test {said}"]


def test_a_delegation_stands_for_those_who_speak_for_its_party() -> None:
    found = readout("The French side welcomed the grain deal.")
    side = {**ORSINI, "quote": "French", "name": None, "family": None, "offices": []}
    held = consult(found, opinion(told("welcomed", "the grain deal", "Welcome", "The French side", "p2"), people=(WHITCOMBE, side)))
    assert (held.encounters, held.acts) == (found.encounters, found.acts)


def test_an_opinion_that_cannot_be_had_leaves_the_rules_alone() -> None:
    found = readout("The two ministers discussed grain exports.")
    held = consult(found, Says("the endpoint does not answer"))
    assert replace(held, diagnostics=found.diagnostics) == found
    assert unheard(held) == "the endpoint does not answer"  # without the address, which is nobody's business
    assert unheard(found) is None


def test_a_text_that_was_set_aside_is_not_asked_about() -> None:
    aside = extract(document("SECRETARY WHITCOMBE: Good morning.\n\nQUESTION: Mr. Secretary?\n\nSECRETARY WHITCOMBE: No.\n"))
    assert aside.set_aside
    assert consult(aside, Says("never asked")) is aside


def test_what_is_added_fits_the_ontology() -> None:
    found = readout("Secretary Whitcombe floated a joint working group on fisheries.", NOTED)
    act = told("floated", "a joint working group on fisheries", "Offer", "Secretary Whitcombe", "p1")
    held = consult(found, opinion(act, people=(WHITCOMBE, ORSINI, {**LINDGREN, "sentence": 3})))
    iris = Iris("https://data.example/")
    lines = quads(held, iris)
    claims = [line.split(" ")[0] for line in lines if '#derivedBy> "opinion-test"' in line]
    assert {claim.rsplit("/", 2)[1] for claim in claims} == {"act", "participation"}
    with open_store("memory:") as store:
        store.put_graph(iris.account(iris.readout(held.document)), lines)
        reasoner.reason(store, iris)
        assert check(store, iris) == ()


# Recorded answers


@pytest.fixture(scope="module")
def recorded(root: Path) -> list[tuple[Document, Json]]:
    """Samples with the answers of a model."""
    answers = sorted((root / "tests" / "data" / "opinions").glob("*.json"))
    documents = [d for d in read(root / "ingest" / "samples" / f"{a.stem}.txt" for a in answers) if isinstance(d, Document)]
    return list(zip(documents, (json.loads(a.read_text(encoding="utf-8")) for a in answers), strict=True))


def test_recorded_answers_stand_the_test_and_confirm_what_the_rules_read(recorded: list[tuple[Document, Json]]) -> None:
    assert len(recorded) > 1
    for text, answer in recorded:
        found = extract(text)
        held = consult(found, Says(answer))
        assert (held.encounters, held.acts) == (found.encounters, found.acts), text.id
        (summary,) = codes(held, "opinion")
        assert f"confirms {len(found.acts)} of {len(found.acts)} acts and adds 0 items; none of its items rejected" in summary.message


def test_an_answer_in_which_every_word_was_changed_is_rejected_whole(recorded: list[tuple[Document, Json]]) -> None:
    for text, answer in recorded:
        people = [{**p, "quote": p["quote"] + " Junior"} for p in answer["people"]]
        acts = [{**a, "trigger": a["trigger"] + " gladly"} for a in answer["acts"]]
        (summary,) = codes(consult(extract(text), Says({"people": people, "acts": acts})), "opinion")
        assert f"{len(people) + len(acts)} of its items rejected" in summary.message


# The form


def test_the_types_asked_for_are_those_of_the_vocabulary() -> None:
    assert sorted(table("opinions.toml")["types"]) == sorted(lexicon.load().ids("act"))


def test_the_schema_is_strict_and_asks_for_what_is_read() -> None:
    wanted = schema(("Discuss",))
    for name, item in (("people", WHITCOMBE), ("acts", told("discussed", None, "Discuss", "They"))):
        fields = wanted["properties"][name]["items"]
        assert set(fields["required"]) == set(fields["properties"]) == set(item)
        assert fields["additionalProperties"] is False


@pytest.mark.parametrize("reply", [None, [], {}, {"people": []}, {"people": {}, "acts": []}, "They discussed trade."])
def test_a_reply_without_the_lists_is_no_opinion(reply: object) -> None:
    with pytest.raises(OpinionError, match="no lists of people and acts"):
        from_json(reply)


def test_a_flood_of_items_is_cut() -> None:
    flood = from_json({"people": [], "acts": [told("discussed", None, "Discuss", "They", "p1")] * 1000})
    assert (len(flood.acts), flood.malformed) == (300, 700)


_words = st.sampled_from(
    [
        "Secretary",
        "Whitcombe",
        "floated",
        "Secretary Whitcombe",
        "a paper",
        "Orsini",
        "French",
        "Russia",
        "they",
        "’",
        "",
        " ",
        "\ud800",
        "p1",
    ]
)
_value = st.none() | st.integers(-1, 4) | _words | st.lists(_words, max_size=2)
_person = st.fixed_dictionaries(dict.fromkeys(WHITCOMBE, _value)) | st.just(WHITCOMBE) | st.just(ORSINI)
_act = st.fixed_dictionaries({name: _value | st.just("Offer") for name in told("", None, "", "")})


@settings(deadline=None)
@given(st.lists(_person, max_size=4), st.lists(_act, max_size=4))
def test_no_reply_breaks_anything_and_every_offset_is_true(people: list[Json], acts: list[Json]) -> None:
    found = readout("Secretary Whitcombe floated a paper to Russia, and they discussed trade.")
    held = consult(found, Says({"people": people, "acts": acts}))
    text = held.document.text
    spans = [d.span for d in held.diagnostics if d.span] + [a.trigger for a in held.acts]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert quads(held, Iris("https://data.example/"))
    kept = [a for a in held.acts if a not in added(held)]
    assert [replace(a, confidence=0) for a in kept] == [replace(a, confidence=0) for a in found.acts]
