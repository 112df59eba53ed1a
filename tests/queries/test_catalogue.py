"""The catalogue: headers are read strictly, parameters become terms, answers are written in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from communique.errors import DataError, ParameterError, QueryError, UsageError
from communique.iris import Iris
from communique.queries import FORMATS, Query, catalogue, get, load, run, tables, write
from communique.store import Store, open_store

KINDS_OF_VIEW = {"table", "bar", "line", "timeline", "matrix", "network", "map", "tree", "quotes"}
HEAD = """#+ summary = "Who?"
#+ tags = []
#+ view = { type = "table" }
#+ [columns]
#+ x = "who"
"""
VOCABULARY = """
@prefix cq: <https://w3id.org/communique/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://w3id.org/communique/vocab/state/> .
@prefix issue: <https://w3id.org/communique/vocab/issue/> .
state:JPN a cq:State ; skos:prefLabel "Japan"@en ; cq:iso3 "JPN" ; cq:iso2 "JP" ; cq:adjective "Japanese"@en .
state:GBR a cq:State ; skos:prefLabel "United Kingdom"@en ; cq:iso3 "GBR" ; cq:iso2 "GB" ; skos:altLabel "UK"@en, "Britain"@en .
state:COD a cq:State ; skos:prefLabel "DR Congo"@en ; cq:iso3 "COD" ; cq:adjective "Congolese"@en .
state:COG a cq:State ; skos:prefLabel "Republic of the Congo"@en ; cq:iso3 "COG" ; cq:adjective "Congolese"@en .
issue:abductions a skos:Concept ; skos:inScheme <https://w3id.org/communique/vocab/issue> ;
    skos:notation "abductions" ; skos:prefLabel "Abductions issue"@en .
