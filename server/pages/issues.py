"""Issues: the tree, one issue with who raised it how, and all the words; the network of issues that come up together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response, request

from communique.server.pages import acts, asking, counting, drawing, readouts, together
from communique.server.pages.asking import Found, rows
from communique.server.pages.frame import Rail, Source, here, links, missing, page, paged
from communique.server.pages.network import Edge, picture
from communique.server.site import site

blueprint = Blueprint("issues", __name__)

_QUOTES: Final = 15
_SIDES: Final = 25
# An issue of the vocabulary, or one that only readouts name.
_IS: Final = "{ %s skos:inScheme <https://w3id.org/communique/vocab/issue> } UNION { %s a cq:CandidateIssue }"
# The issues first: else what is broader is looked for once for each readout that has an issue.
_TREE: Final = f"""SELECT DISTINCT ?issue ?broader {{
  {{ SELECT DISTINCT ?issue {{ {_IS % ("?issue", "?issue")} }} }}
  OPTIONAL {{ ?issue skos:broader ?broader }}
}} ORDER BY ?issue ?broader"""
_COUNTS: Final = "SELECT ?issue (COUNT(DISTINCT ?act) AS ?n) { ?act cq:aboutIssue ?issue } GROUP BY ?issue"
# The same from the register; how many encounters touch an issue is told by the facets.
_RAISED_HERE: Final = "SELECT t.iri AS issue, n FROM raised JOIN term t ON t.id = issue"
_HEAD: Final = f"""SELECT DISTINCT ?label ?definition ?note ?example ?broader {{
  {_IS}
  OPTIONAL {{ %s skos:prefLabel|rdfs:label ?label }} OPTIONAL {{ %s skos:definition ?definition }} OPTIONAL {{ %s skos:scopeNote ?note }}
  OPTIONAL {{ %s skos:example ?example }} OPTIONAL {{ %s skos:broader ?broader }}
}} ORDER BY ?label ?broader"""
_NARROWER: Final = "SELECT DISTINCT ?issue { ?issue skos:broader %s } ORDER BY ?issue"
# The issue itself and all that is narrower.  Of many acts everything is read at once and put together, which takes half the time of
# looking it up act by act; hence the SELECT around each pattern.
_ACTS: Final = """{ SELECT DISTINCT ?act {
    { SELECT ?within { VALUES ?within { %s } } } { SELECT ?act ?within { ?act cq:aboutIssue ?within } } } }"""
_TOLD: Final = f"""{_ACTS}
  {{ SELECT ?act ?encounter {{ ?encounter cq:hasSpeechAct ?act }} }}
  OPTIONAL {{ SELECT ?encounter ?date {{ ?encounter cq:date ?date }} }}"""
_WITHIN: Final = f"SELECT DISTINCT ?act ?date ?encounter {{\n  {_TOLD}\n}} ORDER BY DESC(?date) ?encounter ?act"
# What the page counts is asked of the register; the queries beside it have the same answers.  There ``topic`` has the acts on an issue and
# all that is narrower, and they are counted already; ``about`` has those on the issue alone.
_CUT: Final = "SELECT iri AS act FROM {} x JOIN act a ON a.id = x.act WHERE issue = :issue ORDER BY x.act LIMIT :size OFFSET :first"
_TYPES: Final = "SELECT month, t.iri AS type, n FROM topical JOIN term t ON t.id = type WHERE issue = :issue"
_TYPES_ALONE: Final = """SELECT substr(day, 1, 7) AS month, t.iri AS type, COUNT(*) AS n
FROM about b JOIN act a ON a.id = b.act JOIN encounter e ON e.id = encounter JOIN term t ON t.id = type
WHERE issue = :issue GROUP BY month, type"""
_SIDES_OF: Final = """SELECT p.iri AS "by", w.iri AS "with", stance AS polarity, n
FROM sided JOIN term p ON p.id = party LEFT JOIN term w ON w.id = towards WHERE issue = :issue"""
_SIDES_ALONE: Final = """SELECT p.iri AS "by", w.iri AS "with", stance AS polarity, COUNT(*) AS n
FROM about b JOIN act a ON a.id = b.act JOIN actor ON actor.act = a.id JOIN term p ON p.id = actor.party
LEFT JOIN addressee ON addressee.act = a.id LEFT JOIN term w ON w.id = addressee.party
WHERE issue = :issue GROUP BY actor.party, addressee.party, stance"""
_BELOW: Final = "SELECT DISTINCT ?issue { ?issue skos:broaderTransitive %s } ORDER BY ?issue"
# What ``_times`` counts.
_TIMES: Final = """SELECT ?month ?family (COUNT(DISTINCT ?act) AS ?n) {
  VALUES ?within { %s } ?act cq:aboutIssue ?within ; cq:actType ?type . ?type cq:actFamily ?family .
  ?encounter cq:hasSpeechAct ?act ; cq:date ?date BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
} GROUP BY ?month ?family ORDER BY ?month ?family"""
_RAISED: Final = f"""SELECT ?by ?with ?polarity (COUNT(DISTINCT ?act) AS ?n) {{
  {_ACTS}
  {{ SELECT ?act ?by {{ ?act cq:actorState ?by }} }}
  OPTIONAL {{ SELECT ?act ?to {{ ?act cq:addresseeState ?to }} }}
  OPTIONAL {{ SELECT ?act ?polarity {{ ?act cq:polarity ?polarity }} }} BIND(COALESCE(?to, "") AS ?with)
}} GROUP BY ?by ?with ?polarity ORDER BY DESC(?n) ?by ?with"""
# From the counts that are kept.
_BESIDE: Final = """SELECT ?issue ?n {
  ?set qb:structure cube:issue-pairs .
  GRAPH ?set {
    { ?cell cq:countedIssue %s ; cq:andIssue ?issue } UNION { ?cell cq:andIssue %s ; cq:countedIssue ?issue }
    ?cell cq:encounters ?n }
} ORDER BY DESC(?n) ?issue LIMIT 15"""


@blueprint.get("/issues")
def issues() -> Response:
    """The tree of issues with how often each came up."""
    tree = rows(_TREE, keep=True)
    own = _numbers(counting.rows(_RAISED_HERE))
    touched = readouts.counted(site()).encounters("issue")
    children: dict[str, list[str]] = {}
    roots: list[str] = []
    for row in tree:
        if "broader" in row:
            children.setdefault(row["broader"], []).append(row["issue"])
        else:
            roots.append(row["issue"])
    names = asking.names([row["issue"] for row in tree])
    every = request.args.get("all") == "1"

    def branch(issue: str, seen: frozenset[str]) -> dict[str, object] | None:
        below = [b for child in children.get(issue, ()) if child not in seen and (b := branch(child, seen | {child}))]
        if not every and not own.get(issue) and not below:
            return None
        below.sort(key=lambda b: (-touched.get(str(b["iri"]), 0), names.get(str(b["iri"]), "")))
        return {"iri": issue, "own": own.get(issue, 0), "touched": touched.get(issue, 0), "below": below}

    shown = [b for root in dict.fromkeys(roots) if (b := branch(root, frozenset((root,))))]
    shown.sort(key=lambda b: (-touched.get(str(b["iri"]), 0), names.get(str(b["iri"]), "")))
    return page(
        "issues.html",
        Rail("Issues", [Source("statements by issue", _COUNTS), Source("the tree", _TREE)]),
        tree=shown,
        used=len(own),
        known=len({row["issue"] for row in tree}),
        every=every,
        names=names,
    )


@blueprint.get("/issue/<name>")
@blueprint.get("/issue/<any(candidate):kind>/<name>")
def issue(name: str, kind: str = "") -> Response:
    """One issue and all that is narrower."""
    url = links()
    iri = url.thing(f"/issue/{kind}/{name}" if kind else f"/issue/{name}")
    node = asking.node_of(iri)
    head = rows(_HEAD % ((node,) * 7)) if node else ()
    if not head:
        raise missing("no issue here has this address", iri)
    narrower = [row["issue"] for row in rows(_NARROWER % node)]
    below = [row["issue"] for row in rows(_BELOW % node)]
    alone = request.args.get("narrower") == "no"
    within = [iri] if alone else [iri, *below]
    values = asking.iris(within)
    types = counting.rows(_TYPES_ALONE if alone else _TYPES, issue=iri)
    pages = paged(sum(int(row["n"]) for row in types), _QUOTES)
    cut = counting.rows(_CUT.format("about" if alone else "topic"), issue=iri, size=_QUOTES, first=pages.first)
    said = acts.load(row["act"] for row in cut)
    times = _times(types)
    raised = _raised(counting.rows(_SIDES_ALONE if alone else _SIDES_OF, issue=iri))
    beside = rows(_BESIDE % (node, node), keep=True)
    broader = list(dict.fromkeys(row["broader"] for row in head if "broader" in row))
    families = sorted({family for _, family in times})
    terms = [
        *broader,
        *narrower,
        *families,
        *(r for b, w, _, _ in raised[:_SIDES] for r in (b, w)),
        *(row["issue"] for row in beside if "issue" in row),
    ]
    names = asking.names([iri, *terms, *(t for act in said for t in act.terms())])
    label = names.get(iri, name)
    strip = drawing.over_time(
        {(month, names.get(family, url.code(family))): n for (month, family), n in times.items()},
        [names.get(f, url.code(f)) for f in families],
        lambda when, _: url.to("/readouts", **when, issue=url.code(iri)),
    )
    return page(
        "issue.html",
        Rail(
            label,
            [
                Source("the statements", _WITHIN % values),
                Source("acts by month", _TIMES % values),
                Source("who with whom", _RAISED % values),
                Source("issues beside it", _BESIDE % (node, node)),
            ],
            iri,
            feed=url.to("/readouts.atom", issue=url.code(iri)),
        ),
        iri=iri,
        label=label,
        head=head[0],
        broader=broader,
        narrower=narrower,
        below=len(below),
        alone=alone,
        toggle=here(narrower=None if alone else "no", page=None),
        strip=strip,
        raised=raised[:_SIDES],
        more=len(raised) - _SIDES,
        beside=beside,
        chart=_beside(iri, beside, names),
        said=said,
        pages=pages,
        names=names,
    )


def _beside(iri: str, beside: Sequence[Found], names: Mapping[str, str]) -> dict[str, object] | None:
    """The issue, what comes up with it, and what of that comes up together, as data for a picture of three issues or more."""
    size = {row["issue"]: int(row["n"]) for row in beside}
    if len(size) < 2:
        return None
    least = min(size.values())  # of the ties between others only those as strong as the weakest to the issue, so that it stays in view
    edges = [Edge(iri, other, n, 0) for other, n in size.items()]
    edges += [Edge(a, b, n, 0) for (a, b), n in together.among(size).items() if n >= least]
    return picture(edges, {**size, iri: max(size.values())}, names)


def _numbers(found: Sequence[Found]) -> dict[str, int]:
    return {row["issue"]: int(row["n"]) for row in found if "issue" in row}


def _times(types: Sequence[Found]) -> Counter[tuple[str, str]]:
    """How many acts of each month are of each family; an act has one type."""
    families = acts.families()
    out: Counter[tuple[str, str]] = Counter()
    for row in types:
        if "month" in row and row.get("type") in families:
            out[row["month"], families[row["type"]]] += int(row["n"])
    return out


def _raised(found: Sequence[Found]) -> list[tuple[str, str, dict[str, int], int]]:
    """Who performed acts on it towards whom, by stance, most first."""
    table: dict[tuple[str, str], dict[str, int]] = {}
    for row in found:
        if "by" in row:
            own = table.setdefault((row["by"], row.get("with", "")), {})
            stance = row.get("polarity", "").rsplit("#", 1)[-1] or "none"
            own[stance] = own.get(stance, 0) + int(row["n"])
    ranked = [(by, to, counts, sum(counts.values())) for (by, to), counts in table.items()]
    return sorted(ranked, key=lambda each: (-each[3], each[0], each[1]))
