"""Which readouts fit a choice of values, and how many would with one more: a row of bits for each value, which no query has to count.

A bit is an encounter as one readout tells it, so values that are chosen together hold of the same encounter; a readout that tells of none
has a bit too.  Bits stand in the order of the list, newest first, and those of one readout side by side.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_
from pathlib import Path
from typing import Final

from communique.iris import CQ
from communique.store import Rows, Term

Select = Callable[[str], Rows]
Wanted = Mapping[str, Sequence[str]]
"""The values that are chosen, by facet."""

MANY: Final = frozenset(("state", "issue", "act"))
"""Of these more than one value may be chosen together: they hold of an encounter, the others of a readout."""
SORTS: Final = ("newest", "oldest", "title", "most")
_OF_ENCOUNTERS: Final = {
    "state": f"?encounter <{CQ}involvesState> ?v",
    "issue": f"?encounter <{CQ}touches> ?v",
    "act": f"?encounter <{CQ}hasSpeechAct> ?act . ?act <{CQ}actType> ?v",
}
_READOUTS: Final = f"""SELECT ?readout ?publisher ?date ?title ?composed {{
  ?readout a <{CQ}Readout> ; <{CQ}publisher> ?publisher
  OPTIONAL {{ ?readout <{CQ}date> ?date }} OPTIONAL {{ ?readout <http://www.w3.org/2000/01/rdf-schema#label> ?title }}
  OPTIONAL {{ ?readout <{CQ}composed> ?composed }} }}"""
_LANGUAGES: Final = f"SELECT ?readout ?language {{ ?readout <{CQ}language> ?language }}"
_BARE: Final = f"SELECT DISTINCT ?readout {{ ?readout <{CQ}factsOnly> true }}"
# How the sentences of each ended, as the saved query ``coverage`` counts them.
_READINGS: Final = f"""SELECT ?readout ?sentences ?acts ?encounter ?told ?boilerplate ?unread {{
  ?reading <{CQ}sentences> ?sentences ; <{CQ}sentencesWithActs> ?acts ; <{CQ}sentencesOfEncounter> ?encounter ;
    <{CQ}sentencesOfBoilerplate> ?boilerplate ; <{CQ}sentencesUnread> ?unread ; <http://www.w3.org/ns/prov#used> ?readout
  OPTIONAL {{ ?reading <{CQ}sentencesOfBackground> ?told }} }}"""
_ENCOUNTERS: Final = f"""SELECT DISTINCT ?readout ?encounter {{
  ?readout a <{CQ}Readout> ; <{CQ}hasAccount> ?account . ?account <{CQ}describesEncounter> ?encounter }}"""
# Both are asked of some encounters at a time, so that no answer is longer than a server lets it be.
_VALUES: Final = "SELECT DISTINCT ?encounter ?v {{ VALUES ?encounter {{ {} }} {} }}"
_ACTS: Final = f"""SELECT ?encounter (COUNT(DISTINCT ?act) AS ?n) {{{{
  VALUES ?encounter {{{{ {{}} }}}} ?encounter <{CQ}hasSpeechAct> ?act }}}} GROUP BY ?encounter"""
_AT_ONCE: Final = 4000
_TABLES: Final = """
CREATE TABLE bits (facet TEXT, value TEXT, row BLOB, PRIMARY KEY (facet, value)) WITHOUT ROWID;
CREATE TABLE readout (number INTEGER PRIMARY KEY, iri TEXT, date TEXT, title TEXT, publisher TEXT, composed INTEGER, language TEXT,
  bare INTEGER);
CREATE TABLE reading (readout INTEGER, sentences INTEGER, acts INTEGER, encounter INTEGER, background INTEGER, boilerplate INTEGER,
  unread INTEGER);
CREATE TABLE whole (name TEXT PRIMARY KEY, value BLOB);
"""


@dataclass(frozen=True, slots=True)
class Fit:
    """How many readouts fit, and by facet the values that those which fit have, most first; ``bits`` are the readouts themselves."""

    total: int
    counts: Mapping[str, Sequence[tuple[str, int]]]
    bits: int


def build(select: Select, file: Path) -> None:
    """Write the rows of what ``select`` answers from to ``file``, which must not be there."""
    told: dict[str, tuple[str, str, str]] = {}  # the date, the title and the publisher of each readout; of several the first
    made = set[str]()
    for row in select(_READOUTS):
        readout, publisher, date, title, composed = map(_plain, row)
        if composed == "true":
            made.add(readout)
        told[readout] = min((date, title, publisher), told.get(readout, (date, title, publisher)))
    order = sorted(sorted(told), key=lambda readout: told[readout][0], reverse=True)
    found: dict[str, list[str]] = {readout: [] for readout in order}
    for row in select(_ENCOUNTERS):
        readout, encounter = map(_plain, row)
        if readout in found:
            found[readout].append(encounter)
    units = [(number, encounter) for number, readout in enumerate(order) for encounter in sorted(found[readout]) or ("",)]
    rows = _rows(select, units, [told[readout] for readout in order])
    acts = _acts(select, units, len(order))
    ranks = {
        "oldest": sorted(range(len(order)), key=lambda n: (told[order[n]][0], order[n])),
        "title": sorted(range(len(order)), key=lambda n: (told[order[n]][1], told[order[n]][0], order[n])),
        "most": sorted(range(len(order)), key=lambda n: -acts[n]),
    }
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.executescript(_TABLES)
        languages = dict(sorted((_plain(readout), _plain(language)) for readout, language in select(_LANGUAGES)))
        bare = {_plain(readout) for (readout,) in select(_BARE)}
        known = (
            (number, readout, *told[readout], readout in made, languages.get(readout), readout in bare)
            for number, readout in enumerate(order)
        )
        db.executemany("INSERT INTO readout VALUES (?, ?, ?, ?, ?, ?, ?, ?)", known)
        numbered = {readout: number for number, readout in enumerate(order)}
        read = ((numbered.get(_plain(readout)), *(int(_plain(n) or 0) for n in ended)) for readout, *ended in select(_READINGS))
        db.executemany("INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?)", (row for row in read if row[0] is not None))
        db.execute("CREATE INDEX latest ON readout (composed, number)")
        db.execute("CREATE INDEX published ON readout (publisher, date)")
        db.executemany("INSERT INTO bits VALUES (?, ?, ?)", ((*key, row) for key, row in sorted(rows.items())))
        numbers = array("L", (number for number, _ in units))
        db.execute("INSERT INTO whole VALUES ('units', ?)", (numbers.tobytes(),))
        db.execute("INSERT INTO whole VALUES ('again', ?)", (_again(numbers),))
        for name, ranked in ranks.items():
            places = array("L", bytes(array("L").itemsize * len(order)))
            for place, number in enumerate(ranked):
                places[number] = place
            db.execute("INSERT INTO whole VALUES (?, ?)", (name, places.tobytes()))
        db.commit()


def _rows(select: Select, units: Sequence[tuple[int, str]], told: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], bytes]:
    """The bits of each value of each facet, from the least."""
    size = len(units) // 8 + 1
    rows: dict[tuple[str, str], bytearray] = {}

    def mark(facet: str, value: str, unit: int) -> None:
        row = rows.get((facet, value))
        if row is None:
            row = rows[facet, value] = bytearray(size)
        row[unit >> 3] |= 1 << (unit & 7)

    at: dict[str, list[int]] = {}
    for unit, (number, encounter) in enumerate(units):
        at.setdefault(encounter, []).append(unit)
        date, _, publisher = told[number]
        mark("publisher", publisher, unit)
        if date:
            mark("year", date[:4], unit)
            mark("month", date[:7], unit)
    at.pop("", None)
    for some in _some(at):
        for facet, pattern in _OF_ENCOUNTERS.items():
            for row in select(_VALUES.format(some, pattern)):
                encounter, value = map(_plain, row)
                for unit in at[encounter]:
                    mark(facet, value, unit)
    return {key: bytes(row) for key, row in rows.items()}


def _acts(select: Select, units: Sequence[tuple[int, str]], many: int) -> list[int]:
    """The number of acts of each readout."""
    counted: dict[str, int] = {}
    for some in _some({encounter: None for _, encounter in units if encounter}):
        counted.update((_plain(encounter), int(_plain(n))) for encounter, n in select(_ACTS.format(some)))
    out = [0] * many
    for number, encounter in units:
        out[number] += counted.get(encounter, 0)
    return out


def _some(encounters: Iterable[str]) -> Iterator[str]:
    """Encounters as they stand in a query, so many at a time."""
    nodes = [f"<{encounter}>" for encounter in encounters]
    return (" ".join(nodes[n : n + _AT_ONCE]) for n in range(0, len(nodes), _AT_ONCE))


@dataclass(frozen=True, slots=True)
class Facets:
    """Rows that were built; threads and processes may ask them at once."""

    file: Path

    def fit(self, wanted: Wanted, counted: Collection[str] = ()) -> Fit:
        """The readouts that have all that is ``wanted``, and the values of the facets that are ``counted``: of those that hold of an
        encounter, beside what is chosen; of the others, as if none of them were."""
        with self._opened() as db:
            again = int.from_bytes(_whole(db, "again"), "little")
            every = (1 << len(_array(db, "units"))) - 1
            chosen = {facet: reduce(and_, (_bits(db, facet, value) for value in values), every) for facet, values in wanted.items()}
            bits = _firsts(reduce(and_, chosen.values(), every), again)
            counts = {}
            for facet in counted:
                among = reduce(and_, (row for name, row in chosen.items() if name != facet or facet in MANY), every)
                counts[facet] = _counts(db, facet, among, again)
        return Fit(bits.bit_count(), counts, bits)

    def encounters(self, facet: str) -> dict[str, int]:
        """How many encounters have each value of a facet that holds of an encounter."""
        with self._opened() as db:
            rows = db.execute("SELECT value, row FROM bits WHERE facet = ?", (facet,))
            return {value: int.from_bytes(row, "little").bit_count() for value, row in rows}

    def rows(self, query: str) -> list[dict[str, str]]:
        """The answer to a query in SQL on the readouts: one mapping a row, of what is there, in words."""
        with self._opened() as db:
            found = db.execute(query)
            names = [column for column, *_ in found.description]
            return [{name: str(value) for name, value in zip(names, row, strict=True) if value not in (None, "")} for row in found]

    def readouts(self, fit: Fit, sort: str = "newest", first: int = 0, size: int = 25) -> list[str]:
        """A part of the readouts that fit, in one of ``SORTS``."""
        with self._opened() as db:
            units = _array(db, "units")
            numbers: Iterable[int] = (units[unit] for unit in _places(fit.bits))
            if sort != SORTS[0]:
                numbers = sorted(numbers, key=_array(db, sort).__getitem__)
            shown = list(islice(numbers, first, first + size))
            where = ",".join(map(str, shown))
            found = dict(db.execute(f"SELECT number, iri FROM readout WHERE number IN ({where})"))  # noqa: S608 - numbers
        return [found[number] for number in shown]

    def _opened(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True))


def _counts(db: sqlite3.Connection, facet: str, among: int, again: int) -> list[tuple[str, int]]:
    counted = (
        (value, _firsts(int.from_bytes(row, "little") & among, again).bit_count())
        for value, row in db.execute("SELECT value, row FROM bits WHERE facet = ?", (facet,))
    )
    return sorted(((value, n) for value, n in counted if n), key=lambda each: (-each[1], each[0]))


def _bits(db: sqlite3.Connection, facet: str, value: str) -> int:
    found = db.execute("SELECT row FROM bits WHERE facet = ? AND value = ?", (facet, value)).fetchone()
    return int.from_bytes(found[0], "little") if found else 0


def _whole(db: sqlite3.Connection, name: str) -> bytes:
    (value,) = db.execute("SELECT value FROM whole WHERE name = ?", (name,)).fetchone()
    return bytes(value)


def _array(db: sqlite3.Connection, name: str) -> array[int]:
    return array("L", _whole(db, name))


def _again(units: Sequence[int]) -> bytes:
    """A bit for each unit whose readout has the one before, too."""
    out = bytearray(len(units) // 8 + 1)
    for unit in range(1, len(units)):
        if units[unit] == units[unit - 1]:
            out[unit >> 3] |= 1 << (unit & 7)
    return bytes(out)


def _firsts(row: int, again: int) -> int:
    """Of the bits of each readout the first that is set."""
    seen = more = (row << 1) & again
    while more:
        more = (more << 1) & again & ~seen
        seen |= more
    return row & ~seen


def _places(row: int) -> Iterator[int]:
    """Where bits are set, from the least."""
    text = f"{row:b}"[::-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def _plain(term: Term | None) -> str:
    return getattr(term, "value", "")
