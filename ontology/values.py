"""The values of literals: which datatype has which, what equals what, and the tests that rules can put to two terms.

``DATATYPES`` has one row for each datatype of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Entities_3), after XML Schema.  Values of
different primitive types are never the same in OWL: ``1.0`` is ``1``, and ``"1"^^xsd:float`` is neither.  The ``OPERATORS`` of guards
compare as SPARQL does, where a number is a number; what cannot be compared passes ``!=`` and ``not-in`` only.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from xml.parsers import expat

import pyoxigraph as ox

from communique.ontology.terms import RDF, RDFS, XSD

Value = tuple[str, Any]
"""The primitive type of a value, and an object that is equal where the values are the same."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype: the primitive type of its values, the pattern of its lexical forms, how one is read (None if it has no value).

    Numbers may be bounded and ``whole``; other values are those with a lexical form of the pattern.
    """

    primitive: str
    lexical: str
    read: Callable[[str], object | None]
    whole: bool = False
    low: int | None = None
    high: int | None = None


# Reading lexical forms


def _float(packing: str) -> Callable[[str], object | None]:
    """Reads numbers of IEEE 754; one too large or too near to zero has no value, as the W3C test cases have it.

    The value is written out, since -0 is not 0 and NaN is the same as itself.
    """

    def read(words: str) -> object | None:
        number = float(words)
        try:
            (rounded,) = struct.unpack(packing, struct.pack(packing, number))
        except OverflowError:
            return None
        infinite = rounded in (float("inf"), float("-inf")) and "INF" not in words
        vanished = rounded == 0 and re.search("[1-9]", re.split("[eE]", words)[0])
        return None if infinite or vanished else repr(rounded)

    return read


def _moment(words: str) -> object | None:
    """Whether the zone is known, and the seconds since a fixed day; any number of digits in years and seconds."""
    found = re.fullmatch(r"(-?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:(Z)|([+-])(\d\d):(\d\d))?", words)
    if found is None:
        return None
    year, hours, minutes, seconds = int(found[1]), int(found[4]), int(found[5]), Decimal(found[6])
    ahead = (int(found[9]) * 60 + int(found[10])) * (-1 if found[8] == "-" else 1) if found[8] else 0
    midnight = hours == 24 and minutes == 0 and seconds == 0
    if not (midnight or (hours < 24 and minutes < 60 and seconds < 60)) or abs(ahead) > 14 * 60:
        return None
    try:
        # The calendar repeats after 400 years of 146,097 days.
        days = date(2000 + year % 400, int(found[2]), int(found[3])).toordinal() + year // 400 * 146097
    except ValueError:
        return None
    return bool(found[7] or found[8]), days * 86400 + (hours * 60 + minutes - ahead) * 60 + seconds


def _bytes(words: str) -> object | None:
    try:
        return base64.b64decode(words.replace(" ", ""), validate=True)
    except binascii.Error:
        return None


def _tagged(words: str) -> object:
    string, _, tag = words.rpartition("@")
    return string, tag.lower()


def _xml(words: str) -> object | None:
    # A document type, where the dangers of XML are, cannot stand inside an element.
    try:
        expat.ParserCreate().Parse(f"<x>{words}</x>", True)
    except expat.ExpatError:
        return None
    return words


_ANY = r"(?s).*"
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_FLOAT = rf"(?:{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN)"
_TIME = r"-?(?:\d{4}|[1-9]\d{4,})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_LANGUAGE = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
_PART = r"[\w.·-]"


def _whole(low: int | None = None, high: int | None = None) -> Datatype:
    return Datatype("decimal", r"[+-]?\d+", Decimal, True, low, high)


def _words(lexical: str) -> Datatype:
    return Datatype("string", lexical, lambda words: (words, ""))


_LITERAL, _PLAIN, _LANG = f"<{RDFS}Literal>", f"<{RDF}PlainLiteral>", f"<{RDF}langString>"
DATATYPES: Final[dict[str, Datatype]] = {
    f"<{XSD}{name}>": datatype
    for name, datatype in {
        "decimal": Datatype("decimal", _DECIMAL, Decimal),
        "integer": _whole(),
        "nonNegativeInteger": _whole(0),
        "nonPositiveInteger": _whole(None, 0),
        "positiveInteger": _whole(1),
        "negativeInteger": _whole(None, -1),
        "long": _whole(-(2**63), 2**63 - 1),
        "int": _whole(-(2**31), 2**31 - 1),
        "short": _whole(-(2**15), 2**15 - 1),
        "byte": _whole(-(2**7), 2**7 - 1),
        "unsignedLong": _whole(0, 2**64 - 1),
        "unsignedInt": _whole(0, 2**32 - 1),
        "unsignedShort": _whole(0, 2**16 - 1),
        "unsignedByte": _whole(0, 2**8 - 1),
        "float": Datatype("float", _FLOAT, _float("f")),
        "double": Datatype("double", _FLOAT, _float("d")),
        "boolean": Datatype("boolean", r"true|false|0|1", lambda words: words in ("true", "1")),
        "string": _words(_ANY),
        "normalizedString": _words(r"[^\r\n\t]*"),
        "token": _words(r"(?:\S+(?: \S+)*)?"),
        "language": _words(_LANGUAGE),
        "Name": _words(rf"(?:[^\W\d]|:)(?:{_PART}|:)*"),
        "NCName": _words(rf"[^\W\d]{_PART}*"),
        "NMTOKEN": _words(rf"(?:{_PART}|:)+"),
        "anyURI": Datatype("anyURI", r"(?:[A-Za-z][A-Za-z0-9+.-]*:|[^:/?#\s]*(?:[/?#]|$))[^\s<>\"{}|\\^`]*", str),
        "hexBinary": Datatype("hexBinary", r"(?:[0-9a-fA-F]{2})*", bytes.fromhex),
        "base64Binary": Datatype("base64Binary", r"[A-Za-z0-9+/= ]*", _bytes),
        "dateTime": Datatype("dateTime", rf"{_TIME}{_ZONE}?", _moment),
        "dateTimeStamp": Datatype("dateTime", rf"{_TIME}{_ZONE}", _moment),
    }.items()
} | {
    _PLAIN: Datatype("string", rf"(?s).*@(?:{_LANGUAGE})?", _tagged),
    f"<{RDF}XMLLiteral>": Datatype("XMLLiteral", _ANY, _xml),
    _LITERAL: Datatype("any", _ANY, str),
}


# Days are no datatype of OWL 2 RL; rules of the domain compare them.
_DAYS = {
    f"<{XSD}date>": Datatype(
        "date", rf"-?(?:\d{{4}}|[1-9]\d{{4,}})-\d\d-\d\d{_ZONE}?", lambda words: _moment(f"{words[:10]}T00:00:00{words[10:]}")
    )
}
_ALL = DATATYPES | _DAYS


@lru_cache(maxsize=4096)
def _parts(literal: str) -> tuple[str, str, str]:
    """The words, the datatype and the language tag of a literal in N-Triples syntax."""
    term = next(iter(ox.parse(f"<x:s> <x:p> {literal} .", format=ox.RdfFormat.N_TRIPLES))).object
    assert isinstance(term, ox.Literal)
    return term.value, str(term.datatype), term.language or ""


@lru_cache(maxsize=4096)
def value(literal: str) -> Value | None:
    """The value of a literal in N-Triples syntax; None if its words are none of its datatype, or the datatype is not known."""
    words, kind, tag = _parts(literal)
    if tag:
        return "string", (words, tag.lower())
    if kind not in _ALL or kind == _LITERAL or not re.fullmatch(_ALL[kind].lexical, words):
        return None
    read = _ALL[kind].read(words)
    return None if read is None or not _within(_ALL[kind], read) else (_ALL[kind].primitive, read)


def _within(datatype: Datatype, number: object) -> bool:
    return not isinstance(number, Decimal) or (
        (datatype.low is None or number >= datatype.low)
        and (datatype.high is None or number <= datatype.high)
        and (not datatype.whole or number == number.to_integral_value())
    )


def known(literal: str) -> bool:
    """Whether the datatype of a literal is one whose values are known here."""
    return _parts(literal)[1] in _ALL or bool(_parts(literal)[2])


@lru_cache(maxsize=4096)
def holds(literal: str, kind: str) -> bool:
    """Whether the value of a literal is one of a datatype; nothing is of a datatype that is not known."""
    found = value(literal)
    if kind == _LITERAL:
        return found is not None or not known(literal)
    datatype = DATATYPES.get(kind)
    if found is None or datatype is None or datatype.primitive != found[0]:
        return False
    if datatype.primitive == "decimal":
        return _within(datatype, found[1])
    if datatype.primitive == "string":
        words, tag = found[1]
        return kind == _PLAIN or (not tag and re.fullmatch(datatype.lexical, words) is not None)
    return datatype.primitive != "dateTime" or re.fullmatch(datatype.lexical, _parts(literal)[0]) is not None


# Guards


def _comparable(left: str, right: str) -> tuple[Any, Any] | None:
    """Two values that Python compares as SPARQL does."""
    if left[0] != '"' or right[0] != '"':
        return None
    a, b = value(left), value(right)
    if a is None or b is None:
        return None
    numbers = {"decimal", "float", "double"}
    if a[0] in numbers and b[0] in numbers:
        return (a[1], b[1]) if a[0] == b[0] == "decimal" else (float(str(a[1])), float(str(b[1])))
    # Words are compared where they are in one language.
    alike = a[0] == b[0] and (a[0] != "string" or a[1][1] == b[1][1])
    return (a[1], b[1]) if alike else None


def same(left: str, right: str) -> bool:
    """Whether two terms are one, or have equal values."""
    if left == right:
        return True
    pair = _comparable(left, right)
    return pair is not None and pair[0] == pair[1]


def _less(left: str, right: str) -> bool:
    pair = _comparable(left, right)
    if pair is None:
        return False
    if isinstance(pair[0], tuple) and isinstance(pair[0][1], Decimal):
        # Where one of two moments has no zone, they must lie further apart than zones do.
        (zoned, moment), (other_zoned, other) = pair
        return bool(moment + (0 if zoned == other_zoned else 14 * 3600) < other)
    return bool(pair[0] < pair[1])


def _is_in(term: str, kind: str) -> bool:
    return term[0] == '"' and holds(term, kind)


OPERATORS: Final[dict[str, tuple[Callable[[str, str], bool], str]]] = {
    "=": (same, "(sameTerm({0}, {1}) || COALESCE({0} = {1}, false))"),
    "!=": (lambda left, right: not same(left, right), "!(sameTerm({0}, {1}) || COALESCE({0} = {1}, false))"),
    "<": (_less, "isLITERAL({0}) && {0} < {1}"),
    "<=": (lambda left, right: _less(left, right) or (left[0] == '"' and same(left, right)), "isLITERAL({0}) && {0} <= {1}"),
    "in": (_is_in, "COALESCE({2}, false)"),
    "not-in": (lambda term, kind: not _is_in(term, kind), "!COALESCE({2}, false)"),
}


def sparql(left: str, operator: str, right: str) -> str:
    """A guard as a SPARQL expression."""
    return OPERATORS[operator][1].format(left, right, _membership(left, right) if operator.endswith("in") else "")


def _membership(term: str, kind: str) -> str:
    if kind == _LITERAL:
        return f"isLITERAL({term})"
    datatype = DATATYPES[kind]
    family = sorted(k for k, d in DATATYPES.items() if d.primitive == datatype.primitive and k != _PLAIN)
    parts = [f"DATATYPE({term}) IN ({', '.join([*family, _PLAIN, _LANG] if kind == _PLAIN else family)})"]
    if datatype.primitive == "decimal":
        parts += [f"{term} >= {datatype.low}"] if datatype.low is not None else []
        parts += [f"{term} <= {datatype.high}"] if datatype.high is not None else []
        parts += [f"FLOOR({term}) = {term}"] if datatype.whole else []
    elif datatype.lexical != _ANY and kind != _PLAIN:
        parts.append(f"REGEX(STR({term}), {ox.Literal(f'^(?:{datatype.lexical})$')})")
    return " && ".join(parts)
