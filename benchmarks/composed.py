"""Any number of short readouts as governments write them, with invented people: texts, for all of the product to be shown with them.

python benchmarks/composed.py 100000 --texts FILE       the texts as JSON Lines, for ``communique ingest FILE``
python benchmarks/composed.py 100000 --store FOLDER     read and reasoned over, for ``benchmarks/pages.py --served FOLDER``

Each tells of one encounter of two or three ministers, in one to three sentences on one to three issues.  The governments that publish write
in the form that ``ingest/sources`` knows of each (``composed.toml``); their guests come from all states, of some much more often than of
others, and in ten years every office changes hands again and again.  Most encounters of two of these governments are told by both, and not
alike.  The same number and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import groupby, islice
from pathlib import Path
from random import Random
from typing import Any

from multiplied import record
from readouts import IRIS, bulk

from communique.ingest.engine import engine, in_order
from communique.ingest.extract import extract
from communique.ingest.pages import documents
from communique.ingest.quads import quads
from communique.iris import Iris
from communique.model import Document, Refusal
from communique.ontology import graphs, reasoner
from communique.ontology.authority import graph as people
from communique.store import open_store

FIRST, DAYS = date(2015, 1, 1), 3650
TERM = 900  # days for which a minister is in office
AMONG = 0.2  # of the encounters: two governments that publish
TWICE = 0.7  # of those: told by both
THIRD = 0.08  # of the encounters: a third minister
CALL = 0.5  # of the encounters
ACTS = (1, 1, 2, 2, 3)
OFTEN = 5  # the n-th state is met as often as 1 / (n + OFTEN) says

_STATE = re.compile(r'^state:[A-Z]{3} a .*?prefLabel "([^"]+)"@en.*?unStatus "(\w+)"', re.MULTILINE | re.DOTALL)
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnrstvz" for vowel in "aeiou"]
House = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Minister:
    """Who speaks for a state on a day: the state as texts call it, names, and the ministry if it is one that publishes."""

    state: str
    given: str
    family: str
    house: House | None

    def guest(self) -> str:
        """How others call this minister in full."""
        form = self.house["guest"] if self.house else "Foreign Minister {given} {family} of {state}"
        return str(form.format(given=self.given, family=self.family, state=self.state))

    def short(self) -> str:
        """How all texts call this minister from then on."""
        return str((self.house or {"short": "Minister {family}"})["short"].format(given=self.given, family=self.family))


class Composed:
    """The readouts of one seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        table = tomllib.loads((Path(__file__).with_suffix(".toml")).read_text(encoding="utf-8"))
        self._topics, self._wrongs, self._acts = table["topics"], table["wrongs"], table["acts"]
        self._houses: list[House] = table["house"]
        own = {house["state"].removeprefix("the ") for house in self._houses} | {"South Korea"}
        vocabulary = files("communique.ontology").joinpath("vocab", "states.ttl").read_text(encoding="utf-8")
        self._others = [name for name, status in _STATE.findall(vocabulary) if status == "member" and name not in own]
        Random(seed).shuffle(self._others)
        self._weights = [1 / (place + OFTEN) for place in range(len(self._others))]

    def __call__(self, count: int) -> Iterator[dict[str, str]]:
        """So many readouts, one JSON object each."""
        return islice(self._all(), count)

    def _all(self) -> Iterator[dict[str, str]]:
        chance = Random(self._seed)
        met: set[tuple[str, ...]] = set()
        texts: set[str] = set()
        while True:
            day = FIRST + timedelta(chance.randrange(DAYS))
            hosts = chance.sample(self._houses, 2)
            among = chance.random() < AMONG
            guests = chance.choices(self._others, self._weights, k=2)
            states = [hosts[0]["state"], hosts[1]["state"] if among else guests[0]]
            if chance.random() < THIRD:
                states.append(guests[1])
            if len(set(states)) < len(states) or (key := (str(day), *sorted(states))) in met:
                continue  # two a day of the same would be told as one
            met.add(key)
            ministers = [self._minister(state, day) for state in states]
            call = chance.random() < CALL
            topics = chance.sample(self._topics, 4)
            told = [self._told(chance, ministers, day, call, topics[:3])]
            if among and chance.random() < TWICE:
                told.append(self._told(chance, [ministers[1], ministers[0], *ministers[2:]], day, call, topics[1:]))
            for readout in told:
                if readout["text"] not in texts:  # not all write the year
                    texts.add(readout["text"])
                    yield readout

    def _minister(self, state: str, day: date) -> Minister:
        """In office on that day: terms begin on other days in each state."""
        shift = Random(f"{self._seed} {state}").randrange(TERM)
        chance = Random(f"{self._seed} {state} {((day - FIRST).days + shift) // TERM}")
        given, family = ("".join(chance.choices(_SYLLABLES, k=k)).capitalize() for k in (2, 3))
        return Minister(state, given, family + chance.choice("nrs"), next((h for h in self._houses if h["state"] == state), None))

    def _told(self, chance: Random, ministers: list[Minister], day: date, call: bool, topics: list[str]) -> dict[str, str]:
        """What the first of the ministers has told."""
        me, you = ministers[:2]
        house = me.house
        assert house is not None
        guests = " and ".join(minister.guest() for minister in ministers[1:])
        acts = []
        for act in chance.sample(self._acts, chance.choice(ACTS)):
            topic, other = chance.sample(topics, 2)
            wrong = chance.choice(self._wrongs)
            words = {"me": me.short(), "you": you.short(), "mine": me.state, "yours": you.state}
            told = act.format(**words, topic=topic, other=other, wrong=wrong)
            acts.append(told[0].upper() + told[1:])
        text = (
            house["text"]
            .strip()
            .format(
                own=house["own"].format(given=me.given, family=me.family),
                guests=guests,
                did=house["called" if call else "met"],
                month=f"{day:%B}",
                number=day.day,
                year=day.year,
                acts=" ".join(acts),
            )
        )
        with_ = f"{'call' if call else 'meeting'} with {' and '.join(minister.guest() for minister in ministers[1:])}"
        slug = re.sub(r"\W+", "-", f"{with_} {you.state}".lower())
        return {
            "id": f"{house['source']}-{day}-{slug}",
            "source": house["source"],
            "publisher": f"{house['publisher']} (composed)",
            "title": f"{me.short()}’s {with_}",
            "url": f"https://example.org/{house['source']}/{day}/{slug}",
            "date": str(day),
            "published": str(day),
            "licence": "composed for a benchmark; not a real readout",
            "text": text,
        }


