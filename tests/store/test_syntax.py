"""No query reaches another server, however SERVICE is written or hidden; a listener would hear it."""

from __future__ import annotations

import contextlib
import io
import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import QueryError, QuerySyntaxError
from communique.store import open_store
from communique.store.syntax import shape


@dataclass
class Listener:
    iri: str
    heard: list[object] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        found = Listener(f"<http://127.0.0.1:{server.getsockname()[1]}/>")
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, peer = server.accept()
                    found.heard.append(peer)
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield found
        stop.set()
        thread.join()


def reaching(iri: str) -> list[str]:
    """Ways to write SERVICE; each is SPARQL to the engine, and each has reached the listener without the guard."""
    return [
        f"SELECT * {{ SERVICE {iri} {{}} }}",
        f"SELECT * {{ service silent {iri} {{}} }}",
        f"SELECT * {{SERVICESILENT{iri}{{}}}}",
        f"PREFIX x: {iri} SELECT * {{SERVICEx:{{}}}}",
        f"PREFIX : {iri} SELECT * {{SERVICE:{{}}}}",
        f"PREFIX x: {iri} SELECT * {{OPTIONAL{{}}SERVICE x:{{}}}}",
        f"SELECT * {{VALUES ?x {{1}}SERVICE{iri}{{}}}}",
        f"SELECT * {{ FILTER(1<'x>') SERVICE {iri} {{}} FILTER(1='') }}",
        f"SELECT * {{ FILTER(true<'x>') SERVICE {iri} {{}} FILTER(1='') }}",
        f"SELECT * {{ BIND((1)<'x>' AS ?y) SERVICE {iri} {{}} FILTER(1='') }}",
        f"SELECT * {{ # it's\n SERVICE {iri} {{}} }}",
        f"SELECT * {{ FILTER('a' = \"it's\") SERVICE {iri} {{}} }}",
        f"PREFIX x: {iri} SELECT * {{ OPTIONAL {{ ?s ?p x:.SERVICE {iri} {{}} }} }}",
        f"PREFIX x: {iri} SELECT * {{ OPTIONAL {{ ?s ?p x:a.b.SERVICE {iri} {{}} }} }}",
        f"PREFIX x: {iri} SELECT * {{ FILTER(?x-x:\\') VALUES ?v {{'l'}} SERVICE {iri} {{}} #'\n}}",
        f"ASK {{ VALUES ?e {{ {iri} }} SERVICE ?e {{}} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE {iri} {{}} }} }}",
        f"SELECT * {{ {{ SELECT * {{ SERVICE {iri} {{}} }} }} }}",
        f"SELECT * {{ OPTIONAL {{ ?s ?p <http://a\\u0041'> }} SERVICE {iri} {{}} FILTER(1='') }}",
    ]


def test_known_ways_to_reach_out_are_refused(listener: Listener) -> None:
    with open_store("memory:") as store:
        for query in reaching(listener.iri):
            with pytest.raises(QueryError, match="SERVICE"):
                store.query(query, "json", io.BytesIO())
    assert listener.heard == []


def test_from_names_graphs_of_the_store_only(listener: Listener) -> None:
    with open_store("memory:") as store:
        for iri in (listener.iri, "<file:///etc/hostname>"):
            assert len(store.select(f"SELECT * FROM {iri} {{ ?s ?p ?o }}")) == 0
            assert len(store.select(f"SELECT * FROM NAMED {iri} {{ GRAPH ?g {{ ?s ?p ?o }} }}")) == 0
    assert listener.heard == []


PIECES = (
    *("FILTER({e})", "BIND({e} AS ?n{i})", "OPTIONAL{{?s ?p {o}}}", "?s ?p {o}.", "VALUES ?v{i} {{{o}}}", "FILTER EXISTS{{?s ?p {o}}}"),
    *("{{SELECT({e} AS ?m{i}){{}}}}", "<<?s ?p {o}>> ?q ?r.", "<<?s?p{o}>>?q ?r.", "?s ?p ({o} {o}).", "FILTER(?x IN({o},{o}))", "#{o}\n"),
)
TERMS = (
    *("1", "'a'", '"b"', "?x", "true", "x:a", "x:", "<http://a/o>", "'''l'''", "'it\\'s'", "'a'@en", "(1)", "x:a.b", "x:%41", "x:\\'"),
    *("_:b", "STR('y')", "<a'b>", "<a#b>", "<'>", "<x'>", "<?y&&?z>", "'>'", "'#'", '"\'"', "?x#c\n", "<\\u0041'>", "'", "x:a."),
)
SIGNS = ("<", ">", "=", "<=", "&&", "||", "-", " < ", "<<", "#\n", "#'\n", '#"\n', "^^", ",")
HIDDEN = (
    *("'SERVICE {u}{{}}'", '"SERVICE {u}{{}}"', "'''\n') SERVICE {u}{{}}'''", "# SERVICE {u}{{}}\n", "x:SERVICE"),
    "') SERVICE {u}{{}} FILTER(''='",
)


