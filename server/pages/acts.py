"""Acts as pages show them: who did what to whom on what, in which words, read in three queries however many they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communique.iris import CQ, VOCAB
from communique.server.pages import asking, drawing, wording
from communique.server.pages.asking import Found, rows

# Each optional value has a pattern of its own: two in one would be joined over the whole store first.
# As it is shown; asked are the two below, with the same answer: to plan so many optional parts takes 35 ms, however few acts there are.
SCALARS: Final = """SELECT DISTINCT * {
  VALUES ?act { %s }
  ?encounter cq:hasSpeechAct ?act .
  ?account cq:describesEncounter ?encounter .
  ?readout cq:hasAccount ?account .
  ?act cq:actType ?type .
  OPTIONAL { ?encounter cq:date ?date }
  OPTIONAL { ?encounter cq:toldFrom ?teller }
  OPTIONAL { ?act cq:order ?order }
  OPTIONAL { ?act cq:start ?start } OPTIONAL { ?act cq:end ?end }
  OPTIONAL { ?act cq:quote ?quote }
  OPTIONAL { ?act cq:trigger ?trigger }
  OPTIONAL { ?act cq:triggerStart ?triggerStart } OPTIONAL { ?act cq:triggerEnd ?triggerEnd }
  OPTIONAL { ?act cq:content ?content }
  OPTIONAL { ?act cq:polarity ?polarity }
  OPTIONAL { ?act cq:joint ?joint }
  OPTIONAL { ?act cq:addresseeImplicit ?implicit }
  OPTIONAL { ?act cq:derivedBy ?rule }
  OPTIONAL { ?act cq:confidence ?confidence }
  OPTIONAL { ?act cq:evidence ?segment }
  OPTIONAL { ?act cq:answers ?answers }
  OPTIONAL { ?act cq:reportedIn ?reportedIn }
  OPTIONAL { ?act cq:makesCommitment ?commitment }
  OPTIONAL { ?act cq:modality ?modality }
  OPTIONAL { ?act cq:intensity ?intensity }
  OPTIONAL { ?act cq:inherited ?inherited }
  OPTIONAL { ?act cq:unresolvedActor ?unresolved }
  OPTIONAL { ?act cq:note ?note }
  OPTIONAL { ?readout cq:language ?language }
}"""
_FRAMES: Final = """SELECT DISTINCT * {
  VALUES ?act { %s }
  ?encounter cq:hasSpeechAct ?act . ?account cq:describesEncounter ?encounter . ?readout cq:hasAccount ?account . ?act cq:actType ?type
  OPTIONAL { ?encounter cq:date ?date } OPTIONAL { ?encounter cq:toldFrom ?teller } OPTIONAL { ?readout cq:language ?language }
}"""
_OPTIONAL: Final = dict(re.findall(r"OPTIONAL { \?act cq:(\w+) \?(\w+) }", SCALARS))
_TOLD: Final = f"""SELECT DISTINCT ?act ?p ?o {{
  VALUES ?act {{ %s }} ?act ?p ?o FILTER(?p IN ({", ".join(f"cq:{name}" for name in _OPTIONAL)}))
}}"""
_PARTIES: Final = """SELECT DISTINCT ?act ?as ?agent ?person ?party {
  VALUES ?act { %s }
  { ?act cq:actor ?agent BIND("actor" AS ?as) }
  UNION { ?act cq:addressee ?agent BIND("addressee" AS ?as) }
  UNION { ?act cq:target ?agent BIND("target" AS ?as) }
  OPTIONAL { ?agent owl:sameAs ?person FILTER(?as != "target") }
  OPTIONAL { ?part cq:participant ?agent ; cq:represents ?party FILTER(?as != "target") }
}"""
_ISSUES: Final = """SELECT DISTINCT ?act ?issue ?start ?end ?quote ?rule ?confidence ?mention {
  VALUES ?act { %s }
  ?act cq:hasIssueMention ?mention . ?mention cq:mentionsIssue ?issue
  OPTIONAL { ?mention cq:start ?start } OPTIONAL { ?mention cq:end ?end }
  OPTIONAL { ?mention cq:quote ?quote }
  OPTIONAL { ?mention cq:derivedBy ?rule }
  OPTIONAL { ?mention cq:confidence ?confidence }
}"""
# The acts of a pattern for an ``?act`` and its ``?encounter``, by year and family.
BY_YEAR: Final = """SELECT ?year ?family (COUNT(DISTINCT ?act) AS ?n) {
  %s ?encounter cq:hasSpeechAct ?act ; cq:date ?date . ?act cq:actType ?type . ?type cq:actFamily ?family
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
} GROUP BY ?year ?family ORDER BY ?year ?family"""

FAMILIES: Final = "SELECT ?type ?family { ?type cq:actFamily ?family }"


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts or is addressed: a person (``iri`` in the authority file) of a party, or a party itself."""

    iri: str
    party: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an issue."""

    issue: str
    start: int
    end: int
    quote: str
    rule: str
    confidence: str
    iri: str


@dataclass(frozen=True, slots=True)
class Act:
    """One act as one account tells it; ``told`` has the rest of what is known, in words."""

    iri: str
    readout: str
    encounter: str
    date: str
    teller: str
    type: str
    order: int
    start: int
    end: int
    told: Mapping[str, str]
    actors: Sequence[Who] = ()
    addressees: Sequence[Who] = ()
    targets: Sequence[str] = ()
    mentions: Sequence[Mention] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        """The anchor of the act on the page of its readout."""
        return self.iri.rsplit("/", 1)[1]

    @property
    def stance(self) -> str:
        """``positive``, ``negative``, ``mixed``, ``none`` or empty."""
        return self.told.get("polarity", "").removeprefix(CQ)

    @property
    def issues(self) -> Sequence[str]:
        """The issues, each once, in the order of the text."""
        return tuple(dict.fromkeys(m.issue for m in self.mentions))

    @property
    def actor_parties(self) -> tuple[str, ...]:
        """On whose behalf it was performed."""
        return tuple(dict.fromkeys(who.party for who in self.actors if who.party))

    @property
    def addressee_parties(self) -> tuple[str, ...]:
        """To which parties it was addressed."""
        return tuple(dict.fromkeys(who.party for who in self.addressees if who.party))

    @property
    def implicit(self) -> bool:
        """Whether the addressee is unsaid and follows from the form of the encounter."""
        return self.told.get("implicit") == "true"

    def terms(self) -> list[str]:
        """Every IRI that needs a name where the act is shown."""
        people = [iri for who in (*self.actors, *self.addressees) for iri in (who.iri, who.party) if iri]
        return [*people, *self.targets, *self.issues, *filter(None, (self.teller,))]

    def claim(self, names: Mapping[str, str]) -> str:
        """What the account says, in one sentence."""
        sides = [self._called(some, names) for some in (self.actors, self.addressees)]
        if not sides[0] and self.told.get("unresolved"):
            sides[0] = [f"“{self.told['unresolved']}”"]
        return wording.claim(self.type, sides[0], sides[1], [names.get(issue, issue) for issue in self.issues])

    def _called(self, some: Sequence[Who], names: Mapping[str, str]) -> list[str]:
        out = []
        for who in some:
            party = names.get(who.party, "")
            own = names.get(who.iri, "")
            out.append(wording.article(party or own) if who.iri == who.party or not own else f"{own} ({party})" if party else own)
        return out


def families() -> Found:
    """The family of each type of act."""
    return {row["type"]: row["family"] for row in rows(FAMILIES, keep=True) if "family" in row}


def by_family(found: Sequence[Found]) -> list[Found]:
    """Counts by type and year as counts by family, of the acts that have a day: the same as the answer to ``BY_YEAR``."""
    family = families()
    total: Counter[tuple[str, str]] = Counter()
    for row in found:
        if "year" in row and row["type"] in family:
            total[row["year"], family[row["type"]]] += int(row["n"])
    return [{"year": year, "family": name, "n": str(n)} for (year, name), n in sorted(total.items())]


def by_year(found: Sequence[Found]) -> drawing.Drawing:
    """The answer to ``BY_YEAR`` as columns, a year each."""
    families = sorted({row["family"] for row in found if "family" in row})
    names = asking.names(families)
    years = [int(row["year"]) for row in found if row.get("year", "").isdigit()]
    counts = {(row["year"], names.get(row["family"], row["family"])): int(row["n"]) for row in found if "family" in row}
    span = [f"{year:04d}" for year in range(min(years), max(years) + 1)] if years else []
    return drawing.columns(counts, span, [names.get(f, f) for f in families], "year")


def load(wanted: Iterable[str]) -> list[Act]:
    """The acts of these IRIs, in the order in which they are given."""
    order = {iri: place for place, iri in enumerate(dict.fromkeys(wanted))}
    values = asking.iris(order)
    if not values:
        return []
    parties: dict[str, list[Found]] = {}
    for row in rows(_PARTIES % values):
        parties.setdefault(row["act"], []).append(row)
    issues: dict[str, list[Mention]] = {}
    for row in rows(_ISSUES % values):
        issues.setdefault(row["act"], []).append(_mention(row))
    told: dict[str, dict[str, str]] = {}
    for row in rows(_TOLD % values):
        own, name = told.setdefault(row["act"], {}), _OPTIONAL[row["p"].removeprefix(CQ)]
        own[name] = min(row["o"], own.get(name, row["o"]))
    found: dict[str, Act] = {}
    for row in rows(_FRAMES % values):
        if row["act"] not in found:
            found[row["act"]] = _act({**told.get(row["act"], {}), **row}, parties.get(row["act"], ()), issues.get(row["act"], ()))
    return [found[iri] for iri in order if iri in found]


def number(row: Found, key: str) -> int:
    """A number of a row; -1 if it has none."""
    return int(row[key]) if row.get(key, "").lstrip("-").isdigit() else -1


def _mention(row: Found) -> Mention:
    return Mention(
        row["issue"],
        number(row, "start"),
        number(row, "end"),
        row.get("quote", ""),
        row.get("rule", ""),
        row.get("confidence", ""),
        row["mention"],
    )


def _act(row: Found, parties: Sequence[Found], mentions: Sequence[Mention]) -> Act:
    def who(as_: str) -> tuple[Who, ...]:
        some = (
            Who(r.get("person", r["agent"]), r.get("party", r["agent"] if _is_party(r["agent"]) else "")) for r in parties if r["as"] == as_
        )
        return tuple(sorted(set(some), key=lambda w: (w.party != row.get("teller"), w.party, w.iri)))

    return Act(
        row["act"],
        row["readout"],
        row["encounter"],
        row.get("date", ""),
        row.get("teller", ""),
        row["type"].rsplit("/", 1)[1],
        number(row, "order"),
        number(row, "start"),
        number(row, "end"),
        row,
        who("actor"),
        who("addressee"),
        tuple(sorted({r["agent"] for r in parties if r["as"] == "target"})),
        sorted(mentions, key=lambda m: (m.start, m.issue)),
    )


def _is_party(iri: str) -> bool:
    return iri.startswith(VOCAB) or "/id/party/" in iri
