"""Two registers: requests with their answers, and commitments with what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response, request

from communique.server.pages import acts, asking
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("registers", __name__)

_SIZE: Final = 20
_REQUESTS: Final = """SELECT DISTINCT ?act ?date ?reply ?type {
  ?act cq:actType <https://w3id.org/communique/vocab/act/Request> . %s
  ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date }
  OPTIONAL { ?reply cq:answers ?act ; cq:actType ?type }
} ORDER BY DESC(?date) ?act ?reply"""
_ASKERS: Final = """SELECT ?by ?to (COUNT(DISTINCT ?act) AS ?n) {
  ?act cq:actType <https://w3id.org/communique/vocab/act/Request>
  OPTIONAL { ?act cq:actorState ?by } OPTIONAL { ?act cq:addresseeState ?to }
} GROUP BY ?by ?to"""
_COMMITMENTS: Final = """SELECT DISTINCT ?act ?date ?commitment ?strength {
  ?commitment a cq:Commitment ; cq:madeIn ?act . %s
  ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date } OPTIONAL { ?commitment cq:strength ?strength }
} ORDER BY %s"""
_BOUND: Final = "SELECT ?by (COUNT(DISTINCT ?commitment) AS ?n) { ?commitment cq:binds ?by } GROUP BY ?by ORDER BY DESC(?n) ?by"
_ON: Final = (
    "SELECT ?issue (COUNT(DISTINCT ?commitment) AS ?n) { ?commitment cq:concernsIssue ?issue } GROUP BY ?issue ORDER BY DESC(?n) ?issue"
)
_HISTORY: Final = """SELECT DISTINCT ?commitment ?way ?other ?act ?date {
  VALUES ?commitment { %s }
  { ?commitment cq:strengthens ?other BIND("strengthens" AS ?way) } UNION { ?commitment cq:weakens ?other BIND("weakens" AS ?way) }
  UNION { ?commitment cq:repeats ?other BIND("repeats" AS ?way) } UNION { ?other cq:repeats ?commitment BIND("taken up again in" AS ?way) }
  ?other cq:madeIn ?act . ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date }
} ORDER BY ?commitment ?date ?way ?other"""
_OUTCOMES: Final = ("supported", "answered otherwise", "no answer reported")


@blueprint.get("/requests")
def requests_() -> Response:
    """Who asked whom for what, and what was answered."""
    url = links()
    a, b = (request.args.get(key, "") for key in ("a", "b"))
    pattern = " ".join(
        f"?act cq:{role} {node} ."
        for role, code in (("actorState", a), ("addresseeState", b))
        if code and (node := asking.node_of(url.coded("state", code)))
    )
    query = _REQUESTS % pattern
    replies: dict[str, list[str]] = {}
    outcomes: dict[str, str] = {}
    for row in rows(query, keep=not pattern):
        replies.setdefault(row["act"], [])
        if "reply" in row:
            replies[row["act"]].append(row["reply"])
            kind = _OUTCOMES[0] if row.get("type", "").endswith("/Support") else _OUTCOMES[1]
            outcomes[row["act"]] = min(outcomes.get(row["act"], kind), kind, key=_OUTCOMES.index)
    counted = Counter(outcomes.get(act, _OUTCOMES[2]) for act in replies)
    wanted = request.args.get("outcome", "")
    kept = [act for act in replies if wanted not in _OUTCOMES or outcomes.get(act, _OUTCOMES[2]) == wanted]
    pages = paged(len(kept), _SIZE)
    shown = kept[pages.first : pages.until]
    said = {act.iri: act for act in acts.load([*shown, *(r for act in shown for r in replies[act])])}
    sides = rows(_ASKERS, keep=True)
    names = asking.names(
        [t for act in said.values() for t in act.terms()] + [row[key] for row in sides for key in ("by", "to") if key in row]
    )
    return page(
        "requests.html",
        Rail("Requests and answers", [Source("the requests", query)]),
        shown=[(said[act], [said[r] for r in replies[act] if r in said], outcomes.get(act, _OUTCOMES[2])) for act in shown if act in said],
        pages=pages,
        outcomes=[
            Choice(name, here(outcome=None if name == wanted else name, page=None), counted[name], name == wanted) for name in _OUTCOMES
        ],
        askers=_options(sides, "by", names, a),
        asked=_options(sides, "to", names, b),
        names=names,
    )


@blueprint.get("/commitments")
def commitments() -> Response:
    """Who bound himself to what, by which verb, and whether it was repeated, strengthened or weakened."""
    url = links()
    a, b, issue = (request.args.get(key, "") for key in ("a", "b", "issue"))
    strongest = request.args.get("sort") == "strongest"
    pattern = " ".join(
        f"?commitment cq:{role} {node} ."
        for role, kind, code in (("binds", "state", a), ("binds", "state", b), ("concernsIssue", "issue", issue))
        if code and (node := asking.node_of(url.coded(kind, code)))
    )
    query = _COMMITMENTS % (pattern, f"{'DESC(?strength) ' if strongest else ''}DESC(?date) ?act")
    found = rows(query, keep=not pattern)
    pages = paged(len(found), _SIZE)
    part = found[pages.first : pages.until]
    said = {act.iri: act for act in acts.load(row["act"] for row in part)}
    history: dict[str, list[Found]] = {}
    for row in rows(_HISTORY % asking.iris(row["commitment"] for row in part)) if part else ():
        # What strengthens or weakens repeats as well; it is told once.
        some = history.setdefault(row["commitment"], [])
        if not (row["way"] == "repeats" and any(r["other"] == row["other"] for r in some)):
            some.append(row)
    bound, on = rows(_BOUND, keep=True), rows(_ON, keep=True)
    names = asking.names(
        [t for act in said.values() for t in act.terms()] + [r["by"] for r in bound if "by" in r] + [r["issue"] for r in on if "issue" in r]
    )
    return page(
        "commitments.html",
        Rail("Commitments", [Source("the commitments", query)]),
        shown=[(said[row["act"]], row, history.get(row["commitment"], [])) for row in part if row["act"] in said],
        pages=pages,
        firsts=_options(bound, "by", names, a),
        seconds=_options(bound, "by", names, b),
        issues=_options(on, "issue", names, issue),
        sorts=[
            Choice("newest first", here(sort=None, page=None), chosen=not strongest),
            Choice("strongest verb first", here(sort="strongest", page=None), chosen=strongest),
        ],
        names=names,
    )


def _options(found: Sequence[Found], key: str, names: Mapping[str, str], chosen: str) -> list[Choice]:
    """The values of a list to choose from, by name, each with its number; ``href`` is what a form sends."""
    url = links()
    counted: Counter[str] = Counter()
    for row in found:
        if key in row:
            counted[row[key]] += int(row["n"])
    options = [Choice(names.get(iri, url.code(iri)), url.code(iri), n, url.code(iri) == chosen) for iri, n in counted.items()]
    return sorted(options, key=lambda option: option.name.casefold())
