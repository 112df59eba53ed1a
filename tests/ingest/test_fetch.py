"""From addresses, feeds and listings to a cache that ingest reads: versions, resuming, sidecars.  All texts are invented."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from communique.cli.main import run
from communique.errors import FetchError
from communique.ingest import fetch, sources
from communique.ingest.extract import extract
from communique.ingest.fetch import Cache, Client, Listed, Manners, Outcome, archives, listing
from communique.ingest.fetch.cache import Journal
from communique.ingest.pages import documents
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document
from tests.ingest.playing import HTML, Says, Stage, page, playing, unchanged_since

QUICK = Manners(pause=0, backoff=0, tries=2, timeout=10)
THEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
LONG = "On May 4, 2024, Foreign Minister Lund of Norway met Foreign Minister Aas in Oslo. They discussed trade."


@pytest.fixture
def stage() -> Iterator[Stage]:
    with playing() as found:
        yield found


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def bring(cache: Cache, *urls: str, **options: Any) -> list[fetch.Fetched]:
    return list(fetch.fetch([Listed(u) for u in urls], cache, Client(QUICK), now=lambda: THEN, **options))


def meta(path: Path | None) -> dict[str, Any]:
    assert path is not None
    found = json.loads(path.with_name(path.stem + ".meta.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def files(cache: Cache) -> list[str]:
    return sorted(str(p.relative_to(cache.folder)) for p in cache.folder.rglob("*") if p.is_file())


# The cache


def test_a_page_is_kept_as_it_came_with_what_is_known_of_it(stage: Stage, cache: Cache) -> None:
    body = "<html><body><p>Café</p></body></html>".encode("cp1252")
    stage.routes["/news/talks.html"] = Says(
        body, headers={"Content-Type": "text/html; charset=ISO-8859-1", "ETag": '"1"', "Set-Cookie": "x=1"}
    )
    (found,) = bring(cache, stage.at("/news/talks.html#top"))
    assert found.outcome is Outcome.NEW
    assert found.path is not None
    assert found.path.read_bytes() == body
    assert meta(found.path) == {
        "url": stage.at("/news/talks.html"),
        "final_url": stage.at("/news/talks.html"),
        "status": 200,
        "fetched": "2024-05-06T07:08:09Z",
        "charset": "iso-8859-1",
        "headers": {"content-type": "text/html; charset=ISO-8859-1", "etag": '"1"'},
        "sha256": meta(found.path)["sha256"],
    }
    (document,) = documents.read([cache.folder])
    assert isinstance(document, Document)
    assert (document.text, document.url, document.id) == ("Café", stage.at("/news/talks.html"), found.path.stem)


def test_names_depend_on_the_address_alone(cache: Cache) -> None:
    assert str(cache.stem("https://www.mofa.go.jp/erp/we/gb/page6e_000251.html").relative_to(cache.folder)) == "mofa/page6e-000251-e3dacf0a"
    by_query = {cache.stem(f"https://www.mofa.go.kr/eng/brd/m_5676/view.do?seq={n}") for n in range(20)}
    assert len(by_query) == 20
    assert {p.parent.name for p in by_query} == {"rok"}
    assert cache.stem("https://host.example/").parent.name == "host-example"


@pytest.mark.parametrize(
    ("url", "source", "licence"),
    [
        ("https://www.gov.uk/government/news/x", "fcdo", "Open Government Licence v3.0"),
        ("https://www.mofa.go.jp/x", "mofa", None),
        ("https://host.example/x", None, None),
    ],
)
def test_the_publisher_and_its_licence_are_written_down(url: str, source: str | None, licence: str | None) -> None:
    from communique.ingest.fetch.batch import _sidecar
    from communique.ingest.fetch.client import Answer

    found = _sidecar(Listed(url), Answer("https://short.example/1", url, 200, {}, b"", False), THEN)
    assert (found["source"], found["licence"]) == (source, licence)
    known = sources.named(source) if source else None
    assert found["publisher"] == (known.publisher if known else None)


def test_a_second_run_asks_for_nothing(stage: Stage, cache: Cache) -> None:
    stage.routes["/a"] = page(LONG)
    bring(cache, stage.at("/a"), stage.at("/a#again"))
    (found,) = bring(cache, stage.at("/a"))
    assert (found.outcome, stage.hits["/a"]) == (Outcome.KEPT, 1)


def test_a_page_that_has_not_changed_stays_one_version(stage: Stage, cache: Cache) -> None:
    stage.routes |= {"/tagged": unchanged_since('"1"', page(LONG)), "/same": page(LONG + " One.")}
    stage.routes["/token"] = [Says(page(LONG + " Two.").body + f"<!-- {n} -->".encode()) for n in range(2)]
    urls = [stage.at(p) for p in ("/tagged", "/same", "/token")]
    bring(cache, *urls)
    before = {p: p.read_bytes() for p in cache.folder.rglob("*.html")}
    assert [f.outcome for f in bring(cache, *urls, again=True)] == [Outcome.UNCHANGED] * 3
    assert {p: p.read_bytes() for p in cache.folder.rglob("*.html")} == before
    assert all(meta(p)["checked"] == "2024-05-06T07:08:09Z" for p in before)


def test_a_changed_page_is_a_new_version_and_the_old_one_stays_citable(stage: Stage, cache: Cache) -> None:
    stage.routes["/talks"] = [page(LONG), page(LONG + " They agreed on fish."), page(LONG + " They agreed on nothing.")]
    paths = [bring(cache, stage.at("/talks"), again=True)[0].path for _ in range(3)]
    stem = cache.stem(stage.at("/talks")).name
    assert [p.name for p in paths if p] == [f"{stem}.html", f"{stem}-v2.html", f"{stem}-v3.html"]
    assert meta(paths[1])["revises"] == meta(paths[0])["sha256"]
    assert meta(paths[2])["revises"] == meta(paths[1])["sha256"]
    assert len(cache.versions(stage.at("/talks"))) == 3
    read = {d.id: d for d in documents.read([cache.folder]) if isinstance(d, Document)}
    assert len(read) == 3
    iris = Iris()
    first, second = iris.readout(read[stem]), iris.readout(read[f"{stem}-v2"])
    (line,) = [q for q in quads(extract(read[f"{stem}-v2"]), iris) if "wasRevisionOf" in q]
    assert line.startswith(f"<{second}> <http://www.w3.org/ns/prov#wasRevisionOf> <{first}> ")
    assert not [q for q in quads(extract(read[stem]), iris) if "wasRevisionOf" in q]


@pytest.mark.parametrize("older", ["", "..", "gone.html", "other.html", "x-v2.html", 7])
def test_a_revision_of_what_is_not_there_is_none(tmp_path: Path, older: object) -> None:
    (tmp_path / "x-v2.html").write_bytes(page(LONG).body)
    (tmp_path / "other.html").write_bytes(page(LONG + " Two.").body)
    (tmp_path / "x-v2.meta.json").write_text(json.dumps({"revises": "0" * 64, "revises_file": older}), encoding="utf-8")
    assert [d.revises for d in documents.read([tmp_path]) if isinstance(d, Document)] == [None, None]


def test_a_sidecar_without_its_page_or_a_damaged_one_is_not_a_page(stage: Stage, cache: Cache) -> None:
    stage.routes |= {"/a": page(LONG), "/b": page(LONG + " Two.")}
    one, two = bring(cache, stage.at("/a"), stage.at("/b"))
    assert one.path
    assert two.path
    one.path.unlink()  # a kill between the two writes
    two.path.with_name(two.path.stem + ".meta.json").write_text("{", encoding="utf-8")
    assert [f.outcome for f in bring(cache, stage.at("/a"), stage.at("/b"))] == [Outcome.NEW, Outcome.NEW]
    assert stage.hits == {"/robots.txt": 2, "/a": 2, "/b": 2}


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"%PDF-1.7", "application/pdf", "is application/pdf, not a page"),
        (b"{}", "application/json", "is application/json, not a page"),
        (b"\x89PNG", "", "is of no known type"),
        (b"  \n", HTML, "the page is empty"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "application/xml", "this is a feed, not a page"),
    ],
)
def test_what_is_no_page_is_told_and_the_rest_goes_on(stage: Stage, cache: Cache, body: bytes, kind: str, said: str) -> None:
    stage.routes |= {
        "/bad": Says(body, headers={"Content-Type": kind}),
        "/good": Says(LONG.encode(), headers={"Content-Type": "text/plain"}),
        "/marks": Says(LONG.encode() + b" *They* agreed.", headers={"Content-Type": "text/markdown"}),
    }
    bad, good, marks = bring(cache, stage.at("/bad"), stage.at("/good"), stage.at("/marks"))
    assert said in str(bad.error)
    assert str(bad.error).startswith(stage.at("/bad"))
    assert good.path
    assert good.path.suffix == ".txt"
    assert marks.path
    assert marks.path.suffix == ".md"


def test_a_page_without_a_type_is_known_by_its_first_bytes(stage: Stage, cache: Cache) -> None:
    stage.routes["/a"] = Says(page(LONG).body, headers={})
    assert bring(cache, stage.at("/a"))[0].outcome is Outcome.NEW


# Resuming


def test_what_is_done_with_is_not_asked_for_again(stage: Stage, cache: Cache) -> None:
    stage.routes |= {"/a": page(LONG), "/busy": [Says(status=500), Says(status=500), page(LONG + " Late.")]}
    urls = [stage.at(p) for p in ("/a", "/gone", "/busy")]
    bring(cache, *urls, journal=Journal.open(cache, "order"))  # killed before the journal is closed
    journal = Journal.open(cache, "order")
    again = bring(cache, *urls, again=True, journal=journal)
    assert [f.outcome for f in again] == [Outcome.KEPT, Outcome.FAILED, Outcome.NEW]
    assert (stage.hits["/a"], stage.hits["/gone"]) == (1, 1)
    journal.close()
    assert not Journal.open(cache, "order").done
    assert not Journal.open(cache, "another order").done


def test_half_a_line_of_the_journal_is_not_taken_for_an_address(cache: Cache) -> None:
    journal = Journal.open(cache, "order")
    journal.note("https://host.example/a")
    journal.path.write_bytes(journal.path.read_bytes() + b"https://host.example/b?x=1")
    again = Journal.open(cache, "order")
    assert again.done == {"https://host.example/a"}
    again.note("https://host.example/b?x=12")
    assert "https://host.example/b?x=12" in Journal.open(cache, "order").done


def test_a_killed_run_taken_up_again_fetches_nothing_twice(stage: Stage, tmp_path: Path, root: Path) -> None:
    entries = "".join(f"<item><link>{stage.at(f'/p{n}')}</link></item>" for n in range(12))
    stage.routes["/feed"] = Says(f"<rss><channel>{entries}</channel></rss>".encode(), headers={"Content-Type": "application/rss+xml"})
    stage.routes |= {f"/p{n}": page(f"{LONG} {n}") for n in range(12)}
    command = [sys.executable, "-m", "communique.cli", "fetch", "--feed", stage.at("/feed"), "--again", "--cache", "cache"]
    environ = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen([*command, "--pause", "0.1"], cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL)
    while sum(n for path, n in stage.hits.items() if path.startswith("/p")) < 4:
        time.sleep(0.02)
        assert process.poll() is None
    time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    cut = len(list((tmp_path / "cache").rglob("*.html")))
    assert 3 <= cut < 12
    ended = subprocess.run([*command, "--pause", "0"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert len(list((tmp_path / "cache").rglob("*.html"))) == 12
    twice = {path: n for path, n in stage.hits.items() if n > 1 and path != "/robots.txt"}
    assert len(twice) <= 1  # at most the page that was on its way when the run was killed
    assert "/feed" not in twice
    assert not list((tmp_path / "cache").glob(".run-*"))


# Feeds

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>No</title><link>/no</link>
<item><title>One &amp; two</title><link> /one </link><pubDate>Sat, 04 May 2024 23:30:00 -0400</pubDate></item>
<item><guid>https://host.example/two</guid><pubDate>05 May 2024 10:00:00 GMT</pubDate></item>
<item><link>mailto:x@y.example</link></item><item><link>/one#again</link></item><item><link>/three</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="/no"/><entry><link rel="self" href="/no"/><link href="/one"/>
<updated>2024-05-06T00:00:00Z</updated><published>2024-05-04T10:00:00Z</published><title>One</title></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item rdf:about="/one"><title>One</title><link>/one</link><dc:date>2024-05-04</dc:date></item></rdf:RDF>"""


