"""What of an account is a fact: its lines without sentences, titles and quotes, with labels made from what is left.

``facts.toml`` lists each property with the reason.  The graph keeps every node, place and hash, so that the text, wherever it is found,
can be proved to be the one that was read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from communique.errors import DataError
from communique.ingest.nquads import LABEL, RDF_TYPE, literal
from communique.iris import CQ, Iris, digest
from communique.ontology.terms import text

_PREF = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_LINE = re.compile(r"(<[^>]*>) (<[^>]*>) (.*) <([^>]*)> \.")
_LINK = re.compile(r"\]\([^)\s]*\)")
_KINDS = {
    "call": "Call",
    "video": "Video call",
    "meeting": "Meeting",
    "multilateral-meeting": "Meeting of several",
    "visit": "Visit",
    "dialogue": "Dialogue",
    "signing": "Signing",
}
_NAMED = 4  # participants in a label
_PLACE = 5  # words that the name of a place has at most
UNNAMED = "an issue that the vocabulary does not name"
Triple = tuple[str, str, str]


def letters(words: str) -> str:
    """The hash of the letters and digits of a text alone: two renderings of a page (HTML, Markdown, wrapped lines) have the same.

    >>> letters("**The** Secretary’s call") == letters("the Secretarys call")
    True
    """
    return sha256(plain(words).encode()).hexdigest()


def plain(words: str) -> str:
    """The letters and digits of a text, small, without the addresses of links."""
    return "".join(c for c in unicodedata.normalize("NFKC", _LINK.sub("]", words)).casefold() if c.isalnum())


def facts_only(lines: Iterable[str], iris: Iris) -> list[str]:
    """The facts of one account, sorted; nothing for a document that was set aside.  What is facts only already stays as it is.

    ``lines`` are the N-Quads of its graph.  Raises ``DataError`` for a property that ``facts.toml`` does not name.
    """
    found: list[Triple] = []
    graph = ""
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise DataError("is no line of an account", where=line[:120], todo="give the graph of a readout as N-Quads")
        found.append((match[1], match[2], match[3]))
        graph = match[4]
    of = _by_subject(found)
    readout = f"<{iris.readout_of(graph)}>"
    if f"<{CQ}Readout>" not in of[readout][RDF_TYPE]:
        return []
    if _cq("text") in of[readout]:
        found.append((readout, _cq("lettersSha256"), literal(letters(text(of[readout][_cq("text")][0])))))
        found.append((readout, _cq("factsOnly"), literal(True)))
    labels = _labels(of, readout) if _cq("text") in of[readout] else {}
    hidden = {s: f"<{iris.base}id/candidate/{digest(s, 12)}>" for s in of if _cq("phrase") in of[s]}
    kept = [(s, p, labels.get(s, o) if p == LABEL else literal(UNNAMED) if p == _PREF else o) for s, p, o in found if _kept(p, o)]
    return sorted({f"{hidden.get(s, s)} {p} {hidden.get(o, o)} <{graph}> ." for s, p, o in kept})


def _kept(p: str, o: str) -> bool:
    keep, out = _table()
    if p == _cq("placeName") and len(re.findall(r"\w+", text(o))) > _PLACE:
        return False
    if p not in keep and p not in out:
        raise DataError("is a property of which nobody has said whether it is a fact", where=p, todo="name it in facts.toml")
    return p in keep


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    told = tomllib.loads(files("communique.ingest.withheld").joinpath("facts.toml").read_text(encoding="utf-8"))
    keep = {*map(_cq, told["keep"]), *(f"<{iri}>" for iri in told["keep_iris"]), LABEL, _PREF}
    return frozenset(keep), frozenset(map(_cq, told["leave_out"]))


def _cq(name: str) -> str:
    return f"<{CQ}{name}>"


_Facts = Mapping[str, Mapping[str, Sequence[str]]]


def _by_subject(triples: Iterable[Triple]) -> _Facts:
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        of[s][p].append(o)
    return of


# Labels


def _labels(of: _Facts, readout: str) -> dict[str, str]:
    """The labels that are made anew, by node."""
    encounters = sorted(o for s in of for o in of[s].get(_cq("describesEncounter"), ()))
    named = {e: _encounter(of, e) for e in encounters}
    more = f"; and {len(named) - 1} more" if len(named) > 1 else ""
    out = {readout: f"{named[encounters[0]]}{more}" if encounters else "Readout", **named}
    for e in encounters:
        for occasion in of[e].get(_cq("onMarginsOf"), ()):
            out[occasion] = f"occasion named at characters {_one(of, occasion, 'start')} to {_one(of, occasion, 'end')}"
        for act in of[e].get(_cq("hasSpeechAct"), ()):
            out[act] = text(of[act][LABEL][0]).partition(" (“")[0]
    return {node: literal(label) for node, label in out.items()}


def _encounter(of: _Facts, encounter: str) -> str:
    """``Call: Blinken (USA), Kuleba (UKR)``: the kind, and who takes part, in the order of the text."""
    parts = sorted(of[encounter].get(_cq("hasParticipation"), ()), key=lambda p: int(_one(of, p, "order")))
    names = list(dict.fromkeys(filter(None, (_participant(of, p) for p in parts))))
    told = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"{_KINDS.get(_one(of, encounter, 'kind'), 'Encounter')}: {told or 'nobody is named'}"


def _participant(of: _Facts, participation: str) -> str:
    agent = of[participation][_cq("participant")][0]
    offices = of[participation].get(_cq("inOffice"), ())
    parties = [*of[participation].get(_cq("represents"), ()), *(p for o in offices for p in of[o].get(_cq("officeOf"), ()))]
    party = parties[0].rstrip(">").rsplit("/", 1)[1] if parties else ""
    family = _one(of, agent, "familyName") if agent in of else ""
    return f"{family} ({party})" if family and party else family or party or agent.rstrip(">").rsplit("/", 1)[1]


def _one(of: _Facts, node: str, name: str) -> str:
    """The value of a literal, empty if there is none."""
    found = of[node].get(_cq(name), ())
    return found[0].split('"')[1] if found and "\\" not in found[0] else text(found[0]) if found else ""
