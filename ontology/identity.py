"""Identity: one representative for all names of a thing, inside the rules only; every name again on request.

Decisions (``owl:sameAs``) stand in the reference graph and nowhere else.  A closure runs on representatives, constants inside
rules included; what a text says keeps the name that it uses.  A decision taken back therefore leaves nothing behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from communique.errors import ReasoningError
from communique.iris import CQ, VOCAB
from communique.ontology.rule import Atom, Rule
from communique.ontology.terms import OWL, RDF, RDFS, SKOS, TYPE, Triple, short

SAME = f"<{OWL}sameAs>"
_TERMS = tuple(f"<{namespace}" for namespace in (CQ, OWL, RDF, RDFS, SKOS))
_WHERE = "the reference graph"


@dataclass(frozen=True, slots=True)
class Identity:
    """``of`` maps each name that is not its own representative; ``names`` gives the sorted names behind a representative."""

    of: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]

    def fold(self, triple: Triple) -> Triple:
        """A triple on representatives."""
        s, p, o = triple
        return self.of.get(s, s), p, self.of.get(o, o)

    def expand(self, triple: Triple) -> Iterator[Triple]:
        """A triple under every name of its subject and its object."""
        s, p, o = self.fold(triple)
        for subject in self.names.get(s, (s,)):
            for value in self.names.get(o, (o,)):
                yield subject, p, value

    def rules(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Rules with representatives for their constants."""
        return tuple(
            replace(rule, head=self.fold(rule.head) if rule.head else None, body=tuple(map(self.fold, rule.body))) for rule in rules
        )


NOBODY = Identity({}, {})


def identity(triples: Iterable[Triple], minted: Callable[[str], bool]) -> Identity:
    """What the ``owl:sameAs`` among ``triples`` come to.

    The representative is a name of a vocabulary if there is one, else one that no readout has ``minted``, else the first.
    Raises ``ReasoningError`` for a term of the ontology or a literal: what classes and properties mean is said in axioms.
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while (above := root.setdefault(name, name)) != name:
            root[name] = root[above]
            name = above
        return name

    for s, p, o in triples:
        if p == SAME:
            for name in (s, o):
                if name[0] != "<" or name.startswith(_TERMS):
                    todo = "say it as an axiom, or remove the decision"
                    raise ReasoningError(f"{short(name)} is no thing that can be one with another", where=_WHERE, todo=todo)
            root[find(s)] = find(o)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in root:
        groups[find(name)].append(name)
    names = {
        min(group, key=lambda n: (not n.startswith(f"<{VOCAB}"), minted(n), n)): tuple(sorted(group))
        for group in groups.values()
        if len(group) > 1
    }
    return Identity({name: first for first, group in names.items() for name in group if name != first}, names)


def refuse_mixtures(found: Identity, kinds: Mapping[str, frozenset[str]], rules: Iterable[Rule]) -> None:
    """Raise ``ReasoningError`` if two names of one thing are of kinds that the false ``rules`` keep apart.

    ``kinds`` are all classes of the names to look at.  A name that is of both kinds by itself is a finding, not a wrong decision.
    """
    apart = [(rule, rule.body[0][2], rule.body[1][2]) for rule in rules if rule.head is None and _disjoint(rule.body)]
    for first in sorted(found.names):
        names = [name for name in found.names[first] if name in kinds]
        for rule, a, b in apart:
            ones, others = ({name for name in names if kind in kinds[name]} for kind in (a, b))
            if ones - others and others - ones:
                one, other = min(ones - others), min(others - ones)
                raise ReasoningError(f"{one} and {other} cannot be one: {rule.axiom}", where=_WHERE, todo="take the decision back")


def _disjoint(body: tuple[Atom, ...]) -> bool:
    return len(body) == 2 and all(p == TYPE for _, p, _ in body) and body[0][0] == body[1][0]
