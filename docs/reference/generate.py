"""Writes the pages of docs/reference that repeat what code and data say; a test compares them with what is committed.

python docs/reference/generate.py
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import click
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import SKOS

from communique.cli.main import communique
from communique.config import CONFIG_VARIABLE, FILE, PREFIX, described
from communique.iris import Iris
from communique.ontology import closure, graphs, locality, reasoner, table, trial
from communique.ontology.findings.audit import everything
from communique.ontology.terms import TYPE, short
from communique.queries import catalogue
from communique.queries.release import codebook
from communique.queries.release import codes as release_codes
from communique.store import open_store

MADE = "<!-- made by docs/reference/generate.py; edit what it reads, not this page -->\n"
WIDTH = 100
SAME = f"<{OWL.sameAs}>"


def cli() -> str:
    """Every command with its help text."""

    def entries(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
        shape = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
        context = click.Context(command, info_name=name, parent=parent, **shape)
        path = context.command_path
        yield f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for child in sorted(command.commands):
                yield from entries(command.commands[child], child, context)

    return f"# Commands\n\n{MADE}\n" + "\n".join(entries(communique, "communique", None))


def settings() -> str:
    """Every setting with its default and the places it can be set in."""
    lines = ["# Settings", "", MADE]
    lines += [
        f"A flag wins over an environment variable, that over `{FILE}` in the current directory (or the file that `--config` or",
        f"`{CONFIG_VARIABLE}` names), that over the default. A name that is not in this list is an error. `communique config` shows each",
        "value and where it comes from.",
        "",
    ]
    for f in described():
        key = f'`{f.name} = "..."`' if isinstance(f.default, str) else f"`{f.name} = {f.default}`"
        lines += [f"## `{f.name}`", "", f"{f.metadata['summary'][0].upper()}{f.metadata['summary'][1:]}.", ""]
        default = "No default" if f.default == "" else f"Default `{f.default}`"
        lines += [f"{default}. Flag `--{f.name.replace('_', '-')}`, variable `{PREFIX}{f.name.upper()}`, in `{FILE}` {key}.", ""]
        lines += [f"It must be {f.metadata['wanted']}.", ""]
    return "\n".join(lines)


def queries() -> str:
    """Every saved query with its parameters and columns."""
    lines = ["# Saved queries", "", MADE]
    lines += [
        "Ask one with `communique query NAME -p parameter=value`. A party may be given by code, name or IRI,",
        "an issue by id, label or IRI. A parameter without default means any.",
        "",
    ]
    for q in catalogue.load().values():
        lines += [f"## `{q.name}`", "", f"**{q.summary}**" + (f" {q.description}" if q.description else ""), ""]
        for p in q.params:
            default = "required" if p.required else f"default `{p.default}`" if p.default is not None else "default any"
            choices = f", one of {', '.join(f'`{c}`' for c in p.choices)}" if p.choices else ""
            lines.append(f"- parameter `{p.name}` ({p.type}, {default}{choices}): {p.description}")
        lines += ["", "| column | |", "|---|---|", *(f"| `{column}` | {meaning} |" for column, meaning in q.columns.items()), ""]
        lines += [f"No rows mean: {q.empty}", ""]
    return "\n".join(lines)


def ontology() -> str:
    """Every term of the ontology: what it means, an example, and the axioms that a reader asks for first."""
    graph = Graph().parse(data=files("communique.ontology").joinpath("communique.ttl").read_text(encoding="utf-8"), format="turtle")
    (base,) = graph.subjects(RDF.type, OWL.Ontology)
    lines = ["# Ontology", "", MADE, f"Namespace `{base}#`, prefix `cq:`.", ""]
    groups = (("Classes", OWL.Class), ("Object properties", OWL.ObjectProperty), ("Datatype properties", OWL.DatatypeProperty))
    for title, kind in (*groups, ("Annotation properties", OWL.AnnotationProperty)):
        terms = sorted({t for t in graph.subjects(RDF.type, kind) if isinstance(t, URIRef) and t.startswith(f"{base}#")})
        if terms:
            lines += [f"## {title}", "", *(line for t in terms for line in _term(graph, t))]
    return "\n".join(lines)


def _term(graph: Graph, term: URIRef) -> Iterator[str]:
    yield f"### `{_short(graph, term)}`"
    yield ""
    yield f"*{graph.value(term, RDFS.label)}.* {graph.value(term, SKOS.definition)}"
    yield ""
    for example in sorted(str(e) for e in graph.objects(term, SKOS.example)):
        yield f"- Example: {example}"
    axioms = (
        ("Below", RDFS.subClassOf),
        ("Below", RDFS.subPropertyOf),
        ("Apart from", OWL.disjointWith),
        ("From", RDFS.domain),
        ("To", RDFS.range),
        ("Other way", OWL.inverseOf),
    )
    for words, axiom in axioms:
        others = sorted(_short(graph, o) for o in graph.objects(term, axiom) if isinstance(o, URIRef))
        if others:
            yield f"- {words}: " + ", ".join(f"`{o}`" for o in others)
    features = sorted(_short(graph, k) for k in graph.objects(term, RDF.type) if isinstance(k, URIRef) and str(k).endswith("Property"))
    if len(features) > 1:
        yield "- Is: " + ", ".join(f"`{k}`" for k in features)
    yield ""


RULES = """\
What follows from a readout is found by rules, and every rule has one form (`ontology/rule.py`):

