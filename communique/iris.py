"""Every IRI and URL of the project is minted here: deterministic slugs and hashes, one base, no clock and no counter of a run.

Terms (``cq:``) and vocabulary concepts are fixed; what is read from readouts is minted under a base that can be
configured.  Nodes that belong to one account stand under the IRI of their readout, so they never clash and go with it;
offices and candidate issues are shared and get an IRI made from what identifies them, as do the persons of the authority file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from communique.model import Document, Participant

CQ: Final = "https://w3id.org/communique/ns#"
VOCAB: Final = "https://w3id.org/communique/vocab/"
BASE: Final = "https://w3id.org/communique/"

# Letters that Unicode does not decompose into a base letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ə": "e"})
_GAP = re.compile(r"[^a-z0-9]+")
_SLUG_MAX = 80


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """``text`` in lower-case ASCII letters, digits and hyphens; what cannot be written so is told apart by a hash.

    >>> slug("Ramírez de Rincón, Marta Lucía")
    'ramirez-de-rincon-marta-lucia'
    """
    folded = _folded(text)
    letters = plain(text).replace("'", "").replace("’", "")
    out = _GAP.sub("-", letters).strip("-")
    lost = any(c.isalnum() and not c.isascii() for c in letters)
    if len(out) > _SLUG_MAX:
        out, lost = out[:_SLUG_MAX].rsplit("-", 1)[0], True
    if not out or lost:
        out = f"{out}-{digest(folded)}".strip("-")
    return out


def plain(text: str) -> str:
    """``text`` in lower case and without accents.

    >>> plain("Mevlüt Çavuşoğlu")
    'mevlut cavusoglu'
    """
    return "".join(c for c in _folded(text) if not unicodedata.combining(c))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)


def digest(text: str, size: int = 8) -> str:
    """The first ``size`` hexadecimal digits of the SHA-256 of ``text``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:size]


def given_name(name: str, family: str | None) -> str:
    """The given name in a full name: the words that are not the family name and no initials (``Antony J. Blinken`` -> ``Antony``)."""
    last = {slug(w) for w in (family or "").split()}
    return " ".join(w for w in name.split() if slug(w) not in last and len(w.strip(".")) > 1)


def term(name: str) -> str:
    """The IRI of an ontology term: ``term("Meeting")``."""
    return CQ + name


def concept(kind: str, id_: str) -> str:
    """The IRI of a vocabulary concept: ``concept("state", "JPN")``."""
    return f"{VOCAB}{kind}/{id_}"


