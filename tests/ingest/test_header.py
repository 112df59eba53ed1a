"""The header: encounters with participants, place, occasion, date and clock, in the layouts of many publishers."""

# ruff: noqa: E501 (leads and titles stand as publishers write them)

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.ingest.encounters.header import Header, read_header
from communique.ingest.encounters.references import find_references
from communique.ingest.lexicon import lexicon
from communique.ingest.mentions.mention import Mention
from communique.ingest.mentions.mentions import find_mentions
from communique.ingest.pages.layout import lay_out
from communique.ingest.pages.segment import Sentence, sentences
from communique.ingest.sources import Source, recognise
from communique.model import Document
from tests.ingest.texts import readout

STATE = "U.S. Department of State"
HOUSE = "The White House"
JAPAN = "Ministry of Foreign Affairs of Japan"
UK = "Foreign, Commonwealth & Development Office"


def page(publisher: str, text: str, title: str = "", when: str = "2024-03-05") -> tuple[Document, Source, tuple[Sentence, ...]]:
    document = Document(
        "test",
        text,
        hashlib.sha256(text.encode()).hexdigest(),
        "test",
        publisher=publisher,
        title=title or None,
        date=when[:10],
        published=when,
    )
    source = recognise(None, publisher, text)
    return document, source, sentences(document, lay_out(document, source))


def header(publisher: str, text: str, title: str = "", when: str = "2024-03-05") -> Header:
    return read_header(*page(publisher, text, title, when), lexicon.load())


def who(header: Header) -> list[list[tuple[str | None, str | None]]]:
    return [[(p.family, p.party) for p in e.participants] for e in header.encounters]


def mentions(publisher: str, text: str, title: str = "") -> list[list[Mention]]:
    document, source, parts = page(publisher, text, title)
    read = read_header(document, source, parts, lexicon.load())
    return [list(found) for found in find_mentions(parts, read, source, lexicon.load())]


