"""The issue linker: what phrases of the genre are about, and what context changes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from communique.ingest.issues.issues import NOWHERE, IssueLinker, Setting
from communique.ingest.lexicon.lexicon import load
from communique.ingest.lexicon.views import view
from communique.model import IssueLink, Span
from tests.ingest.texts import acts

PHRASES = [row.split("\t") for row in Path(__file__).with_name("issue_phrases.tsv").read_text(encoding="utf-8").splitlines()[1:]]


@pytest.fixture(scope="module")
def linker() -> IssueLinker:
    """The linker over the shipped tables."""
    return IssueLinker(load())


def links(linker: IssueLinker, text: str, setting: Setting = NOWHERE) -> tuple[IssueLink, ...]:
    """The links of a whole text."""
    seen = view(text, Span(0, len(text)))
    return linker.link(seen, 0, len(seen.text), setting)


def issues(linker: IssueLinker, text: str, setting: Setting = NOWHERE) -> list[str]:
    """The backbone ids of a text's links."""
    return [x.issue for x in links(linker, text, setting)]


@pytest.mark.parametrize(("content", "expected", "parties"), PHRASES, ids=[row[0][:60] for row in PHRASES])
def test_phrases_of_many_publishers(linker: IssueLinker, content: str, expected: str, parties: str) -> None:
    setting = Setting(parties=tuple(parties.split()), date="2024-05-01")
    assert set(issues(linker, content, setting)) == set(expected.split())


def test_links_stand_in_text_order_with_true_spans(linker: IssueLinker) -> None:
    text = "climate  change, the\nsituation in Sudan\nand  trade"
    found = links(linker, text)
    assert [x.issue for x in found] == ["climate-change", "sudan", "trade-and-investment"]
    assert [x.span.of(text) for x in found] == ["climate  change", "Sudan", "trade"]


def test_only_the_stretch_asked_for_is_read(linker: IssueLinker) -> None:
    text = "discussed Haiti and condemned terrorism"
    seen = view(text, Span(0, len(text)))
    assert [x.issue for x in linker.link(seen, 10, 15)] == ["haiti"]


def test_an_issue_is_linked_once_by_its_most_specific_concept(linker: IssueLinker) -> None:
    found = links(linker, "climate change, including methane")
    assert [(x.issue, x.concept) for x in found] == [("climate-change", "methane")]


def test_a_narrower_concept_rolls_up_to_the_backbone(linker: IssueLinker) -> None:
    assert [(x.concept, x.issue) for x in links(linker, "the Good Friday Agreement")] == [("northern-ireland", "other-region")]
    assert [(x.concept, x.issue) for x in links(linker, "the Grand Ethiopian Renaissance Dam")] == [("gerd", "ethiopia-horn")]


def test_the_longest_label_wins(linker: IssueLinker) -> None:
    assert issues(linker, "the food security crisis") == ["food-security"]
    assert issues(linker, "our commitment to NATO's Open Door policy") == ["nato-policy"]


def test_a_participants_name_is_no_issue(linker: IssueLinker) -> None:
    assert issues(linker, "Brazil's role in climate action", Setting(("USA", "BRA"))) == ["climate-change"]
    assert issues(linker, "China's role in climate action", Setting(("USA", "BRA"))) == ["china", "climate-change"]
    assert issues(linker, "support for Ukraine", Setting(("USA", "UKR"))) == ["ukraine-war"]


def test_the_date_decides_what_aggression_is(linker: IssueLinker) -> None:
    assert issues(linker, "Russian aggression", Setting(date="2021-07-20")) == ["russia"]
    assert issues(linker, "Russian aggression", Setting(date="2022-01-20")) == ["ukraine-war"]
    assert issues(linker, "Russian aggression", Setting(date="2022-03-20")) == ["ukraine-war"]
    assert issues(linker, "the military build-up on Ukraine's borders", Setting(date="2022-01-20")) == ["russia"]


def test_costs_are_sanctions_only_with_a_state_under_sanctions(linker: IssueLinker) -> None:
    assert issues(linker, "higher costs for the Russian leadership") == ["sanctions"]
    assert "sanctions" not in issues(linker, "the cost of medicines")


