"""The words of a readout that a told statement rests on, or the reason of the decision that made it."""

from __future__ import annotations

from collections.abc import Iterable

from communique.iris import CQ
from communique.ontology.proofs.proof import Evidence
from communique.ontology.proofs.sources import Sources
from communique.ontology.terms import Triple, text

_MOST = 3
_START, _END, _QUOTE, _RULE, _CONFIDENCE, _TITLE, _REASON, _IDENTIFIES, _ATTESTED = (
    f"<{CQ}{name}>" for name in ("start", "end", "quote", "derivedBy", "confidence", "title", "reason", "identifies", "attestedBy")
)
_FACTS, _URL, _HASH = (f"<{CQ}{name}>" for name in ("factsOnly", "url", "sha256"))


def evidence(sources: Sources, triple: Triple, graphs: Iterable[str]) -> tuple[str, tuple[Evidence, ...]]:
    """The reason of a told statement, if it is a decision, and the words that it rests on."""
    for graph in graphs:
        if readout := sources.iris.readout_of(graph):
            return "", _of_account(sources, triple, graph, readout)
    if not set(graphs) & {sources.iris.graph("reference"), sources.iris.graph("global")}:
        return "", ()
    s, _, o = triple
    record = s
    for node, _ in sources.into(_IDENTIFIES, s, ()):
        record = node
    reasons = [value for value, _ in sources.out(record, _REASON, ())]
    words: list[Evidence] = []
    behind = [p for p, _ in sources.out(s, _ATTESTED, ())] if o[0] == '"' or not sources.iris.readout_of(o[1:-1]) else []
    for node in dict.fromkeys((s, o, *behind)):
        if node[0] == "<" and (readout := sources.iris.readout_of(node[1:-1])) and len(words) < _MOST:
            account = sources.iris.account(readout)
            words += [e for e in _of_account(sources, (node, "", node), account, readout) if e not in words][:1]
    return (text(reasons[0]) if reasons else ""), tuple(words)


def claims(sources: Sources, node: str, readout: str) -> tuple[Evidence, ...]:
    """The words of a node that a readout mints, of the first claim of ``readout`` that names it, or of what attests it."""
    if own := sources.iris.readout_of(node[1:-1]) or readout:
        return _of_account(sources, (node, "", node), sources.iris.account(own), own)
    attests = sorted({p for p, _ in sources.out(node, _ATTESTED, ()) if sources.iris.readout_of(p[1:-1])})
    return tuple(words for p in attests[:_MOST] for words in claims(sources, p, ""))


def _of_account(sources: Sources, triple: Triple, account: str, readout: str) -> tuple[Evidence, ...]:
    """The claim that says it: the most special one that stands between subject and object, else the subject, else the object, else who
    names the subject; the page as a whole if there is none."""
    s, _, o = triple
    scope = (account,)
    own = sources.iris.readout_of(s[1:-1]) == readout
    between: list[str] = []
    if own:
        pointing = {n for n, *_ in sources.store.match(None, None, o, account) if sources.iris.readout_of(n[1:-1]) == readout}
        between = sorted({n for _, n, _ in sources.about(s, scope) if n != o} & pointing)
    ends = [node for node in (s, o) if node.startswith("<") and sources.iris.readout_of(node[1:-1]) == readout]
    for node in [*between, *ends]:
        if claim := _claim(sources, node, account, readout):
            return (claim,)
    around = sources.store.match(None, None, s, account) if s[0] == "<" else ()
    naming = sorted({n for n, *_ in around if sources.iris.readout_of(n[1:-1]) == readout})
    claims = sorted(c for n in naming if (c := _claim(sources, n, account, readout)))
    if claims:
        return (min(claims, key=lambda c: (c.start, c.end, c.node)),)
    titles = [value for value, _ in sources.out(f"<{readout}>", _TITLE, scope)]
    return (Evidence(readout, readout, -1, -1, text(titles[0]) if titles else "", "", "", *_elsewhere(sources, readout, scope)),)


def _claim(sources: Sources, node: str, account: str, readout: str) -> Evidence | None:
    scope = (account,)
    quote, start, end = (sources.out(node, p, scope) for p in (_QUOTE, _START, _END))
    away = () if quote else _elsewhere(sources, readout, scope)
    if not ((quote or away) and start and end):
        return None
    rule, confidence = (next((text(value) for value, _ in sources.out(node, p, scope)), "") for p in (_RULE, _CONFIDENCE))
    said = text(quote[0][0]) if quote else ""
    return Evidence(readout, node[1:-1], _number(start[0][0]), _number(end[0][0]), said, rule, confidence, *away)


def _elsewhere(sources: Sources, readout: str, scope: tuple[str, ...]) -> tuple[str, ...]:
    """Address and hash of the text of a readout of which only facts are here."""
    if not sources.out(f"<{readout}>", _FACTS, scope):
        return ()
    found = (next((value for value, _ in sources.out(f"<{readout}>", p, scope)), '""') for p in (_URL, _HASH))
    return tuple(text(value.partition("^^")[0]) for value in found)


def _number(literal: str) -> int:
    """The number of an offset; a broken one is shown as no place."""
    value = literal.split('"')[1]
    return int(value) if value.lstrip("-").isdigit() else -1
