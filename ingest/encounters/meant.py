"""Whom a phrase without a name means: the author of an account, somebody told by his state, the counterpart from a state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from communique.ingest.encounters.page import FRAME, Page, holders
from communique.ingest.encounters.sides import SIDE
from communique.ingest.people.appositions import who_of
from communique.ingest.people.author import RULE, named_author
from communique.ingest.people.names import fold
from communique.ingest.people.parses import Parse, Who

_COUNTERPART = re.compile(r" (?:counterpart|colleague|homologue)\b")


def meant(page: Page, p: Parse, w: Who) -> Who:
    """Whom a phrase means that tells no name: the author, somebody told by his state, the counterpart from a state."""
    if w.rule == RULE:
        return _author(page, w)
    if w.rule == SIDE:
        return _of_side(page, w)
    counterpart = w.name is None and not w.offices and w.party and _COUNTERPART.match(p.text, w.end)
    return _of_party(page, w) if counterpart else w


def _of_side(page: Page, w: Who) -> Who:
    """Somebody told by his state alone (``the Latvian official``): the one person of it whom the title or a clause names."""
    told = [*page.title.persons, *(x for t in (*page.opening, *page.tellings) for x in (*t.subjects, *t.objects))]
    own = [x for t in page.opening for x in t.subjects] if w.party == page.source.party else []
    named = {fold(x.name).split()[-1]: x for x in [*told, *own] if x.name and (x.party == w.party or (x in own and x.party is None))}
    one = next(iter(named.values())) if len(named) == 1 else None
    return replace(w, name=one.name, offices=one.offices, feminine=one.feminine) if one else w


def _of_party(page: Page, w: Who) -> Who:
    """``held talks with his Omani counterpart``, who paid the visit that the page tells before: the one person of Oman whom it names."""
    theirs = {fold(x.name).split()[-1]: x for p in page.parses for x in holders(p) if x.name and x.offices and x.party == w.party}
    one = next(iter(theirs.values())) if len(theirs) == 1 else None
    return replace(w, name=one.name, offices=one.offices, feminine=one.feminine) if one else w


def _author(page: Page, w: Who) -> Who:
    """The author of an account in the first person: whom the publisher's name or the title tells as his own side, else his party."""
    own = page.source.party
    publisher = named_author(page.document.publisher, page.lexicon)
    issuer = page.title.issuer if page.title.issuer and not any("Spokesperson" in o for o in page.title.issuer.offices) else None
    found = [t for t in (publisher, *page.title.subjects, issuer, *_signed(page)) if t and (t.name or t.offices) and t.party in (None, own)]
    if not found:
        return replace(w, party=own)
    named = next((t for t in found if t.name), found[0])
    offices = max((t.offices for t in found if not (t.name and named.name) or t.name == named.name), key=lambda o: sum(map(len, o)))
    return Who(w.start, w.end, named.name, offices, own or named.party, named.feminine, False, RULE)


def _signed(page: Page) -> Iterator[Who]:
    """The persons whom the lines above an account name: whose post it is."""
    for p in page.parses:
        if p.sentence.block.kind not in FRAME:
            return
        yield from (who_of(p, q) for q in p.persons if not q.plural)
