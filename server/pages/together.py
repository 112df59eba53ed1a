"""Which issues come up together, how often, and how often each comes up at all: from the counts that are kept (cubes), which do not grow
with the readouts.  Sentences are not counted by month, so those of a span of years are looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from communique.server.pages import asking
from communique.server.pages.asking import Found, rows


@dataclass(frozen=True, slots=True)
class Scope:
    """What it means to come up together: in words, the cubes of pairs and of single issues, and what they count."""

    words: str
    pairs: str
    single: str
    measure: str


SCOPES: Final = {
    "encounter": Scope("the same encounter", "issue-pairs", "issues", "encounters"),
    "sentence": Scope("the same sentence", "sentence-issue-pairs", "sentence-issues", "tellings"),
}
# The counts first: most pairs are rare, and only those that are wanted are looked at.
_PAIRS: Final = """SELECT ?a ?b ?n {
  { SELECT ?set ?cell ?n {
      ?set qb:structure cube:%s . GRAPH ?set { ?cell cq:%s ?n } FILTER(?n >= %d)
    } ORDER BY DESC(?n) LIMIT %d }
  GRAPH ?set { ?cell cq:countedIssue ?a ; cq:andIssue ?b }
} ORDER BY DESC(?n) ?a ?b"""
_SINGLE: Final = """SELECT ?issue ?n ?total {
  ?set qb:structure cube:%s . GRAPH ?set { ?set cq:%s ?total . ?cell cq:countedIssue ?issue ; cq:%s ?n }
} ORDER BY DESC(?n) ?issue"""
_YEARLY_PAIRS: Final = """SELECT ?a ?b (SUM(?some) AS ?n) {
  ?set qb:structure cube:issue-pairs-by-month .
  GRAPH ?set { ?cell cq:inMonth ?month ; cq:countedIssue ?a ; cq:andIssue ?b ; cq:encounters ?some }
  FILTER(STR(?month) >= %s && STR(?month) < %s)
} GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b"""
_YEARLY_SINGLE: Final = """SELECT ?issue ?n ?total {
  { SELECT ?issue (SUM(?some) AS ?n) {
      ?set qb:structure cube:issues-by-month .
      GRAPH ?set { ?cell cq:inMonth ?month ; cq:countedIssue ?issue ; cq:encounters ?some }
      FILTER(STR(?month) >= %s && STR(?month) < %s)
    } GROUP BY ?issue }
  { SELECT (SUM(?every) AS ?total) {
      ?all qb:structure cube:encounters-by-month .
      GRAPH ?all { ?one cq:inMonth ?in FILTER(STR(?in) >= %s && STR(?in) < %s) ?one cq:encounters ?every } } }
} ORDER BY DESC(?n) ?issue"""
# Of sentences: the places with their issues are asked, and the pairs made here, which takes a fifth of the time.
_SENTENCES: Final = """SELECT ?place (GROUP_CONCAT(DISTINCT STR(?issue)) AS ?issues) {
  { SELECT DISTINCT ?place {
      ?encounter cq:hasSpeechAct ?said ; cq:date ?date { SELECT ?said ?place { ?said cq:evidence ?place } }
      FILTER(STR(?date) >= %s && STR(?date) < %s) } }
  { SELECT ?place ?issue { ?act cq:aboutIssue ?issue { SELECT ?act ?place { ?act cq:evidence ?place } } } }
} GROUP BY ?place"""
_SENTENCE_PAIRS: Final = """SELECT ?a ?b (COUNT(DISTINCT ?place) AS ?n) {
  ?encounter cq:hasSpeechAct ?one ; cq:date ?date FILTER(STR(?date) >= %s && STR(?date) < %s)
  ?one cq:evidence ?place ; cq:aboutIssue ?a . ?other cq:evidence ?place ; cq:aboutIssue ?b FILTER(STR(?a) < STR(?b))
} GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b"""
_SENTENCE_SINGLE: Final = """SELECT ?issue (COUNT(DISTINCT ?place) AS ?n) {
  ?encounter cq:hasSpeechAct ?one ; cq:date ?date FILTER(STR(?date) >= %s && STR(?date) < %s)
  ?one cq:evidence ?place ; cq:aboutIssue ?issue
} GROUP BY ?issue ORDER BY DESC(?n) ?issue"""
_SPANS: Final = """SELECT ?a ?b (MIN(STR(?month)) AS ?first) (MAX(STR(?month)) AS ?last) {
  ?set qb:structure cube:issue-pairs-by-month . GRAPH ?set { ?cell cq:countedIssue ?a ; cq:andIssue ?b ; cq:inMonth ?month }
} GROUP BY ?a ?b"""
# Sifted before it is counted: values that are given are joined last, with every pair that there is, which takes ten times as long.
_AMONG: Final = """SELECT ?a ?b ?n {
  ?set qb:structure cube:issue-pairs .
  GRAPH ?set { ?cell cq:countedIssue ?a ; cq:andIssue ?b FILTER(?a IN (%s) && ?b IN (%s)) ?cell cq:encounters ?n }
} ORDER BY DESC(?n) ?a ?b"""
_EVERY: Final = 100_000  # pairs of issues; the vocabulary has fewer
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs with how often they come up together, most first; issues with how often they do; of how many places; as queries tell it.

    ``heaviest`` is what the pair has that comes up most, also if it is not among these.
    """

    pairs: Mapping[Pair, int]
    single: Mapping[str, int]
    total: int
    heaviest: int
    pairs_query: str
    single_query: str