@pytest.mark.parametrize(
    ("publisher", "title", "text", "kind", "date", "place", "people"),
    [
        (
            STATE,
            "Secretary Whitcombe’s Call with Norwegian Foreign Minister Dahl",
            "Secretary of State Daniel C. Whitcombe spoke yesterday with Norwegian Foreign Minister Ingrid Dahl to discuss Gaza.",
            "call",
            "2024-03-04",
            None,
            [("Whitcombe", "USA"), ("Dahl", "NOR")],
        ),
        (
            HOUSE,
            "Readout of President Hadley’s Meeting with President Josephine Barasa of Kenya",
            "The President met today with President Barasa at the White House.",
            "meeting",
            "2024-03-05",
            "White House",
            [("Hadley", "USA"), ("Barasa", "KEN")],
        ),
        (
            HOUSE,
            "Readout of President Hadley’s Call with Quad Leaders",
            "President Hadley spoke today by secure video with Prime Minister Kishimoto Ren of Japan and Prime Minister Arjun Rao of India.",
            "video",
            "2024-03-05",
            None,
            [("Hadley", "USA"), ("Kishimoto", "JPN"), ("Rao", "IND")],
        ),
        (
            UK,
            "Foreign Secretary call with Japanese Foreign Minister, 4 March 2024",
            (
                "The Foreign Secretary spoke to Japanese Foreign Minister Asakura Nobuhiro yesterday about trade.\n\n"
                "The Foreign Secretary, the Rt Hon Harriet Colborne MP, spoke to Minister Asakura yesterday afternoon."
            ),
            "call",
            "2024-03-04",
            None,
            [("Colborne", "GBR"), ("Asakura", "JPN")],
        ),
        (
            "Ministry of Foreign Affairs of the People’s Republic of China",
            "Shen Guowei Meets with Thai Foreign Minister Anuwat Chai",
            (
                "On the evening of March 4, 2024 local time, Member of the Political Bureau of the CPC Central Committee and Foreign Minister "
                "Shen Guowei met at request with Thai Deputy Prime Minister and Foreign Minister Anuwat Chai in Vientiane on the sidelines of "
                "the ASEAN Regional Forum Foreign Ministers’ Meeting."
            ),
            "meeting",
            "2024-03-04",
            "Vientiane",
            [("Shen", "CHN"), ("Chai", "THA")],
        ),
        (
            "Ministry of Foreign Affairs of the Republic of Korea",
            "Vice Minister Meets with her Japanese Counterpart",
            (
                "1. First Vice Minister of Foreign Affairs Oh Minji held a meeting with her Japanese counterpart, Vice-Minister for Foreign "
                "Affairs Tanabe Kazuo, in Tokyo on March 4. They exchanged views."
            ),
            "meeting",
            "2024-03-04",
            "Tokyo",
            [("Oh", "KOR"), ("Tanabe", "JPN")],
        ),
        (
            "Global Affairs Canada",
            "Minister Tremblay speaks with Ukraine’s Minister of Foreign Affairs",
            "Today, the Honourable Sophie Tremblay, Minister of Foreign Affairs, spoke with Olena Shevchuk, Ukraine’s Foreign Minister.",
            "call",
            "2024-03-05",
            None,
            [("Tremblay", "CAN"), ("Shevchuk", "UKR")],
        ),
        (
            "European External Action Service",
            "Iran: High Representative Laura Moreau spoke to Foreign Minister Reza Tehrani",
            (
                "High Representative of the Union for Foreign Affairs and Security Policy/Vice-President of the European Commission, Laura Moreau, "
                "had a phone call today with Iran's Foreign Minister, Reza Tehrani, to discuss the region."
            ),
            "call",
            "2024-03-05",
            None,
            [("Moreau", "EU"), ("Tehrani", "IRN")],
        ),
        (
            "Ministry of External Affairs, Government of India",
            "Meeting of EAM with the President of Sri Lanka",
            "External Affairs Minister, Dr. Arvind Menon called on President Nimal Perera in Colombo today.",
            "meeting",
            "2024-03-05",
            "Colombo",
            [("Menon", "IND"), ("Perera", "LKA")],
        ),
        (
            "Emirates News Agency (WAM)",
            "UAE, Egyptian ministers discuss ties",
            (
                "H.H. Sheikh Khalid bin Rashid Al Mazrui, Deputy Prime Minister and Minister of Foreign Affairs, received a phone call today from "
                "Tarek Fahmy, Minister of Foreign Affairs of the Arab Republic of Egypt."
            ),
            "call",
            "2024-03-05",
            None,
            [("Al Mazrui", "ARE"), ("Fahmy", "EGY")],
        ),
        (
            "Department of Foreign Affairs and Trade, Australia",
            "Meeting with Indonesia",
            (
                "Australian Foreign Minister, Senator the Hon Clare Donovan, met with Indonesian Foreign Minister Dewi Hartono in Jakarta on "
                "4 March 2024."
            ),
            "meeting",
            "2024-03-04",
            "Jakarta",
            [("Donovan", "AUS"), ("Hartono", "IDN")],
        ),
        (
            HOUSE,
            "Readout of President Hadley’s Audience with Pope Clement",
            "In his audience with Pope Clement today, President Hadley thanked His Holiness.",
            "meeting",
            "2024-03-05",
            None,
            [("Hadley", "USA"), ("Clement", "VAT")],
        ),
        (
            STATE,
            "Secretary Whitcombe’s Call with Central Asian Foreign Ministers",
            "Secretary of State Daniel C. Whitcombe spoke today with the Foreign Ministers of Kazakhstan, the Kyrgyz Republic and Uzbekistan.",
            "call",
            "2024-03-05",
            None,
            [("Whitcombe", "USA"), (None, "KAZ"), (None, "KGZ"), (None, "UZB")],
        ),
    ],
)
def test_leads(
    publisher: str, title: str, text: str, kind: str, date: str, place: str | None, people: list[tuple[str | None, str | None]]
) -> None:
    read = header(publisher, text, title)
    assert [(e.type, e.date, e.place) for e in read.encounters] == [(kind, date, place)]
    assert who(read) == [people]