```text
head <- patterns, guards        (name: axiom)
```

A rule without head is *false*: what matches it is a contradiction, and so a finding. `name` is the rule of OWL 2 RL that it comes
from, with those of the class expressions inside it (`cax-sco+cls-int1+cls-svf1`), or the name of a rule of the domain; `axiom` says
in words from what axiom it was made. Guards compare values: `=`, `!=`, `<`, `<=`, and `in` or `not-in` a datatype.

## Two readings

`compile_rules(triples)` is the **house reading**, for our own data. It differs from the standard in a single choice: *whether two
names mean one thing is decided in the reference layer and nowhere else.* Where the standard would conclude that two things are the
same, since a property is functional or a key agrees, the house rule says that they must not differ, and two that differ are a
finding. From this follow:

- rules see one name for each thing, so rules that copy statements from name to name are not needed;
- that two things are different is kept as a fact, and clashes where a decision makes them one;
- a class without name is unfolded into the rules that use it, so no statement is about a nameless class;
- the type of a literal cannot be written in RDF; a range or restriction that names a datatype becomes a guard.

An ontology outside OWL 2 RL is an error, and so is an axiom that no rule takes up: the first is named, with the number of the
others.

`compile_rules(triples, standard=True)` is the **standard reading** of any graph, terms and data mixed, as the specification has it.
In it all 273 cases of the W3C's test suite for OWL 2 RL pass (`tests/ontology/test_w3c.py`), and each rule is tested apart, with
what must not follow from nearly the same.

## The rules of OWL 2 RL

Tables 4 to 9 of [OWL 2 Profiles](https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules), from
`ontology/rules/owl2rl.toml`. The number is that of rules which the shipped ontology gives in the house reading.

| rule | in the standard reading, with its axiom | in the house reading | rules |
|---|---|---|---|
"""

SCOPES = """\
## What each rule sees

Readouts are closed one by one, so a rule must not need two of them. That is computed from the rules and from where things get their
names (`ontology/rules/layers.toml`), and shown by `communique rules`; a rule that cannot be placed is an error.

- **local**: every variable that joins two patterns is a node that one readout minted, or all but one of the patterns stand in the
  reference layer.
- **described**: the same, but a pattern hangs on a node that other readouts name too, and says what each of them says of it: the party of
  an office, whom a publisher speaks for, the nearest concept of a candidate issue. A readout's description counts for that readout.
- **global**: a pattern is told only by rules across readouts. These are closed in `graph/global`.

{counts}

Those that join patterns, false rules left out:

| rule | scope | its joins |
|---|---|---|
{rows}

"""

ADDING = """\
## Rules of the domain

{rules}

### How to add one

