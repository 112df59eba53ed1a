"""The publisher of a page: by host, by name, by the forms of the text, else generic."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from communique.ingest import sources


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://www.mofa.go.jp/erp/we/gb/page6e_000251.html", "mofa"),
        ("https://www.state.gov/readout/", "state"),
        ("https://bidenwhitehouse.archives.gov/briefing-room/x/", "whitehouse"),
        ("https://www.gov.uk/government/news/x", "fcdo"),
        ("https://www.mofa.go.kr/eng/brd/x", "rok"),
        ("http://un.china-embassy.gov.cn/eng/x", "china"),
        ("https://www.canada.ca/en/global-affairs/news/x.html", "canada"),
        ("https://example.org/www.state.gov", "generic"),
        ("https://notstate.gov/", "generic"),
        ("not a url", "generic"),
        ("http://[broken", "generic"),
    ],
)
def test_a_host_names_the_publisher(url: str, id_: str) -> None:
    assert sources.recognise(url, None, "").id == id_


@pytest.mark.parametrize(
    ("publisher", "id_", "party"),
    [
        ("Ministry of Foreign Affairs of Japan (composed)", "mofa", "JPN"),
        ("Foreign, Commonwealth & Development Office", "fcdo", "GBR"),
        ("Foreign, Commonwealth and Development Office", "fcdo", "GBR"),
        ("Ministry of Foreign Affairs of the People’s Republic of China", "china", "CHN"),
        ("Ministry of Foreign Affairs of the Republic of Korea", "rok", "KOR"),
        ("The White House", "whitehouse", "USA"),
        ("Ministry of Foreign Affairs of the Kingdom of Norway", "generic", "NOR"),
        ("Presidency of Ruritania", "generic", None),
    ],
)
def test_a_name_names_the_publisher(publisher: str, id_: str, party: str | None) -> None:
    found = sources.recognise(None, publisher, "")
    assert (found.id, found.party) == (id_, party)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("On May 4, Ms. MINAMI Kaoru met Mr. Aas. The overview of the meeting is as follows.\n\n1. They agreed.", "mofa"),
        ("Office of the Spokesperson\n\nThe below is attributable to Spokesperson Jane Roe:\n\nThey met.", "state"),
        ("President Biden met today with Prime Minister Roe.\n\n\\###\n", "whitehouse"),
        ("The call\n\nA Foreign, Commonwealth & Development Office spokesperson said:\n\n“They met.”", "fcdo"),
        ("Sun Lei Meets with Jan Lis\n\nSun Lei, Member of the Political Bureau of the CPC Central Committee, met Jan Lis.", "china"),
        ("1. Minister of Foreign Affairs Han Sora held talks with her counterpart.\n\n  ° They agreed.", "rok"),
        ("May 4, 2022 – Ottawa, Ontario – Global Affairs Canada\n\nThe Honourable Anne Roy spoke.", "canada"),
        ("Foreign Minister Lund met her counterpart.", "generic"),
    ],
)
def test_the_forms_of_a_text_name_the_publisher(text: str, id_: str) -> None:
    assert sources.recognise(None, None, text).id == id_


def test_a_host_outweighs_a_name_and_a_name_a_hint() -> None:
    assert sources.recognise("https://www.state.gov/x", "The White House", "").id == "state"
    assert sources.recognise(None, "The White House", "", "state").id == "whitehouse"
    assert sources.recognise(None, "Somebody", "", "state").id == "state"
    assert sources.recognise(None, None, "", "composed").id == "generic"


def test_every_source_is_whole() -> None:
    loaded = sources.load()
    assert loaded[0].id == "generic"
    assert loaded[0].party is None
    for source in loaded[1:]:
        assert all((source.publisher, source.party, source.hosts, source.names, source.offices)), source.id
        assert ZoneInfo(source.zone or "")
        if source.feed_zone:
            assert ZoneInfo(source.feed_zone)
        assert sources.recognise(None, source.publisher, "").id == source.id
    hosts = [host for source in loaded for host in source.hosts]
    assert len(hosts) == len(set(hosts))


def test_set_phrases() -> None:
    mofa = sources.named("mofa")
    assert mofa is not None
    assert mofa.is_phrase("The overview of the meeting is as follows.")
    assert not mofa.is_phrase("The overview of the meeting pleased both.")
