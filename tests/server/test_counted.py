"""What pages count themselves, or take from counts that are kept, is what the queries that they show beside it answer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from communique.config import Settings
from communique.iris import CQ, Iris
from communique.ontology import reasoner
from communique.queries import catalogue, facets
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.pages import (
    acts,
    asking,
    counting,
    dyads,
    events,
    home,
    issues,
    ministers,
    network,
    ontology,
    parties,
    quality,
    readouts,
    reference,
    registers,
    stance,
    timeline,
    together,
)
from communique.server.pages.asking import rows
from communique.server.pages.frame import links
from communique.server.site import site
from communique.store import Store, open_store

IRIS = Iris()
VOCAB = "<https://w3id.org/communique/vocab"
SECURITY = f"{VOCAB[1:]}/issue/security"
BOTH = {"a": f"{VOCAB[1:]}/state/GBR", "b": f"{VOCAB[1:]}/state/JPN"}


@pytest.mark.parametrize("time", ["", "&first=2023&last=2023"])
@pytest.mark.parametrize("scope", ["encounter", "sentence"])
def test_the_network_is_what_its_queries_answer(explorer: Flask, scope: str, time: str) -> None:
    with explorer.test_request_context(f"/network?least=1&scope={scope}{time}"):
        asked = network._asked()
        edges, nodes = rows(asked.edges_query), rows(asked.nodes_query)
    assert len(edges) > 50
    assert {(e.a, e.b, str(e.weight)) for e in asked.strong} == {(row["a"], row["b"], row["n"]) for row in edges}
    assert {issue: str(n) for issue, n in asked.size.items()} == {row["issue"]: row["n"] for row in nodes}


def test_what_comes_up_together_among_some_issues_is_what_does_of_all(explorer: Flask) -> None:
    with explorer.test_request_context("/"):
        every = together.whole("encounter", 1, 9).pairs
        some = {issue for pair in list(every)[:20] for issue in pair}
        assert 20 < len(together.among(some)) < len(every)
        assert together.among(some) == {pair: n for pair, n in every.items() if some.issuperset(pair)}
        assert together.among([]) == {}


@pytest.mark.parametrize("alone", [False, True], ids=["with what is narrower", "alone"])
@pytest.mark.parametrize("issue", ["regional-situations", "north-korea", "bilateral-relations"])
def test_the_months_of_an_issue_are_what_its_query_answers(explorer: Flask, issue: str, alone: bool) -> None:
    types, sides = (issues._TYPES_ALONE, issues._SIDES_ALONE) if alone else (issues._TYPES, issues._SIDES_OF)
    iri = f"{VOCAB[1:]}/issue/{issue}"
    with explorer.test_request_context():
        below = [] if alone else [row["issue"] for row in rows(issues._BELOW % f"<{iri}>")]
        values = asking.iris([iri, *below])
        told = counting.rows(types, issue=iri)
        counted, found = issues._times(told), rows(issues._TIMES % values)
        raised = issues._raised(counting.rows(sides, issue=iri))
        assert raised == issues._raised(rows(issues._RAISED % values))
        every = [row["act"] for row in rows(issues._WITHIN % values)]
        assert sum(int(row["n"]) for row in told) == len(every)
        cut = counting.rows(issues._CUT.format("about" if alone else "topic"), issue=iri, size=9, first=2)
        assert [row["act"] for row in cut] == every[2:11]
        assert len(raised) > 3 or alone
    assert len(found) > 3 or alone
    assert {key: str(n) for key, n in counted.items()} == {(row["month"], row["family"]): row["n"] for row in found}


@pytest.mark.parametrize("state", ["JPN", "GBR"])
def test_what_a_party_does_is_what_the_acts_tell(explorer: Flask, state: str) -> None:
    node = f"{VOCAB}/state/{state}>"
    plain = f"""SELECT ?issue (COUNT(DISTINCT ?act) AS ?n) (COUNT(DISTINCT ?good) AS ?positive) (COUNT(DISTINCT ?bad) AS ?negative) {{
        ?act cq:actorState {node} ; cq:aboutIssue ?issue
        OPTIONAL {{ ?act cq:polarity cq:positive BIND(?act AS ?good) }} OPTIONAL {{ ?act cq:polarity cq:negative BIND(?act AS ?bad) }}
      }} GROUP BY ?issue ORDER BY DESC(?n) ?issue"""
    types = f"""SELECT ?type (COUNT(DISTINCT ?act) AS ?n) {{ ?act cq:actorState {node} ; cq:actType ?type }} GROUP BY ?type
      ORDER BY DESC(?n) ?type"""
    with explorer.test_request_context():
        did = counting.rows(parties._DID, one=node.strip("<>"))
        assert parties._by_type(did) == rows(types)
        assert acts.by_family(did) == rows(acts.BY_YEAR % f"?act cq:actorState {node} .")
        assert rows(parties._ISSUES % node) == rows(plain)
    assert len(did) > 5


@pytest.mark.parametrize(
    ("pattern", "fits", "given"),
    [
        ("?encounter a cq:Encounter .", "1", {}),
        (f"?encounter cq:involvesState {VOCAB}/state/JPN> .", timeline._FITS["state"].format("one"), {"one": f"{VOCAB[1:]}/state/JPN"}),
        (f"?encounter cq:involvesState {VOCAB}/state/GBR> , {VOCAB}/state/JPN> .", dyads._MEET, BOTH),
        (
            f"""?encounter cq:involvesState {VOCAB}/state/GBR> , {VOCAB}/state/JPN> ; cq:pairedWith ?with ; cq:toldFrom ?side .
              ?with cq:toldFrom ?that FILTER(?side != ?that)""",
            dyads._BOTH,
            BOTH,
        ),
        (
            f"?encounter cq:touches {VOCAB}/issue/security> .",
            timeline._FITS["issue"].format("issue"),
            {"issue": SECURITY},
        ),
        (
            "?encounter a cq:Encounter ; cq:date ?on FILTER(STR(?on) >= '2023-04' && STR(?on) <= '2023-09-31')",
            timeline.between("2023-04", "2023-09-31"),
            {},
        ),
    ],
)
def test_events_in_parts_are_the_events_of_the_whole(explorer: Flask, pattern: str, fits: str, given: dict[str, Any]) -> None:
    with explorer.test_request_context():
        every = events.events(pattern)
        given = given | ({"issue": timeline.within(given["issue"])} if "issue" in given else {})
        assert events.count(fits, **given) == len(every) > 0
    assert any(len(event.accounts) > 1 for event in every)
    found = []
    for number in range(1, 2 - -len(every) // 10):
        with explorer.test_request_context(f"/timeline?page={number}"):
            shown, pages = events.part(fits, 10, **given)
            assert pages.total == len(every)
            found += shown if pages.number == number else []
    # In parts, an event is shown with all its accounts, also with those that do not fit.
    assert all(set(whole.accounts) <= set(part.accounts) for part, whole in zip(found, every, strict=True))


@pytest.mark.parametrize("sort", facets.SORTS)
@pytest.mark.parametrize(
    "choice",
    [
        "",
        "state=JPN",
        "state=JPN&state=GBR&issue=security",
        "act=Request&publisher=mofa",
        "year=2023&issue=north-korea",
        "month=2023-02&act=Urge&state=CHN",
        "state=nowhere",
    ],
)
def test_facets_count_what_their_queries_answer(explorer: Flask, choice: str, sort: str) -> None:
    with explorer.test_request_context(f"/readouts?{choice}"):
        wanted = readouts.chosen(links())
        known = readouts.counted(site())
        fit = known.fit(wanted, [facet.name for facet in readouts.FACETS])
        more = "OPTIONAL { ?readout cq:hasAccount/cq:describesEncounter ?any . ?any cq:hasSpeechAct ?said }"
        query = readouts._LISTED % (" (COUNT(DISTINCT ?said) AS ?statements)", readouts.where(wanted), more, readouts._SORTS[sort][1])
        every = [row["readout"] for row in rows(query) if "readout" in row]
        assert known.readouts(fit, sort, 0, 100) == every
        assert known.readouts(fit, sort, 3, 4) == every[3:7]
        assert fit.total == len(every)
        for facet in readouts.FACETS:
            answer = rows(readouts._counting(facet, wanted))
            assert [(row["v"], row["n"]) for row in answer if "v" in row] == [(v, str(n)) for v, n in fit.counts[facet.name]][: len(answer)]


def test_values_that_are_chosen_together_hold_of_one_encounter(tmp_path: Path) -> None:
    """And a readout of several encounters, of which none begins a list or ends it, counts once."""
    base, graph, lines = "https://example.org/", "https://example.org/g", list[str]()

    def say(subject: str, predicate: str, value: str) -> None:
        lines.append(f"<{base}{subject}> <{predicate}> {value} <{graph}> .")

    for name, day, told in (("a", "2023-01-03", [""]), ("b", "2023-01-02", ["x", "y", "z", "x"]), ("c", "2023-01-01", ["x"])):
        say(name, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{CQ}Readout>")
        say(name, f"{CQ}publisher", f"<{base}p>")
        say(name, f"{CQ}date", f'"{day}"')
        say(name, f"{CQ}hasAccount", f"<{base}{name}/account>")
        for number, state in enumerate(told):
            say(f"{name}/account", f"{CQ}describesEncounter", f"<{base}{name}/{number}>")
            for each in (state, "all") if state else ():
                say(f"{name}/{number}", f"{CQ}involvesState", f"<{base}{each}>")
    with open_store("memory:") as store:
        store.put_graph(graph, lines)
        facets.build(store.select, tmp_path / "facets")
    known = facets.Facets(tmp_path / "facets")

    def found(*states: str) -> list[str]:
        return [readout.removeprefix(base) for readout in known.readouts(known.fit({"state": [base + state for state in states]}))]

    assert found() == ["a", "b", "c"]
    assert found("x") == ["b", "c"]
    assert found("x", "all") == ["b", "c"]
    assert found("y") == ["b"]
    assert found("x", "y") == []
    assert known.fit({}, ["state"]).counts["state"] == [(base + "all", 2), (base + "x", 2), (base + "y", 1), (base + "z", 1)]


@pytest.mark.parametrize("state", ["JPN", "USA", "PRK", "nowhere"])
def test_the_register_of_a_party_is_what_the_queries_answer(explorer: Flask, state: str) -> None:
    node = f"{VOCAB}/state/{state}>"
    iri = node.strip("<>")
    with explorer.test_request_context():
        met = counting.rows(parties._MET, one=iri)
        assert met == rows(parties._COUNTERPARTS % (node, node))
        beside = f"""SELECT ?party ?issue (COUNT(DISTINCT ?encounter) AS ?n) {{
          ?encounter cq:involvesState {node} , ?party ; cq:discusses ?issue FILTER(?party != {node}) }} GROUP BY ?party ?issue
          ORDER BY ?party DESC(?n) ?issue"""
        assert counting.rows(parties._WITH, one=iri) == rows(beside)
        months = f"""SELECT ?month (COUNT(DISTINCT ?encounter) AS ?n) {{ ?encounter cq:involvesState {node} ; cq:date ?date
          BIND(SUBSTR(STR(?date), 1, 7) AS ?month) }} GROUP BY ?month ORDER BY ?month"""
        assert [row for row in counting.rows(parties._MONTHS, one=iri) if "month" in row] == rows(months)


@pytest.mark.parametrize(("a", "b"), [("GBR", "JPN"), ("JPN", "USA"), ("CHN", "JPN"), ("JPN", "nowhere")])
def test_the_register_of_a_dyad_is_what_the_queries_answer(explorer: Flask, a: str, b: str) -> None:
    nodes = (f"{VOCAB}/state/{a}>", f"{VOCAB}/state/{b}>")
    both = {"a": nodes[0].strip("<>"), "b": nodes[1].strip("<>")}
    months = f"""SELECT ?month (COUNT(DISTINCT ?encounter) AS ?n) {{
      ?encounter cq:involvesState {nodes[0]} , {nodes[1]} ; cq:date ?date BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
      FILTER NOT EXISTS {{ ?encounter cq:pairedWith ?twin OPTIONAL {{ ?twin cq:date ?on }}
        FILTER(?on > ?date || ((!BOUND(?on) || ?on = ?date) && STR(?twin) < STR(?encounter))) }} }} GROUP BY ?month ORDER BY ?month"""
    with explorer.test_request_context():
        for counted, query in (
            (counting.rows(dyads._MIX, **both), rows(dyads._DID % (*nodes, *nodes))),
            (counting.rows(dyads._ON, **both), rows(dyads._ISSUES % nodes)),
            ([row for row in counting.rows(dyads._MONTHS, **both) if "month" in row], rows(months)),
            (acts.by_family(counting.rows(dyads._YEARS, **both)), rows(acts.BY_YEAR % (dyads._BETWEEN % nodes))),
        ):
            assert counted == [row for row in query if len(row) > 1]
        for counted, query in (
            (counting.rows(dyads._LEFT, request=dyads._REQUEST, **both), rows(dyads._OPEN % nodes)),
            (counting.rows(dyads._MADE, **both), rows(dyads._BOUND % nodes)),
        ):
            assert [row["act"] for row in counted] == [row["act"] for row in query]


@pytest.mark.parametrize("asks", ["JPN", "nowhere", ""])
def test_requests_are_listed_as_their_query_answers(explorer: Flask, asks: str) -> None:
    iri = f"{VOCAB[1:]}/state/{asks}"
    pattern, joined = (f"?act cq:actorState <{iri}> .", registers.joined("actor", "a.id", "party")) if asks else ("", "")
    given = {"request": registers._REQUEST, "support": registers._SUPPORT, **({"actor": iri} if asks else {})}
    with explorer.test_request_context():
        query = rows(registers._REQUESTS % pattern)
        found = counting.rows(registers._SHOWN_OF % (joined, ""), size=1000, first=0, **given)
        assert [row["act"] for row in found] == list(dict.fromkeys(row["act"] for row in query))
        replies = counting.rows(registers._REPLIES, acts=[int(row["id"]) for row in found])
        assert sorted((row["act"], row["reply"]) for row in replies) == sorted(
            (row["act"], row["reply"]) for row in query if "reply" in row
        )
        supported = {row["act"] for row in query if row.get("type", "").endswith("/Support")}
        answered = {row["act"] for row in query if "reply" in row}
        told = {row["act"]: 0 if row["act"] in supported else 1 if row["act"] in answered else 2 for row in found}
        assert {row["act"]: int(row["outcome"]) for row in found} == told
        counted = {int(row["outcome"]): int(row["n"]) for row in counting.rows(registers._OUTCOMES_OF % joined, **given)}
        assert counted == Counter(told.values())
        part = counting.rows(registers._SHOWN_OF % (joined, f"AND {registers._OUTCOME} = 2"), size=3, first=1, **given)
        assert [row["act"] for row in part] == [act for act, outcome in told.items() if outcome == 2][1:4]


@pytest.mark.parametrize("order", ["", "strength DESC,"])
@pytest.mark.parametrize("bound", ["JPN", ""])
def test_commitments_are_listed_as_their_query_answers(explorer: Flask, bound: str, order: str) -> None:
    iri = f"{VOCAB[1:]}/state/{bound}"
    pattern, joined = (f"?commitment cq:binds <{iri}> .", registers.joined("actor", "c.act", "party")) if bound else ("", "")
    given = {"actor": iri} if bound else {}
    with explorer.test_request_context():
        query = rows(registers._COMMITMENTS % (pattern, f"{'DESC(?strength) ' if order else ''}DESC(?date) ?encounter ?act ?commitment"))
        found = counting.rows(registers._LISTED % (joined, order), size=1000, first=0, **given)
        assert found == [{key: value for key, value in row.items() if key != "encounter"} for row in query]
        assert counting.rows(registers._LISTED % (joined, order), size=3, first=2, **given) == found[2:5]
        assert counting.rows(registers._HOW_MANY % joined, **given) == [{"n": str(len(found))}]
        bind = "SELECT ?party (COUNT(DISTINCT ?commitment) AS ?n) { ?commitment cq:binds ?party } GROUP BY ?party ORDER BY ?party"
        on = "SELECT ?issue (COUNT(DISTINCT ?commitment) AS ?n) { ?commitment cq:concernsIssue ?issue } GROUP BY ?issue ORDER BY ?issue"
        assert sorted(counting.rows(registers._BOUND), key=lambda row: row["party"]) == rows(bind)
        assert sorted(counting.rows(registers._ON), key=lambda row: row["issue"]) == rows(on)
    assert len(found) > 9


@pytest.mark.parametrize("state", ["JPN", "nowhere", ""])
def test_people_are_listed_as_their_query_answers(explorer: Flask, state: str) -> None:
    party = {"party": f"{VOCAB[1:]}/state/{state}"} if state else {}
    with explorer.test_request_context():
        query = rows(ministers._LIST % (f" ; cq:represents <{party['party']}>" if state else ""))
        found = counting.rows(ministers._SENT if state else ministers._MOST_MET, size=1000, first=0, **party)
        assert found == [row for row in query if "person" in row]
        assert counting.rows(ministers._HOW_MANY_SENT if state else ministers._HOW_MANY, **party) == [{"n": str(len(found))}]
        written = f"""SELECT DISTINCT ?person ?party ?title {{
          VALUES ?person {{ {asking.iris(row["person"] for row in found)} }} ?named owl:sameAs ?person . ?part cq:participant ?named
          OPTIONAL {{ ?part cq:represents ?party }} OPTIONAL {{ ?part cq:officeTitle ?title }}
        }} ORDER BY ?person ?party ?title"""
        assert counting.rows(ministers._WRITTEN, persons=[row["person"] for row in found]) == [row for row in rows(written) if row]


def test_the_register_of_people_is_what_the_queries_answer(explorer: Flask) -> None:
    with explorer.test_request_context():
        for row in rows(ministers._LIST % "")[:6]:
            node = asking.node_of(row["person"])
            query = rows(ministers._COUNTERPARTS % (node, node))
            assert counting.rows(ministers._ON, one=row["person"]) == rows(ministers._ISSUES % node)
            did = f"""SELECT ?type (COUNT(DISTINCT ?act) AS ?n) {{ ?named owl:sameAs {node} . ?act cq:actor ?named ; cq:actType ?type }}
              GROUP BY ?type ORDER BY DESC(?n) ?type"""
            assert counting.rows(ministers._ACTED, one=row["person"]) == rows(did)
            assert counting.rows(ministers._MET_MOST, one=row["person"]) == [{k: v for k, v in each.items() if v} for each in query]


def test_offices_and_names_of_people_are_what_their_queries_answer(explorer: Flask) -> None:
    several = 0
    with explorer.test_request_context():
        for row in rows(ministers._LIST % "")[:12]:
            node = f"<{row['person']}>"
            asked = rows(ministers._INCUMBENCIES % (node, node))
            attesting: dict[str, set[str]] = {}
            for each in asked:
                attesting.setdefault(each["incumbency"], set()).update([each["encounter"]] if "encounter" in each else [])
            held = counting.rows(ministers._HELD, one=row["person"])
            assert {each["incumbency"]: int(each["n"]) for each in held} == {one: len(some) for one, some in attesting.items()}
            assert {(each["incumbency"], each.get("from"), each.get("until")) for each in held} == {
                (each["incumbency"], each.get("from"), each.get("until")) for each in asked
            }
            for each in held:
                seen = counting.rows(ministers._SEEN, held=each["incumbency"], size=100)
                assert {one["encounter"] for one in seen} == attesting[each["incumbency"]]
                assert [one.get("date", "") for one in seen] == sorted(one.get("date", "") for one in seen)
            names: dict[str, set[str]] = {}
            reasons: dict[str, str] = {}
            for each in rows(ministers._SAME % node):
                names.setdefault(each.get("written", ""), set()).add(each["named"])
                reasons.setdefault(each.get("written", ""), each.get("reason", ""))
            found = counting.rows(ministers._NAMED, one=row["person"])
            assert {one.get("written", ""): int(one["n"]) for one in found} == {how: len(some) for how, some in names.items()}
            assert {one.get("written", ""): one.get("reason", "") for one in found} == reasons
            several += len(held) > 0 and len(found) > 0
    assert several > 3


@pytest.mark.parametrize("state", ["PRK", "RUS", "JPN"])
def test_what_others_say_about_a_party_is_what_its_query_answers(explorer: Flask, state: str) -> None:
    iri = f"{VOCAB[1:]}/state/{state}"
    with explorer.test_request_context():
        asked = [row["act"] for row in rows(parties._ABOUT % (f"<{iri}>", f"<{iri}>"))]
        found = [row["act"] for row in counting.rows(parties._NEWEST, one=iri, size=1000)]
        assert counting.rows(parties._HOW_MANY, one=iri) == [{"n": str(len(asked))}]
        assert sorted(found) == sorted(asked)
        assert [row["act"] for row in counting.rows(parties._NEWEST, one=iri, size=2)] == found[:2]
        assert counting.rows(parties._AIMED) == [row for row in rows(parties._TARGETS) if "party" in row] != []


@pytest.mark.parametrize("lane", timeline._KNOWN)
@pytest.mark.parametrize("issue", ["", "security"])
def test_the_lanes_of_the_register_are_what_the_query_answers(explorer: Flask, lane: str, issue: str) -> None:
    iri = f"{VOCAB[1:]}/issue/{issue}"
    wanted, fits = (f"?encounter cq:touches <{iri}> .", [timeline._FITS["issue"].format("within")]) if issue else ("", [])
    with explorer.test_request_context():
        given: dict[str, Any] = {"within": timeline.within(iri)} if issue else {}
        query = rows(timeline._COUNTED % (timeline._LANES[lane][1], wanted))
        assert counting.rows(timeline.fitting(timeline._KNOWN[lane], fits), **given) == query
        months = rows(timeline._MONTHS % wanted)
        assert counting.rows(timeline.fitting(timeline._IN_MONTHS, fits), **given) == months


def test_what_is_listed_of_all_parties_and_issues_is_what_the_queries_answer(explorer: Flask) -> None:
    with explorer.test_request_context():
        parties_ = counting.rows(parties._EVERY)
        assert [{key: row[key] for key in ("party", "n", "last")} for row in parties_] == rows(parties._LIST)
        acted = "SELECT ?party (COUNT(DISTINCT ?act) AS ?n) { ?act cq:actorState ?party } GROUP BY ?party"
        assert {row["party"]: row["acts"] for row in parties_ if "acts" in row} == {row["party"]: row["n"] for row in rows(acted)}
        assert counting.rows(dyads._EVERY) == rows(dyads._PAIRS)
        raised = {row["issue"]: row["n"] for row in counting.rows(issues._RAISED_HERE)}
        assert raised == {row["issue"]: row["n"] for row in rows(issues._COUNTS)}
        touched = rows("SELECT ?issue (COUNT(DISTINCT ?encounter) AS ?n) { ?encounter cq:touches ?issue } GROUP BY ?issue")
        assert readouts.counted(site()).encounters("issue") == {row["issue"]: int(row["n"]) for row in touched}
        known = "SELECT DISTINCT ?issue {{ {{ ?issue skos:inScheme {}/issue> }} UNION {{ ?issue a cq:Issue }} }} ORDER BY ?issue"
        kinds = rows(f"SELECT DISTINCT ?issue {{ {issues._IS % ('?issue', '?issue')} }} ORDER BY ?issue")
        assert kinds == rows(known.format(VOCAB))
        codes = {row["state"]: row for row in rows(timeline._CODES % asking.iris(row["party"] for row in parties_))}
        met = {row["state"]: row["n"] for row in counting.rows(timeline._ATTENDED) if row["state"] in codes}
        assert met == {row["state"]: row["n"] for row in rows(timeline._MAP)}


def test_the_start_page_counts_what_its_queries_answer(explorer: Flask) -> None:
    counts = {
        "statements": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?encounter cq:hasSpeechAct ?x }",
        "issues": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?act cq:aboutIssue ?x }",
        "people": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Person FILTER NOT EXISTS { ?x owl:sameAs ?one } }",
    }
    with explorer.test_request_context():
        # What several accounts tell of is one encounter, as on the timeline, whose list has the first of them.
        place = {row["iri"]: n for n, row in enumerate(counting.rows("SELECT iri FROM encounter ORDER BY id"))}
        assert set(place) == {row["x"] for row in rows("SELECT DISTINCT ?x { ?account cq:describesEncounter ?x }")}
        told = rows("SELECT DISTINCT ?a ?b { ?a cq:pairedWith ?b }")
        later = {max(row["a"], row["b"], key=place.__getitem__) for row in told}
        assert counting.rows(home._COUNTS) == [
            {"encounters": str(len(place) - len(later))} | {name: rows(query)[0]["n"] for name, query in counts.items()}
        ]
        assert later
        known = readouts.counted(site())
        assert known.rows(home._BY_MONTH) == rows(home._MONTHS)
        newest = rows("""SELECT ?readout { ?readout a cq:Readout OPTIONAL { ?readout cq:date ?date } OPTIONAL { ?readout cq:composed ?c }
            BIND(COALESCE(?c, false) AS ?made) } ORDER BY ?made DESC(?date) ?readout LIMIT 5""")
        assert [row["readout"] for row in known.rows(home._LATEST)] == [row["readout"] for row in newest]


@pytest.mark.parametrize(("party", "issue"), [("JPN", "north-korea"), ("USA", "security"), ("JPN", "nothing")])
def test_stances_are_what_their_query_answers(explorer: Flask, party: str, issue: str) -> None:
    node = f"{VOCAB[1:]}/issue/{issue}"
    given: dict[str, Any] = {"party": f"{VOCAB[1:]}/state/{party}"}
    with explorer.test_request_context():
        given["within"] = [node, *(row["within"] for row in rows(stance._WITHIN % f"<{node}>"))]
        query = rows(stance._SAID % (stance._ACTS % (asking.iris(given["within"]), f"<{given['party']}>")))
        assert sorted(row["act"] for row in counting.rows(stance._LATEST, size=1000, **given)) == sorted(row["act"] for row in query)
        counted = {row.get("polarity", ""): int(row["n"]) for row in counting.rows(stance._COUNTS, **given)}
        assert counted == Counter(row.get("polarity", "").removeprefix(CQ) for row in query)


def test_the_figures_of_the_data_are_what_their_queries_answer(explorer: Flask) -> None:
    figures = {
        "encounters": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?account cq:describesEncounter ?x }",
        "acts": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?encounter cq:hasSpeechAct ?x }",
        "twice": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x cq:pairedWith ?other }",
        "commitments": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a cq:Commitment }",
    }
    with explorer.test_request_context():
        known = readouts.counted(site())
        assert known.rows(reference._BY_SOURCE) == rows(reference._SOURCES) != []
        assert known.rows(reference._BARE_BY_SOURCE) == [row for row in rows(reference._BARE) if "publisher" in row]
        assert counting.rows(reference._COUNTED) == [{name: rows(query)[0]["n"] for name, query in figures.items()}]
        used = {row["term"]: row["n"] for row in rows(ontology._USED)}
        found = counting.rows(ontology._USES)
        assert {row["term"]: row["n"] for row in found} == used
        assert all(site().engine.ask(f"ASK {{ <{row['one']}> a <{row['term']}> }}") for row in found[:20])


def test_coverage_is_what_its_saved_query_answers(explorer: Flask) -> None:
    with explorer.test_request_context():
        asked = catalogue.get("coverage").text
        whole = {row.pop("publisher"): row for row in rows("SELECT" + asked.partition("SELECT")[2]) if row.pop("publisherLabel")}
        found = {row.pop("publisher"): row for row in readouts.counted(site()).rows(quality._SHARES)}
        shares = [(float(some[publisher].pop("share")), some) for publisher in whole for some in (whole, found)]
        assert found == whole != {}
        assert all(abs(one - other) < 0.06 for (one, _), (other, _) in zip(shares[::2], shares[1::2], strict=True))


def test_pages_tell_what_they_leave_out_since_nobody_inferred_anything(samples: Store) -> None:
    every = [graph for graph in samples.graphs() if IRIS.readout_of(graph) and not IRIS.is_inferred(graph)]
    with open_store("memory:") as store:
        store.apply({graph: list(samples.dump(graph)) for graph in every})
        many = len(store.select(f"SELECT DISTINCT ?account {{ ?account <{CQ}describesEncounter> ?encounter }}").rows)
        client = create_app(Settings(), InProcess(store)).test_client()
        for path in ("/", "/readouts", "/states", "/dyads", "/timeline", "/ministers", "/requests"):
            words = client.get(path, headers={"Accept": "text/html"}).text
            assert f"{many} readouts are not counted here" in words, path
            assert "communique reason --store" in words
        assert "not counted" not in client.get("/about", headers={"Accept": "text/html"}).text
        reasoner.reason(store, IRIS)
        client = create_app(Settings(), InProcess(store)).test_client()
        assert "not counted" not in client.get("/states", headers={"Accept": "text/html"}).text
