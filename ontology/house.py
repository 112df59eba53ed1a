"""The house reading of rules: classes without name unfolded, identity and datatypes turned into guards (``compiler`` tells why)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace as change

from communique.errors import ReasoningError
from communique.ontology import values
from communique.ontology.facts import OWL, TYPE, Facts
from communique.ontology.rule import Atom, Guard, Rule, variable
from communique.ontology.table import replace
from communique.ontology.terms import OWL as OWL_BASE
from communique.ontology.terms import RDF, RDFS, XSD, short

LANGUAGES = (OWL_BASE, RDFS, RDF)
_BLANK = "_:"


def read(rules: Iterable[Rule], facts: Facts) -> Iterator[Rule]:
    """Rules of the standard in the house reading."""
    inverses = {a: b for s, o in facts.pairs(OWL.inverseOf) for a, b in ((s, o), (o, s)) if a.startswith(_BLANK)}
    unfolded = _unfold([_tidy(_forwards(rule, inverses)) for rule in rules], facts)
    best: dict[tuple[object, ...], Rule] = {}
    for rule in unfolded:
        done = _tidy(_datatypes(_identity(_things(rule))))
        if done.head is None or (done.head[1:] != (TYPE, OWL.Thing) and done.head not in done.body):
            # Two rules of the table may give the same one (some of a class, and some of any class): the special one names it.
            key = (done.axiom, done.head, done.body, done.guards)
            best[key] = max(best.get(key, done), done, key=lambda r: r.name)
    yield from best.values()


def _joined(name: Iterable[str]) -> str:
    """Rule names together: those of axioms first, those of class expressions after them."""
    parts = dict.fromkeys(part for n in name for part in n.split("+"))
    return "+".join(sorted(parts, key=lambda n: (n.startswith("dt-"), n.startswith("cls-"), n if n.startswith("cls-") else "")))


def _forwards(rule: Rule, inverses: dict[str, str]) -> Rule:
    """A rule with the nameless inverses of properties turned round."""

    def turn(atom: Atom) -> Atom:
        s, p, o = atom
        return (o, inverses[p], s) if p in inverses else atom

    return change(rule, head=rule.head and turn(rule.head), body=tuple(map(turn, rule.body)))


def _tidy(rule: Rule) -> Rule:
    """A rule with the same variables whatever way it was made, and no pattern twice."""
    body = tuple(dict.fromkeys(rule.body))
    names = dict.fromkeys(t for atom in body for t in atom if variable(t))
    by = {name: f"?{letter}" for name, letter in zip(names, [*"xyzuvw", *(f"x{i}" for i in range(len(names)))], strict=False)}
    guards = tuple(dict.fromkeys(replace(g, by) for g in rule.guards))
    return change(rule, head=rule.head and replace(rule.head, by), body=tuple(replace(a, by) for a in body), guards=guards)


# Classes without name


def _unfold(rules: list[Rule], facts: Facts) -> list[Rule]:
    """Rules that say the same without the classes that have no name: each use is replaced by each way to be in the class."""
    nameless = {t for r in rules for a in (*r.body, *([r.head] if r.head else [])) for t in a if t.startswith(_BLANK) and a[1] == TYPE}
    for cls in sorted(nameless):
        rules = [r for r in dict.fromkeys(rules) if r.head not in r.body]
        makers = [r for r in rules if r.head and r.head[1:] == (TYPE, cls)]
        todo = [r for r in rules if any(atom[1:] == (TYPE, cls) for atom in r.body)]
        if set(makers) & set(todo):
            raise ReasoningError("a class without name is defined by itself", where=facts.named(cls), todo="give it a name")
        rules = [r for r in rules if r not in makers and r not in todo]
        while todo:
            rule = todo.pop()
            place = next((i for i, atom in enumerate(rule.body) if atom[1:] == (TYPE, cls)), None)
            if place is None:
                rules.append(_tidy(rule))
            else:
                todo += [step for maker in makers if (step := _step(rule, place, maker))]
    return [r for r in dict.fromkeys(rules) if r.head not in r.body]


def _step(rule: Rule, place: int, maker: Rule) -> Rule | None:
    """``rule`` with the body of ``maker`` in the place of one of its patterns; None if the two do not fit."""
    assert maker.head
    by = {t: f"{t}'" for atom in maker.body for t in atom if variable(t)}
    made, wanted = by.get(maker.head[0], maker.head[0]), rule.body[place][0]
    inner = [replace(atom, by) for atom in maker.body]
    if variable(made):
        one = {made: wanted}
    elif variable(wanted):
        one = {wanted: made}
    elif made == wanted:
        one = {}
    else:
        return None
    body = tuple(replace(atom, one) for atom in (*rule.body[:place], *inner, *rule.body[place + 1 :]))
    axiom = "; ".join(sorted({part for part in (rule.axiom, maker.axiom) if part}))
    guards = tuple(replace(g, one) for g in rule.guards)
    return Rule(_joined((rule.name, maker.name)), axiom, rule.head and replace(rule.head, one), body, guards)


# Things, identity, datatypes


def _things(rule: Rule) -> Rule:
    """Everything is an ``owl:Thing``, so nothing needs to be looked up for it."""
    return change(rule, body=tuple(atom for atom in rule.body if atom[1:] != (TYPE, OWL.Thing)))


def _identity(rule: Rule) -> Rule:
    """Two names are two things: what would be found the same must not differ, what must not be the same is different."""
    if rule.head and rule.head[1] == OWL.sameAs:
        return change(rule, head=None, guards=(*rule.guards, (rule.head[0], "!=", rule.head[2])))
    for atom in rule.body:
        if atom[1] == OWL.sameAs:
            rest = tuple(a for a in rule.body if a != atom)
            if not rest and rule.head is None:
                return change(rule, head=(atom[0], OWL.differentFrom, atom[2]), body=())
            return change(rule, body=tuple(replace(a, {atom[2]: atom[0]}) for a in rest))
    return rule


def _datatypes(rule: Rule) -> Rule:
    """Types of literals as guards: what must have a value of a datatype, and what follows for that which has one."""
    typed = [atom for atom in rule.body if atom[1] == TYPE and _is_datatype(atom[2], rule)]
    guards: list[Guard] = [(s, "in", kind) for s, _, kind in typed]
    rule = change(rule, body=tuple(a for a in rule.body if a not in typed), guards=(*rule.guards, *guards))
    if typed:
        rule = change(rule, name=_joined((rule.name, "dt-type2")))
    if rule.head and rule.head[1] == TYPE and _is_datatype(rule.head[2], rule):
        guard = (rule.head[0], "not-in", rule.head[2])
        rule = change(rule, name=_joined((rule.name, "dt-not-type")), head=None, guards=(*rule.guards, guard))
    return rule


def _is_datatype(term: str, rule: Rule) -> bool:
    if term.startswith(f"<{XSD}") and term not in values.DATATYPES:
        raise ReasoningError(f"{short(term)} is not a datatype of OWL 2 RL", where=rule.axiom or rule.name, todo="use one that is")
    return term in values.DATATYPES


# Words


def words(term: str, facts: Facts) -> str:
    """A term in words; a class without name by what it is made of."""
    return construct(term, facts) if term.startswith(_BLANK) and facts.about(term) else short(term)


def construct(c: str, facts: Facts) -> str:
    """The construct of a class expression in words."""
    on = next((words(p, facts) for p in facts.objects(c, OWL.onProperty)), "")
    of = next((f" {words(d, facts)}" for d in facts.objects(c, OWL.onClass)), "")
    for p, o in facts.about(c):
        name = p.removeprefix(f"<{OWL_BASE}").removesuffix(">")
        if name in ("intersectionOf", "unionOf", "oneOf"):
            between = {"intersectionOf": " and ", "unionOf": " or ", "oneOf": ", "}[name]
            return f"({between.join(words(m, facts) for m in facts.members(o))})"
        if name in ("complementOf", "inverseOf"):
            return f"{'not' if name == 'complementOf' else 'inverse of'} {words(o, facts)}"
        if name in ("someValuesFrom", "allValuesFrom", "hasValue"):
            return f"{on} {({'someValuesFrom': 'some', 'allValuesFrom': 'only', 'hasValue': 'value'})[name]} {words(o, facts)}"
        if name in ("maxCardinality", "maxQualifiedCardinality"):
            return f"{on} at most {o.split(chr(34))[1]}{of}"
    return facts.named(c)
