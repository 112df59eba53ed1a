"""Two registers: requests with their answers, and commitments with what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response, request

from communique.server.pages import acts, asking, counting
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Choice, Rail, Source, here, links, page, paged

blueprint = Blueprint("registers", __name__)

_SIZE: Final = 20
_REQUESTS: Final = """SELECT DISTINCT ?act ?date ?encounter ?reply ?type {
  ?act cq:actType <https://w3id.org/communique/vocab/act/Request> . %s
  ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date }
  OPTIONAL { ?reply cq:answers ?act ; cq:actType ?type }
} ORDER BY DESC(?date) ?encounter ?act ?reply"""
_COMMITMENTS: Final = """SELECT DISTINCT ?act ?date ?encounter ?commitment ?strength {
  ?commitment a cq:Commitment ; cq:madeIn ?act . %s
  ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date } OPTIONAL { ?commitment cq:strength ?strength }
} ORDER BY %s"""
_HISTORY: Final = """SELECT DISTINCT ?commitment ?way ?other ?act ?date {
  VALUES ?commitment { %s }
  { ?commitment cq:strengthens ?other BIND("strengthens" AS ?way) } UNION { ?commitment cq:weakens ?other BIND("weakens" AS ?way) }
  UNION { ?commitment cq:repeats ?other BIND("repeats" AS ?way) } UNION { ?other cq:repeats ?commitment BIND("taken up again in" AS ?way) }
  ?other cq:madeIn ?act . ?encounter cq:hasSpeechAct ?act OPTIONAL { ?encounter cq:date ?date }
} ORDER BY ?commitment ?date ?way ?other"""
_OUTCOMES: Final = ("supported", "answered otherwise", "no answer reported")
# What the pages list and count is asked of the register; the queries beside them have the same answers.  Each list is read in the order
# in which it stands there, and only as far as it is shown.
_REQUEST, _SUPPORT = (f"https://w3id.org/communique/vocab/act/{name}" for name in ("Request", "Support"))
_OUTCOME: Final = """CASE (SELECT MAX(r.type IS :support) FROM answer JOIN act r ON r.id = reply WHERE answer.act = a.id)
  WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE 2 END"""
_ASKED: Final = "FROM act a %s WHERE a.type = :request"
_OUTCOMES_OF: Final = f"SELECT {_OUTCOME} AS outcome, COUNT(*) AS n {_ASKED} GROUP BY outcome"
_SHOWN_OF: Final = f"SELECT a.id, a.iri AS act, {_OUTCOME} AS outcome {_ASKED} %s ORDER BY a.id LIMIT :size OFFSET :first"
_REPLIES: Final = """SELECT a.iri AS act, r.iri AS reply FROM json_each(:acts) JOIN answer ON answer.act = value
JOIN act a ON a.id = answer.act JOIN act r ON r.id = reply ORDER BY a.id, r.iri"""
_SIDES: Final = """SELECT t.iri AS party, COUNT(*) AS n FROM act a JOIN %s x ON x.act = a.id JOIN term t ON t.id = x.party
WHERE a.type = :request GROUP BY x.party"""
_MADE: Final = "FROM commitment c JOIN act a ON a.id = c.act JOIN encounter e ON e.id = a.encounter %s"
_HOW_MANY: Final = f"SELECT COUNT(*) AS n {_MADE}"
_LISTED: Final = f"""SELECT a.iri AS act, day AS date, c.iri AS commitment, strength
{_MADE} ORDER BY %s c.act, c.iri LIMIT :size OFFSET :first"""
_BOUND: Final = "SELECT t.iri AS party, n FROM bound JOIN term t ON t.id = party"
_ON: Final = "SELECT t.iri AS issue, n FROM promised JOIN term t ON t.id = issue"


@blueprint.get("/requests")
def requests_() -> Response:
    """Who asked whom for what, and what was answered."""
    url = links()
    given = {role: request.args.get(key, "") for key, role in (("a", "actor"), ("b", "addressee"))}
    wanted = {role: iri for role, code in given.items() if code and asking.node_of(iri := url.coded("state", code))}
    pattern = " ".join(f"?act cq:{role}State <{iri}> ." for role, iri in wanted.items())
    narrowed = " ".join(joined(role, "a.id", "party") for role in wanted)
    asked: dict[str, str | int] = {"request": _REQUEST, "support": _SUPPORT, **wanted}
    counted = {int(row["outcome"]): int(row["n"]) for row in counting.rows(_OUTCOMES_OF % narrowed, **asked)}
    outcome = request.args.get("outcome", "")
    chosen = _OUTCOMES.index(outcome) if outcome in _OUTCOMES else None
    pages = paged(sum(counted.values()) if chosen is None else counted.get(chosen, 0), _SIZE)
    found = counting.rows(
        _SHOWN_OF % (narrowed, "" if chosen is None else f"AND {_OUTCOME} = {chosen}"), size=_SIZE, first=pages.first, **asked
    )
    replies: dict[str, list[str]] = {row["act"]: [] for row in found}
    for row in counting.rows(_REPLIES, acts=[int(row["id"]) for row in found]):
        replies[row["act"]].append(row["reply"])
    said = {act.iri: act for act in acts.load([*replies, *(r for some in replies.values() for r in some)])}
    sides = [counting.rows(_SIDES % role, request=_REQUEST) for role in given]
    names = asking.names([t for act in said.values() for t in act.terms()] + [row["party"] for some in sides for row in some])
    return page(
        "requests.html",
        Rail("Requests and answers", [Source("the requests", _REQUESTS % pattern)]),
        shown=[
            (said[row["act"]], [said[r] for r in replies[row["act"]] if r in said], _OUTCOMES[int(row["outcome"])])
            for row in found
            if row["act"] in said
        ],
        pages=pages,
        outcomes=[
            Choice(name, here(outcome=None if name == outcome else name, page=None), counted.get(n, 0), name == outcome)
            for n, name in enumerate(_OUTCOMES)
        ],
        askers=_options(sides[0], "party", names, given["actor"]),
        asked=_options(sides[1], "party", names, given["addressee"]),
        names=names,
    )


@blueprint.get("/commitments")
def commitments() -> Response:
    """Who bound himself to what, by which verb, and whether it was repeated, strengthened or weakened."""
    url = links()
    a, b, issue = (request.args.get(key, "") for key in ("a", "b", "issue"))
    strongest = request.args.get("sort") == "strongest"
    wanted = {
        name: (iri, *how)
        for name, kind, code, *how in (
            ("one", "state", a, "binds", "actor", "party"),
            ("other", "state", b, "binds", "actor", "party"),
            ("topic", "issue", issue, "concernsIssue", "about", "issue"),
        )
        if code and asking.node_of(iri := url.coded(kind, code))
    }
    pattern = " ".join(f"?commitment cq:{p} <{iri}> ." for iri, p, *_ in wanted.values())
    query = _COMMITMENTS % (pattern, f"{'DESC(?strength) ' if strongest else ''}DESC(?date) ?encounter ?act ?commitment")
    narrowed = " ".join(joined(table, "c.act", of, name) for name, (*_, table, of) in wanted.items())
    values = {name: iri for name, (iri, *_) in wanted.items()}
    pages = paged(int(counting.rows(_HOW_MANY % narrowed, **values)[0]["n"]), _SIZE)
    found = counting.rows(_LISTED % (narrowed, "strength DESC," if strongest else ""), size=_SIZE, first=pages.first, **values)
    said = {act.iri: act for act in acts.load(row["act"] for row in found)}
    history: dict[str, list[Found]] = {}
    for row in rows(_HISTORY % asking.iris(row["commitment"] for row in found)) if found else ():
        # What strengthens or weakens repeats as well; it is told once.
        some = history.setdefault(row["commitment"], [])
        if not (row["way"] == "repeats" and any(r["other"] == row["other"] for r in some)):
            some.append(row)
    bound, on = counting.rows(_BOUND), counting.rows(_ON)
    names = asking.names([t for act in said.values() for t in act.terms()] + [row["party"] for row in bound] + [row["issue"] for row in on])
    return page(
        "commitments.html",
        Rail("Commitments", [Source("the commitments", query)]),
        shown=[(said[row["act"]], row, history.get(row["commitment"], [])) for row in found if row["act"] in said],
        pages=pages,
        firsts=_options(bound, "party", names, a),
        seconds=_options(bound, "party", names, b),
        issues=_options(on, "issue", names, issue),
        sorts=[
            Choice("newest first", here(sort=None, page=None), chosen=not strongest),
            Choice("strongest verb first", here(sort="strongest", page=None), chosen=strongest),
        ],
        names=names,
    )


def joined(table: str, act: str, of: str, name: str = "") -> str:
    """What narrows a query to acts that a table puts beside what is given under a name, by default that of the table."""
    name = name or table
    return f"JOIN {table} {name} ON {name}.act = {act} AND {name}.{of} = :{name}"


def _options(found: Sequence[Found], key: str, names: Mapping[str, str], chosen: str) -> list[Choice]:
    """The values of a list to choose from, by name, each with its number; ``href`` is what a form sends."""
    url = links()
    counted = ((row[key], int(row["n"])) for row in found)
    options = [Choice(names.get(iri, url.code(iri)), url.code(iri), n, url.code(iri) == chosen) for iri, n in counted]
    return sorted(options, key=lambda option: option.name.casefold())
