"""Encounters and acts as rows of a small database, made from the tallies of all accounts, so that what a page counts takes milliseconds.

A tally is what the cubes count (``communique.ontology.aggregates``): it is kept in step with its account, and read whole it is a tenth of
the work of the queries that have the same answer.  Those stand beside the pages, and tests compare them.

Encounters are numbered in the order of lists, newest first, and acts in that of their encounters.  So whatever is asked for in the order
of its numbers comes from an index, and a part of a list costs what is shown of it, however long the list is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.iris import CQ, Iris
from communique.ontology.aggregates.tally import Heard, Names, read
from communique.ontology.terms import OWL, SKOS
from communique.queries import partitions
from communique.store import Rows, Term

Select = Callable[[str], Rows]
Given = str | int | Sequence[str | int]
"""A value in a query: an IRI, a number, or several."""

_AT_ONCE: Final = 2000
_EACH: Final = 1 << 20  # more acts than an encounter has
_TABLES: Final = """
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE encounter (id INTEGER PRIMARY KEY, iri TEXT, day TEXT, twin INTEGER);
CREATE TABLE pair (one INTEGER, other INTEGER, apart INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE party (party INTEGER, encounter INTEGER, PRIMARY KEY (party, encounter)) WITHOUT ROWID;
CREATE TABLE person (person INTEGER, encounter INTEGER, party INTEGER);
CREATE TABLE people (n INTEGER);
CREATE TABLE uncounted (n INTEGER);
CREATE TABLE title (person INTEGER, party INTEGER, words TEXT);
CREATE TABLE act (id INTEGER PRIMARY KEY, encounter INTEGER, iri TEXT UNIQUE, type INTEGER, stance TEXT);
CREATE TABLE actor (party INTEGER, act INTEGER, PRIMARY KEY (party, act)) WITHOUT ROWID;
CREATE TABLE speaker (person INTEGER, act INTEGER, PRIMARY KEY (person, act)) WITHOUT ROWID;
CREATE TABLE addressee (act INTEGER, party INTEGER, PRIMARY KEY (act, party)) WITHOUT ROWID;
CREATE TABLE about (issue INTEGER, act INTEGER, PRIMARY KEY (issue, act)) WITHOUT ROWID;
CREATE TABLE topic (issue INTEGER, act INTEGER, PRIMARY KEY (issue, act)) WITHOUT ROWID;
CREATE TABLE answer (act INTEGER, reply INTEGER, PRIMARY KEY (act, reply)) WITHOUT ROWID;
CREATE TABLE commitment (act INTEGER, iri TEXT, strength INTEGER, PRIMARY KEY (act, iri)) WITHOUT ROWID;
CREATE TABLE target (party INTEGER, act INTEGER, PRIMARY KEY (party, act)) WITHOUT ROWID;
CREATE TABLE office (held INTEGER PRIMARY KEY, person INTEGER, office INTEGER, party INTEGER, begin TEXT, until TEXT);
CREATE TABLE attested (held INTEGER, encounter INTEGER, PRIMARY KEY (held, encounter)) WITHOUT ROWID;
CREATE TABLE class (iri TEXT PRIMARY KEY, n INTEGER, example TEXT);
CREATE TABLE called (person INTEGER, words TEXT, n INTEGER, reason TEXT);
"""
_INDEXES: Final = """
CREATE VIEW meeting AS SELECT a.party AS one, b.party AS other, e.id AS encounter, day, twin
  FROM party a JOIN party b USING (encounter) JOIN encounter e ON e.id = encounter;
CREATE TABLE attended AS SELECT party, COUNT(*) AS n, MAX(day) AS last
  FROM party JOIN encounter e ON e.id = encounter JOIN term t ON t.id = party GROUP BY party ORDER BY n DESC, t.iri;
CREATE TABLE dyad AS SELECT a.party AS one, b.party AS other, COUNT(*) AS n, MAX(day) AS last
  FROM party a JOIN party b USING (encounter) JOIN encounter e ON e.id = encounter
  JOIN term x ON x.id = a.party JOIN term y ON y.id = b.party
  WHERE x.iri < y.iri GROUP BY a.party, b.party ORDER BY n DESC, x.iri, y.iri;
CREATE TABLE acted AS SELECT party, COUNT(*) AS n FROM actor GROUP BY party;
CREATE TABLE raised AS SELECT issue, COUNT(*) AS n FROM about GROUP BY issue;
CREATE TABLE bound AS SELECT party, COUNT(*) AS n FROM commitment JOIN actor USING (act) GROUP BY party;
CREATE TABLE promised AS SELECT issue, COUNT(*) AS n FROM commitment JOIN about USING (act) GROUP BY issue;
CREATE TABLE met AS SELECT person, COUNT(DISTINCT encounter) AS n, MAX(day) AS last
  FROM person JOIN encounter e ON e.id = encounter JOIN term t ON t.id = person GROUP BY person ORDER BY n DESC, t.iri;
CREATE INDEX beside ON party (encounter, party);
CREATE INDEX present ON person (person, encounter);
CREATE INDEX together ON person (encounter);
CREATE INDEX sent ON person (party, person);
CREATE INDEX written ON title (person);
CREATE INDEX said ON act (encounter);
CREATE INDEX kind ON act (type);
CREATE INDEX did ON actor (act);
CREATE INDEX named ON about (act);
CREATE INDEX reply ON answer (reply);
CREATE INDEX strongest ON commitment (strength DESC, act);
CREATE TABLE shared AS SELECT x.one, x.other, b.issue, COUNT(DISTINCT a.encounter) AS n
  FROM meeting x JOIN act a USING (encounter) JOIN about b ON b.act = a.id WHERE x.one <> x.other GROUP BY x.one, x.other, b.issue;
CREATE TABLE done AS SELECT party, type, substr(day, 1, 4) AS year, COUNT(*) AS n
  FROM actor JOIN act a ON a.id = actor.act JOIN encounter e ON e.id = encounter GROUP BY party, type, year;
CREATE TABLE spoken AS SELECT person, type, COUNT(*) AS n FROM speaker s JOIN act a ON a.id = s.act GROUP BY person, type;
CREATE TABLE voiced AS SELECT person, issue, substr(day, 1, 4) AS year, COUNT(*) AS n
  FROM speaker s JOIN act a ON a.id = s.act JOIN encounter e ON e.id = encounter JOIN about b ON b.act = a.id
  WHERE day <> '' GROUP BY person, issue, year;
CREATE TABLE topical AS SELECT issue, substr(day, 1, 7) AS month, type, COUNT(*) AS n
  FROM topic x JOIN act a ON a.id = x.act JOIN encounter e ON e.id = encounter GROUP BY issue, month, type;
CREATE TABLE sided AS SELECT issue, actor.party AS party, addressee.party AS towards, stance, COUNT(*) AS n
  FROM topic x JOIN act a ON a.id = x.act JOIN actor ON actor.act = a.id LEFT JOIN addressee ON addressee.act = a.id
  GROUP BY issue, actor.party, addressee.party, stance;
CREATE INDEX dated ON topical (issue);
CREATE INDEX siding ON sided (issue);
CREATE INDEX joint ON shared (one, other);
CREATE INDEX doing ON done (party);
CREATE INDEX speaking ON spoken (person);
CREATE INDEX voicing ON voiced (person);
CREATE INDEX holding ON office (person);
CREATE INDEX calling ON called (person);
ANALYZE;
"""
_TALLIED: Final = f"SELECT DISTINCT ?graph {{ ?graph <{CQ}tally> ?tally }}"
_ENCOUNTERS: Final = f"""SELECT ?account ?encounter ?day {{
  ?account <{CQ}describesEncounter> ?encounter OPTIONAL {{ ?encounter <{CQ}date> ?day }} }}"""
_PEOPLE: Final = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a <{CQ}Person> FILTER NOT EXISTS {{ ?x <{OWL}sameAs> ?one }} }}"
_PAIRS: Final = f"SELECT DISTINCT ?a ?b {{ ?a <{CQ}pairedWith> ?b }}"
_ANSWERS: Final = f"SELECT DISTINCT ?act ?reply {{ ?reply <{CQ}answers> ?act }}"
_COMMITMENTS: Final = f"""SELECT ?act ?commitment ?strength {{
  ?act <{CQ}makesCommitment> ?commitment OPTIONAL {{ ?commitment <{CQ}strength> ?strength }} }}"""
_BROADER: Final = f"SELECT DISTINCT ?issue ?broader {{ ?issue <{SKOS}broaderTransitive> ?broader }}"
_NAMES: Final = f"SELECT ?name ?person {{ ?name <{OWL}sameAs> ?person . ?person a <{CQ}Person> }}"
# These are asked of some at a time, so that no answer is longer than a server lets it be.
_TALLIES: Final = f"SELECT DISTINCT ?graph ?tally {{{{ VALUES ?graph {{{{ {{}} }}}} ?graph <{CQ}tally> ?tally }}}}"
_SPOKEN: Final = f"SELECT ?name ?act {{{{ VALUES ?name {{{{ {{}} }}}} ?act <{CQ}actor> ?name }}}}"
# What is told of all who take part, and of all names, property by property: looked up one by one it takes four times as long.
_EACH_PART: Final = f"SELECT ?part ?x {{{{ ?part <{CQ}{{}}> ?x }}}}"
_PRESENT: Final = f"SELECT ?part ?encounter {{ ?encounter <{CQ}hasParticipation> ?part }}"
_ATTESTING: Final = f"SELECT ?part ?held {{ ?held <{CQ}attestedBy> ?part }}"
_WHY: Final = f"SELECT ?name ?reason {{ ?why <{CQ}identifies> ?name ; <{CQ}reason> ?reason }}"
_HELD: Final = f"""SELECT ?held ?person ?office (MIN(?of) AS ?party) (MIN(?first) AS ?begin) (MAX(?last) AS ?until) {{{{
  VALUES ?person {{{{ {{}} }}}} ?held <{CQ}holder> ?person ; <{CQ}heldOffice> ?office OPTIONAL {{{{ ?office <{CQ}officeOf> ?of }}}}
  OPTIONAL {{{{ ?held <{CQ}attestedFrom> ?first }}}} OPTIONAL {{{{ ?held <{CQ}attestedUntil> ?last }}}}
}}}} GROUP BY ?held ?person ?office"""
_TARGETS: Final = f"SELECT DISTINCT ?act ?party {{ ?act <{CQ}target> ?party }}"


@dataclass(frozen=True, slots=True)
class Register:
    """A register that was built; threads and processes may ask it at once."""

    file: Path

    def rows(self, query: str, **given: Given) -> list[dict[str, str]]:
        """The answer to a query in SQL: one mapping a row, of what is there, in words.

        In it ``:name`` stands for the number of the IRI that is given under that name, or for those of several as a list in JSON; a number
        stands for itself.
        """
        with closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute(query, {name: _bound(db, value) for name, value in given.items()})
            names = [column for column, *_ in found.description]
            return [{name: str(value) for name, value in zip(names, row, strict=True) if value not in (None, "")} for row in found]


def _bound(db: sqlite3.Connection, value: Given) -> str | int | None:
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

    place, graphs, uncounted = _order(select, iris)
    db.execute("INSERT INTO uncounted VALUES (?)", (uncounted,))
    told = list(_pairs(select, _PAIRS))
    pairs = sorted({pair for a, b in told if a in place and b in place for pair in ((place[a], place[b]), (place[b], place[a]))})
    # Of the accounts of an event the first in a list stands for it.
    twins = {a for a, b in pairs if b < a}
    sides: dict[int, Names] = dict.fromkeys((a for a, _ in pairs), ())
    persons = {_plain(name): _plain(person) for name, person in select(_NAMES)}
    told_of = _People(select, persons)
    for heard in _heard(select, iris, graphs):
        encounter = place.setdefault(heard.encounter, len(place))
        db.execute("INSERT INTO encounter VALUES (?, ?, ?, ?)", (encounter, heard.encounter, heard.day, encounter in twins))
        if encounter in sides:
            sides[encounter] = heard.sides
        db.executemany("INSERT INTO party VALUES (?, ?)", ((number(party), encounter) for party in heard.parties))
        present = ((number(who), encounter, number(party) if party else None) for who, own in heard.persons for party in own or ("",))
        db.executemany("INSERT INTO person VALUES (?, ?, ?)", present)
        for own, act in enumerate(sorted(heard.acts, key=lambda act: act.node), encounter * _EACH):
            stance = act.stance.removeprefix(CQ)
            db.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?)", (own, encounter, act.node, number(act.type), stance))
            db.executemany("INSERT INTO actor VALUES (?, ?)", ((number(party), own) for party in act.actors))
            db.executemany("INSERT INTO speaker VALUES (?, ?)", ((number(person), own) for person in told_of.acts.get(act.node, ())))
            db.executemany("INSERT INTO addressee VALUES (?, ?)", ((own, number(party)) for party in act.addressees))
            db.executemany("INSERT INTO about VALUES (?, ?)", ((number(issue), own) for issue in act.issues))
    apart = ((a, b, any(one != other for one in sides[a] for other in sides[b])) for a, b in pairs)
    db.executemany("INSERT INTO pair VALUES (?, ?, ?)", apart)
    db.executemany("INSERT INTO people VALUES (?)", ((int(_plain(n)),) for (n,) in select(_PEOPLE)))
    # What is told of an issue is told of all that is broader, and of itself, once.
    db.execute("CREATE TEMP TABLE above (issue INTEGER, broader INTEGER)")
    db.executemany("INSERT INTO above VALUES (?, ?)", ((number(issue), number(broader)) for issue, broader in _pairs(select, _BROADER)))
    db.execute("INSERT INTO topic SELECT issue, act FROM about")
    db.execute("INSERT OR IGNORE INTO topic SELECT broader, act FROM about JOIN above USING (issue)")
    answers = ((_plain(act), _plain(reply)) for act, reply in select(_ANSWERS))
    db.executemany("INSERT OR IGNORE INTO answer SELECT a.id, r.id FROM act a JOIN act r WHERE a.iri = ? AND r.iri = ?", answers)
    made = ((_plain(commitment), _plain(strength) or None, _plain(act)) for act, commitment, strength in select(_COMMITMENTS))
    db.executemany("INSERT OR IGNORE INTO commitment SELECT id, ?, ? FROM act WHERE iri = ?", made)
    db.executemany("INSERT INTO class VALUES (?, ?, ?)", partitions.classes(select))
    aimed = ((number(_plain(party)), _plain(act)) for act, party in select(_TARGETS))
    db.executemany("INSERT OR IGNORE INTO target SELECT ?, id FROM act WHERE iri = ?", aimed)
    titles = ((number(person), number(party) if party else None, words) for person, party, words in sorted(told_of.titles))
    db.executemany("INSERT INTO title VALUES (?, ?, ?)", titles)
    for *what, begin, until in _held(select, set(persons.values())):
        things = (number(iri) if iri else None for iri in what)
        db.execute("INSERT OR IGNORE INTO office VALUES (?, ?, ?, ?, ?, ?)", (*things, begin or None, until or None))
    attested = ((number(held), place[encounter]) for held, encounter in told_of.attested if encounter in place)
    db.executemany("INSERT OR IGNORE INTO attested VALUES (?, ?)", attested)
    named = ((number(person), words, n, reason) for (person, words), (n, reason) in sorted(told_of.named.items()))
    db.executemany("INSERT INTO called VALUES (?, ?, ?, ?)", named)
    db.executemany("INSERT INTO term VALUES (?, ?)", ((n, iri) for iri, n in terms.items()))


def _order(select: Select, iris: Iris) -> tuple[dict[str, int], list[str], int]:
    """The number of each encounter, the graphs that have a tally, in the order of the encounters that they tell of, and how many accounts
    have none, since nobody closed them."""
    told: dict[str, str] = {}
    of: dict[str, str] = {}
    for row in select(_ENCOUNTERS):
        account, encounter, day = map(_plain, row)
        told[encounter] = min(day, told.get(encounter, day))
        of[encounter] = iris.inferred(account)
    order = sorted(sorted(told), key=lambda encounter: told[encounter], reverse=True)
    ranked = {of[encounter]: n for n, encounter in enumerate(order)}
    graphs = [_plain(graph) for (graph,) in select(_TALLIED)]
    uncounted = len(set(of.values()).difference(graphs))
    graphs.sort(key=lambda graph: (ranked.get(graph, len(order)), graph))
    return {encounter: n for n, encounter in enumerate(order)}, graphs, uncounted


def _heard(select: Select, iris: Iris, graphs: Iterable[str]) -> Iterator[Heard]:
    """The encounters of some graphs, each once."""
    seen = set[str]()
    for some in _parts(graphs):
        for _, tally in select(_TALLIES.format(_nodes(some))):
            for heard in read(_plain(tally), iris):
                if heard.encounter not in seen:
                    seen.add(heard.encounter)
                    yield heard


class _People:
    """What is told of the persons of the authority file, under each name that is theirs: the acts that they perform, for which parties and
    with what titles they take part, which encounters attest an office, how they are written, in how many readouts, and why it is them."""

    def __init__(self, select: Select, persons: Mapping[str, str]) -> None:
        self.acts: dict[str, set[str]] = {}
        for some in _parts(persons):
            for name, act in _pairs(select, _SPOKEN.format(_nodes(some))):
                self.acts.setdefault(act, set()).add(persons[name])
        names = {part: name for part, name in _pairs(select, _EACH_PART.format("participant")) if name in persons}
        parties, titles, written = (_several(select, _EACH_PART.format(p), names) for p in ("represents", "officeTitle", "writtenName"))
        self.titles = {
            (persons[name], party, title)
            for part, name in names.items()
            for party in parties.get(part, ("",))
            for title in titles.get(part, ("",))
        }
        held = _several(select, _ATTESTING, names)
        self.attested = {(each, encounter) for part, encounter in _pairs(select, _PRESENT) for each in held.get(part, ())}
        ways: dict[str, set[str]] = {name: set() for name in persons}
        for part, name in names.items():
            ways[name].update(written.get(part, ("",)))
        why: dict[str, str] = {}
        for name, reason in _pairs(select, _WHY):
            why[name] = min(reason, why.get(name, reason))
        self.named: dict[tuple[str, str], tuple[int, str]] = {}
        for name in sorted(ways):  # of several reasons that of the first name
            for words in ways[name] or ("",):
                n, reason = self.named.get((persons[name], words), (0, why.get(name, "")))
                self.named[persons[name], words] = (n + 1, reason)


def _pairs(select: Select, query: str) -> Iterator[tuple[str, str]]:
    return ((_plain(one), _plain(other)) for one, other in select(query))


def _several(select: Select, query: str, some: Container[str]) -> dict[str, set[str]]:
    """What a query answers of each of some things."""
    out: dict[str, set[str]] = {}
    for one, other in _pairs(select, query):
        if one in some:
            out.setdefault(one, set()).add(other)
    return out


def _held(select: Select, persons: Iterable[str]) -> Iterator[list[str]]:
    """The offices that persons are seen to hold: itself, who, which, of which party, from when until when."""
    for some in _parts(sorted(persons)):
        yield from ([_plain(term) for term in row] for row in select(_HELD.format(_nodes(some))) if row[0] is not None)


def _parts(iris: Iterable[str]) -> Iterator[Sequence[str]]:
    """So many at a time that no answer is longer than a server lets it be."""
    every = list(iris)
    return (every[n : n + _AT_ONCE] for n in range(0, len(every), _AT_ONCE))


def _nodes(iris: Iterable[str]) -> str:
    """IRIs as they stand in a query."""
    return " ".join(f"<{iri}>" for iri in iris)


def _plain(term: Term | None) -> str:
    return getattr(term, "value", "")