def whole(scope: str, least: int | None, most: int) -> Counts:
    """Of all readouts: the pairs with at least so many places, else the ``most`` that come up most."""
    asked = SCOPES[scope]
    top = _PAIRS % (asked.pairs, asked.measure, 1, most)
    query = top if least is None else _PAIRS % (asked.pairs, asked.measure, least, _EVERY)
    single_query = _SINGLE % (asked.single, asked.measure, asked.measure)
    single = rows(single_query, keep=True)
    heaviest = max(_pairs(rows(top, keep=True)).values(), default=1)
    return Counts(_pairs(rows(query, keep=True)), _single(single), _total(single), heaviest, query, single_query)


def within(scope: str, first: str, last: str) -> Counts:
    """The same of some years, all pairs."""
    span = asking.literal(first), asking.literal(f"{int(last) + 1:04d}")
    if scope == "encounter":
        query, single_query = _YEARLY_PAIRS % span, _YEARLY_SINGLE % (span * 2)
        single = rows(single_query, keep=True)
        pairs = _pairs(rows(query, keep=True))
        return Counts(pairs, _single(single), _total(single), max(pairs.values(), default=1), query, single_query)
    places = [sorted(row["issues"].split()) for row in rows(_SENTENCES % span, keep=True) if row.get("issues")]
    found = Counter(pair for issues in places for pair in combinations(issues, 2))
    sizes = Counter(issue for issues in places for issue in issues)
    ranked = dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))
    return Counts(ranked, sizes, len(places), max(found.values(), default=1), _SENTENCE_PAIRS % span, _SENTENCE_SINGLE % span)


def spans() -> dict[Pair, tuple[str, str]]:
    """The first and the last month in which two issues come up in one encounter."""
    return {(row["a"], row["b"]): (row["first"], row["last"]) for row in rows(_SPANS) if "a" in row}


def among(issues: Iterable[str]) -> dict[Pair, int]:
    """How often each two of some issues come up in one encounter."""
    values = ", ".join(asking.iris(issues).split())
    return _pairs(rows(_AMONG % (values, values))) if values else {}


def _pairs(found: Sequence[Found]) -> dict[Pair, int]:
    return {(row["a"], row["b"]): int(row["n"]) for row in found if "a" in row}


def _single(found: Sequence[Found]) -> dict[str, int]:
    return {row["issue"]: int(row["n"]) for row in found if "issue" in row}


def _total(found: Sequence[Found]) -> int:
    return next((int(row["total"]) for row in found if "total" in row), 0)