def test_feeds_of_every_kind() -> None:
    base = "https://host.example/feeds/all.xml"
    one, two, three = listing.from_feed(RSS.encode(), base)
    assert (one.url, one.title, one.published) == ("https://host.example/one", "One & two", "2024-05-04T23:30:00-04:00")
    assert (two.url, two.day) == ("https://host.example/two", date(2024, 5, 5))
    assert (three.url, three.day) == ("https://host.example/three", None)
    for other in (ATOM, RDF):
        (found,) = listing.from_feed(other.encode(), base)
        assert (found.url, found.day) == ("https://host.example/one", date(2024, 5, 4))
    assert all(listing.is_feed(f.encode()) for f in (RSS, ATOM, RDF))
    assert not listing.is_feed(page("a feed").body)


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><item><link>&b;</link></item></rss>'


@pytest.mark.parametrize(
    ("body", "said"), [("<html>", "no feed that can be read"), ("", "no feed"), ("<a/>", "neither RSS nor Atom"), (BOMB, "no feed")]
)
def test_what_is_no_feed_is_told(body: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        listing.from_feed(body.encode(), "https://host.example/")


def test_a_feed_is_asked_for_with_a_condition_and_its_days_are_kept(stage: Stage, cache: Cache) -> None:
    stage.routes["/feed"] = unchanged_since('"f"', Says(RSS.replace("https://host.example", stage.url).encode()))
    stage.routes["/one"] = page(LONG)
    found = [list(fetch.listed(stage.at("/feed"), None, date(2024, 5, 4), cache, Client(QUICK))) for _ in range(2)]
    assert found[0] == found[1]
    assert [p.url for p in found[0]] == [stage.at("/one"), stage.at("/three")]  # the day of the last is not known
    assert stage.asked[-1][2]["if-none-match"] == '"f"'
    (kept, _) = fetch.fetch(found[0], cache, Client(QUICK))
    assert meta(kept.path)["published"] == "2024-05-04T23:30:00-04:00"
    assert [d.id for d in documents.read([cache.folder]) if isinstance(d, Document)] == [kept.path.stem if kept.path else ""]


def test_a_feed_outside_may_not_name_the_own_network(stage: Stage, cache: Cache) -> None:
    stage.routes["/secret"] = page("secret")
    (entry,) = listing.from_feed(
        f"<rss><item><link>{stage.at('/secret')}</link></item></rss>".encode(), "https://host.example/", inner=False
    )
    (found,) = fetch.fetch([entry], cache, Client(QUICK))
    assert "leads into the own network" in str(found.error)
    assert stage.hits["/secret"] == 0


# Publishers' archives: each listing is played as its page is laid out


def item(source: str, url: str, day: date) -> str:
    """An entry of a listing page or feed in the layout of each publisher."""
    return {
        "whitehouse": f'<h2><a class="news-item__title" href="{url}">Readout</a></h2><time datetime="{day}T10:00:00-04:00">x</time>',
        "rok": f'<tr><td>7</td><td><a href="{url}">Talks</a></td><td>{day}</td></tr>',
        "mofa": f'<dt>{day:%B} {day.day}, {day.year}</dt><dd><ul><li><a href="{url}">A</a></li><li><a href="/b">No</a></li></ul></dd>',
        "china": f'<li><a href="{url}">Talks</a> ({day})</li>',
    }.get(source, f"<entry><link href='{url}'/><updated>{day}T10:00:00Z</updated></entry>")


def address_of(source: str, day: date, number: int) -> str:
    return {
        "whitehouse": f"/briefing-room/statements-releases/{day:%Y/%m/%d}/readout-{number}/",
        "rok": f"/eng/brd/m_5676/view.do?seq={number}&page=1",
        "mofa": f"/erp/we/gb/page6e_{number:06}.html",
        "china": f"/eng/xw/zyxw/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
    }.get(source, f"/release/{number}")


@pytest.mark.parametrize("source", archives.with_archive())
def test_the_archive_of_each_publisher_is_read_for_the_days_asked(stage: Stage, cache: Cache, source: str) -> None:
    from dataclasses import replace
    from urllib.parse import urlsplit

    found = archives.archive(source)
    assert found
    parts = urlsplit(found.url)
    played = replace(found, url=stage.url + found.url.removeprefix(f"{parts.scheme}://{parts.netloc}"))
    days = [date(2024, 5, 30 - n) for n in range(20)]  # the newest first
    since, until = days[12], days[2]
    pages = list(next(played.addresses(since, until)))
    size = 5 if len(pages) > 1 else 20
    for number in range(0, 20, size):
        entries = "".join(item(source, address_of(source, days[n], n), days[n]) for n in range(number, number + size))
        nav = '<nav><a href="/about.html">About</a><a href="/eng/">Home</a></nav>'
        body = (
            f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>" if found.feed else f"<body>{nav}<table>{entries}</table></body>"
        )
        if source != "rok":
            body = body.replace("<table>", "<div>").replace("</table>", "</div>")
        stage.routes[pages[number // size].removeprefix(stage.url)] = Says(body.encode())
    wanted = [stage.at(address_of(source, day, n)) for n, day in enumerate(days) if since <= day <= until]
    assert [p.url for p in fetch.listed(played, since, until, cache, Client(QUICK))] == wanted
    assert sum(stage.hits.values()) <= 5  # robots.txt and no page after the days have been passed


def test_each_archive_is_on_a_host_of_its_publisher() -> None:
    assert len(archives.with_archive()) >= 6
    for id_ in archives.with_archive():
        found = archives.archive(id_)
        assert found
        (first, *_) = next(found.addresses(date(2024, 2, 1), date(2024, 3, 1)))
        assert sources.recognise(first, None, "").id == id_
        assert "{" not in first


def test_an_archive_by_months_and_years() -> None:
    by_month = archives.Archive("x", "https://host.example/{year}/{month:02}.html")
    months = [list(pages) for pages in by_month.addresses(date(2023, 11, 9), date(2024, 2, 1))]
    assert [m[0][-12:] for m in months] == ["2023/11.html", "2023/12.html", "2024/01.html", "2024/02.html"]
    by_year = archives.Archive("x", "https://host.example/{year}.html")
    assert [list(p) for p in by_year.addresses(date(2022, 12, 31), date(2023, 1, 1))] == [
        [f"https://host.example/{y}.html"] for y in (2022, 2023)
    ]


def test_a_listing_that_names_no_release_is_told(stage: Stage, cache: Cache) -> None:
    stage.routes["/list"] = page("We have moved.")
    with pytest.raises(FetchError, match="names no release"):
        list(fetch.listed(archives.Archive("mofa", stage.at("/list")), date(2024, 5, 1), date(2024, 5, 2), cache, Client(QUICK)))


# The command


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
def test_the_command_fetches_lists_and_ingest_reads_them(stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage.routes |= {"/a": page(LONG), "/b": page(LONG + " They agreed.")}
    Path("list.txt").write_text(f"# mine\n{stage.at('/b')}\n\n{stage.at('/gone')}\nnonsense\n", encoding="utf-8")
    command = ["fetch", stage.at("/a"), "list.txt", "--pause", "0", "--cache", "kept"]
    assert run([*command, "--dry-run"]) == 0
    said = capsys.readouterr()
    assert said.out.split() == [stage.at("/a"), stage.at("/b"), stage.at("/gone")]
    assert not stage.asked
    assert run(command) == 0
    said = capsys.readouterr()
    assert [line.split() for line in said.out.splitlines()] == [["pages", "4"], ["new", "2"], ["failed", "2"]]
    assert said.err.splitlines() == [
        f"{stage.at('/gone')}: there is no such page (404); check the address, or leave it out",
        "nonsense: only http and https addresses are fetched; give it as https://host/path",
    ]
    assert run([*command, "--strict", "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["kept"] == 2
    assert run(["ingest", "kept", "--store", "memory:"]) == 0


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "nothing to fetch"),
        (["mofa"], 2, "mofa: needs the first day to fetch; give --since"),
        (["nowhere"], 2, "is neither an address, a file nor a source whose archive is known; the sources are "),
        (["mofa", "--since", "yesterday"], 2, "is no day; write it as YYYY-MM-DD"),
        (["mofa", "--since", "2024-05-02", "--until", "2024-05-01"], 2, "is later than"),
        (["ftp://host.example/", "--pause", "-1"], 2, "a number of seconds"),
        (["ftp://host.example/"], 1, "nothing could be fetched"),
    ],
)
def test_what_the_command_refuses(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", *arguments]) == code
    assert said in capsys.readouterr().err
