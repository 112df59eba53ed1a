"""The networks of a release, from the counts that the store keeps: issues that come up together, and parties that meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from communique.iris import CQ, VOCAB
from communique.queries.networks import Network, Node, Tie, gexf, graphml
from communique.queries.release.codes import Codes
from communique.queries.tables import value
from communique.store import Reader

_CUBE: Final = f"{VOCAB}cube/"
_QB: Final = "http://purl.org/linked-data/cube#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
NAMES: Final = {
    "issues": "issues that come up in the same encounters",
    "states": "states and other parties that take part in the same encounters",
}
FORMATS: Final[Mapping[str, tuple[Callable[[Network], Iterator[str]], str]]] = {
    "graphml": (graphml, "application/graphml+xml"),
    "gexf": (gexf, "application/gexf+xml"),
}
"""What writes a network, in pieces, and its media type, by the ending of a file's name."""


def network(name: str, store: Reader, codes: Codes) -> Network:
    """A network by its name in ``NAMES``."""
    return issues(store) if name == "issues" else states(store, codes)


def issues(store: Reader) -> Network:
    """Issues, tied by the number of encounters in which both come up, however many readouts tell them; and lift over chance."""
    ((total,),) = _rows(store, "issues", "?set cq:encounters ?total", "?total", of_set=True) or (("0",),)
    counted = _rows(store, "issues", "?cell cq:countedIssue ?a ; cq:encounters ?n ; cq:tellings ?t", "?a ?n ?t")
    named = f'SELECT ?a (MIN(STR(?l)) AS ?name) {{ ?a <{_SKOS}prefLabel> ?l FILTER(LANG(?l) IN ("", "en")) }} GROUP BY ?a'
    labels = dict(_pairs(store, named))
    size = {iri: int(n) for iri, n, _ in counted}
    nodes = [
        Node(iri, labels.get(iri, iri.rsplit("/", 1)[-1]), {"code": iri.rsplit("/", 1)[-1], "encounters": int(n), "tellings": int(t)})
        for iri, n, t in counted
    ]
    months = _months(store, "issue-pairs-by-month", "cq:countedIssue ?a ; cq:andIssue ?b")
    pairs = _rows(store, "issue-pairs", "?cell cq:countedIssue ?a ; cq:andIssue ?b ; cq:encounters ?n ; cq:tellings ?t", "?a ?b ?n ?t")
    ties = []
    for a, b, n, t in pairs:
        lift = round(int(n) * int(total) / (size[a] * size[b]), 2) if size.get(a) and size.get(b) else 0.0
        ties.append(Tie(a, b, int(n), {"tellings": int(t), "lift": lift}, *months.get((a, b), ("", ""))))
    return Network(NAMES["issues"], nodes, ties)


def states(store: Reader, codes: Codes) -> Network:
    """Parties, tied by the number of encounters that have both, however many readouts tell them."""
    months = _months(store, "dyads-by-month", "cq:countedParty ?a ; cq:andParty ?b")
    pairs = _rows(store, "dyads", "?cell cq:countedParty ?a ; cq:andParty ?b ; cq:encounters ?n ; cq:tellings ?t", "?a ?b ?n ?t")
    nodes = []
    for iri in sorted({end for a, b, *_ in pairs for end in (a, b)}):
        party = codes.party(iri)
        told = {"code": party.code, "kind": party.kind, "iso3": party.iso3 or None, "cow": int(party.cow) if party.cow else None}
        nodes.append(Node(iri, party.label, {name: known for name, known in told.items() if known is not None}))
    ties = [Tie(a, b, int(n), {"tellings": int(t)}, *months.get((a, b), ("", ""))) for a, b, n, t in pairs]
    return Network(NAMES["states"], nodes, ties)


def _months(store: Reader, cube: str, pair: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The first day of the first month and the last day of the last in which a pair is counted."""
    found = _rows(store, cube, f"?cell {pair} ; cq:inMonth ?m", "?a ?b (MIN(STR(?m)) AS ?first) (MAX(STR(?m)) AS ?last)", "GROUP BY ?a ?b")
    return {(a, b): (f"{first}-01", _end(last)) for a, b, first, last in found}


def _end(month: str) -> str:
    """The last day of a month."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return (after - timedelta(days=1)).isoformat()


def _rows(store: Reader, cube: str, pattern: str, wanted: str, after: str = "", *, of_set: bool = False) -> list[tuple[str, ...]]:
    where = f"?set <{_QB}structure> <{_CUBE}{cube}> . GRAPH ?set {{ {pattern} }}"
    order = "" if of_set else "ORDER BY " + " ".join(name for name in ("?a", "?b") if name in wanted)
    return list(_select(store, f"PREFIX cq: <{CQ}> SELECT {wanted} {{ {where} }} {after} {order}"))


def _pairs(store: Reader, query: str) -> Iterator[tuple[str, str]]:
    return ((value(a), value(b)) for a, b in store.select(query))


def _select(store: Reader, query: str) -> Iterator[tuple[str, ...]]:
    return (tuple(map(value, row)) for row in store.select(query))
