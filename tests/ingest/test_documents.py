"""Bytes to documents: formats, metadata, dates, encodings.  All texts are invented."""

# ruff: noqa: E501 (an invented text stays on one line)

from __future__ import annotations

import gzip
import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from communique.ingest import sources
from communique.ingest.pages import documents, published
from communique.model import Document, Refusal

TEXT = "Foreign Minister Lund met Foreign Minister Aas in Oslo. They agreed on trade."


def read(*paths: Path | str, stdin: bytes | None = None) -> list[Document]:
    found = list(documents.read(paths, BytesIO(stdin) if stdin is not None else None))
    assert not [f for f in found if isinstance(f, Refusal)], found
    return [f for f in found if isinstance(f, Document)]


def only(*paths: Path | str, stdin: bytes | None = None) -> Document:
    (document,) = read(*paths, stdin=stdin)
    return document


def test_plain_text_with_a_sidecar(tmp_path: Path) -> None:
    (tmp_path / "oslo.txt").write_text(TEXT, encoding="utf-8")
    meta = {
        "publisher": "Ministry of Foreign Affairs of Norway",
        "title": "Oslo  talks",
        "date": "2024-05-04",
        "url": "https://example.org/oslo",
        "licence": "CC0",
        "composed": True,
    }
    (tmp_path / "oslo.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    (tmp_path / "oslo.gold.json").write_text("{}", encoding="utf-8")
    found = only(tmp_path)
    assert (found.id, found.text, found.title, found.date, found.licence, found.composed) == (
        "oslo",
        TEXT,
        "Oslo talks",
        "2024-05-04",
        "CC0",
        True,
    )
    assert (found.source, found.publisher) == ("generic", "Ministry of Foreign Affairs of Norway")
    assert len(found.sha256) == 64


def test_folders_are_read_in_order_and_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, words in (
        ("b/two.md", "# Two\n\nThey met."),
        ("a.txt", "They met in Oslo."),
        (".hidden.txt", "no"),
        ("c.html", "<p>They met in Rome.</p>"),
    ):
        (tmp_path / name).write_text(words, encoding="utf-8")
    assert [d.id for d in read(tmp_path)] == ["a", "two", "c"]


def test_json_lines_plain_and_packed(tmp_path: Path) -> None:
    lines = "\n".join(
        json.dumps({"id": f"d{i}", "text": f"They met in {place}.", "date": "2024-05-04"}) for i, place in enumerate(("Oslo", "Rome"))
    )
    (tmp_path / "a.jsonl").write_text(lines + "\n\n", encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.replace("They", "We").replace('"d', '"e').encode()))
    found = read(tmp_path)
    assert [(d.id, d.origin.rsplit("/", 1)[-1]) for d in found] == [
        ("d0", "a.jsonl:1"),
        ("d1", "a.jsonl:2"),
        ("e0", "b.jsonl.gz:1"),
        ("e1", "b.jsonl.gz:2"),
    ]