1. Try an axiom in `ontology/communique.ttl` first: it is compiled, explained and documented by itself. `communique rules --with FILE.ttl`
   tells which rules it gives before it stands there, and in one line what is wrong with it; so for a rule in a file `.toml`.
2. Else, if patterns and guards are enough, write a rule in `ontology/rules/domain.toml`:

   ```toml
   # Why there is such a rule.
   [clocks-agree]
   if = "?encounter cq:startLocal ?local . ?encounter cq:startPublisher ?publisher"
   guards = "?local = ?publisher"
   then = "?encounter cq:clocksAgree true"
   says = "the local and the publisher's clock tell one moment"
   ```

   `then` may be `false`: a finding. All patterns must be in one readout or in the reference layer. A variable that nothing binds, a
   guard or a prefix that is not known, and patterns that no variable joins are errors with the name of the rule.
3. Else - something is counted, must be absent, makes a new node, or joins readouts - write a SPARQL rule, `ontology/rules/NAME.rq`, with
   `#+ summary`, `#+ description` and `#+ premises`: the patterns that a conclusion rests on, and `#+ also`: those that count where they
   match. It runs over the whole store into `graph/global`. A node that it makes must name what it rests on (`cq:basedOn`).
4. New terms go into the ontology with label, definition and example; a test shows what follows and what does not; `make reference`.
"""

STATED = {
    "dt-type1": "each datatype is declared",
    "dt-type2": "a literal is of each datatype that has its value",
    "dt-eq": "literals with one value are the same",
    "dt-diff": "literals with two values are different",
    "dt-not-type": "a literal is not of a datatype without its value",
}
GUARDED = {
    "dt-type2": "guard `in`",
    "dt-eq": "guard `=`",
    "dt-diff": "guard `!=`",
    "dt-not-type": "guard `not-in`",
    "dt-type1": "not needed: it declares terms of the language itself, which no question is about",
}


def rules() -> str:
    """The rules of OWL 2 RL with what becomes of them, and those of the domain."""
    compiled = closure.shipped()
    count = Counter(name for rule in (*compiled.rules, *compiled.false) for name in rule.name.split("+"))

    def row(name: str, standard: str, house: str) -> str:
        return f"| `{name}` | {standard} | {house} | {count[name] or ''} |"

    lines = []
    for entry in table.owl2rl():
        house = "as it stands"
        if entry.house:
            house = f"not needed: {entry.house}"
        elif any(head[1] == SAME for head in entry.heads):
            house = "constraint: two that differ are a finding"
        elif any(atom[1] == SAME for atom in entry.body):
            house = "clashes with one name for both"
        elif entry.name.startswith("cls-") and entry.axiom:
            house = "unfolded where a class without name is used"
        elif entry.name in ("prp-dom", "prp-rng"):
            house = "as it stands; a datatype becomes a guard"
        lines.append(row(entry.name, _written(entry), house))
    place = next(i for i, entry in enumerate(table.owl2rl()) if entry.name.startswith("scm-"))
    lines[place:place] = [row(name, f"from `ontology/values.py`: {words}", GUARDED[name]) for name, words in STATED.items()]
    told = [f"- `{rule.name}` ({count[rule.name]}): {rule.axiom}." for rule in table.domain()]
    for name, query in reasoner.global_rules().items():
        summary = next(line for line in query.splitlines() if line.startswith("#+ summary: ")).removeprefix("#+ summary: ")
        told.append(f"- `{name}`, SPARQL: {summary[0].lower()}{summary[1:]}.")
    return f"# Rules\n\n{MADE}\n{RULES}" + "\n".join(lines) + "\n\n" + _scopes() + ADDING.replace("{rules}", "\n".join(told))


CHECKS = """What `communique check` looks for ([how](../howto/findings.md)); a finding bears the code.

## Shapes

From `ontology/shapes.ttl`. An error tells the rule that is broken, a warning what could not be read, a note where accounts of one encounter
disagree (with what they say in the place of the braces).

| code | severity | about | message |
|---|---|---|---|
{shapes}

## Contradictions

From the axioms of the [ontology](ontology.md), all of them errors with a proof.

