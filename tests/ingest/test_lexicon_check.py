"""Each kind of fault in a vocabulary is found where it is put in, and the shipped vocabularies have no error."""

from __future__ import annotations

import pytest
from rdflib import Graph

from communique.ingest.lexicon.build import tables
from communique.ingest.lexicon.check import Finding, Severity, check, check_shipped, stale

HEAD = """
@prefix cq: <https://w3id.org/communique/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix scheme: <https://w3id.org/communique/vocab/> .
@prefix state: <https://w3id.org/communique/vocab/state/> .
@prefix place: <https://w3id.org/communique/vocab/place/> .
@prefix issue: <https://w3id.org/communique/vocab/issue/> .
"""


def term(name: str, label: str, more: str = "", scheme: str = "state") -> str:
    return (
        f'{name} a skos:Concept ; skos:inScheme scheme:{scheme} ; skos:prefLabel "{label}"@en ;'
        f' skos:definition "A party."@en ; skos:example "A visit."@en {"; " + more if more else ""} .\n'
    )


def findings(*terms: str) -> list[Finding]:
    return check(Graph().parse(data=HEAD + "".join(terms), format="turtle"))


def errors(*terms: str) -> list[str]:
    return [f.check for f in findings(*terms) if f.severity is Severity.ERROR]


GOOD = term("state:AAA", "Arcadia")


def test_a_sound_vocabulary_has_no_findings() -> None:
    assert findings(GOOD, term("state:BBB", "Borduria", 'cq:adjective "Bordurian"@en')) == []


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (term("state:BBB", "Borduria", 'cq:demonym "Arcadia"@en'), "duplicate"),
        (term("state:BBB", "Borduria", 'skos:altLabel "arcadia"@en'), "duplicate"),
        (term("place:arcadia", "Arcadia", scheme="place"), "ambiguous"),
        (term("state:BBB", "Borduria", 'cq:demonym "Ruritan"@en') + term("issue:r", "Ruritans", scheme="issue"), "ambiguous"),
        (term("state:BBB", "Cote d’Azur"), "unreachable"),
        (term("state:BBB", "Two  Kingdoms"), "unreachable"),
        (term("state:BBB", "Borduria", 'cq:notBefore ""@en'), "unreachable"),
        (term("state:BBB", "Cote d’Azur"), "characters"),
        (term("state:BBB", "Borduria "), "characters"),
        (term("state:BBB", "Borduria", 'cq:preferredFor "Syldavia"@en'), "idle"),
        (term("state:BBB", "Borduria", 'cq:shortForm "the Minister"@en'), "idle"),
        ('state:BBB a skos:Concept ; skos:prefLabel "Borduria"@en ; skos:example "A visit."@en .', "incomplete"),
        ('state:BBB a skos:Concept ; skos:prefLabel "Borduria"@en ; skos:definition "A party."@en .', "incomplete"),
        ('state:BBB a skos:Concept ; skos:definition "A party."@en ; skos:example "A visit."@en .', "incomplete"),
        (term("state:BBB", "Borduria", 'skos:prefLabel "Syldavia"@en'), "incomplete"),
        (term("state:BBB", "Borduria", "cq:member state:CCC"), "dangling"),
        (term("issue:b", "fish", "skos:broader issue:c", "issue") + term("issue:c", "sea", "skos:broader issue:b", "issue"), "cycle"),
    ],
)
def test_each_fault_is_found(fault: str, what: str) -> None:
    assert what in errors(GOOD, fault)


def test_a_preference_settles_a_double_label() -> None:
    double = term("state:BBB", "Borduria", 'cq:demonym "Arcadia"@en')
    settled = GOOD.replace(" .\n", ' ; cq:preferredFor "Arcadia"@en .\n')
    assert errors(settled, double) == []
    assert [f.check for f in findings(settled, double)] == ["duplicate"]


def test_two_preferences_settle_nothing() -> None:
    claim = 'cq:preferredFor "Arcadia"@en'
    assert "duplicate" in errors(term("state:AAA", "Arcadia", claim), term("state:BBB", "Borduria", f'cq:demonym "Arcadia"@en ; {claim}'))


def test_an_ambiguity_may_be_declared_by_a_term_or_for_two_vocabularies() -> None:
    place = term("place:arcadia", "Arcadia", scheme="place")
    assert errors(GOOD, place.replace(" .\n", " ; cq:ambiguousWith state:AAA .\n")) == []
    assert errors(GOOD, place, "scheme:sharing-1 cq:between scheme:state, scheme:place .") == []


def test_words_that_differ_by_their_capitals_are_two_words() -> None:
    assert errors(term("state:AAA", "Arcadia", 'cq:acronym "ARC"@en'), term("place:arc", "Arc", scheme="place")) == []


def test_a_table_that_is_out_of_date_is_found() -> None:
    graph = Graph().parse(data=HEAD + GOOD, format="turtle")
    built = dict(tables(graph))
    assert list(stale(built, built)) == []
    old = built | {"labels.tsv": built["labels.tsv"].replace("Arcadia", "Borduria")}
    assert [f.subject for f in stale(built, old)] == ["labels.tsv"]
    assert [f.check for f in check(graph, old)] == ["stale"]


def test_the_shipped_vocabularies_have_no_error() -> None:
    assert [f for f in check_shipped() if f.severity is Severity.ERROR] == []