def test_the_lead_of_a_japanese_page() -> None:
    read = header(
        JAPAN,
        "On March 4, commencing at 4:20 p.m. (6:20 a.m. on March 5, Japan time) for approximately 40 minutes, Mr. ASAKURA Nobuhiro, "
        "Minister for Foreign Affairs of Japan, who is visiting New York in the United States to attend the United Nations General "
        "Assembly, held a meeting with the Rt Hon Harriet Colborne MP, Secretary of State for Foreign, Commonwealth and Development "
        "Affairs, Minister for Women and Equalities of the United Kingdom. The overview of the meeting is as follows.",
        "Japan-UK Foreign Ministers’ Meeting",
    )
    (e,) = read.encounters
    assert (e.type, e.date, e.start, e.duration_min) == ("meeting", "2024-03-04", "2024-03-04T16:20:00-05:00", 40)
    assert e.start_publisher == "2024-03-05T06:20:00+09:00"
    assert (e.zone_evidence, e.approximate) == ("dual-clock", True)
    assert (e.place, e.occasion) == ("New York", "the United Nations General Assembly")
    minister = e.participants[1]
    assert minister.offices == ("Secretary of State for Foreign, Commonwealth and Development Affairs", "Minister for Women and Equalities")
    assert (minister.name, minister.family, minister.party) == ("Harriet Colborne", "Colborne", "GBR")


def test_separate_calls_are_encounters_of_their_own() -> None:
    read = header(
        STATE,
        "Secretary of State Daniel C. Whitcombe held separate calls today with Armenian Foreign Minister Aram Terzian and "
        "Azerbaijani Foreign Minister Rashad Guliyev.",
    )
    assert who(read) == [[("Whitcombe", "USA"), ("Terzian", "ARM")], [("Whitcombe", "USA"), ("Guliyev", "AZE")]]


@pytest.mark.parametrize(
    "lead",
    [
        "Special Envoy Ruth Hale held calls today with Armenian Foreign Minister Aram Terzian and Azerbaijani Foreign Minister Rashad Guliyev.",
        "Special Envoy Ruth Hale spoke today first with Armenian Foreign Minister Aram Terzian, and subsequently with the Azerbaijani Foreign Minister, Rashad Guliyev.",
    ],
)
def test_calls_told_in_the_plural_or_one_after_the_other_are_several(lead: str) -> None:
    assert who(header(STATE, lead)) == [[("Hale", "USA"), ("Terzian", "ARM")], [("Hale", "USA"), ("Guliyev", "AZE")]]


def test_bilateral_meetings_after_one_of_all_are_further_encounters() -> None:
    read = header(
        HOUSE,
        "National Security Advisor Paul Reed met today in Oman with Omani Foreign Minister Said Al Harthy and Indian National Security Advisor "
        "Arjun Pillai. Mr. Reed also held bilateral meetings with Foreign Minister Al Harthy and Mr. Pillai.",
    )
    assert who(read) == [
        [("Reed", "USA"), ("Al Harthy", "OMN"), ("Pillai", "IND")],
        [("Reed", "USA"), ("Al Harthy", "OMN")],
        [("Reed", "USA"), ("Pillai", "IND")],
    ]


def test_a_dialogue_of_delegations_has_its_heads_and_all_its_days() -> None:
    read = header(
        STATE,
        "Senior delegations representing the United States and Kenya met on March 4 and 5 in Nairobi. Under Secretary Ruth Hale led the U.S. "
        "delegation, and Kenya’s Principal Secretary Wanjiru Kamau led the Kenyan delegation.",
        "U.S.-Kenya Strategic Dialogue",
    )
    assert [(e.type, e.date) for e in read.encounters] == [("dialogue", "2024-03-04/2024-03-05")]
    assert who(read) == [[("Hale", "USA"), ("Kamau", "KEN")]]


