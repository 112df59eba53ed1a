"""Who issued a page and when, where no source file knows its publisher; all texts are composed, with invented people."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.ingest import sources
from communique.ingest.pages import documents
from communique.ingest.sources.letterhead import day_of_text, party_of_host, party_of_name, party_of_text


@pytest.mark.parametrize(
    ("host", "party"),
    [
        ("mfa.go.ke", "KEN"),
        ("www.gov.br", "BRA"),
        ("www.gob.mx", "MEX"),
        ("www.admin.ch", "CHE"),
        ("dirco.gov.za", "ZAF"),
        ("www.abouthungary.hu", None),
        ("news.example.ke", None),
        ("www.mfa.example", None),
        ("gov", None),
    ],
)
def test_the_country_code_of_a_governments_host_is_the_publishers(host: str, party: str | None) -> None:
    assert party_of_host(host) == party


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Ministério das Relações Exteriores", "BRA"),
        ("Secretaría de Relaciones Exteriores", "MEX"),
        ("Embassy of Japan in Kenya", "JPN"),
        ("Permanent Mission of Chile to the United Nations", "CHL"),
        ("Ministry of Foreign Affairs", None),
        ("Japan and Kenya Friendship Office", None),
    ],
)
def test_a_name_in_its_own_language_and_a_mission(name: str, party: str | None) -> None:
    assert party_of_name(name) == party


_LEAD = "The Minister received today the Ambassador of the Kingdom of Norway, Mr. Henrik Dahl, and thanked him for his work."


@pytest.mark.parametrize(
    ("text", "party"),
    [
        (f"FEDERAL MINISTRY OF FOREIGN AFFAIRS\nABUJA, NIGERIA\n\nPRESS RELEASE\n\n{_LEAD}", "NGA"),
        (f"Government of Nepal\nMinistry of Foreign Affairs\n\n{_LEAD}", "NPL"),
        (f"The Minister receives the Ambassador of Norway\n\nPress release - Federal Foreign Office - 02.11.2022\n\n{_LEAD}", "DEU"),
        (f"{_LEAD}\n\nMinistry of Foreign Affairs\nColombo\n29 August 2023", "LKA"),
        (f"Wellington, 7 September 2022 – {_LEAD}", "NZL"),
        (f"(Kampala, May 10, 2023) - {_LEAD}", "UGA"),
        (f"Amman, Feb. 5 (News) – {_LEAD}", "JOR"),
        (f"13 September 2023, Belgrade\n\n{_LEAD}", "SRB"),
        # Abroad, at a seat of organisations, at a conference, with both sides in the letterhead: not known.
        (f"Oslo, 7 September 2022 – {_LEAD}", None),
        (f"Geneva, 7 September 2022 – {_LEAD}", None),
        ("Kampala, 7 September 2022 – The Minister met Prime Minister Henrik Dahl on the sidelines of the summit and thanked him.", None),
        (f"Ministry of Foreign Affairs of Kenya\nMinistry of Foreign Affairs of Uganda\n\n{_LEAD}", None),
        (_LEAD, None),
    ],
)
def test_a_letterhead_or_the_place_of_issue_tells_the_party(text: str, party: str | None) -> None:
    assert party_of_text(text) == party


@pytest.mark.parametrize(
    ("line", "party", "day"),
    [
        ("15.03.2024", None, "2024-03-15"),
        ("06.09.2023 / 14:20", None, "2023-09-06"),
        ("News item | 21-02-2024 | 16:15", None, "2024-02-21"),
        ("Publication date 4.9.2023 13.05", None, "2023-09-04"),
        ("Published on 05 July 2023 at 17:40", None, "2023-07-05"),
        ("Press release - Federal Foreign Office - 02.11.2022", "DEU", "2022-11-02"),
        ("Bogotá, Colombia. 12 February 2024.", None, "2024-02-12"),
        ("Press release | Date: 30/05/2024", None, "2024-05-30"),
        ("Meeting with the Minister of Norway (Athens, 7 June 2023)", None, "2023-06-07"),
        # Which is the month is known where it is known who writes.
        ("05/04/2024", None, None),
        ("05/04/2024", "NOR", "2024-04-05"),
        ("05/04/2024", "USA", "2024-05-04"),
        ("Visit of the Minister, 15 to 17 January 2024", None, None),
        ("31.02.2024", None, None),
    ],
)
def test_a_line_of_issue_tells_the_day(line: str, party: str | None, day: str | None) -> None:
    assert day_of_text(f"{line}\n\n{_LEAD}", party) == day


def test_a_form_that_ministries_share_yields_to_the_letterhead() -> None:
    text = "Ministry of Foreign Affairs\nDhaka, Bangladesh\n\nThe Foreign Secretary met the Ambassador of Norway on 4 May 2023."
    assert sources.recognise(None, None, text).party == "BGD"


def test_a_document_takes_the_day_of_its_letterhead(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Tashkent, 15.03.2024\n\nMeeting with the Ambassador\n\n{_LEAD}\n", encoding="utf-8")
    found = next(documents.read([file]))
    assert getattr(found, "date", None) == "2024-03-15"