"""


@pytest.fixture
def store() -> Iterator[Store]:
    graph = ox.NamedNode("https://w3id.org/communique/graph/vocabulary")
    lines = [f"{q} {graph} ." for q in ox.parse(VOCABULARY, format=ox.RdfFormat.TURTLE)]
    with open_store("memory:") as opened:
        opened.put_graph(graph.value, lines)
        yield opened


def query(body: str, params: str) -> Query:
    return catalogue.parse("who", f"{HEAD}#+ [params]\n{params}\nSELECT ?x\nWHERE {{ {body} }}\n")


STATE = '#+ a = { type = "party", description = "who" }'
BODY = "VALUES ?a { <https://w3id.org/communique/vocab/state/JPN> } BIND (?a AS ?x)"


def test_every_competency_question_is_there() -> None:
    names = """encounters-of-dyad encounters-by-issue minister-pairs office-at-act one-sided-acts requests-and-answers
        commitments commitment-history no-position stance-over-time issue-cooccurrence new-issues one-account-only
        acts-compared reported-of-other issue-order on-the-margins follow-ups events-and-protests instruments
        source-conflicts third-party-targets why dyad-months issues-raised"""
    assert set(names.split()) <= set(load())


@pytest.mark.parametrize("name", sorted(load()))
def test_a_saved_query_explains_itself(name: str) -> None:
    saved = get(name)
    assert saved.summary.endswith("?")
    assert saved.description.endswith(".")
    assert saved.tags
    assert saved.view in KINDS_OF_VIEW
    assert all(saved.columns.values())
    assert all(p.description for p in saved.params)


@pytest.mark.parametrize("name", sorted(load()))
def test_a_saved_query_is_sparql_as_it_stands(name: str, store: Store) -> None:
    assert store.select(get(name).text).variables == tuple(get(name).columns)


@pytest.mark.parametrize("name", sorted(load()))
def test_a_saved_query_declares_the_prefixes_it_uses_and_no_others(name: str) -> None:
    text = re.sub(r'"[^"\n]*"|^#\+.*$|<[^>]*>', "", get(name).text, flags=re.MULTILINE)
    declared = set(re.findall(r"^PREFIX (\w+):", text, re.MULTILINE))
    assert declared == set(re.findall(r"(?<![\w:])(\w+):[\w-]", text))


@pytest.mark.parametrize("value", ["GBR", "gbr", "GB", "United Kingdom", "the UK", "https://w3id.org/communique/vocab/state/GBR"])
def test_a_party_may_be_given_by_code_name_or_iri(store: Store, value: str) -> None:
    bound = query(BODY, STATE).bind({"a": value}, store)
    assert "VALUES ?a { <https://w3id.org/communique/vocab/state/GBR> }" in bound


def test_without_a_value_the_default_stands(store: Store) -> None:
    saved = query(BODY, STATE)
    assert saved.bind({}, store) == saved.text


@pytest.mark.parametrize(
    ("kind", "value", "line"),
    [
        ("party", "Jappan", "a: no party is called 'Jappan'; did you mean Japan?"),
        ("party", "Congolese", "a: 'Congolese' can be any of several; choose DR Congo, Republic of the Congo"),
        ("party", 'x" } SERVICE <http://example.org/> { ?s ?p ?o', None),
        ("issue", "abduction", "a: no issue is called 'abduction'; did you mean abductions?"),
        ("date", "2023-02-30", "a: '2023-02-30' is not a day of the calendar; write it like 2023-09-19"),
        ("date", "yesterday", None),
        ("integer", "3.5", "a: '3.5' is not a whole number"),
        ("integer", "1 } UNION {", None),
        ("iri", "act", None),
        ("iri", "http://example.org/> } #", None),
        ("choice", "word", "a: 'word' cannot be chosen; choose sentence, encounter"),
    ],
)
def test_a_bad_value_is_refused_in_one_line(store: Store, kind: str, value: str, line: str | None) -> None:
    choices = ', choices = ["sentence", "encounter"]' if kind == "choice" else ""
    saved = query("VALUES ?a { UNDEF } BIND (?a AS ?x)", f'#+ a = {{ type = "{kind}", description = "who"{choices} }}')
    with pytest.raises(ParameterError) as refused:
        saved.bind({"a": value}, store)
    assert "\n" not in str(refused.value)
    if line:
        assert str(refused.value) == line


@pytest.mark.parametrize("value", ['"} SELECT * {', "a\nb", "\\", "?x", "’Ōsaka’"])
def test_a_string_stays_one_term(store: Store, value: str) -> None:
    saved = query('VALUES ?a { "" } BIND (?a AS ?x)', '#+ a = { type = "string", description = "words" }')
    rows = store.select(saved.bind({"a": value}, store))
    assert [row[0] for row in rows] == [ox.Literal(value.strip())]


def test_the_most_rows_are_the_last_limit_of_the_query(store: Store) -> None:
    body = "{ SELECT ?x { BIND (1 AS ?x) } LIMIT 7 } { SELECT ?x { BIND (1 AS ?x) } LIMIT 5 }"
    saved = query(body, '#+ most = { type = "integer", description = "how many" }')
    assert saved.params[0].default == "5"
    assert len(store.select(saved.text)) == 1
    assert saved.bind({"most": "0"}, store) == saved.text.replace("LIMIT 5", "LIMIT 0")
    with pytest.raises(ParameterError, match="so few cannot be"):
        saved.bind({"most": "-1"}, store)
    with pytest.raises(DataError, match="needs one"):
        query(BODY, '#+ most = { type = "integer", description = "how many" }')


def test_a_parameter_may_stand_in_several_parts_of_a_query(store: Store) -> None:
    part = "{ VALUES ?a { UNDEF } BIND (?a AS ?x) } LIMIT 7"
    saved = query(
        f"{{ SELECT ?x {part} }} UNION {{ SELECT ?x {part} }}", f'{STATE}\n#+ most = {{ type = "integer", description = "so many" }}'
    )
    bound = saved.bind({"a": "JPN", "most": "9"}, store)
    assert bound.count("VALUES ?a { <https://w3id.org/communique/vocab/state/JPN> }") == bound.count("LIMIT 9") == 2


def test_parameters_are_declared_and_given_once(store: Store) -> None:
    with pytest.raises(ParameterError, match="no such parameter; it takes a"):
        query(BODY, STATE).bind({"b": "JPN"}, store)
    with pytest.raises(ParameterError, match="given twice"):
        query(BODY, STATE).bind([("a", "JPN"), ("a", "GBR")], store)
    with pytest.raises(ParameterError, match="needs this parameter; who"):
        query(BODY, '#+ a = { type = "party", description = "who", required = true }').bind({}, store)


def test_a_query_that_is_not_there(store: Store) -> None:
    with pytest.raises(QueryError, match="there is no such query; try minister-pairs"):
        run(store, "minister-pair")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT ?x\nWHERE { }", "header lacks columns, summary, tags, view"),
        ("#+ summary = who\nSELECT ?x\nWHERE { }", "not TOML"),
        (f"{HEAD.replace('[columns]', '', 1)}SELECT ?x\nWHERE {{ }}", "unknown header: x"),
        (f"{HEAD}SELECT ?y\nWHERE {{ }}", "columns described: x; selected: y"),
        (
            f"{HEAD.replace('table', 'map').replace('{ ', '{ state = ' + chr(34) + 's' + chr(34) + ', ', 1)}SELECT ?x\nWHERE {{ }}",
            "not selected: s",
        ),
        (f"{HEAD}#+ [params]\n{STATE}\nSELECT ?x\nWHERE {{ }}", "parameter a has no row"),
        (
            f"{HEAD}#+ [params]\n{STATE}\nSELECT ?x\nWHERE {{ VALUES ?a {{ UNDEF }} {{ VALUES ?a {{ <urn:a> }} }} }}",
            "parameter a has rows .* that differ",
        ),
        (f"{HEAD}#+ [params]\n{STATE.replace('party', 'minister')}\nSELECT ?x\nWHERE {{ }}", "has type 'minister'"),
        (f"{HEAD}#+ [params]\n{STATE}\nSELECT ?x\nWHERE {{ VALUES ?a {{ state:JPN }} }}", "state:JPN has no prefix"),
    ],
)
def test_a_slip_in_a_file_is_found(text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        catalogue.parse("who", text)


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ("?a ?b", ("a", "b")),
        ("?a (COUNT(DISTINCT ?act) AS ?acts) (MIN(?d) AS ?first)", ("a", "acts", "first")),
        ('(GROUP_CONCAT(DISTINCT ?x; SEPARATOR=", ") AS ?all) ?z', ("all", "z")),
    ],
)
def test_the_projection_is_read(select: str, names: tuple[str, ...]) -> None:
    assert catalogue.projection(f"SELECT DISTINCT {select}\nWHERE {{ }}") == names


@pytest.fixture
def answer(store: Store) -> catalogue.Result:
    text = HEAD.replace("who", "IRI of a party") + '#+ xLabel = "a party"\n#+ n = "a number"\n'
    body = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX cq: <https://w3id.org/communique/ns#>
SELECT ?x ?xLabel (STRLEN(?xLabel) AS ?n)
WHERE { ?x a cq:State ; skos:prefLabel ?xLabel }
ORDER BY ?x"""
    saved = catalogue.parse("who", text + body)
    rows = store.select(saved.text)
    return catalogue.Result(saved, saved.text, rows.variables, rows.rows, catalogue.links(rows.variables))