def test_the_text_of_a_json_line_is_kept_and_html_used_only_without_one(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": " They met. \n", "html": "<p>Other</p>"},
        {"id": "b", "html": "<p>They met in Rome.</p><p>They agreed.</p>"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [d.text for d in read(tmp_path)] == [" They met. \n", "They met in Rome.\n\nThey agreed."]


@pytest.mark.parametrize(
    ("stdin", "text"),
    [
        (TEXT.encode(), TEXT),
        (json.dumps({"text": TEXT}).encode(), TEXT),
        (b"<!DOCTYPE html><html><body><p>They met.</p></body></html>", "They met."),
        (gzip.compress(TEXT.encode(), mtime=0), TEXT),
    ],
)
def test_standard_input_is_known_by_its_first_bytes(stdin: bytes, text: str) -> None:
    assert only("-", stdin=stdin).text == text


def test_a_json_file_is_one_object_and_a_line_without_an_id_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "oslo.json").write_text(json.dumps({"text": TEXT, "title": "Oslo"}, indent=1), encoding="utf-8")
    (tmp_path / "rome.jsonl").write_text('\n{"text": "They met in Rome."}\n', encoding="utf-8")
    assert [(d.id, d.title) for d in read(tmp_path)] == [("oslo", "Oslo"), ("rome-2", None)]


TABLE = (
    "ID{0}Publisher{0}Date{0}Remarks{0}Text\r\n"
    'oslo{0}Ministry of Foreign Affairs of Norway{0}2024-05-04{0}x{0}"They met in Oslo{0} and ""agreed"".\r\n\r\nOn trade."\r\n'
    "{0}{0}{0}{0}\r\n"
    "{0}{0}25/12/2024{0}{0}They met in Málaga.\r\n"
)


@pytest.mark.parametrize(("name", "mark", "encoding"), [
    ("a.csv", ",", "utf-8"), ("a.csv", ";", "utf-8-sig"), ("a.tsv", "\t", "utf-16"), ("a.csv.gz", ",", "utf-8"),
])  # fmt: skip
def test_a_table_is_a_document_a_row(tmp_path: Path, name: str, mark: str, encoding: str) -> None:
    data = TABLE.format(mark).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    (tmp_path / "a.meta.json").write_text('{"licence": "CC0", "publisher": "Ministry of Foreign Affairs of Spain"}', encoding="utf-8")
    first, second = read(tmp_path)
    assert (first.id, first.publisher, first.date) == ("oslo", "Ministry of Foreign Affairs of Norway", "2024-05-04")
    assert first.text == f'They met in Oslo{mark} and "agreed".\r\n\r\nOn trade.'
    assert (second.id, second.publisher, second.date) == ("a-4", "Ministry of Foreign Affairs of Spain", "2024-12-25")
    assert (second.text, second.licence, second.origin) == ("They met in Málaga.", "CC0", f"{tmp_path / name}:4")


def test_a_cell_may_be_longer_than_tables_are_expected_to_hold(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text\n"' + "They met in Oslo. " * 20_000 + '"\n', encoding="utf-8")
    assert len(only(tmp_path).text) > 300_000


def test_a_table_in_another_encoding_is_read_by_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("text\nThey met in Málaga.\n".encode("cp1252"))
    (tmp_path / "a.meta.json").write_text('{"charset": "windows-1252"}', encoding="utf-8")
    assert only(tmp_path).text == "They met in Málaga."


MARKED = """---
title: "Talks in Oslo"
date: 2024-05-04
tags: [norway, kenya]
publisher: Ministry of Foreign Affairs of Norway
---

# Minister Lund meets Minister Aas

**Oslo, 4 May 2024** – Foreign Minister *Jon Lund* met
Foreign Minister Aas of [Kenya](https://example.org/kenya).

    They agreed on trade \\& fish.

- Lund asked for ice.
- Aas agreed.
"""


def test_markdown_is_read_without_its_marks(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKED, encoding="utf-8")
    found = only(tmp_path)
    assert (found.title, found.date, found.publisher) == ("Talks in Oslo", "2024-05-04", "Ministry of Foreign Affairs of Norway")
    assert found.text.split("\n\n") == [
        "Minister Lund meets Minister Aas",
        "Oslo, 4 May 2024 – Foreign Minister Jon Lund met Foreign Minister Aas of Kenya.",
        "They agreed on trade & fish.",
        "• Lund asked for ice.",
        "• Aas agreed.",
    ]
    (tmp_path / "a.meta.json").write_text('{"title": "Oslo talks"}', encoding="utf-8")
    assert only(tmp_path).title == "Oslo talks"  # who wrote it beside the file said it later
    (tmp_path / "a.meta.json").unlink()
    (tmp_path / "a.md").write_text(MARKED[MARKED.index("#") :], encoding="utf-8")
    assert only(tmp_path).title == "Minister Lund meets Minister Aas"


def test_two_texts_of_one_id_get_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id":"x","text":"They met."}\n{"id":"x","text":"They met again."}', encoding="utf-8")
    first, second = read(tmp_path)
    assert first.id == "x"
    assert second.id == f"x-{second.sha256[:8]}"


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Talks in Oslo | Ministry</title>
<meta property="article:published_time" content="2024-05-04T21:30:00+02:00">
<link rel="canonical" href="https://www.mofa.go.jp/oslo.html"><script>var x = "<p>no</p>";</script><style>p{}</style></head>
<body><nav><a>Home</a></nav><header>Ministry</header><div class="main-section"><h1>Talks in
  Oslo</h1><p>They <b>met</b> in&nbsp;Oslo&mdash;as&#32;friends.<input type="hidden" value="no"></p>
<ol><li>They agreed.<ol><li>On trade.</li><li><p>On fish.</p></li></ol></li><li value="5">They left.</li></ol>
<ul><li>One</li><li>(2) Two</li></ul><figure><img alt="no"><figcaption>The ministers</figcaption></figure>
<p style="display: none">no</p><p hidden>no</p>First<br>second</div><div>no</div><footer>no</footer></body></html>"""


def test_a_web_page_becomes_blocks(tmp_path: Path) -> None:
    (tmp_path / "oslo.html").write_text(PAGE, encoding="utf-8")
    found = only(tmp_path)
    assert found.text.split("\n\n") == [
        "Talks in Oslo", "They met in\u00a0Oslo—as friends.", "1. They agreed.", "(1) On trade.", "(2) On fish.", "5. They left.", "• One", "(2) Two", "First\nsecond",
    ]  # fmt: skip
    assert (found.title, found.url, found.lang, found.source) == ("Talks in Oslo", "https://www.mofa.go.jp/oslo.html", "en", "mofa")
    assert (found.published, found.date) == ("2024-05-04T21:30:00+02:00", "2024-05-04")
    mofa = sources.named("mofa")
    assert mofa is not None
    assert published.publication_date(found, mofa) == date(2024, 5, 5)  # the day in Tokyo


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "shift_jis"])
def test_encodings_are_declared_and_not_guessed(tmp_path: Path, encoding: str) -> None:
    words = {"windows-1251": "Встреча в Осло", "shift_jis": "会談"}.get(encoding, "Türkiye’s Minister")
    declared = f'<meta charset="{encoding}">' if encoding in ("windows-1251", "shift_jis") else ""
    (tmp_path / "a.html").write_bytes(f"<html><head>{declared}</head><body><p>{words}</p></body></html>".encode(encoding))
    assert only(tmp_path).text == words


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "state", "date": "2021-05-28", "published": "2021-05-28T01:38:11+00:00"}, date(2021, 5, 27)),  # feed times are UTC
        ({"source": "state", "published": "2021-05-28T01:38:11"}, date(2021, 5, 27)),
        ({"source": "state", "published": "2021-05-28"}, date(2021, 5, 28)),
        ({"source": "whitehouse", "published": "2022-11-14 00:49:35-05:00"}, date(2022, 11, 14)),
        ({"source": "state", "published": "01/08/2022 08:01 PM EST"}, date(2022, 1, 8)),
        ({"source": "china", "date": "2024-07-27", "published": "2024-07-27 10:32"}, date(2024, 7, 27)),
        ({"date": "2024-05-04", "published": "2024-06-30T10:00:00+00:00"}, date(2024, 5, 4)),
        ({"date": "May 4, 2024"}, date(2024, 5, 4)),
        ({"date": "4th May 2024"}, date(2024, 5, 4)),
        ({"text": "Talks\n\nSeptember 22, 2021\n\nThey met."}, date(2021, 9, 22)),
        ({}, None),
    ],
)
def test_the_day_of_publication(tmp_path: Path, fields: dict[str, str], expected: date | None) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": TEXT, **fields}), encoding="utf-8")
    found = only(tmp_path)
    source = sources.recognise(found.url, None, found.text, found.source)
    assert published.publication_date(found, source) == expected
