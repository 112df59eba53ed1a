"""Stances by year: what ``rules/stance-by-year.rq`` says, in one pass over the acts; a test holds the two against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from communique.iris import CQ, Iris
from communique.ontology.terms import TYPE, Triple
from communique.store import Store

_SUPPORTS = f"<{CQ}supports>"
_DEEDS = f"""PREFIX cq: <{CQ}> SELECT ?how ?act ?towards ?party ?day ?teller {{
  VALUES ?how {{ cq:supports cq:opposes }}
  ?act ?how ?towards ; cq:actorState ?party . ?encounter cq:hasSpeechAct ?act ; cq:date ?day ; cq:toldFrom ?teller }}"""


def statements(store: Store, iris: Iris) -> Iterator[Triple]:
    """Each stance with the acts that it is summed up from."""
    acts: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    ways: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for row in store.select(_DEEDS):
        how, act, towards, party, day, teller = map(str, row)
        key = party, towards, day[1:5], teller
        acts[key].add(act)
        ways[key].add(how)
    for (party, towards, year, teller), some in acts.items():
        node = f"<{iris.stance(party[1:-1], towards[1:-1], year, teller[1:-1])}>"
        taken = ways[party, towards, year, teller]
        yield node, TYPE, f"<{CQ}Stance>"
        yield node, f"<{CQ}stanceOf>", party
        yield node, f"<{CQ}stanceTowards>", towards
        yield node, f"<{CQ}inYear>", f'"{year}"'
        yield node, f"<{CQ}stanceToldFrom>", teller
        yield node, f"<{CQ}stanceTaken>", f"<{CQ}{'mixed' if len(taken) > 1 else 'positive' if taken == {_SUPPORTS} else 'negative'}>"
        for act in some:
            yield node, f"<{CQ}basedOn>", act
