"""Compiles the axioms of an ontology into rules: one form for all, each named after its OWL 2 RL rule and its axiom.

A generic rule of OWL 2 RL (``rules/owl2rl.toml``) has the axiom in its body; here each axiom gives its own rule, with the classes
and properties filled in, so that a closure never looks at the ontology again.

There are two readings.  The **house** reading is for our own data: identity is decided in the reference layer and nowhere else,
so a rule that would conclude that two things are the same becomes a constraint that they do not differ; classes without name are
unfolded into the rules that use them; datatypes become guards, since RDF cannot write down the type of a literal.  An ontology
outside OWL 2 RL, or an axiom that no rule takes up, is an error with its name.  The **standard** reading takes any graph, terms
and data mixed, and concludes what the specification says, literals as subjects included; the conformance tests use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from communique.errors import ReasoningError
from communique.ontology import house, profile, table, values
from communique.ontology.facts import OWL, RDF, RDFS, TYPE, Facts
from communique.ontology.rule import Rule, variable
from communique.ontology.table import Entry, replace
from communique.ontology.terms import Triple, short

_DECLARATIONS = {
    *(OWL.Class, OWL.Restriction, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual, OWL.Ontology),
    *(OWL.NegativePropertyAssertion, RDFS.Datatype, RDFS.Class, RDF.List),
}
_SILENT = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.versionIRI, OWL.imports, OWL.deprecated}


def compile_rules(triples: Iterable[Triple], standard: bool = False) -> tuple[Rule, ...]:
    """The rules of an ontology in the house reading, or those of a graph in the ``standard`` one, sorted and without repeats.

    Raises ``ReasoningError`` in the house reading for an ontology outside OWL 2 RL and for an axiom that is not supported.
    """
    facts = Facts(triples, standard)
    used: set[Triple] = set()
    if not standard and (violations := profile.check(facts)):
        first, *more = violations
        todo = (
            f"mend it, and what else is outside the profile ({len(more)} more)"
            if more
            else "say it inside OWL 2 RL, or as a rule in ontology/rules"
        )
        raise ReasoningError(first.message, where=first.where, todo=todo)
    rules = [rule for entry in table.owl2rl() if standard or not entry.house for rule in _instances(entry, facts, used)]
    if standard:
        rules = [*_grounded(rules, facts), *_literals(facts)]
    else:
        _all_used(facts, used)
        rules = list(house.read(rules, facts))
    return tuple(sorted(set(rules), key=lambda r: (r.name, r.axiom, r.head or ("", "", ""), r.body, r.guards)))


def _instances(entry: Entry, facts: Facts, used: set[Triple]) -> Iterator[Rule]:
    """The rules that a generic rule gives with the axioms of an ontology; the axioms are added to ``used``."""
    for matched, axioms in facts.match(entry.axiom):
        used.update(axioms)
        members = facts.members(matched["?list"]) if entry.expansion else []
        body = tuple(table.repeated(entry.body, len(members)))
        for bound in _expansions(entry, members):
            terms = matched | bound
            says = _says(entry, terms, members, facts)
            for head in entry.heads or (None,):
                if head and entry.expansion == "all":
                    head = replace((t.replace("_n+1", f"_{len(members) + 1}") for t in head), {})
                yield Rule(entry.name, says, replace(head, terms) if head else None, tuple(replace(atom, terms) for atom in body))


def _expansions(entry: Entry, members: list[str]) -> Iterator[dict[str, str]]:
    if not entry.expansion:
        yield {}
    elif entry.expansion == "all":
        yield {entry.members[0].replace("_i", f"_{i}"): member for i, member in enumerate(members, 1)}
    else:
        for chosen in combinations(members, len(entry.members)):
            yield dict(zip(entry.members, chosen, strict=True))


def _says(entry: Entry, terms: dict[str, str], members: list[str], facts: Facts) -> str:
    words = {name[1:]: house.words(term, facts) for name, term in terms.items() if name != "?list"}
    words["list"] = entry.join.join(house.words(m, facts) for m in members)
    if entry.name.startswith("cls-") and not entry.says:
        # The axiom that uses a class without name tells the class in words.
        return "" if terms.get("?c", "_:").startswith("_:") else f"{words['c']} is {house.construct(terms['?c'], facts)}"
    return entry.says.format_map(words)


def _all_used(facts: Facts, used: set[Triple]) -> None:
    """Raises ``ReasoningError`` for the first axiom that no rule has taken up."""
    languages = tuple(f"<{base}" for base in house.LANGUAGES)
    # What a construct is said about comes last, so that the error names the construct.
    for s, p, o in sorted(facts.triples, key=lambda t: t[1] in (OWL.onProperty, OWL.onClass, OWL.onDataRange)):
        declared = p == TYPE and (o in _DECLARATIONS or not o.startswith(languages))
        if p.startswith(languages) and (s, p, o) not in used and not declared and p not in _SILENT | {RDF.first, RDF.rest}:
            what = short(o if p == TYPE else p)
            raise ReasoningError(
                f"{what} is not supported here", where=facts.named(s), todo="say it with another axiom, or as a rule in ontology/rules"
            )


# The standard reading


def _grounded(rules: Iterable[Rule], facts: Facts) -> Iterator[Rule]:
    """Rules with each property that there is for a variable in its place."""
    properties = sorted({p for _, p, _ in facts.triples})
    for rule in rules:
        names = [p for _, p, _ in rule.body if variable(p)]
        for p in properties if names else (None,):
            by = {names[0]: p} if p else {}
            yield Rule(rule.name, rule.axiom, replace(rule.head, by) if rule.head else None, tuple(replace(a, by) for a in rule.body))


def _literals(facts: Facts) -> Iterator[Rule]:
    """Table 8 of the specification, on datatypes."""
    for kind in values.DATATYPES:
        yield Rule("dt-type1", f"{short(kind)} is a datatype", (kind, TYPE, RDFS.Datatype), ())
    literals = sorted({term for s, _, o in facts.triples for term in (s, o) if term[0] == '"' and values.known(term)})
    for literal in literals:
        for kind in values.DATATYPES:
            typed = (literal, TYPE, kind)
            if values.holds(literal, kind):
                yield Rule("dt-type2", f"{literal} is of {short(kind)}", typed, ())
            else:
                yield Rule("dt-not-type", f"{literal} is not of {short(kind)}", None, (typed,))
    valued = [(literal, value) for literal in literals if (value := values.value(literal)) is not None]
    for (one, left), (other, right) in ((a, b) for a in valued for b in valued):
        if left == right:
            yield Rule("dt-eq", f"{one} is {other}", (one, OWL.sameAs, other), ())
        else:
            yield Rule("dt-diff", f"{one} is not {other}", (one, OWL.differentFrom, other), ())
