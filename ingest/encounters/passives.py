"""Encounters told from the other end: what was held and by whom, who was called in, who was there."""

from __future__ import annotations

import re
from dataclasses import replace

from communique.ingest.encounters.sides import objects_after, objects_behind, subjects_before
from communique.ingest.encounters.telling import Telling, boundary_of
from communique.ingest.people.parses import Parse, Who, grammar, inside_person

_HEADED = re.compile(r"\b(?:headed|led|chaired|represented) by\b")
# How far behind "was summoned" it may stand by whom.
_SIDE = 80


def in_passive(p: Parse) -> Telling | None:
    """The encounter that a sentence tells of in the passive, the surest form first."""
    return _held(p) or _inverted(p) or _summoned(p)


def _held(p: Parse) -> Telling | None:
    """``The fourth meeting of ... was co-chaired by A, B and C``; ``A telephone talk was held between A and B``."""
    g = grammar()
    m = g.passive.search(p.text) if g.search("held", p.text) else None
    if m is None or inside_person(p, m.start()):
        return None
    objects = objects_behind(p, m.start("by"), len(p.text), only="by|between|with")
    if len(objects) == 1 and m["by"] == "by":  # "A dinner in honour of B was hosted by A"
        objects += objects_behind(p, m.end("noun"), m.start("held"), only="with|for|in honou?r of")
    if len(objects) < 2:
        return None
    objects = _headed(p, objects)
    # The noun nearest to the verb: "the Vice-Ministerial Consultations were held".
    noun = [n[0] for n in g.nouns.finditer(p.text, m.start(), m.start("by"))][-1:] or [m["noun"]]
    edge = boundary_of(p, objects[-1].end)
    kind = g.types.get(noun[0].lower(), "meeting")
    if kind == "meeting" and g.patterns["multilateral"].search(p.text[: m.end()]):
        kind = "multilateral-meeting"
    return Telling(
        p,
        m.start(),
        m.end(),
        kind,
        (),
        objects,
        False,
        ((0, objects[0].start), (objects[-1].end, edge)) if objects[-1].end < edge else ((0, objects[0].start),),
        "encounter.passive",
    )


def _headed(p: Parse, objects: tuple[Who, ...]) -> tuple[Who, ...]:
    """``between the delegations of X and Y, headed by Ministers A and B``: each by name, in the order of their states."""
    sides = [w.party for w in objects if w.name is None and w.party]
    named = [w for w in objects if w.name]
    if len(sides) != len(named) or len(sides) + len(named) < len(objects) or any(w.party for w in named):
        return objects
    if not _HEADED.search(p.text, objects[len(sides) - 1].end, named[0].start):
        return objects
    return tuple(replace(w, party=side) for w, side in zip(named, sides, strict=True))


def _inverted(p: Parse) -> Telling | None:
    """``Taking part in the trilateral meeting held today were A, B of X and C of Y``."""
    g = grammar()
    opening = g.search("inverted", p.text)
    m = g.noun.match(p.text, opening.end()) if opening else None
    were = p.text.find(" were ", m.end()) if m else -1
    objects = objects_after(p, were + len(" were ")) if were > 0 else ()
    if m is None or len({w.party or w.name for w in objects}) < 2:
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    kind = "multilateral-meeting" if kind == "meeting" and g.patterns["multilateral"].search(m[0]) else kind
    return Telling(p, m.start("noun"), m.end(), kind, (), objects, False, ((0, objects[0].start),), "encounter.passive")


def _summoned(p: Parse) -> Telling | None:
    """``Ambassador B was summoned to the Ministry today``, by whom is often left to the reader."""
    m = grammar().search("summoned", p.text)
    if m is None or inside_person(p, m.start()):
        return None
    called = subjects_before(p, 0, m.start())
    if not called:
        return None
    by = p.text.find(" by ", m.end())
    agents = objects_behind(p, by, len(p.text), only="by")[:1] if 0 <= by - m.end() < _SIDE else ()
    scope = ((0, called[0].start), (m.start(), agents[0].start if agents else len(p.text)))
    return Telling(p, m.start(), m.end(), "meeting", agents, called, False, tuple(s for s in scope if s[0] < s[1]), "encounter.summoned")
