"""The timeline: encounters in lanes of parties, issues or publishers, and on a map of states."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from communique.server.pages import asking, counting, drawing, events
from communique.server.pages.asking import rows
from communique.server.pages.counting import Given
from communique.server.pages.frame import Choice, Rail, Source, here, links, page

blueprint = Blueprint("timeline", __name__)

_LANES: Final = {
    "state": ("parties", "?encounter cq:involvesState ?lane ."),
    "issue": ("issues", "?encounter cq:discusses ?lane ."),
    "publisher": ("publishers", "?encounter cq:describedIn ?account . ?readout cq:hasAccount ?account ; cq:publisher ?lane ."),
}
_MOST: Final = 15
_WIDEST: Final = 30  # columns that a table may have
_COUNTED: Final = """SELECT ?month ?lane (COUNT(DISTINCT ?encounter) AS ?n) {
  %s %s
  ?encounter cq:date ?date BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
} GROUP BY ?month ?lane ORDER BY ?month ?lane"""
# The same from the register, and how encounters fit there.
_KNOWN: Final = {
    "state": """SELECT substr(day, 1, 7) AS month, t.iri AS lane, COUNT(*) AS n
FROM party JOIN encounter e ON e.id = encounter JOIN term t ON t.id = party
WHERE day <> '' AND {} GROUP BY month, party ORDER BY month, t.iri""",
    "issue": """SELECT substr(day, 1, 7) AS month, t.iri AS lane, COUNT(DISTINCT encounter) AS n
