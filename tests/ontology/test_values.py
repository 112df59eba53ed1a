"""Values of literals: what each datatype has, what is the same, and guards that say the same in Python and in SPARQL."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from communique.errors import ReasoningError
from communique.ontology import values
from communique.ontology.rule import Rule
from communique.ontology.terms import RDF, RDFS, XSD


def lit(words: str, kind: str = "string") -> str:
    return f'"{words}"' if kind == "string" else f'"{words}"^^<{XSD}{kind}>'


@pytest.mark.parametrize(
    ("literal", "has", "has_not"),
    [
        (lit("42", "integer"), "byte decimal positiveInteger", "negativeInteger float string boolean"),
        (lit("42.0", "decimal"), "byte decimal", "negativeInteger double"),
        (lit("-0", "integer"), "nonNegativeInteger nonPositiveInteger", "positiveInteger negativeInteger"),
        (lit("300", "integer"), "short unsignedShort", "byte unsignedByte"),
        (lit("300", "byte"), "", "byte short integer"),
        (lit("1e3", "decimal"), "", "decimal double"),
        (lit("1e3", "double"), "double", "float decimal"),
        (lit("1e40", "float"), "", "float"),
        (lit("INF", "float"), "float", "double"),
        (lit("words"), "string token NCName NMTOKEN language Name", "anyURI"),
        (lit("two  words"), "string normalizedString", "token Name"),
        (lit("2024-02-30T10:00:00Z", "dateTime"), "", "dateTime"),
        (lit("2024-02-29T24:00:00Z", "dateTime"), "dateTime dateTimeStamp", "string"),
        (lit("12024-02-29T10:00:00", "dateTime"), "dateTime", "dateTimeStamp"),
        (lit("0f", "hexBinary"), "hexBinary", "base64Binary"),
        (lit("maybe", "boolean"), "", "boolean"),
    ],
)
def test_a_literal_is_of_the_datatypes_that_have_its_value(literal: str, has: str, has_not: str) -> None:
    assert all(values.holds(literal, f"<{XSD}{name}>") for name in has.split())
    assert not any(values.holds(literal, f"<{XSD}{name}>") for name in has_not.split())
    assert values.holds(literal, f"<{RDFS}Literal>") == bool(has)


def test_text_in_a_language_is_plain_and_no_string() -> None:
    assert values.holds('"mer"@fr', f"<{RDF}PlainLiteral>") and not values.holds('"mer"@fr', f"<{XSD}string>")
    assert values.value('"mer"@fr') == values.value(f'"mer@FR"^^<{RDF}PlainLiteral>') != values.value('"mer"')
    assert values.value(f'"<a>"^^<{RDF}XMLLiteral>') is None


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (lit("1", "integer"), lit("+01.0", "decimal"), True),
        (lit("1", "integer"), lit("1", "float"), False),
        (lit("0", "double"), lit("-0", "double"), False),
        (lit("2024-05-01T12:00:00+02:00", "dateTime"), lit("2024-05-01T10:00:00.0Z", "dateTime"), True),
        (lit("2024-05-01T12:00:00", "dateTime"), lit("2024-05-01T12:00:00Z", "dateTime"), False),
        (lit("0A", "hexBinary"), lit("0a", "hexBinary"), True),
        (lit("1", "boolean"), lit("true", "boolean"), True),
    ],
)
def test_values_are_the_same_whatever_their_form(left: str, right: str, equal: bool) -> None:
    assert (values.value(left) == values.value(right)) is equal


TERMS = [
    "<http://example.org/a>",
    "<http://example.org/b>",
    lit("1"),
    '"1"@en',
    lit("1", "integer"),
    lit("01", "integer"),
    lit("1.5", "decimal"),
    lit("1", "double"),
    lit("-3", "integer"),
    lit("true", "boolean"),
    lit("2024-05-01T12:00:00+02:00", "dateTime"),
    lit("2024-05-01T10:00:00Z", "dateTime"),
    lit("2024-06-01T10:00:00Z", "dateTime"),
    lit("2024-05-01", "date"),
    lit("2024-06-01", "date"),
    lit("2024-06-01Z", "date"),
]
KINDS = [f"<{XSD}{n}>" for n in ("string", "integer", "decimal", "positiveInteger", "byte", "dateTimeStamp", "NCName", "boolean")]


@pytest.mark.parametrize("operator", values.OPERATORS)
def test_a_guard_says_the_same_in_python_and_in_sparql(operator: str) -> None:
    store = ox.Store()
    for left in TERMS:
        for right in [*KINDS, f"<{RDFS}Literal>", f"<{RDF}PlainLiteral>"] if operator.endswith("in") else TERMS:
            query = f"ASK {{ BIND({left} AS ?left) BIND({right} AS ?right) FILTER({values.sparql('?left', operator, right)}) }}"
            assert bool(store.query(query)) == values.OPERATORS[operator][0](left, right), (left, operator, right)


def test_a_variable_that_nothing_binds_is_an_error_in_one_line() -> None:
    with pytest.raises(ReasoningError, match=r"^made-up: the head names \?z, which its body does not bind; bind it$") as caught:
        Rule("made-up", "a slip", ("?x", "<x:p>", "?z"), (("?x", "<x:q>", "?y"),))
    assert caught.value.where == "made-up"
    with pytest.raises(ReasoningError, match="the guard names"):
        Rule("made-up", "a slip", None, (("?x", "<x:q>", "?y"),), (("?x", "<", "?z"),))
    with pytest.raises(ReasoningError, match="no operator ~"):
        Rule("made-up", "a slip", None, (("?x", "<x:q>", "?y"),), (("?x", "~", "?y"),))