def test_a_generic_head_gives_way_unless_including_follows(linker: IssueLinker) -> None:
    assert issues(linker, "cooperation on clean energy") == ["climate-change"]
    assert issues(linker, "a strong partnership on clean energy") == ["climate-change"]
    assert issues(linker, "deepening cooperation") == ["bilateral-relations"]
    assert issues(linker, "cooperation on important issues, including health") == ["bilateral-relations", "health-security"]
    assert issues(linker, "global challenges, such as food insecurity") == ["global-issues", "food-security"]


def test_a_pair_of_the_parties_makes_the_head_firm(linker: IssueLinker) -> None:
    setting = Setting(("JPN", "GBR"))
    assert issues(linker, "the Japan-UK partnership and the situation in Haiti", setting) == ["bilateral-relations", "haiti"]


def test_modifiers_wait_for_their_head_through_a_coordination(linker: IssueLinker) -> None:
    assert issues(linker, "bilateral, regional and global issues") == ["bilateral-relations", "regional-situations"]
    assert issues(linker, "economic, humanitarian and security assistance") == [
        "economy",
        "humanitarian-assistance",
        "arms-and-military-aid",
    ]
    assert issues(linker, "the security and economic cooperation") == ["defence-cooperation", "trade-and-investment"]


def test_a_channel_is_no_issue_beside_one(linker: IssueLinker) -> None:
    assert issues(linker, "efforts, including through NATO and the OSCE, to fight terrorism") == ["counterterrorism"]
    assert issues(linker, "coordination through the G7") == ["g7"]


def test_a_body_that_takes_part_is_no_issue(linker: IssueLinker) -> None:
    assert issues(linker, "NATO and the situation in Libya", Setting(("USA", "NATO"))) == ["libya"]
    assert issues(linker, "NATO and the situation in Libya", Setting(("USA", "FRA"))) == ["nato-policy", "libya"]


def test_a_region_of_the_parties_counts_less(linker: IssueLinker) -> None:
    assert issues(linker, "food security in the Caribbean nations", Setting(("USA", "GUY"))) == ["food-security"]
    assert issues(linker, "food security in the Caribbean nations", Setting(("USA", "CAN"))) == ["food-security", "western-hemisphere"]


def test_words_that_point_back_mean_what_was_said_before(linker: IssueLinker) -> None:
    before = Setting(("GBR", "TUR"), date="2023-11-14", topics=("gaza-conflict",))
    assert issues(linker, "an immediate ceasefire", before) == ["gaza-conflict"]
    assert issues(linker, "engagement with partners on this issue", before) == ["gaza-conflict"]
    assert issues(linker, "an immediate ceasefire in Yemen", before) == ["yemen"]


def test_words_for_a_crisis_look_back_some_acts(linker: IssueLinker) -> None:
    setting = Setting(("CAN", "KEN"), topics=("trade-and-investment",), earlier=(("sudan",), ("haiti",)))
    assert issues(linker, "an immediate truce", setting) == ["sudan"]
    assert issues(linker, "the matter", setting) == ["trade-and-investment"]


def test_a_weak_reading_says_nothing_beside_what_is_named(linker: IssueLinker) -> None:
    setting = Setting(("EU", "MNE"), topics=("western-balkans",))
    assert issues(linker, "an effect on the region", setting) == ["western-balkans"]
    assert issues(linker, "trade in the region", setting) == ["trade-and-investment"]


def test_an_invitation_is_about_a_visit(linker: IssueLinker) -> None:
    setting = Setting(("CAN", "DNK"), type="Invite", topics=("climate-change",))
    assert issues(linker, "her counterpart to Nuuk next year", setting) == ["visits-and-dialogue"]
    assert issues(linker, "her counterpart to a talk on trade", setting) == ["visits-and-dialogue"]


def test_later_words_mean_the_subject_not_its_aspects(linker: IssueLinker) -> None:
    found = links(linker, "the ballistic missile launch, a violation of Security Council resolutions", Setting(("USA", "JPN")))
    assert [x.issue for x in linker.kept(found)] == ["north-korea-nuclear-missile"]