| code | axioms |
|---|---|
{axioms}
"""


def checks() -> str:
    """Every shape, and the axioms that can be contradicted, by code."""
    found = everything()
    shapes = [f"| `{code}` | {severity} | `{target}` | {message} |" for code, severity, target, message in found if target]
    axioms = [(code, message) for code, _, target, message in found if not target]
    rows = [f"| `{code}` | {'; '.join(m for c, m in axioms if c == code)} |" for code in dict.fromkeys(code for code, _ in axioms)]
    return f"# Checks\n\n{MADE}\n" + CHECKS.replace("{shapes}", "\n".join(shapes)).replace("{axioms}", "\n".join(rows))


def _scopes() -> str:
    """The rules that join patterns, with what each must see."""
    placed = trial.placed()
    counts = Counter(p.scope for p in placed)
    rows = [
        f"| `{str(p.rule).partition('  (')[0]}` | {p.scope} | {p.why.replace('?', '')} |"
        for p in placed
        if p.rule.head and len(p.rule.body) > 1
    ]
    told = ", ".join(f"{counts[scope]} are {scope}" for scope in locality.Scope)
    return SCOPES.replace("{counts}", f"Of the {len(placed)} rules {told}.").replace("{rows}", "\n".join(rows))


def _written(entry: table.Entry) -> str:
    """A rule of the table as people read it."""

    def patterns(atoms: Iterable[tuple[str, str, str]]) -> str:
        return ", ".join(" ".join("a" if t == TYPE else short(t) for t in atom) for atom in atoms)

    among = f", {entry.expansion} {' '.join(entry.members)} in ?list" if entry.expansion else ""
    heads = "false" if not entry.heads else patterns(entry.heads[:4]) + (", ..." if len(entry.heads) > 4 else "")
    return f"`{heads} <- {patterns((*entry.axiom, *entry.body))}{among}`"


def _short(graph: Graph, iri: URIRef) -> str:
    return str(graph.namespace_manager.normalizeUri(iri))


def conformance() -> str:
    """What the W3C's tests for SPARQL 1.1 find, and why it is not all of them."""
    told = tomllib.loads(Path(__file__).parents[2].joinpath("tests/data/conformance.toml").read_text(encoding="utf-8"))
    table, reasons = [], []
    for group in told["group"]:
        deviations = group.get("deviation", [])
        other, failed = (sum(len(d["tests"]) for d in deviations if d["kind"] == kind) for kind in ("value", "fails"))
        passed = group["tests"] - failed
        share = f"{100 * passed / group['tests']:.1f} %"
        table.append(f"| {group['title']} | {group['tests']} | {passed} | {other or ''} | {share} |")
        if deviations:
            reasons.append(f"\n### {group['title']}\n")
        for d in deviations:
            how = "in another form" if d["kind"] == "value" else "fails"
            names = ", ".join(f"`{test}`" for test in d["tests"])
            reasons.append(f"- {' '.join(d['reason'].split())} ({how}: {names})")
    return "\n".join([f"{MADE}{_CONFORMANCE}", *table, "\n## What is other, and why", *reasons])


_CONFORMANCE: Final = """# Conformance

The W3C's tests for SPARQL 1.1, asked over HTTP of `communique serve --store memory: --allow-update` (with `--default-graph own`, since the
tests know no union of graphs). `tests/server/test_w3c.py` runs them where the suite is there, fails for each difference from this page, and
says so where it is not. Tests of federation (`service`) are left out: no query reaches another server.

| suite | tests | passed | of these in another form | |
|---|---|---|---|---|"""


def codes() -> str:
    """Every column of every table that is exported, and the codes of event data, as a release tells them too."""
    with open_store("memory:") as store:
        graphs.load(store, Iris())
        return codebook.as_markdown(release_codes.read(store)).replace("# Codebook\n", f"# Codebook\n\n{MADE}", 1)


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli,
    "settings.md": settings,
    "queries.md": queries,
    "ontology.md": ontology,
    "rules.md": rules,
    "checks.md": checks,
    "conformance.md": conformance,
    "codebook.md": codes,
}


def main() -> None:
    """Writes every page beside this file."""
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page().rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