def test_a_second_telling_gives_the_day_and_the_office_that_the_summary_left_out() -> None:
    read = header(
        UK,
        "Baroness Whitfield met Foreign Minister Yonas Gebre in Addis Ababa.\n\nThe Minister for Africa, Baroness Whitfield, met Ethiopian Foreign "
        "Minister Yonas Gebre in Addis Ababa on 3 March.",
        "Minister for Africa meets Ethiopian Foreign Minister",
    )
    (e,) = read.encounters
    assert e.date == "2024-03-03"
    assert [(p.family, p.offices, p.party) for p in e.participants] == [
        ("Whitfield", ("Minister for Africa",), "GBR"),
        ("Gebre", ("Foreign Minister",), "ETH"),
    ]


def test_who_joined_a_call_takes_part() -> None:
    read = header(
        HOUSE,
        "President Hadley hosted a secure conference call today with Allies. Joining President Hadley on the call were Prime Minister Roy of Canada, "
        "Chancellor Brandt of Germany, and NATO Secretary General Pop.",
        "Readout of President Hadley’s Call with Allies",
    )
    assert who(read) == [[("Hadley", "USA"), ("Roy", "CAN"), ("Brandt", "DEU"), ("Pop", "NATO")]]


def test_those_who_meet_unnamed_others_are_of_one_side() -> None:
    read = header(
        STATE,
        "Under Secretary Carl Boone and Ambassador Ruth Hale, Coordinator for Relocation, met yesterday with representatives of a coalition.",
        "Senior Officials Meet with Afghan Relocation Supporters",
    )
    assert who(read) == [[("Boone", "USA"), ("Hale", "USA")]]


def test_a_last_sentence_may_tell_of_a_further_encounter() -> None:
    read = header(
        HOUSE,
        "President Eleanor M. Hadley met today in Washington with Prime Minister Jonas Lie of Norway. The two discussed NATO. "
        "National Security Advisor Paul Reed also met separately with Prime Minister Lie.",
    )
    assert who(read) == [[("Hadley", "USA"), ("Lie", "NOR")], [("Reed", "USA"), ("Lie", "NOR")]]
    assert [e.date for e in read.encounters] == ["2024-03-05", "2024-03-05"]


def test_an_earlier_event_in_a_fronted_clause_is_not_the_encounter() -> None:
    read = header(
        HOUSE,
        "Following President Hadley’s conversation with Israeli Prime Minister Sharon on March 1, National Security Advisor Paul Reed met "
        "today with his Israeli counterpart, National Security Advisor Dr. Eyal Levin, to discuss security.",
    )
    assert who(read) == [[("Reed", "USA"), ("Levin", "ISR")]]
    assert read.encounters[0].date == "2024-03-05"


def test_unnamed_counterparts_are_delegations() -> None:
    read = header(
        HOUSE, "National Security Advisor Paul Reed met today with his counterparts from NATO Allies Estonia, Latvia, and Poland."
    )
    assert who(read) == [[("Reed", "USA"), (None, "EST"), (None, "LVA"), (None, "POL")]]
    assert [p.label for p in read.encounters[0].participants] == ["Reed", "EST", "LVA", "POL"]


def test_who_is_meant_by_titles_pairs_and_pronouns() -> None:
    found = mentions(
        UK,
        "The Foreign Secretary, the Rt Hon Sir Edmund Hart KC MP, spoke to Turkish Foreign Minister Selim Kara today. "
        "Mr Kara voiced his alarm. Both agreed to meet. On Ukraine, he thanked Türkiye, and received an assurance that Ankara would act. "
        "The Turkish side took note.",
    )
    said = [[(m.kind, m.who) for m in ms] for ms in found]
    assert said[1] == [("person", ("Kara",)), ("pronoun", ("Kara",))]
    assert said[2] == [("pair", ("Hart", "Kara"))]
    # nobody thanks his own state: "he" is the other side
    assert ("pronoun", ("Hart",)) in said[3]
    assert ("party", ("TUR",)) in said[3]
    assert said[4] == [("party", ("Kara",))]


