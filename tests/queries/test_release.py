"""A release of the samples, read again by others: rdflib, pandas, pyarrow, networkx; its content asked once more in plain SPARQL."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pandas as pd
import pyarrow.parquet as pq
import pytest
import rdflib
from rdflib.namespace import RDF

from communique.errors import UsageError
from communique.iris import CQ, Iris
from communique.queries import catalogue
from communique.queries.partitions import PARTS, part_of
from communique.queries.release import codes, crate, networks, parquet, rdf, release, single
from communique.queries.release.columns import TABLES, Type
from communique.queries.tables import value
from communique.store import Store, open_store

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
SCHEMA = rdflib.Namespace("https://schema.org/")
PREFIX = f"PREFIX cq: <{CQ}> "
# Written apart from the exports: who acts towards whom, as one side tells it; one row an act and pair.
EVENTS = """
  ?account cq:describesEncounter ?encounter . ?encounter cq:hasSpeechAct ?act . ?act cq:actType ?type ; cq:actorState ?source .
  OPTIONAL { ?encounter cq:toldFrom ?teller }
  { ?act cq:addresseeState ?target } UNION { ?act cq:joint true . ?encounter cq:involvesState ?target }
  FILTER (?source != ?target)
"""


@pytest.fixture(scope="module")
def store(samples: Store) -> Store:
    """The samples, read and reasoned over."""
    return samples


def written(store: Store, folder: Path, licence: str = "", software: str = "") -> Path:
    release.write(store, store.graphs(), Iris(), folder, with_parquet=True, licence=licence, software=software)
    return folder


@pytest.fixture(scope="module")
def folder(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(store, tmp_path_factory.mktemp("release"), licence="https://example.org/terms", software="1.2.3")


@pytest.fixture(scope="module")
def some(store: Store) -> Iterator[Store]:
    """An eighth of it, for what reads or writes all of the statements: of its graphs, and of the lines of the vocabularies."""
    first = {part_of(Iris(), graph): graph for graph in reversed(store.graphs())}
    with open_store("memory:") as opened:
        for graph in {*store.graphs()[::8], *first.values()}:
            lines = list(store.dump(graph))
            opened.put_graph(graph, lines[::8] if len(lines) > 10_000 else lines)
        yield opened


@pytest.fixture(scope="module")
def part(some: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of that."""
    return written(some, tmp_path_factory.mktemp("part"))


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(map(value, row)) for row in store.select(PREFIX + query)]


def values(store: Store, query: str) -> dict[str, str]:
    return {key: told for key, told in rows(store, query)}  # noqa: C416  # pairs, by the query


def table(folder: Path, name: str) -> pd.DataFrame:
    """A table as a reader gets it who only knows that codes are words."""
    codes_ = {column.name: str for column in TABLES[name].columns if column.type in (Type.CODE, Type.CODES)}
    return pd.read_csv(folder / f"{name}.csv.gz", dtype=codes_, keep_default_na=False, na_values={})


def sums(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def test_sizes_and_sums_are_true_and_every_file_is_told_of(folder: Path) -> None:
    assert sums(folder) == {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "SHA256SUMS"}
    told = crate.read(folder)
    assert {f.name for f in told} | {"README.md", "ro-crate-metadata.json"} == sums(folder).keys()
    assert all((f.size, f.sha256) == ((folder / f.name).stat().st_size, sums(folder)[f.name]) for f in told)
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"({f.name})" in page for f in told)
    assert "https://example.org/terms" in page
    assert "documents" in page and not re.search(r"\b1 documents", page)


