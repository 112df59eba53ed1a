"""Acts: type, actors, addressees, target, stance, commitment, embedding, answers; each on a sentence composed for it."""

from __future__ import annotations

import pytest

from communique.model import Act, Stance
from tests.ingest.texts import acts, readout

BOTH = ("Whitcombe", "Orsini")


def told(sentence: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(a.type, a.actors, () if a.addressee_implicit else a.addressees) for a in acts(sentence)]


def one(sentence: str) -> Act:
    (act,) = acts(sentence)
    return act


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The Secretary thanked Foreign Minister Orsini for hosting the conference.", [("Thank", ("Whitcombe",), ("Orsini",))]),
        ("They discussed trade and agreed to meet again.", [("Discuss", BOTH, ()), ("Agree", BOTH, ())]),
        ("The two ministers exchanged views on the situation in Haiti.", [("Discuss", BOTH, ())]),
        ("Minister Orsini, for her part, voiced concern about the arrests in Belarus.", [("Concern", ("Orsini",), ())]),
        ("The Secretary received support from Minister Orsini.", [("Support", ("Orsini",), ("Whitcombe",))]),
        (
            "Both sides reaffirmed their commitment to NATO, stressing the importance of unity.",
            [("Reaffirm", BOTH, ()), ("Emphasize", BOTH, ())],
        ),
        ("The conversation focused on energy security.", [("Discuss", BOTH, ())]),
        ("They also spoke of common efforts on trade.", [("Discuss", BOTH, ())]),
        ("The four parties discussed supply chains.", [("Discuss", BOTH, ())]),
        ("Both sides identified areas for closer cooperation.", [("Discuss", BOTH, ())]),
        ("They reconfirmed the importance of the treaty.", [("Reaffirm", BOTH, ())]),
        ("Minister Orsini was clear that the border would stay open.", [("State", ("Orsini",), ())]),
        ("All parties expressed concern over food security.", [("Concern", BOTH, ())]),
        ("It was agreed that the consultations would resume in June.", [("Agree", BOTH, ())]),
        ("Views were exchanged on climate change.", [("Discuss", BOTH, ())]),
        ("Secretary Whitcombe underscored that the United States would provide further assistance.", [("Emphasize", ("Whitcombe",), ())]),
        ("The Secretary expressed his condolences for the victims of the flood and his appreciation for the rescue teams.",
         [("Condole", ("Whitcombe",), ()), ("Thank", ("Whitcombe",), ())]),
        ("The Secretary expressed his concern and condolences for the loss of life.",
         [("Concern", ("Whitcombe",), ()), ("Condole", ("Whitcombe",), ())]),
        ("Minister Orsini noted that she looked forward to the visit of the Secretary.", [("Hope", ("Orsini",), ())]),
        ("Minister Orsini said she looked forward to the visit of the Secretary.", [("Hope", ("Orsini",), ())]),
        ("Minister Orsini underscored that she looks forward to the visit.", [("Hope", ("Orsini",), ())]),
        ("The Secretary noted the importance of free and fair elections.", [("Emphasize", ("Whitcombe",), ())]),
        ("The Secretary noted with concern the attacks on shipping in the Red Sea.", [("Concern", ("Whitcombe",), ())]),
        ("They confirmed that both countries will expand security cooperation.", [("Agree", BOTH, ())]),
        ("They confirmed their continued cooperation on climate change.", [("Reaffirm", BOTH, ())]),
        ("The Secretary invited Minister Orsini to visit Washington.", [("Invite", ("Whitcombe",), ("Orsini",))]),
        ("The Secretary invited France to join the accords on space.", [("Offer", ("Whitcombe",), ("FRA",))]),
        ("The Secretary expressed to Minister Orsini his gratitude for the help.", [("Thank", ("Whitcombe",), ("Orsini",))]),
        ("The Secretary set out the U.S. commitment to the treaty.", [("Commit", ("Whitcombe",), ())]),
        ("The Secretary laid out that the treaty has not changed.", [("State", ("Whitcombe",), ())]),
        ("The two ministers shared grave concern over the arrests.", [("ShareView", BOTH, ())]),
        ("The Secretary shared his concern over the arrests.", [("Concern", ("Whitcombe",), ())]),
        ("The Secretary acknowledged France's support after the flood.", [("Commend", ("Whitcombe",), ())]),
        ("Minister Orsini assured the Secretary that France seeks peace.", [("State", ("Orsini",), ("Whitcombe",))]),
        ("Minister Orsini assured the Secretary that France would help.", [("Commit", ("Orsini",), ("Whitcombe",))]),
        ("The Secretary sought an extension of the fisheries scheme.", [("Request", ("Whitcombe",), ())]),
        ("The Secretary raised objections to the new tariffs.", [("Protest", ("Whitcombe",), ())]),
        ("Minister Orsini said that France supports the treaty and opposes new tariffs.",
         [("State", ("Orsini",), ()), ("Support", ("FRA",), ()), ("Oppose", ("FRA",), ())]),
        ("His Excellency stressed the need for restraint.", [("Emphasize", ("Whitcombe",), ())]),
    ],
)  # fmt: skip
def test_what_a_sentence_tells(sentence: str, expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The United States is imposing severe costs on Russia.",
        "This was their third meeting of the year.",
        "The statements Minister Orsini made last week were published.",
        "The measures announced by the partners last month remain in force.",
        "Secretary Whitcombe was accompanied by Ambassador Jane Colby.",
    ],
)
def test_what_is_no_act(sentence: str) -> None:
    assert acts(sentence) == ()