@lru_cache(maxsize=65536)
def _within(base: str, value: str) -> str:
    """A value as part of the path of an IRI."""
    for head in (VOCAB, f"{base}id/", CQ):
        if value.startswith(head):
            return value[len(head) :]
    return value if ":" not in value else digest(value, 12)


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints the IRIs of data under ``base``, which ends with a slash."""

    base: str = BASE

    def __post_init__(self) -> None:
        if not self.base.endswith("/"):
            object.__setattr__(self, "base", self.base + "/")

    # Graphs

    def graph(self, name: str) -> str:
        """A named graph of the whole store: ``ontology``, ``vocabulary``, ``reference``, ``global``, ``findings``."""
        return f"{self.base}graph/{name}"

    def account(self, readout: str) -> str:
        """The account a readout gives, which is also its asserted named graph."""
        return f"{readout}/account"

    def inferred(self, graph: str) -> str:
        """The graph of what follows from ``graph``."""
        return f"{graph}/inferred"

    def findings_of(self, account: str) -> str:
        """The graph of what is found in the readout of an account; what joins readouts has ``graph("findings")``."""
        return self.graph("findings") + account.removeprefix(f"{self.base}id/readout").removesuffix("/account")

    def is_inferred(self, graph: str) -> bool:
        """Whether ``graph`` holds inferences only."""
        return graph.endswith("/inferred")

    def readout_of(self, iri: str) -> str | None:
        """The readout that a node, an account or an inferred graph belongs to; ``None`` for what is shared."""
        head = f"{self.base}id/readout/"
        parts = iri[len(head) :].split("/") if iri.startswith(head) else []
        return head + "/".join(parts[:3]) if len(parts) >= 3 else None

    # A readout and the nodes of its account

    def readout(self, document: Document) -> str:
        """A page: ``id/readout/<source>/<date>/<slug>``; the slug ends with a hash of the URL, or of the text if there is none."""
        day = document.date or "undated"
        name = slug(document.id).removeprefix(f"{slug(document.source)}-").removeprefix(f"{day}-")
        return f"{self.base}id/readout/{slug(document.source)}/{slug(day)}/{name}-{digest(document.url or document.sha256, 6)}"

    def part(self, readout: str, kind: str, id_: object) -> str:
        """A node of an account: ``part(r, "act", "a1")``; kinds are encounter, occasion, participation, act, issue-mention,
        commitment, reference, segment, diagnostic, extraction, person."""
        return f"{readout}/{kind}/{slug(str(id_))}"

    def named(self, readout: str, participant: Participant) -> str:
        """A person as a readout names them: one node for one party, family name and given name.

        Who that is in other readouts is decided in the authority file, never here.
        """
        name = participant.name or participant.family or "unnamed"
        family = participant.family or name
        return self.part(readout, "person", f"{participant.party or ''} {family} {given_name(name, family)}")

    # Shared by readouts

    def person(self, key: str) -> str:
        """A person of the authority file."""
        return f"{self.base}id/person/{key}"

    def office(self, party: str | None, kind: str) -> str:
        """An office of a party: the kind of the office vocabulary, or the title as written."""
        return f"{self.base}id/office/{slug(party or 'unknown')}/{slug(kind)}"

    def incumbency(self, person: str, office: str, number: int = 1) -> str:
        """The holding of an office by a person, for the ``number``-th time."""
        again = f"/{number}" if number > 1 else ""
        return f"{self.base}id/incumbency/{person.rsplit('/', 1)[1]}/{'/'.join(office.rsplit('/', 2)[1:])}{again}"

    def identification(self, *parts: str) -> str:
        """A decision on who is meant, by everything it says."""
        return f"{self.base}id/identification/{digest(chr(31).join(parts), 12)}"

    def candidate(self, phrase: str) -> str:
        """An issue that no vocabulary knows yet, by its phrase."""
        return f"{self.base}id/candidate/{slug(phrase)}"

    def party(self, name: str) -> str:
        """A party that no vocabulary knows, by its name."""
        return f"{self.base}id/party/{slug(name)}"

    def publisher(self, source: str, name: str, *, composed: bool = False) -> str:
        """The body that publishes: by source, or by its name if the reader is generic; composed samples have their own."""
        known = slug(name) if source == "generic" else slug(source)
        return f"{self.base}id/publisher/{known}{'-composed' if composed else ''}"

    # Counts

    def cube(self, name: str) -> str:
        """A data set of counts: ``aggregate/issue-pairs``."""
        return f"{self.base}aggregate/{name}"

    def observation(self, name: str, *values: str) -> str:
        """A cell of a data set, by the values of its dimensions: IRIs of terms, of vocabularies or of this base, and months."""
        return "/".join((self.cube(name), *(_within(self.base, value) for value in values)))

    # Global layer

    def pairing(self, first: str, second: str) -> str:
        """The pairing of two encounters, whichever is named first."""
        return f"{self.base}id/pairing/{digest(' '.join(sorted((first, second))), 12)}"

    def resolution(self, reference: str, encounter: str) -> str:
        """That a reference means an encounter."""
        return f"{self.base}id/resolution/{digest(f'{reference} {encounter}', 12)}"

    def stance(self, *parts: str) -> str:
        """A stance, by the party, what it is towards, the year and who tells it."""
        return f"{self.base}id/stance/{digest(' '.join(parts), 12)}"

    def finding(self, *parts: str) -> str:
        """A finding, by everything it says."""
        return f"{self.base}id/finding/{digest(chr(31).join(parts), 12)}"

    def proof(self, *parts: str) -> str:
        """A step of a proof, by everything that it says and rests on."""
        return f"{self.base}id/proof/{digest(chr(31).join(parts), 12)}"

    def statement(self, subject: str, predicate: str, obj: str) -> str:
        """A statement, by its three terms in N-Triples form."""
        return f"{self.base}statement/{digest(f'{subject} {predicate} {obj}', 12)}"

    def query(self, name: str) -> str:
        """A saved query; its answers' columns and rows are fragments of it."""
        return f"{self.base}query/{slug(name)}"

    # URLs of a server

    def path(self, iri: str) -> str | None:
        """The path under which a server answers for an IRI of this base; ``None`` for foreign IRIs."""
        return "/" + iri[len(self.base) :] if iri.startswith(self.base) else None

    def at(self, path: str) -> str:
        """The IRI that a path of a server stands for: the inverse of :meth:`path`."""
        return self.base + path.lstrip("/")