def test_a_table_shows_labels_for_iris(answer: catalogue.Result) -> None:
    out = io.StringIO()
    write(answer, "table", out)
    assert "United Kingdom" in out.getvalue()
    assert "https:" not in out.getvalue()


def test_csv_has_iris_and_labels(answer: catalogue.Result) -> None:
    rows = list(csv.reader(io.StringIO(tables.to_csv(answer))))
    assert rows[0] == ["x", "xLabel", "n"]
    assert rows[4] == ["https://w3id.org/communique/vocab/state/JPN", "Japan", "5"]


def test_json_is_what_the_engine_writes(answer: catalogue.Result, store: Store) -> None:
    out = io.BytesIO()
    store.query(answer.text, "json", out)
    assert json.loads(tables.to_json(answer)) == json.loads(out.getvalue())


def test_turtle_has_a_node_for_each_row(answer: catalogue.Result) -> None:
    read = list(ox.parse(tables.to_turtle(answer, Iris()), format=ox.RdfFormat.TURTLE))
    assert len({q.subject for q in read}) == len(answer)
    assert len(read) == 3 * len(answer)
    assert not [q for q in read if isinstance(q.subject, ox.BlankNode)]


def test_only_known_formats(answer: catalogue.Result) -> None:
    with pytest.raises(UsageError, match="choose table, csv, json, ttl"):
        write(answer, "xlsx", io.StringIO())
    for form in FORMATS:
        write(answer, form, io.StringIO())
