"""Writes the pages of docs/reference that repeat what code and data say; a test compares them with what is committed.

python docs/reference/generate.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import click
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import SKOS

from communique.cli.main import communique
from communique.config import CONFIG_VARIABLE, FILE, PREFIX, described
from communique.queries import catalogue

MADE = "<!-- made by docs/reference/generate.py; edit what it reads, not this page -->\n"
WIDTH = 100


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


def _short(graph: Graph, iri: URIRef) -> str:
    return str(graph.namespace_manager.normalizeUri(iri))


PAGES: dict[str, Callable[[], str]] = {"cli.md": cli, "settings.md": settings, "queries.md": queries, "ontology.md": ontology}


def main() -> None:
    """Writes every page beside this file."""
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page().rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
