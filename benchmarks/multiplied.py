"""Any number of closed readouts, with persons, offices, issues and all that joins them: those of the samples, closed once and multiplied.

To extract and close a text takes some ten milliseconds, to write it again under other names less than one.  All samples together are
one *round*, closed by the reasoner with the authority file of its persons.  In each further round

- a readout has an IRI of its own, and with it all that is told in it;
- every date is five days later;
- persons have other names: those who often appear after a hundred rounds, as ministers of the states that publish, all others after five;
  a new name is as long as the old one, so every quote stays where its offsets say, and is made from it letter by letter, so one person
  is one in all readouts;
- hashes of what was closed are those of the new statements, so that the reasoner finds every readout closed.

What joins readouts (accounts of one encounter, stances, repeated commitments, offices at an act) and the cubes are made by the reasoner
itself.  The same number gives the same readouts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from readouts import IRIS, bulk

from communique.ingest import pipeline
from communique.iris import CQ, plain
from communique.ontology import graphs, ledger, reasoner
from communique.ontology.layers import Reference, shipped, triples
from communique.ontology.ledger import Mark
from communique.store import Store, open_store

_SHIFT = 5  # days between two rounds
_OFTEN = 4  # readouts of a round in which a person appears who keeps a name for long
_LONG, _SHORT = 100, 5  # rounds for which a person has a name
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
_DAY = r'(?<=")\d{4}-\d\d-\d\d(?=["T\\])'
_NODE = r"(?<=/identification/)\w+"  # named by a hash
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(r'^<([^>]+/id/person/[^>]+)> [^"]+"([^"]+)"')
_SAME = re.compile(r"#sameAs> <([^>]+)>")
_HELD = re.compile(rf"^(<[^>]+>) <{CQ}(attestedFrom|attestedUntil)> (\S+) ")
_REFERENCE = IRIS.graph("reference")


class Rounds:
    """The samples as the first round, and any number of further ones."""

    def __init__(self) -> None:
        with open_store("memory:") as store, as_file(files("communique.ingest") / "samples") as folder:
            pipeline.ingest([folder], store, IRIS)
            reasoner.reason(store, IRIS)
            lines = {graph: sorted(store.dump(graph)) for graph in store.graphs()}
        readouts = sorted(r for graph in lines if (r := IRIS.readout_of(graph)) and not IRIS.is_inferred(graph))
        reference = lines[_REFERENCE]
        terms = _terms(reference)
        self._terms = {form: rounds for word, rounds in terms.items() for form in (word, plain(word))}
        ends = _either(readout.removeprefix(IRIS.base) for readout in readouts)
        names = _either(self._terms)
        self._fresh = re.compile(rf"(?:{ends})(?![\w-])|{_DAY}|{_NODE}|(?<![^\W_])(?:{names})(?![^\W_])")
        self._readouts = []
        for readout in readouts:
            graph = IRIS.inferred(IRIS.account(readout))
            follows = [line for line in lines[graph] if not ledger.is_mark(line)]
            tally = [line for line in lines[graph] if f"> <{CQ}tally> " in line]
            some = [readout], lines[IRIS.account(readout)], follows, tally
            self._readouts.append([self._parts("\n".join(each)) for each in some])
        self._reference = self._parts("\n".join(reference))
        self.size = len(readouts)

    def __call__(self, rounds: Iterable[int]) -> Iterator[bytes]:
        """The lines of each readout of some rounds: what it tells, and what follows."""
        for again in rounds:
            for parts in self._readouts:
                readout, told, follows, tally = (self._again(part, again) for part in parts)
                graph = IRIS.inferred(IRIS.account(readout))
                read, found = told.split("\n"), follows.split("\n")
                mark = Mark(ledger.digest(read), ledger.version(), len(read), len(found))
                yield "\n".join((told, follows, *mark.lines(graph), tally, "")).encode()

    def reference(self, rounds: int) -> list[str]:
        """The authority file of so many rounds: each person once, in each office from the first to the last day seen."""
        out: set[str] = set()
        held: dict[tuple[str, str], str] = {}
        for again in range(rounds):
            for line in self._again(self._reference, again).split("\n"):
                if found := _HELD.match(line):
                    node, which, day = found.groups()
                    held[node, which] = (min if which == "attestedFrom" else max)(day, held.get((node, which), day))
                else:
                    out.add(line)
        out.update(f"{node} <{CQ}{which}> {day} <{_REFERENCE}> ." for (node, which), day in held.items())
        return sorted(out)

    def _parts(self, text: str) -> list[str]:
        """What stays and what changes in turns."""
        out, end = [], 0
        for found in self._fresh.finditer(text):
            out += text[end : found.start()], found[0]
            end = found.end()
        return [*out, text[end:]]

    def _again(self, parts: list[str], again: int) -> str:
        """A text in a further round."""
        if not again:
            return "".join(parts)
        changing = parts[1::2]
        new = {words: self._other(words, again) for words in set(changing)}
        out = parts.copy()
        out[1::2] = map(new.__getitem__, changing)
        return "".join(out)

    def _other(self, words: str, again: int) -> str:
        if rounds := self._terms.get(words):
            return _renamed(words, again // rounds)
        if words[:4].isdigit() and words[4] == "-":
            return str(date.fromisoformat(words) + timedelta(_SHIFT * again))
        return f"{words}-{again}"


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


def _terms(reference: list[str]) -> dict[str, int]:
    """The words of all names of persons in an authority file, and for how many rounds each stays."""
    seen = Counter(_SAME.findall("\n".join(reference)))
    out: dict[str, int] = {}
    for person, name in (found.groups() for line in reference if (found := _NAME.match(line))):
        rounds = _LONG if seen[person] >= _OFTEN else _SHORT
        out |= {word: max(rounds, out.get(word, 0)) for word in _WORD.findall(name)}
    return out


@lru_cache(maxsize=1 << 16)
def _renamed(word: str, number: int) -> str:
    """Another name, as long as ``word`` and spoken like it.

    >>> _renamed("Hadley", 1)
    'Jefmez'
    """
    out, seen = [], 0
    for letter in word:
        low = plain(letter)
        if low in _VOWELS:
            new = _VOWELS[(_VOWELS.index(low) + number) % 5]
        else:
            step = number // 21 ** (seen % 2)
            new = _CONSONANTS[(_CONSONANTS.index(low) + step) % 21] if low in _CONSONANTS else low
            seen += 1
        out.append(new.upper() if letter.isupper() else new)
    return "".join(out)


def fill(path: Path, readouts: int) -> None:
    """Put at least so many closed readouts, in whole rounds, into a new store on disk, with all that the reasoner says of them together."""
    made = Rounds()
    rounds = -(-readouts // made.size)
    bulk(path, made(range(rounds)))
    join(path, made.reference(rounds))


def join(path: Path, reference: list[str]) -> None:
    """Put an authority file into a store of readouts that are closed under it, and all that the reasoner says of them together."""
    with open_store(str(path)) as store:
        record(store, reference)
        reasoner.reason(store, IRIS, authority=reference)


def record(store: Store, reference: list[str]) -> None:
    """Put an authority file into a store of readouts that are closed under it, with what follows from it."""
    graph = IRIS.inferred(_REFERENCE)
    follows = [f"{s} {p} {o} <{graph}> ." for s, p, o in Reference(shipped(), triples(reference), IRIS).own()]
    follows += Mark(ledger.digest(reference), ledger.version(), len(reference), len(follows)).lines(graph)
    graphs.load(store, IRIS)
    store.apply({_REFERENCE: reference, graph: follows})