def test_nothing_named_gives_a_guess_only_where_nothing_went_before(linker: IssueLinker) -> None:
    alone = Setting(("USA", "TUN"))
    assert [(x.issue, x.rule) for x in links(linker, "the commitment to Tunisia", alone)] == [("bilateral-relations", "issue-party")]
    hint = links(linker, "the safety of all", Setting())
    assert [(x.issue, x.candidate) for x in hint] == [("security", True)]
    assert links(linker, "the safety of all", Setting(topics=("haiti",))) == ()
    assert links(linker, "that he would do so") == ()


def test_offices_and_compounds_hide_their_words(linker: IssueLinker) -> None:
    assert issues(linker, "the National Security Advisor") == []
    assert "environment" not in issues(linker, "the threat environment")


def test_it_is_fast(linker: IssueLinker) -> None:
    contents = [view(row[0], Span(0, len(row[0]))) for row in PHRASES] * 5
    began = time.process_time()
    for content in contents:
        linker.link(content, 0, len(content.text))
    assert len(contents) / (time.process_time() - began) > 2500  # 10,000 on a free machine


def test_a_field_named_in_an_aside_is_not_talked_about(linker: IssueLinker) -> None:
    assert issues(linker, "the defence alliance, which supports peace and prosperity across the Indo-Pacific region") == ["alliance"]
    assert issues(linker, "the defence alliance and peace and prosperity across the Indo-Pacific region") == ["alliance", "indo-pacific"]


def test_a_body_that_acts_with_a_party_is_no_issue(linker: IssueLinker) -> None:
    setting = Setting(("USA", "NOR"), date="2022-05-01")
    assert issues(linker, "the sanctions that the United States and the EU have imposed", setting) == ["sanctions"]
    assert issues(linker, "sanctions and cooperation between the United States and the EU", setting) == ["sanctions", "eu-cooperation"]


def test_the_relation_with_a_body_is_the_cooperation_with_it(linker: IssueLinker) -> None:
    assert issues(linker, "our shared values", Setting(("USA", "EU"))) == ["eu-cooperation"]
    assert issues(linker, "our shared values", Setting(("USA", "NOR"))) == ["bilateral-relations"]


def test_names_in_an_enumeration_stand_each_for_themselves(linker: IssueLinker) -> None:
    assert issues(linker, "issues including China, Russia, Ukraine and Belarus", Setting(date="2023-05-01"))[-4:] == [
        "china",
        "russia",
        "ukraine-war",
        "belarus",
    ]
    assert issues(linker, "the war between Russia and Ukraine", Setting(date="2023-05-01")) == ["ukraine-war"]


def test_a_branch_says_nothing_before_one_of_its_regions(linker: IssueLinker) -> None:
    assert issues(linker, "regional stability in the Western Balkans") == ["western-balkans"]


def test_words_that_point_back_need_something_to_point_to(linker: IssueLinker) -> None:
    assert issues(linker, "further escalation in the region", Setting(topics=("south-caucasus",))) == ["south-caucasus"]
    assert issues(linker, "further escalation in the region", Setting(topics=("human-rights",))) == ["regional-situations"]


def test_where_a_town_lies_and_whose_counterpart_somebody_is_are_no_issues(linker: IssueLinker) -> None:
    setting = Setting(parties=("USA", "KEN"))
    assert issues(linker, "the parties to the talks in Pretoria, South Africa to accept humanitarian access", setting) == [
        "humanitarian-assistance"
    ]
    assert issues(linker, "that she would stay in close touch with her Omani counterpart", setting) == ["visits-and-dialogue"]
    assert issues(linker, "the situations in Syria, Iraq, and Yemen", setting) == ["syria", "iraq", "yemen"]


def test_a_dialogue_is_the_relation_where_it_is_opened_a_way_where_something_goes_through_it(linker: IssueLinker) -> None:
    parties = ("USA", "OMN")
    assert issues(linker, "the Strategic Dialogue", Setting(parties, "Announce")) == ["bilateral-relations"]
    assert issues(linker, "to hold the next Strategic Dialogue in May", Setting(parties, "Agree")) == ["visits-and-dialogue"]
    through = "ways to promote trade through the newly launched U.S.-Oman Strategic Dialogue"
    assert issues(linker, through, Setting(parties, "Discuss")) == ["trade-and-investment"]