def test_a_title_ends_before_a_state_s_own_deed() -> None:
    found = mentions(
        STATE,
        "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini. "
        "The Secretary thanked the Foreign Minister for France’s support.",
    )
    assert [(m.kind, m.who) for m in found[1]] == [("title", ("Whitcombe",)), ("title", ("Orsini",)), ("party", ("FRA",))]


def test_the_clock_of_a_second_bracketed_date() -> None:
    read = header(
        JAPAN,
        "On February 12, commencing at 12:15 p.m. (local time; February 13 at 7:15 a.m., Japan time) for about 60 minutes, Mr. ASAKURA "
        "Nobuhiro, Minister for Foreign Affairs of Japan, held a Japan-U.S.-ROK Foreign Ministers’ Meeting in Honolulu with the Honorable "
        "Daniel Whitcombe, Secretary of State of the United States of America, and Ms. Han Seo-jin, Minister of Foreign Affairs of the "
        "Republic of Korea.",
    )
    (e,) = read.encounters
    assert (e.type, e.start, e.start_publisher) == ("multilateral-meeting", "2024-02-12T12:15:00-10:00", "2024-02-13T07:15:00+09:00")


def test_a_titled_person_who_takes_no_part_is_kept_as_mention_only() -> None:
    found = mentions(
        STATE,
        "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini. They noted President Duval’s efforts.",
    )
    (duval,) = [m for m in found[1] if m.kind == "person"]
    assert (duval.who, duval.possessive, duval.rule) == ((), True, "mention.only")


WORDS = st.sampled_from(
    [
        "Secretary",
        "of",
        "State",
        "Whitcombe",
        "the",
        "The",
        "President",
        "met",
        "with",
        "today",
        "and",
        ",",
        "Minister",
        "for",
        "Foreign",
        "Affairs",
        "Japan",
        "(",
        ")",
        "'s",
        "September",
        "22",
        "4:20",
        "p.m.",
        "H.E.",
        "Mr.",
        ":",
        "bin",
        "al-",
        "Türkiye",
        "İ",
        "’s",
        "1st",
        "G7",
        "held",
        "a",
        "call",
        "spoke",
        "between",
        "who",
        "is",
        "visiting",
        "Washington",
        "D.C.",
        "Jr.",
        "counterparts",
        "from",
        "Members",
        "to",
        "discuss",
        "launch",
        "Summit",
        "on",
        "yesterday",
        "their",
        "telephone",
        "talk",
        "ß",
        "—",
        "EU",
        "Ambassador",
        "in",
        "joined",
        "by",
    ]
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=120)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_read_without_an_error_and_every_span_is_valid(text: str, title: str) -> None:
    document, source, parts = page(STATE, text, title, "2024-03-05T03:00:00+00:00")
    words = lexicon.load()
    read = read_header(document, source, parts, words)
    spans = [e.span for e in read.encounters] + [p.span for e in read.encounters for p in e.participants]
    spans += [r.span for r in find_references(document, source, parts, read, words)]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    for sentence, found in zip(parts, find_mentions(parts, read, source, words), strict=True):
        edges = [edge for m in found for edge in (m.start, m.end)]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(sentence.view.text) for edge in edges)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("The meeting, which lasted about forty minutes, covered trade.", 40),
        ("The talks lasted for two hours.", 120),
        ("Their conversation, lasting 25 minutes, focused on trade.", 25),
        ("The discussions ran for an hour and a half.", 90),
        ("The ceasefire lasted two hours. The talks took place in Vienna.", None),
    ],
)
def test_how_long_it_lasted_may_be_told_later(words: str, minutes: int | None) -> None:
    assert readout(words).encounters[0].duration_min == minutes
