"""Bad input: one plain line each, and the rest of the batch goes on."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.ingest.pages import documents
from communique.model import Document, Refusal

GOOD = "Foreign Minister Lund met Foreign Minister Aas in Oslo."
DEEP = "<html><body>" + "<div>" * 10_000 + "<p>They met.</p>" + "</div>" * 10_000 + "</body></html>"


def read(folder: Path) -> tuple[list[Document], list[Refusal]]:
    found = list(documents.read([folder]))
    return [f for f in found if isinstance(f, Document)], [f for f in found if isinstance(f, Refusal)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("binary.txt", b"They met\x00\x01\x02\xff", "binary"),
        ("control.txt", b"abc\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10", "binary"),
        ("photo.png", b"\x89PNG\r\n\x1a\n....", "an image"),
        ("page.pdf", b"%PDF-1.7 ...", "a PDF"),
        ("latin.txt", "Türkiye".encode("latin-1"), "not utf-8 (byte 2)"),
        ("wrong.html", b'<meta charset="utf-8"><p>T\xfcrkiye</p>', "not utf-8"),
        ("odd.html", b'<meta charset="klingon"><p>They met</p>', "'klingon', which is not known"),
        ("name.html", b'<meta charset="idna"><p>They met</p>', "'idna', which is not known"),
        ("none.html", b"<html><head><title>x</title></head><body><script>var a</script><nav>Home</nav></body></html>", "no text"),
        ("cut.txt.gz", gzip.compress(GOOD.encode() * 50, mtime=0)[:-20], "cut off"),
        ("not.txt.gz", b"They met.", "cut off or damaged"),
        ("list.jsonl", b"[1, 2]", "holds a list"),
        ("text.jsonl", b'{"id": "a", "text": 5}', "'text' holds a int"),
        ("flag.jsonl", b'{"id": "a", "text": "They met.", "composed": "yes"}', "'composed'"),
        ("none.jsonl", b'{"id": "a", "title": "Talks"}', "no text"),
        ("date.jsonl", b'{"id": "a", "text": "They met.", "date": "2021-02-30"}', "'2021-02-30' is no day of the calendar"),
        ("half.jsonl", b'{"id": "a", "text": "They \\ud800 met."}', "half a character"),
        ("deep.jsonl", b'{"id": ' + b"[" * 100_000, "not valid JSON|nests too deeply"),
        ("days.jsonl", b'{"id": "a", "text": "They met.", "date": "3/4/2024"}', "can be read as two days"),
        ("other.csv", b"name,party\r\nLund,NOR\r\n", "no column 'text' or 'html'; its first row is 'name, party'"),
        ("open.csv", b'id,text\r\na,"They met.\r\n', "breaks off after row 1"),
        ("ragged.csv", b"id,text\na,They met, and agreed.\n", "3 cells where the head has 2"),
        ("twice.csv", b"text,id,Text\nThey met.,a,b\n", "'text' twice"),
        ("latin.csv", "id;text\na;Türkiye\n".encode("latin-1"), "not utf-8"),
        ("levels.html", b"<div>" * 30_000 + b"They met.", "20,000 deep"),
    ],
)
def test_each_gets_one_plain_line_and_the_rest_goes_on(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "a-good.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "z-good.txt").write_text(GOOD + " They agreed.", encoding="utf-8")
    good, bad = read(tmp_path)
    assert [d.id for d in good] == ["a-good", "z-good"]
    (refusal,) = bad
    assert name in refusal.origin
    assert any(word in refusal.reason for word in says.split("|")), refusal.reason
    assert "\n" not in refusal.reason
    assert len(refusal.reason) < 240


def test_a_broken_line_amid_good_ones(tmp_path: Path) -> None:
    rows = [
        b'{"id":"a","text":"They met."}',
        b'{"id":"b","text":"They',
        b'{"id":"c","text":"\xff"}',
        b'{"id":"d","text":"They met again."}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    good, bad = read(tmp_path)
    assert [d.id for d in good] == ["a", "d"]
    assert [r.origin.rsplit(":", 1)[-1] for r in bad] == ["2", "3"]


def test_a_packed_file_that_breaks_off_gives_what_it_held(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": f"d{i}", "text": f"They met {i} times. " * 50}) + "\n" for i in range(2000))
    packed = gzip.compress(lines.encode(), mtime=0)
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    good, bad = read(tmp_path)
    assert good
    assert f"after {len(good)} documents" in bad[-1].reason


def test_a_page_beyond_the_limit(tmp_path: Path) -> None:
    (tmp_path / "big.html").write_bytes(b"<p>They met.</p>" * (50 * 1024 * 1024 // 16))
    (tmp_path / "big.jsonl").write_bytes(b'{"text": "' + b"a" * (documents.MAX_BYTES + 10) + b'"}\n{"id": "b", "text": "They met."}\n')
    good, bad = read(tmp_path)
    assert [d.id for d in good] == ["b"]
    assert all("larger than 10 MB" in r.reason or "longer than 10 MB" in r.reason for r in bad)
    assert len(bad) == 2


def test_ten_thousand_nested_elements_are_read(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_text(DEEP, encoding="utf-8")
    good, bad = read(tmp_path)
    assert ([d.text for d in good], bad) == (["They met."], [])


def test_a_text_read_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    good, bad = read(tmp_path)
    assert [d.id for d in good] == ["a"]
    assert "the same text" in bad[0].reason


def test_a_broken_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.meta.json").write_text("{", encoding="utf-8")
    _, bad = read(tmp_path)
    assert "a.meta.json" in bad[0].reason


def test_what_is_not_there() -> None:
    assert [f.reason for f in documents.read(["/nowhere/at/all.txt"]) if isinstance(f, Refusal)] == [
        "there is no such file or folder; check the path"
    ]
    assert [type(f) for f in documents.read(["-"], None)] == [Refusal]
    assert [type(f) for f in documents.read(["-"], BytesIO(b""))] == [Refusal]


MARKUP = b"""<p> </div> <ol><li> <!-- <script> <td &# &amp; They met. <html> <meta~charset="utf-16"> <meta~charset="koi8-r">"""
OTHER = b"""{"text":~"Met."} {"text": "date":"0000-00-00" <time~datetime='x'> 1. \xff\xfe \x1f\x8b \xef\xbb\xbf \xe4"""
PIECES = st.sampled_from([*(MARKUP + b" " + OTHER).replace(b" ", b"\0").replace(b"~", b" ").split(b"\0"), b"\n", b" ", b"\r"])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for found in documents.read(["-"], BytesIO(data)):
        assert isinstance(found, Document | Refusal)
        if isinstance(found, Document):
            assert found.text.strip()
