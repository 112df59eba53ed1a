"""Encounters and acts as rows of a small database, made from the tallies of all accounts, so that what a page counts takes milliseconds.

A tally is what the cubes count (``communique.ontology.aggregates``): it is kept in step with its account, and read whole it is a tenth of
the work of the queries that have the same answer.  Those stand beside the pages, and tests compare them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.iris import CQ, Iris
from communique.ontology.aggregates.tally import Heard, read
from communique.ontology.terms import OWL
from communique.store import Rows, Term

Select = Callable[[str], Rows]

_AT_ONCE: Final = 2000
_TABLES: Final = """
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE encounter (id INTEGER PRIMARY KEY, iri TEXT, day TEXT, twin INTEGER);
CREATE TABLE party (party INTEGER, encounter INTEGER, PRIMARY KEY (party, encounter)) WITHOUT ROWID;
CREATE TABLE person (person INTEGER, encounter INTEGER, party INTEGER);
CREATE TABLE act (id INTEGER PRIMARY KEY, encounter INTEGER, iri TEXT, type INTEGER, stance TEXT, answered INTEGER, commits INTEGER);
CREATE TABLE actor (party INTEGER, act INTEGER, PRIMARY KEY (party, act)) WITHOUT ROWID;
CREATE TABLE speaker (person INTEGER, act INTEGER, PRIMARY KEY (person, act)) WITHOUT ROWID;
CREATE TABLE addressee (act INTEGER, party INTEGER, PRIMARY KEY (act, party)) WITHOUT ROWID;
CREATE TABLE about (issue INTEGER, act INTEGER, PRIMARY KEY (issue, act)) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE VIEW meeting AS SELECT a.party AS one, b.party AS other, e.id AS encounter, day, twin
  FROM party a JOIN party b USING (encounter) JOIN encounter e ON e.id = encounter;
CREATE INDEX met ON party (encounter, party);
CREATE INDEX present ON person (person, encounter);
CREATE INDEX together ON person (encounter);
CREATE INDEX said ON act (encounter);
CREATE INDEX did ON actor (act);
CREATE INDEX named ON about (act);
ANALYZE;
"""


@dataclass(frozen=True, slots=True)
class Register:
    """A register that was built; threads and processes may ask it at once."""

    file: Path

    def rows(self, query: str, **given: str | int | Sequence[str]) -> list[dict[str, str]]:
        """The answer to a query in SQL: one mapping a row, of what is there, in words.

        In it ``:name`` stands for the number of the IRI that is given under that name, or for those of several as a list in JSON.
        """
        with closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute(query, {name: _bound(db, value) for name, value in given.items()})
            names = [column for column, *_ in found.description]
            return [{name: str(value) for name, value in zip(names, row, strict=True) if value not in (None, "")} for row in found]


def _bound(db: sqlite3.Connection, value: str | int | Sequence[str]) -> str | int | None:
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        number = db.execute("SELECT id FROM term WHERE iri = ?", (value,)).fetchone()
        return int(number[0]) if number else None
    return json.dumps([number for iri in value if (number := _bound(db, iri)) is not None])


def build(select: Select, iris: Iris, file: Path) -> None:
    """Write the register of what ``select`` answers from to ``file``, which must not be there."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.executescript(_TABLES)
        _fill(db, select, iris)
        db.executescript(_INDEXES)
        db.commit()


def _fill(db: sqlite3.Connection, select: Select, iris: Iris) -> None:
    terms: dict[str, int] = {}

    def number(iri: str) -> int:
        return terms.setdefault(iri, len(terms))

    pairs = [(_plain(a), _plain(b)) for a, b in select(f"SELECT DISTINCT ?a ?b {{ ?a <{CQ}pairedWith> ?b }}")]
    twins = {a for a, b in pairs if b < a}
    answered = {_plain(act) for (act,) in select(f"SELECT DISTINCT ?act {{ ?reply <{CQ}answers> ?act }}")}
    commits = {_plain(act) for (act,) in select(f"SELECT DISTINCT ?act {{ ?act <{CQ}makesCommitment> ?commitment }}")}
    spoken = _spoken(select)
    acts = 0
    for encounter, heard in enumerate(_heard(select, iris)):
        db.execute("INSERT INTO encounter VALUES (?, ?, ?, ?)", (encounter, heard.encounter, heard.day, heard.encounter in twins))
        db.executemany("INSERT INTO party VALUES (?, ?)", ((number(party), encounter) for party in heard.parties))
        present = ((number(who), encounter, number(party) if party else None) for who, own in heard.persons for party in own or ("",))
        db.executemany("INSERT INTO person VALUES (?, ?, ?)", present)
        for act in heard.acts:
            stance = act.stance.removeprefix(CQ)
            told = (acts, encounter, act.node, number(act.type), stance, act.node in answered, act.node in commits)
            db.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", told)
            db.executemany("INSERT INTO actor VALUES (?, ?)", ((number(party), acts) for party in act.actors))
            db.executemany("INSERT INTO speaker VALUES (?, ?)", ((number(person), acts) for person in spoken.get(act.node, ())))
            db.executemany("INSERT INTO addressee VALUES (?, ?)", ((acts, number(party)) for party in act.addressees))
            db.executemany("INSERT INTO about VALUES (?, ?)", ((number(issue), acts) for issue in act.issues))
            acts += 1
    db.executemany("INSERT INTO term VALUES (?, ?)", ((n, iri) for iri, n in terms.items()))


def _heard(select: Select, iris: Iris) -> Iterator[Heard]:
    """The encounters of all accounts, each once."""
    told, seen = f"GRAPH <{iris.graph('tallies')}> {{ ?account <{CQ}tally> ?tally }}", set[str]()
    for some in _some(_plain(account) for (account,) in select(f"SELECT ?account {{ {told} }}")):
        for (tally,) in select(f"SELECT ?tally {{ VALUES ?account {{ {some} }} {told} }}"):
            for heard in read(_plain(tally), iris):
                if heard.encounter not in seen:
                    seen.add(heard.encounter)
                    yield heard


def _spoken(select: Select) -> dict[str, set[str]]:
    """The persons of the authority file who perform each act."""
    persons = {
        _plain(name): _plain(person)
        for name, person in select(f"SELECT ?name ?person {{ ?name <{OWL}sameAs> ?person . ?person a <{CQ}Person> }}")
    }
    out: dict[str, set[str]] = {}
    for some in _some(persons):
        for name, act in select(f"SELECT ?name ?act {{ VALUES ?name {{ {some} }} ?act <{CQ}actor> ?name }}"):
            out.setdefault(_plain(act), set()).add(persons[_plain(name)])
    return out


def _some(iris: Iterable[str]) -> Iterator[str]:
    """IRIs as they stand in a query, so many at a time that no answer is longer than a server lets it be."""
    nodes = [f"<{iri}>" for iri in iris]
    return (" ".join(nodes[n : n + _AT_ONCE]) for n in range(0, len(nodes), _AT_ONCE))


def _plain(term: Term | None) -> str:
    return getattr(term, "value", "")