FROM about b JOIN act a ON a.id = b.act JOIN encounter e ON e.id = encounter JOIN term t ON t.id = issue
WHERE day <> '' AND {} GROUP BY month, issue ORDER BY month, t.iri""",
}
_IN_MONTHS: Final = """SELECT substr(day, 1, 7) AS month, COUNT(*) AS n FROM encounter e WHERE day <> '' AND {}
GROUP BY month ORDER BY month"""
_FITS: Final = {
    "state": "{{e}}.id IN (SELECT encounter FROM party WHERE party = :{})",
    "issue": """{{e}}.id IN (SELECT encounter FROM about b JOIN act a ON a.id = b.act
      WHERE issue IN (SELECT value FROM json_each(:{})))""",
}
_BELOW: Final = "SELECT DISTINCT ?issue { ?issue skos:broaderTransitive <%s> } ORDER BY ?issue"
_MONTHS: Final = """SELECT ?month (COUNT(DISTINCT ?encounter) AS ?n) { ?encounter a cq:Encounter ; cq:date ?date . %s
  BIND(SUBSTR(STR(?date), 1, 7) AS ?month) } GROUP BY ?month ORDER BY ?month"""
_MAP: Final = """SELECT ?state ?iso2 ?iso3 ?n ?held {
  { SELECT ?state (COUNT(DISTINCT ?encounter) AS ?n) { ?encounter cq:involvesState ?state } GROUP BY ?state }
  ?state cq:iso3 ?iso3 ; cq:iso2 ?iso2
  OPTIONAL { SELECT ?state (COUNT(DISTINCT ?there) AS ?held) { ?there cq:heldInState ?state } GROUP BY ?state }
} GROUP BY ?state ?iso2 ?iso3 ?n ?held ORDER BY DESC(?n) ?state"""


# The same in parts: what is met from the register.
_ATTENDED: Final = "SELECT t.iri AS state, n FROM attended JOIN term t ON t.id = party"
_HELD: Final = "SELECT ?state (COUNT(DISTINCT ?there) AS ?held) { ?there cq:heldInState ?state } GROUP BY ?state"
_CODES: Final = "SELECT DISTINCT ?state ?iso2 ?iso3 { VALUES ?state { %s } ?state cq:iso3 ?iso3 ; cq:iso2 ?iso2 }"


@blueprint.get("/timeline")
def timeline() -> Response:
    """Encounters over time, in lanes."""
    url = links()
    lane = request.args.get("lane", "state")
    lane = lane if lane in _LANES else "state"
    given = [(kind, value) for kind in ("state", "issue") for value in request.args.getlist(kind)[:4] if value.strip()]
    chosen = [(kind, iri) for kind, value in given if asking.node_of(iri := url.coded(kind, value))]
    wanted = " ".join(f"?encounter cq:{'involvesState' if kind == 'state' else 'touches'} <{iri}> ." for kind, iri in chosen)
    fits = [_FITS[kind].format(f"{kind}{n}") for n, (kind, _) in enumerate(chosen)]
    values: dict[str, Given] = {f"{kind}{n}": iri if kind == "state" else within(iri) for n, (kind, iri) in enumerate(chosen)}
    period = request.args.get("period", "")
    if period and all(c.isdigit() or c in "-Q" for c in period) and len(period) <= 7:
        bounds = _bounds(period)
        dates = f"?encounter cq:date ?on . FILTER(STR(?on) >= {asking.literal(bounds[0])} && STR(?on) <= {asking.literal(bounds[1])})"
    else:
        period, dates, bounds = "", "", ("", "")
    by_month = _MONTHS % wanted
    each_month = {row["month"]: int(row["n"]) for row in counting.rows(fitting(_IN_MONTHS, fits), **values)}
    start, end = (_month(request.args.get(name, "")) for name in ("from", "until"))
    if start or end:
        span = [f"STR(?within) >= {asking.literal(start)}"] if start else []
        span += [f"STR(?within) <= {asking.literal(_bounds(end)[1])}"] if end else []
        wanted += f" ?encounter cq:date ?within FILTER({' && '.join(span)})"
        fits += [between(start, _bounds(end)[1] if end else "")]
    query = _COUNTED % (_LANES[lane][1], wanted)
    counted = counting.rows(fitting(_KNOWN[lane], fits), **values) if lane in _KNOWN else rows(query, keep=not wanted)
    found = [row for row in counted if "lane" in row]
    months = sorted({row["month"] for row in found})
    step = "month" if len(months) <= _WIDEST - 6 else "quarter" if len(months) <= 3 * _WIDEST else "year"
    given_step = request.args.get("by", "")
    step = given_step if given_step in ("month", "quarter", "year") else step
    cells: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for row in found:
        key = (row["lane"], _period(row["month"], step))
        cells[key] = cells.get(key, 0) + int(row["n"])
        totals[row["lane"]] = totals.get(row["lane"], 0) + int(row["n"])
    top = sorted(totals, key=lambda each: (-totals[each], each))[:_MOST]
    periods = sorted({p for _, p in cells})
    highest = max((cells.get((a, p), 0) for a in top for p in periods), default=0)
    shown, pages = events.part(" AND ".join([*fits, *([between(*bounds)] if period else [])]) or "1", 25, **values)
    names = asking.names([*top, *events.terms(shown), *(url.coded(kind, value) for kind, value in given)])
    return page(
        "timeline.html",
        Rail(
            "Timeline",
            [
                Source("encounters in lanes", query),
                Source("encounters by month", by_month),
                Source("the encounters", events.LISTED % f"?encounter a cq:Encounter . {wanted} {dates}"),
            ],
        ),
        lanes=[
            Choice(text, here(lane=key if key != "state" else None, page=None), chosen=key == lane) for key, (text, _) in _LANES.items()
        ],
        steps=[Choice(f"by {s}", here(by=s, page=None), chosen=s == step) for s in ("month", "quarter", "year")],
        chips=[
            *(
                Choice(
                    names.get(url.coded(kind, value), value),
                    here(**{kind: [v for k, v in given if k == kind and v != value] or None, "page": None}),
                )
                for kind, value in given
            ),
            *([Choice(period, here(period=None, page=None))] if period else []),
        ],
        top=top,
        more=len(totals) - len(top),
        periods=periods,
        period=period,
        cells=cells,
        shades={key: min(5, 1 + int(4.999 * (n / highest) ** 0.5)) for key, n in cells.items() if highest},
        over=_strip(each_month, start, end),
        shown=shown,
        pages=pages,
        names=names,
    )


@blueprint.get("/map")
def world() -> Response:
    """Encounters by state."""
    url = links()
    by = "held" if request.args.get("by") == "held" else "n"
    met = {row["state"]: row["n"] for row in counting.rows(_ATTENDED)}
    held = {row["state"]: row["held"] for row in rows(_HELD, keep=True) if "state" in row}
    states = rows(_CODES % asking.iris(met)) if met else ()
    found = [row | {"n": met[row["state"]], "held": held.get(row["state"], "")} for row in states if by == "n" or row["state"] in held]
    found.sort(key=lambda row: (-int(row[by]), row["iso3"]))
    names = asking.names(row["state"] for row in found)
    return page(
        "map.html",
        Rail("Map of encounters", [Source("encounters by state", _MAP)]),
        found=found,
        by=by,
        measures=[
            Choice("encounters in which it takes part", here(by=None), chosen=by == "n"),
            Choice("encounters held there", here(by="held"), chosen=by == "held"),
        ],
        names=names,
        chart=[
            {
                "iso2": row["iso2"],
                "iso3": row["iso3"],
                "name": names.get(row["state"], row["iso3"]),
                "n": int(row[by]),
                "href": url.page(row["state"]),
            }
            for row in found
        ],
    )


def within(issue: str) -> list[str]:
    """An issue and all that is narrower: what touches it."""
    return [issue, *(row["issue"] for row in rows(_BELOW % issue))]


def between(first: str, last: str) -> str:
    """Of encounters in the register: from one day or month to another, each as ``_month`` and ``_bounds`` let it be."""
    return f"{{e}}.day >= '{first or '0'}'" + (f" AND {{e}}.day <= '{last}'" if last else "")


def fitting(query: str, fits: Sequence[str]) -> str:
    """A query of the register on the encounters ``e`` that fit."""
    return query.format(" AND ".join(fit.format(e="e") for fit in fits) or "1")


def _strip(each: Mapping[str, int], start: str, end: str) -> Mapping[str, object]:
    """Encounters by month, drawn without scripts, and as data for a brush: ``address`` is the state of the page without its span."""
    all_ = drawing.months(min(each), max(each)) if each else []
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in ("from", "until", "page", "period", "cite")]
    return {
        "start": start,
        "end": end,
        "kept": kept,
        "strip": drawing.columns({(month, "encounters"): n for month, n in each.items()}, all_, ["encounters"], "month"),
        "brush": {"months": all_, "counts": [each.get(m, 0) for m in all_], "from": start, "until": end, "address": urlencode(kept)},
    }


def _month(given: str) -> str:
    """A month as an address names it; empty if it is none."""
    return given if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", given) else ""


def _period(month: str, step: str) -> str:
    if step == "year":
        return month[:4]
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}" if step == "quarter" else month


def _bounds(period: str) -> tuple[str, str]:
    """The first and the last day that a period can have."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q") and rest[1:].isdigit():
        last = int(rest[1:]) * 3
        return f"{year}-{last - 2:02d}-01", f"{year}-{last:02d}-31"
    return f"{period}-01", f"{period}-31" if rest else f"{year}-12-31"
