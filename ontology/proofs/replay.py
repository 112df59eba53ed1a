"""Checks a proof without the search that found it: only the list of rules and the store are known here.

For every step the rule is looked up by name, its head and body are filled with the bindings, and these must be the conclusion and
the premises; for every leaf the quad must be in the graph, and its words at their place in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from communique.iris import CQ, Iris
from communique.ontology.proofs import known
from communique.ontology.proofs.known import QueryRule
from communique.ontology.proofs.proof import OBJECT, SAME, SUBJECT, TOLD, Evidence, Proof, filled, matched
from communique.ontology.rule import Rule, variable
from communique.ontology.terms import Triple, short
from communique.ontology.values import OPERATORS
from communique.store import Store

_PREFIX = f"PREFIX cq: <{CQ}> "


class Checker:
    """Checks proofs against one store; what it has looked up serves the next proof."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self._iris = iris
        self._told = {iris.graph(name) for name in ("ontology", "vocabulary", "reference")}
        self._texts: dict[str, str] = {}
        self._asked: dict[str, bool] = {}
        self._held: dict[tuple[Triple, str], bool] = {}
        self._store = store

    def faults(self, proof: Proof) -> list[str]:
        """What is wrong with a proof, in plain lines; none if it holds."""
        return [fault for step in proof.steps() for fault in self._faults(step)]

    def _faults(self, step: Proof) -> Iterator[str]:
        if step.rule == TOLD:
            yield from self._leaf(step)
        elif step.rule in (SUBJECT, OBJECT):
            yield from _identity(step)
        else:
            yield from self._rule(step)

    def _ask(self, query: str) -> bool:
        if query not in self._asked:
            self._asked[query] = self._store.ask(query)
        return self._asked[query]

    def _holds(self, triple: Triple, graph: str) -> bool:
        """Whether a graph holds a triple."""
        if (triple, graph) not in self._held:
            self._held[triple, graph] = any(True for _ in self._store.match(*triple, graph))
        return self._held[triple, graph]

    def _leaf(self, step: Proof) -> Iterator[str]:
        if step.triple is None or step.premises or not step.graphs:
            yield f"{_words(step)}: a leaf is a statement in a graph and has no premises"
            return
        for graph in step.graphs:
            record = graph == self._iris.graph("global")
            if self._iris.is_inferred(graph) or not (record or graph in self._told or self._iris.readout_of(graph)):
                yield f"{_words(step)}: <{graph}> holds inferences"
            elif not self._holds(step.triple, graph):
                yield f"{_words(step)}: it is not in <{graph}>"
            elif record or graph == self._iris.graph("reference"):
                yield from self._decision(step.triple, record)
        for words in step.evidence:
            if not self._stand(words):
                said = words.elsewhere or f"“{words.quote}”"
                yield f"{_words(step)}: {said} does not stand at {words.start} to {words.end} of <{words.readout}>"

    def _decision(self, triple: Triple, must: bool) -> Iterator[str]:
        """Faults of the record that a decided statement comes from; ``must`` there be one."""
        subject = triple[0]
        given, pattern = {"?record": subject}, f"{subject} cq:derivedBy ?rule"
        if triple[1] == SAME:
            given, pattern = {"?mention": subject}, f"?record cq:identifies {subject} ; cq:identifiedAs {triple[2]} ; cq:derivedBy ?rule"
        found = [row[0].value for row in self._store.select(f"{_PREFIX}SELECT ?rule {{ {pattern} }}") if isinstance(row[0], ox.Literal)]
        if must and not found:
            yield f"{short(subject)} has no record of a decision"
        for rule in found:
            asked = next((query for name, query in _records().items() if rule.startswith(name)), None)
            if asked is None:
                yield f"{short(subject)} was decided by {rule}, which is not known"
            elif not self._ask(f"BASE <{self._iris.base}>\n{known.given(asked, given)}"):
                yield f"{short(subject)} was decided by {rule}, and what that needs does not hold"

    def _rule(self, step: Proof) -> Iterator[str]:
        bindings = dict(step.bindings)
        premises = tuple(p.triple for p in step.premises)
        if any(_fits(rule, step.triple, premises, bindings) for rule in _rules().get((step.rule, step.says), ())):
            return
        for query in (q for q in known.queries() if q.name == step.rule):
            wanted = tuple(filled(atom, bindings) for atom in query.premises)
            besides = _besides(query, premises[len(wanted) :], bindings)
            if wanted == premises[: len(wanted)] and besides and step.triple in [filled(head, bindings) for head in query.heads]:
                if not self._ask(query.holds(bindings, self._iris.base)):
                    yield f"{_words(step)}: the query {query.name} does not give it"
                return
        yield f"{_words(step)}: no rule {step.rule} gives it from these premises"

    def _stand(self, words: Evidence) -> bool:
        """Whether words stand where they are said to stand, and their node says so too."""
        account = self._iris.account(words.readout)
        if words.elsewhere:
            place = f"<{words.node}> cq:start {words.start} ; cq:end {words.end} ." if words.start >= 0 else ""
            text = f"<{words.readout}> cq:factsOnly true ; cq:sha256 {ox.Literal(words.sha256)} ."
            return not words.quote and self._ask(f"{_PREFIX}ASK {{ GRAPH <{account}> {{ {text} {place} }} }}")
        quote = ox.Literal(words.quote)
        if words.start < 0:
            return not words.quote or self._ask(f"{_PREFIX}ASK {{ GRAPH <{account}> {{ <{words.readout}> cq:title {quote} }} }}")
        if words.readout not in self._texts:
            found = self._store.select(f"{_PREFIX}SELECT ?text {{ GRAPH <{account}> {{ <{words.readout}> cq:text ?text }} }}")
            self._texts[words.readout] = next((text.value for (text,) in found if isinstance(text, ox.Literal)), "")
        said = {"quote": quote, "start": ox.Literal(words.start), "end": ox.Literal(words.end)}
        stands = self._texts[words.readout][words.start : words.end] == words.quote
        return stands and all(self._holds((f"<{words.node}>", f"<{CQ}{name}>", str(value)), account) for name, value in said.items())


