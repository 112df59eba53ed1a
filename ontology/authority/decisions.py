"""Decisions of a curator: a file with one line each, which win over every rule.

::

    same USA:"Joe Biden" USA:"Joseph R. Biden, Jr."      # one man, two styles
    different KOR:"Park Jin" <https://.../person/kor-park-jin>   # another Park Jin, professor
    name VNM:"BUI Thanh Son" "Bui Thanh Son"             # as his ministry writes it

A person is given by party and name as written (case, accents and order of words as in the text do not matter, the words do; nothing
before the colon: no party), by the id that ``communique people`` shows (``usa-biden-joe``), or by IRI: of a person, or of one
readout's mention.  Each line ends with its reason behind a ``#``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from communique.errors import InputError
from communique.iris import digest
from communique.ontology.authority.mentions import Mention
from communique.ontology.authority.names import fold

_FORMS = {"same": "same A B # reason", "different": "different A B # reason", "name": 'name A "label" # reason'}
_IRI = re.compile(r"<(https?://[^\s<>]+)>")
_ID = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True, order=True)
class Who:
    """Whom a line means: by ``iri``, by ``id``, or by ``party`` and folded ``name``; ``text`` is what the line says."""

    text: str
    iri: str = ""
    id: str = ""
    party: str = ""
    name: str = ""

    def means(self, mention: Mention) -> bool:
        """Whether ``mention`` is meant."""
        if self.iri:
            return mention.iri == self.iri
        if self.id:
            # A person of the same party and name as another has an id with the hash of the mention it begins with.
            return mention.key == self.id or self.id == f"{mention.key}-{digest(mention.iri, 6)}"
        return mention.code == self.party and fold(mention.name) == self.name


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One line: ``what`` is ``same``, ``different`` or ``name``; ``where`` is ``file:line``."""

    where: str
    what: str
    first: Who
    second: Who | None
    label: str
    reason: str


def read(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file, in its order.

    Raises ``InputError`` for a file that cannot be read and for the first line that is no decision, with ``file:line``.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=path, todo="save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path, todo="give a file of decisions, or none") from error
    return parse(lines, str(path))


def parse(lines: Iterable[str], file: str) -> tuple[Decision, ...]:
    """The decisions in lines; ``file`` is what messages call them."""
    return tuple(
        _decision(line, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")
    )


def _decision(line: str, where: str) -> Decision:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    lexer.quotes = '"'
    try:
        words = list(lexer)
    except ValueError:
        raise InputError("a quotation mark is not closed", where=where, todo='write names like USA:"Joe Biden"') from None
    what = words[0]
    if what not in _FORMS:
        raise InputError(f"'{what}' is no decision", where=where, todo="begin the line with same, different or name")
    mark = next((i for i, word in enumerate(words) if word.startswith("#")), len(words))
    reason = " ".join(words[mark:]).lstrip("#").strip()
    if mark != 3:
        raise InputError(f"{what} takes two values, here are {mark - 1}", where=where, todo=f"write: {_FORMS[what]}")
    if not reason:
        raise InputError("the reason is missing", where=where, todo=f"write: {_FORMS[what]}")
    first, second = words[1], words[2]
    if what == "name":
        if not second.strip():
            raise InputError("the name is empty", where=where, todo=f"write: {_FORMS[what]}")
        return Decision(where, what, _who(first, where), None, second, reason)
    return Decision(where, what, _who(first, where), _who(second, where), "", reason)


def _who(text: str, where: str) -> Who:
    if iri := _IRI.fullmatch(text):
        # The IRI of a person of the authority file says no more than its id; that of a mention names one readout.
        return Who(text, id=iri[1].rsplit("/", 1)[1]) if "/id/person/" in iri[1] else Who(text, iri=iri[1])
    party, colon, name = text.partition(":")
    if colon and fold(name):
        return Who(text, party=party, name=fold(name))
    if _ID.fullmatch(text):
        return Who(text, id=text)
    raise InputError(f"'{text}' names nobody", where=where, todo='write PARTY:"Name as written", an id, or an IRI in < >')
