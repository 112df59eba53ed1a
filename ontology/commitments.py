"""Which commitments repeat an earlier one: what ``rules/repeated-commitment.rq`` says, found by keys.

A query looks at all pairs of commitments of the same parties on the same issue, whose number grows with the square of the store.  Here they
are put in order by day, and each looks at the last day before its own; a test holds the two against each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from communique.iris import CQ
from communique.ontology.terms import Triple
from communique.store import Store

_NOW = f"""PREFIX cq: <{CQ}> SELECT ?commitment ?issue ?parties ?day {{
  ?commitment a cq:Commitment ; cq:concernsIssue ?issue ; cq:madeIn ?act . ?act cq:performedIn ?encounter .
  ?encounter cq:partyKey ?parties ; cq:date ?day }}"""
_EARLIER = f"""PREFIX cq: <{CQ}> SELECT ?candidate ?issue ?parties ?before {{
  ?act cq:makesCommitment ?candidate . ?candidate cq:concernsIssue ?issue .
  ?other cq:hasSpeechAct ?act ; cq:partyKey ?parties ; cq:date ?before }}"""
_Key = tuple[str, str, frozenset[str], str]
"""Issue, parties of the encounter, parties bound, and the kind of day: days of two kinds are not compared."""


def statements(store: Store) -> Iterator[Triple]:
    """Each commitment with those of the last day before on which the same was said, and whether it is stronger, weaker or the same."""
    bound = _values(store, "binds")
    steps = {commitment: sorted(map(_number, some)) for commitment, some in _values(store, "strength").items()}
    days: dict[_Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for candidate, issue, parties, day in _rows(store, _EARLIER):
        days[_key(bound, candidate, issue, parties, day)][day].append(candidate)
    order = {key: sorted(some) for key, some in days.items()}
    last: dict[tuple[str, str, str], tuple[str, _Key]] = {}
    for commitment, issue, parties, day in _rows(store, _NOW):
        key = _key(bound, commitment, issue, parties, day)
        if place := bisect_left(order.get(key, ()), day):
            one = commitment, issue, parties
            last[one] = max(last.get(one, ("", key)), (order[key][place - 1], key), key=lambda found: found[0])
    for (commitment, _, _), (day, key) in last.items():
        for earlier in dict.fromkeys(days[key][day]):
            for now, then in product(steps.get(commitment, (None,)), steps.get(earlier, (None,))):
                how = "repeats" if now is None or then is None or now == then else "strengthens" if now > then else "weakens"
                yield commitment, f"<{CQ}{how}>", earlier


def _key(bound: dict[str, set[str]], commitment: str, issue: str, parties: str, day: str) -> _Key:
    return issue, parties, frozenset(bound.get(commitment, ())), day.partition("^^")[2]


def _values(store: Store, name: str) -> dict[str, set[str]]:
    """The values that commitments have of a property."""
    out: dict[str, set[str]] = defaultdict(set)
    for commitment, value in _rows(store, f"SELECT ?commitment ?value {{ ?commitment a <{CQ}Commitment> ; <{CQ}{name}> ?value }}"):
        out[commitment].add(value)
    return out


def _rows(store: Store, query: str) -> Iterable[tuple[str, ...]]:
    return (tuple(map(str, row)) for row in store.select(query))


def _number(value: str) -> int:
    return int(value.split('"')[1])
