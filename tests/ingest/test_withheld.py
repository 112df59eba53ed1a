"""Readouts without their words: nothing of a text leaves with its facts, and the text finds them again."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import DataError, InputError
from communique.ingest import pipeline
from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.ingest.quads import quads
from communique.ingest.withheld import collection, facts_only, letters
from communique.iris import CQ, Iris
from communique.model import Document
from communique.ontology.reasoner import reason
from communique.store import open_store

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(
    p for p in (ROOT / "ingest" / "samples").iterdir() if p.suffix in (".txt", ".html", ".md", ".jsonl") and p.name != "README.md"
)
SHIPPED = ROOT / "ingest" / "collections" / collection.SHIPPED
CORPUS = ROOT.parent / "shared" / "corpus"
with_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the real texts of ../shared/corpus are not here")
IRIS = Iris()
RUN = 6  # so many words of a text in a row are words of the text, and no coincidence
_WORD = re.compile(r"[^\W_]+")
_LITERAL = re.compile(r'<([^>]*)> <([^>]*)> "((?:[^"\\]|\\.)*)"')
# Names of persons and of offices are facts, however many words they have; the address is one, with the words that the publisher made it of.
_NAMES = {"officeTitle", "writtenName", "url", "familyName", "givenName"}


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of six words, without regard to case and punctuation."""
    words = [w.casefold() for w in _WORD.findall(text.replace("’", "").replace("'", ""))]
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def words_of(lines: Iterator[str] | list[str]) -> Iterator[tuple[str, str, str]]:
    """Subject, property and words of each literal that is no name."""
    for line in lines:
        if (found := _LITERAL.match(line)) and (name := re.split("[#/]", found[2])[-1]) not in _NAMES:
            if name == "label" and re.search("/id/office/|/person/", found[1]):
                continue
            yield found[1], name, found[3].encode().decode("unicode_escape") if "\\u" in found[3] else found[3]


@pytest.fixture(scope="module")
def samples() -> list[Document]:
    return [d for d in documents.read(SAMPLES) if isinstance(d, Document)]


def test_no_sentence_no_title_and_no_quote_of_a_text_is_left(samples: list[Document]) -> None:
    for document in samples:
        found = extract(document)
        if found.set_aside is not None:
            continue
        whole = quads(found, IRIS)
        facts = facts_only(whole, IRIS)
        said = runs(document.text) | runs(document.title or "")
        assert not [w for w in words_of(facts) if runs(w[2]) & said], document.id
        assert not re.search(rf"<{CQ}(text|title|quote|trigger|content|phrase|message)>", "\n".join(facts))
        assert any(f"<{CQ}quote>" in line for line in whole)


def test_every_place_and_code_stays(samples: list[Document]) -> None:
    found = extract(samples[0])
    whole, facts = quads(found, IRIS), facts_only(quads(found, IRIS), IRIS)
    for name in ("start", "end", "triggerStart", "contentEnd", "actType", "verb", "aboutIssue", "polarity", "sha256", "url", "derivedBy"):
        assert [x for x in whole if f"<{CQ}{name}>" in x] == [x for x in facts if f"<{CQ}{name}>" in x], name
    assert [x for x in facts if f"<{CQ}factsOnly>" in x]
    assert [x for x in facts if letters(samples[0].text) in x]


def test_facts_of_facts_are_the_same(samples: list[Document]) -> None:
    once = facts_only(quads(extract(samples[0]), IRIS), IRIS)
    assert facts_only(once, IRIS) == once


def test_labels_tell_who_met_and_how(samples: list[Document]) -> None:
    document = next(d for d in samples if d.id.startswith("mofa-2023-02-20"))
    facts = facts_only(quads(extract(document), IRIS), IRIS)
    labels = [w for s, name, w in words_of(facts) if name == "label" and "/encounter/" in s]
    assert labels == ["Call: Asakura (JPN), Colborne (GBR)"]


def test_an_issue_without_a_name_has_no_words_in_its_address(samples: list[Document]) -> None:
    whole = quads(extract(samples[0]), IRIS)
    graph = IRIS.account(IRIS.readout(samples[0]))
    act, issue = IRIS.part(IRIS.readout(samples[0]), "act", "a1"), IRIS.candidate("the zorbic lantern accord")
    pref = "http://www.w3.org/2004/02/skos/core#prefLabel"
    whole += [
        f"<{act}> <{CQ}aboutIssue> <{issue}> <{graph}> .",
        f"<{issue}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CQ}CandidateIssue> <{graph}> .",
        f'<{issue}> <{CQ}phrase> "the zorbic lantern accord" <{graph}> .',
        f'<{issue}> <{pref}> "the zorbic lantern accord" <{graph}> .',
    ]
    facts = facts_only(whole, IRIS)
    assert not [line for line in facts if "zorbic" in line]
    (node,) = (line.split(" ")[0] for line in facts if "CandidateIssue" in line)
    assert [line for line in facts if f"<{act}> <{CQ}aboutIssue> {node} " in line]


def test_a_property_that_nobody_has_judged_is_an_error(samples: list[Document]) -> None:
    whole = quads(extract(samples[0]), IRIS)
    leak = whole[0].split(" ")[0] + f' <{CQ}newWords> "a sentence" <{whole[0].rsplit("<", 1)[1]}'
    with pytest.raises(DataError, match=r"facts\.toml"):
        facts_only([*whole, leak], IRIS)


def test_what_is_set_aside_has_no_facts(samples: list[Document]) -> None:
    aside = next(x for x in map(extract, samples) if x.set_aside is not None)
    assert facts_only(quads(aside, IRIS), IRIS) == []


