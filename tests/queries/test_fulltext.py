"""Full text: what is found, in which order, where it stands, and that nothing one can ask is an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.iris import CQ
from communique.queries import fulltext
from communique.queries.fulltext import NOTHING, Index, expression, parted
from communique.store import Rows, Store, open_store

RDF, RDFS, SKOS, OWL = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2002/07/owl#",
)
TEXT = "In Lisbon the two ministers deplored the abductions.\nThey spoke of 人権 and of the treaty on fishing."
QUOTE = "deplored the abductions"


def lines() -> Iterator[str]:
    def line(s: str, p: str, o: str) -> str:
        return f"<http://example.org/{s}> <{p}> {o} <http://example.org/g> ."

    yield line("readout", RDF + "type", f"<{CQ}Readout>")
    yield line("readout", RDFS + "label", '"Meeting in Lisbon"')
    yield line("readout", CQ + "text", '"' + TEXT.replace("\n", "\\n") + '"')
    yield line("account", CQ + "describesEncounter", "<http://example.org/encounter>")
    yield line("encounter", CQ + "hasSpeechAct", "<http://example.org/act>")
    yield line("act", RDFS + "label", '"Harada: Condemn"')
    yield line("act", CQ + "quote", f'"{QUOTE}"')
    yield line("act", CQ + "start", f'"{TEXT.index(QUOTE)}"^^<http://www.w3.org/2001/XMLSchema#integer>')
    yield line("issue", SKOS + "inScheme", "<https://w3id.org/communique/vocab/issue>")
    yield line("issue", RDF + "type", f"<{SKOS}Concept>")
    yield line("issue", SKOS + "prefLabel", '"Abduction issue"@en')
    yield line("issue", SKOS + "prefLabel", '"拉致問題"@ja')
    yield line("issue", SKOS + "altLabel", '"Entführungsfälle"@de')
    for name in ("ann", "ann-again"):
        yield line(name, RDF + "type", f"<{CQ}Person>")
        yield line(name, RDFS + "label", '"Ann Öztürk"')
    yield line("ann-again", OWL + "sameAs", "<http://example.org/ann>")
    yield line("act", CQ + "makesCommitment", "<http://example.org/commitment>")
    yield line("commitment", CQ + "quote", '"the treaty on fishing"')
    yield line("other", RDFS + "label", '"Lisbon, of no kind that is searched"')


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    with open_store("memory:") as store:
        store.put_graph("http://example.org/g", lines())
        return built(store, tmp_path_factory.mktemp("index") / "index")


def built(store: Store, file: Path) -> Index:
    fulltext.build(store.select, file)
    return Index(file)


def names(index: Index, asked: str, **choice: str) -> list[str]:
    return [hit.iri.rsplit("/", 1)[1] for hit in index.search(asked, **choice).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lisbon", {"readout"}),
        ("abductions", {"readout", "act"}),
        ("abduction", {"readout", "act", "issue"}),  # the beginning of a longer word
        ('"abduction"', {"issue"}),
        ("abd", set()),  # too short for that
        ("abd*", {"readout", "act", "issue"}),
        ('"two ministers"', {"readout"}),
        ('"ministers two"', set()),
        ('"two minis"*', {"readout"}),
        ("ozturk", {"ann"}),
        ("ÖZTÜRK", {"ann"}),
        ("entfuhrungsfalle", {"issue"}),
        ("人権", {"readout"}),
        ("権人", set()),
        ("致", {"issue"}),
        ("harada abductions", {"act"}),  # one word in the name, one in the quote
        ("lisbon fishing", {"readout"}),
        ("fishing lisbon nowhere", set()),
        ("treaty", {"readout", "commitment"}),
        ("AND", {"readout"}),  # a word as any other
        ("", set()),
        ('"', set()),
        ("* - ()", set()),
    ],
)
def test_what_is_found(index: Index, asked: str, found: set[str]) -> None:
    assert set(names(index, asked)) == found


def test_the_exact_word_and_the_name_come_first(index: Index) -> None:
    assert names(index, "abduction")[0] == "issue"
    assert names(index, "abductions")[0] == "act"


def test_where_it_stands(index: Index) -> None:
    for hit in index.search("abductions").hits:
        assert TEXT[hit.start : hit.end] == "abductions"
        assert [text for text, match in hit.snippet if match] == ["abductions"]
        assert hit.field == "words"
    (readout,) = index.search("人権").hits
    assert TEXT[readout.start : readout.end] == "人権"
    assert "".join(text for text, _ in readout.snippet) in TEXT
    (issue,) = index.search("拉致").hits
    assert (issue.name, issue.field, issue.snippet, issue.start, issue.end) == (
        "Abduction issue",
        "other name",
        (("拉致", True), ("問題", False)),
        0,
        2,
    )


def test_kinds_are_counted_and_chosen(index: Index) -> None:
    every = index.search("abduction*")
    assert (every.total, every.kinds) == (3, {"issue": 1, "readout": 1, "statement": 1})
    some = index.search("abduction*", kind="issue")
    assert (some.total, some.kinds, len(some.hits)) == (1, every.kinds, 1)
    assert index.search("abduction*", kind="none such").hits == ()
    first, rest = index.search("abduction*", limit=2), index.search("abduction*", limit=2, offset=2)
    assert (*first.hits, *rest.hits) == every.hits


def test_statements_are_asked_for_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many statements there are, no answer has them all: a server does not let it be longer than so many rows."""
    monkeypatch.setattr(fulltext, "_AT_ONCE", 2)
    longest = 0

    def select(query: str) -> Rows:
        nonlocal longest
        answer = store.select(query)
        longest = max(longest, len(answer.rows))
        return answer

    with open_store("memory:") as store:
        store.put_graph("http://example.org/g", (line for number in range(7) for line in told(number)))
        fulltext.build(select, tmp_path / "index")
    found = Index(tmp_path / "index").search("fishing", limit=50)
    assert found.kinds == {"statement": 28}
    assert longest <= 2 * 4


def told(number: int) -> Iterator[str]:
    """An encounter with four statements."""
    yield f"<http://example.org/account{number}> <{CQ}describesEncounter> <http://example.org/encounter{number}> <http://example.org/g> ."
    for act in range(4):
        name = f"http://example.org/act{number}-{act}"
        yield f"<http://example.org/encounter{number}> <{CQ}hasSpeechAct> <{name}> <http://example.org/g> ."
        yield f'<{name}> <{CQ}quote> "they will stop fishing" <http://example.org/g> .'


def test_any_of_the_words(index: Index) -> None:
    assert {hit.kind for hit in index.search("nowhere ann fishing", some=True).hits} == {"person", "readout", "commitment"}


def test_an_empty_store_is_searched_too(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        assert built(store, tmp_path / "index").search("word") == NOTHING


@given(st.text(max_size=60) | st.text(alphabet="ab\"*日:^+-(){}\x00\ud800\u200b \\'", max_size=40), st.booleans())
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_is_asked_is_an_error(index: Index, asked: str, some: bool) -> None:
    found = index.search(asked, some=some)
    assert found.total >= len(found.hits)


@given(st.text(alphabet=st.characters(exclude_characters="\x02\x03\u200b", exclude_categories=["Cs"]), max_size=80))
def test_parting_letters_takes_no_place(text: str) -> None:
    assert parted(text).replace("\u200b", "") == text


def test_a_long_query_is_cut(index: Index) -> None:
    assert expression(" ".join(f"w{n}" for n in range(500))).count(" AND ") == 23
    assert index.search("lisbon " * 5000).total == 1
    assert index.search("x" * 100_000) == NOTHING
