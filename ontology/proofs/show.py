"""Proofs for people and programs: a tree in words, JSON that can be read back, RDF with PROV; and statements as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from communique.errors import InputError, UsageError
from communique.iris import CQ, VOCAB, Iris
from communique.ontology.proofs.proof import TOLD, Evidence, Proof
from communique.ontology.terms import PREFIXES, RDF, RDFS, TYPE, Triple

_PROV = "http://www.w3.org/ns/prov#"
_TERM = re.compile(r'<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?|[^\s<>"]+')
_AWAY = ("address", "sha256")
_PLACES = ("subject", "predicate", "object")


# Statements as people write them


def statement(text: str, iris: Iris) -> Triple:
    """The statement that ``text`` writes: three terms, each an IRI (also relative to the base), a prefixed name or a literal.

    Raises ``UsageError`` if it is none.
    """
    parts = _TERM.findall(text.strip().removesuffix(" ."))
    if len(parts) != 3:
        raise UsageError(f"{len(parts)} terms and not three", where=text, todo="write a statement: subject, predicate, object")
    s, p, o = (TYPE if i == 1 and word == "a" else _term(word, iris) for i, word in enumerate(parts))
    if s[0] == '"' or p[0] == '"':
        raise UsageError("a literal is not a subject or a predicate", where=text, todo="write the object last")
    return s, p, o


def _term(word: str, iris: Iris) -> str:
    if word[0] == '"':
        body, mark, kind = re.fullmatch(r'("(?:[^"\\]|\\.)*")(@|\^\^|)(.*)', word, re.DOTALL).groups()  # type: ignore[union-attr]
        literal = body + (f"@{kind}" if mark == "@" else f"^^{_term(kind, iris)}" if mark else "")
        try:
            (triple,) = ox.parse(f"<x:s> <x:p> {literal} .", format=ox.RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            raise UsageError("it is no literal", where=word, todo="write it as in Turtle") from error
        return str(triple.object)
    bare = word.strip("<>")
    prefix, colon, name = bare.partition(":")
    if word[0] != "<" and colon and prefix in PREFIXES:
        bare = PREFIXES[prefix] + name
    elif colon and name.startswith("//"):
        pass
    elif word[0] != "<" and colon and re.fullmatch(r"[a-z]+", prefix):
        bare = f"{VOCAB}{prefix}/{name}"
    elif not colon:
        bare = iris.at(bare)
    try:
        return str(ox.NamedNode(bare))
    except ValueError as error:
        raise UsageError("it is no IRI", where=word, todo="write it in full, or with a prefix such as cq:") from error


def brief(term: str, iris: Iris) -> str:
    """A term as ``statement`` reads it: with a prefix, relative to the base, or whole; literals are cut."""
    if term[0] == '"':
        said = re.sub(r"\s+", " ", term.partition("^^")[0])
        return said if len(said) <= 100 else f'{said[:98]}…"'
    iri = term[1:-1]
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    if iri.startswith(VOCAB):
        kind, _, name = iri[len(VOCAB) :].partition("/")
        return f"{kind}:{name}"
    return f"<{iri[len(iris.base) :]}>" if iri.startswith(iris.base) else term


# A tree in words


def lines(proof: Proof, iris: Iris) -> Iterator[str]:
    """A proof as a tree: each conclusion, the rule, the premises below it, and at the end the words."""
    yield " ".join(brief(t, iris) for t in proof.triple) if proof.triple else "a contradiction"
    yield from _below(proof, iris, "")


def _below(proof: Proof, iris: Iris, indent: str) -> Iterator[str]:
    if proof.rule == TOLD:
        for graph in proof.graphs if not proof.evidence else ():
            yield f"{indent}  told in {brief(f'<{graph}>', iris)}"
        if proof.says:
            yield f"{indent}  decided: {proof.says}"
        for e in proof.evidence:
            yield f"{indent}  {words(e, iris)}"
        return
    yield f"{indent}  by {proof.rule}: {proof.says}"
    for premise in proof.premises:
        last = premise is proof.premises[-1]
        said = " ".join(brief(t, iris) for t in premise.triple or ())
        yield f"{indent}  {'└' if last else '├'}─ {said}"
        yield from _below(premise, iris, f"{indent}  {' ' if last else '│'} ")


def words(e: Evidence, iris: Iris) -> str:
    """Evidence in a line: the readout, the place in its text, the quote, what read it."""
    quote = " ".join(e.quote.split())
    if e.start < 0:
        return f"{brief(f'<{e.readout}>', iris)}: {quote or e.elsewhere or 'a readout without a title'}"
    read = f", read by {e.rule} ({e.confidence})" if e.rule else ""
    said = f"in {e.elsewhere}" if e.elsewhere else f"“{quote}”"
    return f"{brief(f'<{e.readout}>', iris)} [{e.start}, {e.end}) {said}{read}"


# JSON


def as_json(proof: Proof) -> dict[str, Any]:
    """A proof as plain data; ``from_json`` reads it."""
    return {
        "statement": list(proof.triple) if proof.triple else None,
        "rule": proof.rule,
        "says": proof.says,
        "bindings": dict(proof.bindings),
        "graphs": list(proof.graphs),
        "evidence": [{name: getattr(e, name) for name in Evidence.__slots__ if name not in _AWAY or e.elsewhere} for e in proof.evidence],
        "premises": [as_json(premise) for premise in proof.premises],
    }


def from_json(data: Any) -> Proof:
    """The proof that ``as_json`` wrote.  Raises ``InputError`` if it is none."""
    try:
        triple = data["statement"]
        s, p, o = triple or ("", "", "")
        return Proof(
            (str(s), str(p), str(o)) if triple else None,
            str(data["rule"]),
            str(data["says"]),
            tuple(sorted((str(k), str(v)) for k, v in data["bindings"].items())),
            tuple(from_json(premise) for premise in data["premises"]),
            tuple(map(str, data["graphs"])),
            tuple(Evidence(**e) for e in data["evidence"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("this is no proof", todo="give what --format json printed") from error


# RDF


def triples(proof: Proof, iris: Iris) -> Iterator[Triple]:
    """A proof as RDF: each step a statement that is derived by a rule from statements, from graphs, or quoted from claims."""
    node = name(proof, iris)
    if proof.triple:
        yield node, TYPE, f"<{RDF}Statement>"
        for place, term in zip(_PLACES, proof.triple, strict=True):
            yield node, f"<{RDF}{place}>", term
    yield node, f"<{CQ}derivedBy>", str(ox.Literal(proof.rule))
    if proof.says:
        yield node, f"<{RDFS}comment>", str(ox.Literal(proof.says))
    for graph in proof.graphs:
        yield node, f"<{_PROV}wasDerivedFrom>", f"<{graph}>"
    for e in proof.evidence:
        yield node, f"<{_PROV}wasQuotedFrom>", f"<{e.node}>"
        yield from quoted(e)
    for premise in proof.premises:
        yield node, f"<{_PROV}wasDerivedFrom>", name(premise, iris)
        yield from triples(premise, iris)


def quoted(e: Evidence) -> Iterator[Triple]:
    """The words of a claim and their place, as the claim itself has them."""
    if e.start >= 0:
        if not e.elsewhere:
            yield f"<{e.node}>", f"<{CQ}quote>", str(ox.Literal(e.quote))
        yield f"<{e.node}>", f"<{CQ}start>", str(ox.Literal(e.start))
        yield f"<{e.node}>", f"<{CQ}end>", str(ox.Literal(e.end))


def name(proof: Proof, iris: Iris) -> str:
    """The node of a step, by all that it rests on."""
    parts = [*(proof.triple or ("false",)), proof.rule, *proof.graphs, *(name(p, iris) for p in proof.premises)]
    return f"<{iris.proof(*parts)}>"
