"""Counterparts without a name or a state: ``held talks with his counterpart``, whom the page names elsewhere in the same office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from communique.ingest.encounters.participants import covers
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.appositions import joined
from communique.ingest.people.names import fold, read_name
from communique.ingest.people.parses import Parse, Who

_OPEN = ".open"
_BESIDE = re.compile(r"(?:[^.;,]{0,40}?\bwith)? (?P<who>(?:his|her) (?:[a-z]+ )?(?:counterpart|colleague|host|homologue)),? (?=[A-Z])")
_WITH = re.compile(
    r"[^.;,]{0,40}?\bwith (?P<who>(?:his|her) (?:[a-z]+ )?(?:counterpart|colleague|host|homologue))\b(?! (?:from|of|in) )(?!,? [A-Z])"
)


def counterparted(tellings: Iterable[Telling], body: Sequence[Parse], own: str | None) -> list[Telling]:
    """The clauses, each counterpart as the one person of another state whom the page names in the office of the subject."""
    return [_named(t, body, own) if t.rule.endswith(_OPEN) and len(t.subjects) == 1 else t for t in tellings]


def _named(t: Telling, body: Sequence[Parse], own: str | None) -> Telling:
    beside = _BESIDE.match(t.parse.text, t.end)
    ws = t.parse.line.words
    k = next((n for n, w in enumerate(ws) if beside and w.start == beside.end()), None)
    if beside and k is not None and (stop := read_name(ws, k, frozenset(), 5)) > k + 1:
        # "met his colleague Name Name"
        name = t.parse.text[ws[k].start : ws[stop - 1].end]
        other = Who(beside.start("who"), ws[stop - 1].end, name, (), None, None, False, "person.counterpart")
        return replace(t, objects=(other,), rule=t.rule.removesuffix(_OPEN))
    m = _WITH.match(t.parse.text, t.end)
    mine = t.subjects[0].offices
    if m is None or not mine:
        return t
    held = {fold(w.name).split()[-1]: w for p in body for w in joined(p, list(p.persons)) if w.name and _equal(w, mine[0], own)}
    if len(held) != 1:
        return t
    other = replace(next(iter(held.values())), start=m.start("who"), end=m.end("who"), rule="person.counterpart")
    return replace(t, objects=(other,), rule=t.rule.removesuffix(_OPEN))


def _equal(w: Who, office: str, own: str | None) -> bool:
    return w.party not in (None, own) and any(covers(o, office) or covers(office, o) for o in w.offices)