def test_two_reports_under_one_verb_are_two_acts() -> None:
    first, second = acts("The Secretary stated that the treaty is in force, and that inspections will go on.")
    assert first.trigger == second.trigger
    assert first.content != second.content


def test_a_state_acts_inside_a_report() -> None:
    outer, inner = acts("Minister Orsini stated that France lodged a protest against North Korea over the missile launch.")
    assert (inner.type, inner.actors, inner.target, inner.embedded_in) == ("Protest", ("FRA",), "PRK", outer.id)
    assert inner.addressees == ()


def test_a_protest_inside_a_report_is_not_addressed_to_the_listener() -> None:
    outer, _ = acts("Minister Orsini stated that France lodged a protest against North Korea over the missile launch.")
    assert (outer.target, outer.stance, outer.addressees, outer.addressee_implicit) == ("PRK", Stance.NEGATIVE, ("Whitcombe",), True)


def test_an_absent_party_is_target_and_no_addressee() -> None:
    act = one("The Secretary called on Russia to withdraw its forces.")
    assert (act.addressees, act.target, act.stance) == ((), "RUS", Stance.NEGATIVE)


def test_an_answer_points_to_its_request() -> None:
    request, answer = acts("The Secretary requested France's support for the resolution and received support from Minister Orsini.")
    assert answer.answers == request.id
    request, answer = acts("The Secretary requested France's support on the abductions issue.", "Minister Orsini expressed support.")
    assert answer.answers == request.id
    assert answer.inherited
    assert [x.issue for x in answer.issues] == ["abductions"]


def test_words_that_name_nothing_are_about_the_situation_behind_the_norms() -> None:
    *_, agreed = acts(
        "They discussed the fighting in Sudan.",
        "Minister Orsini emphasized respect for international law.",
        "The Secretary urged both to come back.",
    )
    assert agreed.inherited
    assert [x.issue for x in agreed.issues] == ["sudan"]


def test_an_office_that_somebody_is_praised_in_is_no_subject_of_the_next_clause() -> None:
    praised, talked = acts("The Secretary commended Minister Orsini for her leadership as President, and the two discussed trade.")
    assert praised.content is not None
    assert [x.issue for x in talked.issues] == ["trade-and-investment"]
    assert (praised.actors, talked.actors) == (("Whitcombe",), BOTH)