def test_the_crate_is_what_its_specification_asks_for(folder: Path) -> None:
    """RO-Crate 1.1: a flat graph, a descriptor about the root, and what a root must have; no link that leads nowhere."""
    document = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = entities["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= root.keys()
    assert root["datePublished"] == "2024-12-16"
    links = [v for entity in entities.values() for each in entity.values() for v in (each if isinstance(each, list) else [each])]
    assert {v["@id"] for v in links if isinstance(v, dict)} - entities.keys() == {"https://w3id.org/ro/crate/1.1"}


def test_the_same_store_gives_the_same_bytes(some: Store, part: Path, tmp_path: Path) -> None:
    with open_store("memory:") as other:
        for graph in reversed(some.graphs()):
            other.put_graph(graph, sorted(some.dump(graph), reverse=True))
        again = written(other, tmp_path)
    assert sums(again) == sums(part)
    assert not list(tmp_path.glob(".*")), "nothing is left over"


def test_all_parts_are_the_store(store: Store, folder: Path) -> None:
    every = [line for name in PARTS for line in gzip.decompress((folder / f"{name}.nq.gz").read_bytes()).decode().splitlines()]
    assert sorted(every) == sorted(store.dump())


@pytest.mark.parametrize("name", PARTS)
def test_rdflib_reads_each_part(part: Path, name: str) -> None:
    quads = rdflib.Dataset().parse(data=gzip.decompress((part / f"{name}.nq.gz").read_bytes()).decode(), format="nquads")
    again = rdflib.Dataset().parse(data=gzip.decompress((part / f"{name}.trig.gz").read_bytes()).decode(), format="trig")
    assert set(quads.quads()) == set(again.quads()) != set()


def test_counts_are_no_assertions(folder: Path) -> None:
    asserted = gzip.decompress((folder / "asserted.nq.gz").read_bytes()).decode()
    assert "/aggregate/" not in asserted
    assert "ns#quote>" not in asserted
    assert "/aggregate/" in gzip.decompress((folder / "inferred.nq.gz").read_bytes()).decode()


def test_rdflib_reads_all_of_it_as_turtle(some: Store, part: Path) -> None:
    read = rdflib.Graph().parse(data=gzip.decompress((part / "whole.ttl.gz").read_bytes()).decode(), format="turtle")
    number = len({line.rsplit(" ", 2)[0] for line in some.dump()})
    assert len(read) == number == next(f.items for f in crate.read(part) if f.name == "whole.ttl.gz")
    assert not [term for triple in read for term in triple if isinstance(term, rdflib.BNode)]


def test_rdflib_reads_events_of_schema_org(store: Store, folder: Path) -> None:
    read = rdflib.Graph().parse(data=gzip.decompress((folder / "events.jsonld.gz").read_bytes()).decode(), format="json-ld")
    events = set(read.subjects(RDF.type, SCHEMA.Event))
    assert {str(event) for event in events} == {iri for (iri,) in rows(store, "SELECT ?e { ?account cq:describesEncounter ?e }")}
    assert not [term for triple in read for term in triple if isinstance(term, rdflib.BNode)]
    days = {(str(e), str(day)[:10]) for e, day in read.subject_objects(SCHEMA.startDate)}
    told = rows(store, "SELECT ?e ?d { ?account cq:describesEncounter ?e . ?e cq:date ?d FILTER NOT EXISTS { ?e cq:startUTC ?t } }")
    assert set(told) <= days
    talked = {(str(e), str(issue)) for e, issue in read.subject_objects(SCHEMA.about)}
    assert talked == set(rows(store, "SELECT ?e ?i { ?account cq:describesEncounter ?e . ?e cq:discusses ?i }"))
    for event in events:
        report = read.value(event, SCHEMA.subjectOf)
        assert str(read.value(event, SCHEMA.description)).removeprefix("According to ") == str(
            read.value(read.value(report, SCHEMA.publisher), SCHEMA.name)
        )


@pytest.mark.parametrize("name", TABLES)
def test_pandas_reads_the_same_from_csv_and_parquet(folder: Path, name: str) -> None:
    frame = pd.read_parquet(folder / f"{name}.parquet")
    raw = pd.read_csv(folder / f"{name}.csv.gz", dtype=str, keep_default_na=False)
    assert list(frame.columns) == list(raw.columns) == [column.name for column in TABLES[name].columns]
    assert len(frame) == len(raw) == next(f.items for f in crate.read(folder) if f.name == f"{name}.csv.gz")
    schema = pq.read_schema(folder / f"{name}.parquet")
    for column in TABLES[name].columns:
        assert schema.field(column.name).metadata[b"description"].decode() == column.meaning
        for one, other in zip(raw[column.name], frame[column.name], strict=True):
            match column.type:
                case _ if one == "":
                    assert pd.isna(other), column
                case Type.INTEGER | Type.NUMBER:
                    assert float(one) == other
                case Type.TRUTH:
                    assert (one == "true") is bool(other)
                case Type.DATE:
                    assert one == other.isoformat()
                case Type.TIME:
                    assert pd.Timestamp(one) == other
                case _:
                    assert one == other
    if name == "events":
        assert str(schema.field("date").type) == "date32[day]"
        assert schema.field("source_cow").type == "int64"
        assert set(frame.cameo.str.len()) == {3}, "leading zeros are kept"


def test_the_table_of_events_is_the_acts(store: Store, folder: Path) -> None:
    events = table(folder, "events")
    assert events.event.is_unique
    assert set(events.act) == {act for (act,) in rows(store, "SELECT ?act { ?e cq:hasSpeechAct ?act }")} == set(table(folder, "acts").act)
    told = rows(store, f"SELECT DISTINCT ?act ?source ?target ?teller {{ {EVENTS} }}")
    expected = Counter((act, *(end.rsplit("/", 1)[-1] for end in ends)) for act, *ends in told)
    pairs = events[(events.source != "") & (events.target != "")]
    assert Counter(zip(pairs.act, pairs.source, pairs.target, pairs.teller, strict=True)) == expected
    assert len(pairs) > 400
    for name, column in (("polarity", "stance"), ("strength", "strength"), ("quote", "quote"), ("derivedBy", "rule")):
        of_act = values(store, f"SELECT ?act ?v {{ ?e cq:hasSpeechAct ?act . ?act cq:{name} ?v }}")
        given = {act: of_act.get(act, "").removeprefix(CQ) for act in events.act}
        assert {act: str(v).removesuffix(".0") for act, v in zip(events.act, events[column], strict=True)} == given


def test_the_table_of_encounters_is_the_encounters(store: Store, folder: Path) -> None:
    found = table(folder, "encounters").set_index("encounter")
    days = values(store, "SELECT ?e ?d { ?account cq:describesEncounter ?e OPTIONAL { ?e cq:date ?d } }")
    assert found.date.to_dict() == days
    pairs = rows(store, "SELECT ?a ?b { ?a cq:pairedWith ?b }")
    assert {(a, b) for a, others in found.paired_with.items() for b in others.split()} == set(pairs) != set()
    involved = rows(store, "SELECT ?e ?p { ?account cq:describesEncounter ?e . ?e cq:involvesState ?p }")
    assert {(e, p) for e, codes_ in found.parties.items() for p in codes_.split()} == {(e, p.rsplit("/", 1)[-1]) for e, p in involved}
    assert set(found[found.kind == "call"].plover_mode) == {"phone"}
    assert set(found[found.kind == "call"].cameo) == {"041"}


def test_dyad_months_are_what_plain_sparql_counts(store: Store, folder: Path) -> None:
    counted = rows(
        store,
        f"""SELECT ?month ?source ?target ?teller ?plover ?cameo (COUNT(*) AS ?acts) (SUM(?good) AS ?positive) (SUM(?bad) AS ?negative) {{
          {{ SELECT DISTINCT ?act ?source ?target ?teller ?month ?plover ?cameo ?good ?bad {{
            {EVENTS} ?encounter cq:date ?day BIND (SUBSTR(STR(?day), 1, 7) AS ?month)
            ?type cq:ploverCode ?plover ; cq:cameoCode ?cameo . ?act cq:polarity ?stance
            BIND (IF(?stance = cq:positive, 1, 0) AS ?good) BIND (IF(?stance = cq:negative, 1, 0) AS ?bad)
          }} }}
        }} GROUP BY ?month ?source ?target ?teller ?plover ?cameo""",
    )
    expected = {(row[0], *(party.rsplit("/", 1)[-1] for party in row[1:4]), *row[4:]) for row in counted}
    found = table(folder, "dyad-months").astype(str)
    columns = ["month", "source", "target", "teller", "plover", "cameo", "acts", "positive", "negative"]
    assert set(found[columns].itertuples(index=False, name=None)) == expected
    assert len(found) == len(expected) > 300


def test_dyad_months_are_the_saved_query_and_carry_its_codes(store: Store, folder: Path) -> None:
    found = table(folder, "dyad-months").astype(str)
    states = found[(found.source_iso3 != "") & (found.target_iso3 != "") & ((found.teller == "") | (found.teller_iso3 != ""))]
    names = ["month", "source_iso3", "source_cow", "target_iso3", "target_cow", "plover", "cameo", "teller_iso3", "acts"]
    mine = {tuple(v.removesuffix(".0") for v in row) for row in states[names].itertuples(index=False, name=None)}
    asked = catalogue.run(store, "dyad-months", [("most", "10000")])
    assert mine == {tuple(map(value, row)) for row in asked.rows}
    japan = found[found.source == "JPN"].iloc[0]
    assert (japan.source_iso3, japan.source_cow, japan.source_kind, japan.source_label) == ("JPN", "740", "state", "Japan")


@pytest.mark.parametrize("form", networks.FORMATS)
def test_networkx_reads_the_networks(store: Store, folder: Path, form: str) -> None:
    read = nx.read_graphml if form == "graphml" else nx.read_gexf
    states, issues = (read(folder / f"{name}.{form}") for name in ("states", "issues"))
    # Encounters once, however many accounts tell them: those that are paired are one.
    once = once_each(store)
    for graph, name in ((states, "involvesState"), (issues, "discusses")):
        pair = f"?account cq:describesEncounter ?e . ?e cq:{name} ?a , ?b FILTER (STR(?a) < STR(?b))"
        held = {(a, b, once(e)) for e, a, b in rows(store, f"SELECT DISTINCT ?e ?a ?b {{ {pair} }}")}
        expected = Counter((a, b) for a, b, _ in held)
        assert {tuple(sorted((a, b))): weight for a, b, weight in graph.edges(data="weight")} == expected
    japan = states.nodes["https://w3id.org/communique/vocab/state/JPN"]
    assert (japan["label"], japan["code"], japan["cow"], type(japan["cow"])) == ("Japan", "JPN", 740, int)
    edge = next(iter(issues.edges(data=True)))[2]
    assert isinstance(edge["lift"], float)
    day = edge["first" if form == "graphml" else "start"]
    assert day.endswith("-01")
    assert "2023" <= day < "2025"


def once_each(store: Store) -> Callable[[str], str]:
    """What stands for an encounter and all that are paired with it."""
    graph = nx.Graph()
    graph.add_edges_from(rows(store, "SELECT ?a ?b { ?a cq:pairedWith ?b }"))
    first = {node: min(group) for group in nx.connected_components(graph) for node in group}
    return lambda encounter: first.get(encounter, encounter)


def test_every_code_and_column_is_in_the_codebook(store: Store, folder: Path) -> None:
    known = codes.read(store)
    assert len(known.acts) == 24
    assert all(e.plover and e.cameo and e.reason for e in (*known.acts.values(), *known.kinds.values()))
    page = (folder / "codebook.md").read_text(encoding="utf-8")
    events = table(folder, "events")
    coded = set(zip(events.act_type, events.plover, events.cameo, strict=True))
    assert coded == {(e.code, e.plover, e.cameo) for e in known.acts.values() if e.code in set(events.act_type)}
    for event in (*known.acts.values(), *known.kinds.values()):
        assert f"| {event.code} | {event.plover} | {event.mode} | {event.cameo} | {event.reason} |" in page
    assert {kind for (kind,) in rows(store, "SELECT DISTINCT ?k { ?a cq:describesEncounter ?e . ?e cq:kind ?k }")} <= known.kinds.keys()
    book = pd.read_csv(folder / "codebook.csv")
    assert list(zip(book.table, book.column, strict=True)) == [(t.name, c.name) for t in TABLES.values() for c in t.columns]
    assert not book.isna().any().any()
    iso = values(store, "SELECT ?s ?iso { ?s a cq:State ; cq:iso3 ?iso }")
    assert all(iso[f"https://w3id.org/communique/vocab/state/{code}"] == code for code in set(events.source_iso3) - {""})


@pytest.mark.parametrize("name", TABLES)
def test_a_table_by_itself_is_that_of_the_release(store: Store, folder: Path, name: str) -> None:
    for form, there in (("csv", gzip.decompress((folder / f"{name}.csv.gz").read_bytes())), ("parquet", None)):
        out = io.BytesIO()
        single.table(store, name, form, out)
        assert out.getvalue() == (there or (folder / f"{name}.parquet").read_bytes())


def test_a_network_and_the_events_by_themselves_too(store: Store, folder: Path) -> None:
    out = io.BytesIO()
    single.network(store, "states", "gexf", out)
    assert out.getvalue() == (folder / "states.gexf").read_bytes()
    out = io.BytesIO()
    single.events(store, out)
    assert out.getvalue() == gzip.decompress((folder / "events.jsonld.gz").read_bytes())


def test_lines_are_sorted_in_runs(tmp_path: Path) -> None:
    lines = [f"{n % 700}\n" for n in range(2000)]
    random.Random(7).shuffle(lines)
    assert list(rdf.distinct(lines, tmp_path, run=90)) == sorted(set(lines))
    assert len(list(tmp_path.iterdir())) == 23
    assert list(rdf.distinct([], tmp_path)) == []


def test_an_empty_store_gives_a_release_too(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        written(store, tmp_path)
    assert len(pd.read_csv(tmp_path / "events.csv.gz")) == 0
    assert len(pd.read_parquet(tmp_path / "events.parquet")) == 0
    assert len(nx.read_gexf(tmp_path / "issues.gexf")) == 0
    assert json.loads(gzip.decompress((tmp_path / "events.jsonld.gz").read_bytes()))["@graph"] == []


def test_a_failure_leaves_the_earlier_release_as_it_was(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    for words in ("first", "second"):
        with release.replacing(target) as draft:
            for name in (crate.METADATA, crate.SUMS):
                (draft / name).write_text(words, encoding="ascii")
        assert (target / crate.SUMS).read_text(encoding="ascii") == words

    def fail() -> None:
        with release.replacing(target) as draft:
            (draft / crate.SUMS).write_text("third", encoding="ascii")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (target / crate.SUMS).read_text(encoding="ascii") == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]
    # A run that was killed between the two renamings.
    target.rename(tmp_path / ".release.earlier")
    with pytest.raises(RuntimeError):
        fail()
    assert (target / crate.SUMS).read_text(encoding="ascii") == "second"


def test_what_is_no_release_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("dear to me", encoding="ascii")
    with pytest.raises(UsageError, match="no earlier release"), release.replacing(tmp_path):
        pytest.fail("it went on")
    assert (tmp_path / "mine.txt").exists()


def test_without_pyarrow_it_is_said_in_one_line(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "there", lambda: False)
    with pytest.raises(UsageError, match=r"pip install 'communique\[parquet\]'"):
        single.table(store, "acts", "parquet", io.BytesIO())