def test_two_renderings_of_a_text_have_the_same_letters() -> None:
    wrapped = "President **Hadley** spoke\ntoday with the [Prime Minister](https://example.org/pm) of Qatar."
    assert letters(wrapped) == letters("President Hadley spoke today with the Prime Minister of Qatar.")
    assert letters("spoke today") != letters("spoke yesterday")


def test_the_text_finds_its_facts_and_completes_them(tmp_path: Path) -> None:
    accounts, refused = collection.build(SAMPLES, IRIS)
    assert not refused
    file = tmp_path / "samples.nq.gz"
    file.write_bytes(collection.packed(accounts))
    with open_store("memory:") as store, open_store("memory:") as fresh:
        assert collection.add(store, collection.read(file, IRIS)) == accounts
        assert collection.add(store, accounts) == {}
        report = pipeline.ingest(SAMPLES, store, IRIS)
        pipeline.ingest(SAMPLES, fresh, IRIS)
        assert (report.completed, report.replaced, report.skipped) == (len(accounts), 0, 0)
        assert sorted(store.dump()) == sorted(fresh.dump())
        assert pipeline.ingest(SAMPLES, store, IRIS).skipped == report.documents


def test_facts_break_no_shape() -> None:
    from communique.ontology.findings import upkeep

    accounts, _ = collection.build(SAMPLES[:12], IRIS)
    with open_store("memory:") as store:
        collection.add(store, accounts)
        reason(store, IRIS)
        assert upkeep.update(store, IRIS)["error"] == 0


def test_another_base_moves_the_collection(tmp_path: Path) -> None:
    file = tmp_path / "one.nq.gz"
    file.write_bytes(collection.packed(collection.build(SAMPLES[:2], IRIS)[0]))
    moved = collection.read(file, Iris("https://graph.example/"))
    assert moved
    assert all(graph.startswith("https://graph.example/id/readout/") for graph in moved)
    assert not [line for lines in moved.values() for line in lines if f"<{IRIS.base}id/" in line]


# Named, since the header of a gzip file holds the time: workers that collected it a second apart would not agree on the tests.
@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"x")[:-4]], ids=["empty", "another format", "cut off"])
def test_a_file_that_is_no_collection_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.nq.gz"
    file.write_bytes(content)
    with pytest.raises(InputError, match="no collection"):
        collection.read(file, IRIS)


def test_the_commands_build_show_and_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = tmp_path / "some.nq.gz", tmp_path / "store"
    assert run(["facts", "build", *map(str, SAMPLES[:4]), "-o", str(file)]) == 0
    built = capsys.readouterr().out
    assert run(["facts", "show", str(file)]) == 0
    assert capsys.readouterr().out == built
    assert run(["facts", "add", str(file), "--store", str(store), "--quiet"]) == 0
    assert capsys.readouterr().out.startswith("4 of 4 readouts were added")


def test_what_is_shipped_is_told_in_figures() -> None:
    found = collection.summary(collection.shipped(IRIS))
    assert found.readouts > 900
    assert set(found.publishers) == {"The White House", "U.S. Department of State"}
    assert (found.first >= "2021") and (found.last < "2024")
    assert found.acts > 4000
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    howto = " ".join((ROOT / "docs" / "howto" / "facts.md").read_text(encoding="utf-8").split())
    assert f"{found.readouts:,} readouts" in readme
    for name, count in found.publishers.items():
        assert f"{count:,} of the {name.removeprefix('The ')}" in readme, name
        assert f"{name} {count:,}" in howto, name
    assert f"published {found.first} to {found.last}" in howto


# What needs the real texts


@pytest.fixture(scope="module")
def texts() -> list[dict[str, str]]:
    return [json.loads(line) for file in sorted(CORPUS.glob("*.jsonl.gz")) for line in gzip.open(file, "rt", encoding="utf-8")]


@with_corpus
def test_no_six_words_of_a_real_text_are_shipped(texts: list[dict[str, str]]) -> None:
    said = set[tuple[str, ...]]()
    for text in texts:
        said |= runs(text["text"]) | runs(text["title"])
    lines = gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()
    found = {(name, words) for _, name, words in words_of(lines) if runs(words) & said}
    # A label that strings the names of those who take part together can repeat a list of names; that is all it can repeat.
    assert not [f for f in found if f[0] != "label" or not re.match(r"According to [^:]+: |[A-Z][a-z ]+: ", f[1])]


@with_corpus
def test_the_name_of_a_readout_says_no_more_than_its_address(texts: list[dict[str, str]]) -> None:
    lines = gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()
    pages = {f[1]: f[3] for line in lines if (f := _LITERAL.match(line)) and f[2] == f"{CQ}url"}
    for iri, address in pages.items():
        name = re.sub(r"(-[0-9a-f]{8})?-[0-9a-f]{6}$", "", iri.rsplit("/", 1)[1])
        there = re.sub("[^a-z0-9]", "", address.casefold())
        assert all(word in there for word in name.split("-")), (iri, address)


@with_corpus
def test_the_same_texts_give_the_same_bytes() -> None:
    """If what is read has changed: ``make facts``, and look at the figures that it prints."""
    accounts, _ = collection.build([CORPUS], IRIS)
    built, held = gzip.decompress(collection.packed(accounts)), gzip.decompress(SHIPPED.read_bytes())
    # The compressed bytes too, where the compressor is the same; another release of zlib may pack otherwise.
    assert built == held, "the reader reads the real texts otherwise than it did: run 'make facts' and commit the collection"


@with_corpus
def test_a_real_text_has_the_address_of_its_facts(texts: list[dict[str, str]]) -> None:
    held = collection.shipped(IRIS)
    found = [IRIS.account(IRIS.readout(d)) for d in documents.read([CORPUS]) if isinstance(d, Document)]
    assert set(held) <= set(found)