@pytest.mark.parametrize("open_", [True, False], ids=["in the open", "in strings and comments"])
def test_queries_put_together_by_chance_reach_nobody(listener: Listener, open_: bool) -> None:
    chance = random.Random(7)
    terms = TERMS if open_ else (*TERMS, *(hidden.format(u=listener.iri) for hidden in HIDDEN))
    ran = 0
    with open_store("memory:") as store:
        for i in range(3000):
            expression = "".join(chance.choice(terms) + chance.choice(SIGNS) for _ in range(chance.randrange(3))) + chance.choice(terms)
            body = [chance.choice(PIECES).format(e=expression, o=chance.choice(terms), i=f"{i}x{n}") for n in range(chance.randrange(1, 4))]
            if open_:
                service = chance.choice([f"SERVICE {listener.iri}{{}}", f"SERVICE{listener.iri}{{}}", "SERVICEx:{}", "service ?u{}"])
                body.insert(chance.randrange(len(body) + 1), service)
            glue = chance.choice(["", " ", "\n"])
            query = f"BASE <http://b/> PREFIX x: {listener.iri} SELECT * {{ VALUES ?u {{ {listener.iri} }} {glue.join(body)} }}"
            with contextlib.suppress(QuerySyntaxError, QueryError):
                store.select(query, limit=3)
                ran += 1
    assert listener.heard == []
    assert ran == 0 if open_ else ran > 500


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'in the service of peace' } # SERVICE",
        'SELECT * { ?s ?p """customer\nservice""" }',
        "PREFIX ex: <http://example.org/service#> SELECT ?service { ?service a ex:Service }",
        "SELECT * { ?s <http://example.org/service> ?o FILTER(?o < 3 && ?s > 2) }",
        "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'service')) }",
    ],
)
def test_the_word_service_may_be_talked_about(query: str) -> None:
    with open_store("memory:") as store:
        assert len(store.select(query)) == 0


@given(st.text(alphabet="<>'\"#?:ab(){}\\ \n@_.1&|SERVICE", max_size=60))
def test_any_text_has_a_shape_or_is_refused(text: str) -> None:
    with contextlib.suppress(QueryError) if "SERVICE" in text.upper() else contextlib.nullcontext():
        assert shape("SELECT * " + text).form == "SELECT"


def test_a_server_that_is_listed_may_be_asked() -> None:
    listed, other = "http://127.0.0.1:1/sparql", "http://127.0.0.1:1/"
    for query in (f"SELECT * {{ SERVICE <{listed}> {{}} }}", f"SELECT * {{ service silent <{listed}> {{ ?s ?p 'SERVICE' }} }}"):
        assert shape(query, {listed}).form == "SELECT"
        with pytest.raises(QueryError, match="SERVICE"):
            shape(query)
    for query in (
        *reaching(f"<{other}>"),
        f"SELECT * {{ SERVICE <{listed}> {{ SERVICE <{other}> {{}} }} }}",
        f"SELECT * {{ SERVICE <{listed}/> {{}} }}",
        f"SELECT * {{ SERVICE ?s {{}} VALUES ?s {{ <{listed}> }} }}",
        f"PREFIX x: <{listed}> SELECT * {{ SERVICE x: {{}} }}",
        f"BASE <{other}> SELECT * {{ SERVICE <sparql> {{}} }}",
        f"SELECT * {{ SERVICESILENT<{listed}>{{}} }}",
        f"SELECT * {{ SERVICE # <{listed}>\n <{other}> {{}} }}",
        f"SELECT * {{ SERVICE <{listed}> {{}} FILTER(1<'x>') SERVICE <{other}> {{}} FILTER(1='') }}",
        "SELECT * { SERVICE",
    ):
        with pytest.raises(QueryError, match="SERVICE"):
            shape(query, {listed})