def test_what_opens_a_sentence_comes_before_the_act_before_it() -> None:
    """Words that are no act themselves tell what the act behind them is about; a mere place there does not."""
    tourism = "They discussed tourism."
    *_, asked = acts(tourism, "Minister Orsini recalled how the funds for refugees had shrunk, and appealed to the Secretary to speak up.")
    assert [x.issue for x in asked.issues] == ["humanitarian-assistance"]
    *_, thanked = acts(tourism, "As Chair of ASEAN, France expressed appreciation to the Secretary for his unwavering support.")
    assert [x.issue for x in thanked.issues] == ["asean"]
    *_, later = acts(tourism, "In Brussels at the seat of NATO, Minister Orsini thanked the Secretary for this.")
    assert [x.issue for x in later.issues] == ["people-to-people-ties"]


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("They discussed the war in Ukraine.", Stance.NONE),
        ("They discussed their shared concerns about cyber attacks.", Stance.NEGATIVE),
        ("The Secretary stressed the importance of coordination against the threat of terrorism.", Stance.POSITIVE),
        ("The Secretary stressed that the sea should not become an arena of rivalry.", Stance.NEGATIVE),
        ("They condemned the coup in Burma.", Stance.NEGATIVE),
    ],
)
def test_stance(sentence: str, stance: Stance) -> None:
    assert one(sentence).stance is stance


@pytest.mark.parametrize(
    ("sentence", "binds"),
    [
        ("They agreed to resume the dialogue.", True),
        ("They agreed on the importance of the dialogue.", False),
        ("The Secretary reaffirmed the U.S. commitment to the alliance.", True),
        ("The Secretary thanked Minister Orsini for France's commitment to Ukraine.", False),
        ("The Secretary welcomed France's commitment to the alliance.", False),
        ("The Secretary reiterated support for Ukraine.", False),
        ("They discussed their commitment to climate action.", False),
    ],
)
def test_commitment(sentence: str, binds: bool) -> None:
    assert one(sentence).commitment is binds


def test_the_topic_in_front_serves_the_acts_of_its_sentence() -> None:
    act = one("On Haiti, the Secretary urged restraint.")
    assert [x.issue for x in act.issues] == ["haiti"]


def test_every_act_has_rule_confidence_and_true_offsets() -> None:
    extraction = readout("They discussed trade, and the Secretary praised France’s leadership\non climate change.")
    text = extraction.document.text
    assert len(extraction.acts) == 2
    for act in extraction.acts:
        assert act.rule
        assert 0 < act.confidence < 1
        assert act.trigger.of(text).strip() == act.trigger.of(text)
    assert extraction.acts[1].content is not None
    assert extraction.acts[1].content.of(text) == "France’s leadership\non climate change"


def test_acts_count_upwards_and_point_backwards() -> None:
    made = acts("Minister Orsini asked for assistance.", "In response, the Secretary pledged support.", "They agreed to stay in touch.")
    assert [a.id for a in made] == ["a1", "a2", "a3"]
    assert made[1].answers == "a1"


def test_of_guests_met_one_by_one_the_one_named_is_spoken_to() -> None:
    read = readout(
        "Secretary of State Daniel Whitcombe met separately with French Foreign Minister Clara Orsini and Kenyan Foreign Minister "
        "Amina Barasa today in Vienna.\n\n"
        "When meeting with Minister Orsini, Secretary Whitcombe urged restraint. They discussed trade.\n\n"
        "Minister Barasa thanked the Secretary for the relief."
    )
    assert [(a.type, a.actors, a.addressees) for a in read.acts] == [
        ("Urge", ("Whitcombe",), ("Orsini",)),
        ("Discuss", ("Whitcombe", "Orsini"), ()),
        ("Thank", ("Barasa",), ("Whitcombe",)),
    ]


def test_the_noun_that_makes_an_act_names_its_issue() -> None:
    """Where nothing else is named: not what was talked about before."""
    trade, greeting = acts("They discussed trade. Minister Orsini conveyed the greetings of the President of Italy.")
    assert [x.issue for x in trade.issues] == ["trade-and-investment"]
    assert [x.issue for x in greeting.issues] == ["bilateral-relations"]


@pytest.mark.parametrize(
    ("sentence", "type_", "trigger"),
    [
        ("The Secretary was heartened by assurances of reform.", "Welcome", "was heartened"),
        ("The Secretary was encouraged by progress in the talks.", "Welcome", "was encouraged"),
        ("The Secretary and the Foreign Minister were united in their support for Kenya.", "ShareView", "were united"),
    ],
)
def test_what_somebody_felt_is_his_own_act_whatever_moved_him(sentence: str, type_: str, trigger: str) -> None:
    read = readout(sentence)
    assert [(a.type, a.trigger.of(read.document.text)) for a in read.acts] == [(type_, trigger)]