def test_a_body_that_led_the_effort_is_no_issue(linker: IssueLinker) -> None:
    assert issues(linker, "the renewed efforts led by the United Nations to end the war in Yemen", Setting(("USA", "SAU"))) == ["yemen"]
    assert issues(linker, "the delivery of vaccine doses to Gavi for distribution", Setting(("USA", "AUS"))) == ["covid-19"]


def test_what_belongs_to_the_relation_itself(linker: IssueLinker) -> None:
    """What binds two leaders; a summit that somebody came to is a visit."""
    setting = Setting(parties=("USA", "JPN"))
    assert issues(linker, "the personal bond between the two", setting) == ["bilateral-relations"]
    assert issues(linker, "for his participation in the U.S.-Africa Leaders’ Summit", Setting(("USA", "GHA"))) == ["visits-and-dialogue"]


def test_a_further_round_of_anything_is_a_meeting(linker: IssueLinker) -> None:
    setting = Setting(("PHL", "CAN"), topics=("trade-agreements",))
    assert issues(linker, "to hold the 7th BPC in Ottawa", setting) == ["visits-and-dialogue"]
    assert issues(linker, "to host the second hackathon on cyber security", setting) == ["cybersecurity"]


def test_the_office_of_who_takes_part_is_no_issue() -> None:
    (act,) = acts("The Secretary thanked the Minister for Foreign Affairs and External Trade Clara Orsini for her support on Haiti.")
    assert [x.issue for x in act.issues] == ["haiti"]


def test_where_a_topic_opens_the_sentence_its_situation_stands_beside_what_is_named() -> None:
    found = acts(
        "On Syria, Secretary Whitcombe called for a new constitution and free elections. "
        "Turning to Lebanon, Minister Orsini urged full implementation of Security Council resolutions. "
        "On trade, the two discussed supply chains."
    )
    assert [[x.issue for x in a.issues] for a in found] == [["syria", "elections"], ["lebanon", "unsc-resolutions"], ["supply-chains"]]


def test_an_event_that_only_dates_what_is_said_is_no_issue(linker: IssueLinker) -> None:
    assert issues(linker, "the growth of trade since the State Visit by the President to Vienna") == ["trade-and-investment"]
    assert issues(linker, "the Regional Comprehensive Economic Partnership Agreement") == ["trade-agreements"]


def test_a_state_named_in_one_breath_with_a_party_acts_with_it(linker: IssueLinker) -> None:
    setting = Setting(("KEN", "UGA"))
    assert issues(linker, "the removal of non-tariff barriers between Kenya and Tanzania", setting) == ["tariffs"]
    assert issues(linker, "trade, the war in Ukraine and the floods in Tanzania", setting) == [
        "trade-and-investment",
        "ukraine-war",
        "disaster-relief",
    ]


def test_the_security_situation_of_a_state_is_its_situation(linker: IssueLinker) -> None:
    assert issues(linker, "the humanitarian and security situation in Haiti") == ["haiti"]
    assert issues(linker, "the security situation in Europe this winter") == ["security"]


def test_help_in_this_regard_is_about_what_was_spoken_of() -> None:
    found = acts("Minister Orsini requested the release of two detained nationals. The Secretary promised all assistance in this regard.")
    assert [[x.issue for x in a.issues] for a in found] == [["detained-nationals"], ["detained-nationals"]]


def test_when_and_where_a_thing_was_signed_is_no_matter_of_it() -> None:
    signed, agreed = acts(
        "At the end of the meeting, a programme of cooperation between the two ministries was signed. "
        "During the talks, energy was reviewed and views were exchanged on Lebanon."
    )[::2]
    assert [x.issue for x in signed.issues] == ["bilateral-relations"]
    assert [x.issue for x in agreed.issues] == ["lebanon"]


def test_a_speech_that_began_in_a_sentence_before_is_about_its_last_words() -> None:
    (act,) = acts('"We are patient. But there must be no more attacks by pirates on our ships," the Secretary stressed.')
    assert [x.issue for x in act.issues] == ["maritime-security"]