def write(path: Path, readouts: Iterator[dict[str, str]]) -> None:
    """The texts, one a line."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(readout, ensure_ascii=False)}\n" for readout in readouts)


def fill(place: Path, readouts: Iterator[dict[str, str]], jobs: int) -> None:
    """Read them into a new store and reason over it, and tell what it took.

    What ``communique ingest`` does in one run is done stage by stage here: all are read by several processes, then it is told who is who,
    and then each is closed, once, by several processes again.  What joins them is made by the reasoner from the whole store.
    """
    at_work = engine(jobs=jobs)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        texts, told = Path(folder) / "texts.jsonl", Path(folder) / "told"
        write(texts, readouts)
        bulk(place, _kept(told, (made for _, made in in_order(_read, documents.read([texts]), at_work, IRIS) if made)))
        _tell("read")
        with open_store(str(place)) as store:
            graphs.load(store, IRIS)
            reference = people.lines(people.build(store), IRIS)
        _tell(f"{len(reference):,} statements of who is who")
        closer = reasoner.Closer(IRIS, tuple(reasoner.triples(reference)))
        with told.open("rb") as lines:
            bulk(place, (made for _, made in in_order(_close, _accounts(lines), at_work, closer) if made))
        _tell("closed")
    with open_store(str(place)) as store:
        record(store, reference)
        reasoner.reason(store, IRIS)
        _tell(f"joined: {store.count():,} statements")


def _read(iris: Iris, text: Document | Refusal) -> bytes:
    """The lines of an account."""
    assert isinstance(text, Document), text
    return "".join(f"{line}\n" for line in quads(extract(text), iris)).encode()


def _close(closer: reasoner.Closer, told: list[str]) -> bytes:
    """What follows from an account."""
    graph = told[0].rsplit("<", 1)[1].partition(">")[0]
    return "".join(f"{line}\n" for line in closer(graph, told)[1]).encode()


def _kept(path: Path, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same, written to a file on the way."""
    with path.open("wb") as out:
        for part in parts:
            out.write(part)
            yield part


def _accounts(lines: Iterable[bytes]) -> Iterator[list[str]]:
    """The lines of each account."""
    for _, own in groupby(map(bytes.decode, lines), key=lambda line: line.rsplit("<", 1)[1]):
        yield [line.rstrip("\n") for line in own]


def _tell(words: str) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    spent = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{words}; {spent:,.0f} s of the processor, {most:,} MB at most", file=sys.stderr, flush=True)


def main() -> int:
    """Write the texts, or fill a store."""
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("count", type=int, help="how many readouts")
    reading.add_argument("--texts", type=Path, metavar="FILE", help="write them there as JSON Lines")
    reading.add_argument("--store", type=Path, metavar="FOLDER", help="read them into this store and reason over it")
    reading.add_argument("-j", "--jobs", type=int, default=2, metavar="N", help="processes that read and close (2)")
    reading.add_argument("--seed", type=int, default=0, help="another number: other readouts (0)")
    arguments = reading.parse_args()
    if arguments.texts:
        write(arguments.texts, Composed(arguments.seed)(arguments.count))
    if arguments.store:
        fill(arguments.store, Composed(arguments.seed)(arguments.count), arguments.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