def _identity(step: Proof) -> Iterator[str]:
    place = 0 if step.rule == SUBJECT else 2
    if step.triple is None or not step.premises or (before := step.premises[0].triple) is None:
        yield f"{_words(step)}: a step of identity has a premise"
        return
    if any(a != b for i, (a, b) in enumerate(zip(step.triple, before, strict=True)) if i != place):
        yield f"{_words(step)}: more than one name differs"
    reached = {before[place]}
    for link in step.premises[1:]:
        if link.triple is None or link.triple[1] != SAME or not reached & {link.triple[0], link.triple[2]}:
            yield f"{_words(link)}: it does not join the names"
        else:
            reached |= {link.triple[0], link.triple[2]}
    if step.triple[place] not in reached:
        yield f"{_words(step)}: {short(step.triple[place])} is another thing than {short(before[place])}"


def _fits(rule: Rule, triple: Triple | None, premises: tuple[Triple | None, ...], bindings: dict[str, str]) -> bool:
    return (
        (filled(rule.head, bindings) if rule.head else None) == triple
        and tuple(filled(atom, bindings) for atom in rule.body) == premises
        and not any(variable(t) for premise in premises if premise for t in premise)
        and all(OPERATORS[op][0](bindings.get(left, left), bindings.get(right, right)) for left, op, right in rule.guards)
    )


def _besides(query: QueryRule, premises: Sequence[Triple | None], bindings: dict[str, str]) -> bool:
    """Whether further premises are matches of what a query rests on besides, one after the other."""
    if not premises:
        return True
    sizes = (len(also.atoms) for also in query.also if matched(also.atoms, premises[: len(also.atoms)], bindings))
    return any(_besides(query, premises[size:], bindings) for size in sizes)


def _words(step: Proof) -> str:
    return " ".join(map(short, step.triple)) if step.triple else "false"


@cache
def _records() -> dict[str, str]:
    """What must hold of the record of each kind of decision, by the start of the rule's name."""
    folder = files("communique.ontology").joinpath("rules", "records")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {f.name.removesuffix(".rq"): f.read_text(encoding="utf-8") for f in found}


@cache
def _rules() -> dict[tuple[str, str], tuple[Rule, ...]]:
    """The rules by name and axiom."""
    found: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for rule in known.rules():
        found[rule.name, rule.axiom] = (*found.get((rule.name, rule.axiom), ()), rule)
    return found
