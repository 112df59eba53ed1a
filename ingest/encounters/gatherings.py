"""Encounters told without both sides: a conference that was attended, a dialogue that was held, a signing, a journey."""

from __future__ import annotations

import re
from collections.abc import Iterator

from communique.ingest.encounters.delegations import delegations, forum_of, pair_named, parties_named
from communique.ingest.encounters.sides import objects_after, objects_behind, subjects_before
from communique.ingest.encounters.telling import Telling, boundary_of
from communique.ingest.people.parses import Parse, Who, grammar, inside_person

# What is told as still to come, wished for or reported is none.
_UNTOLD = re.compile(r"\b(?:will|would|to|can|could|should|may|might|not|that|who|which|where|when|if)\s(?:\w+\s){0,2}$")
_CREDENCE = re.compile(r"credentials|credence", re.IGNORECASE)
_INVITED = re.compile(r"\binvit(?:ation (?:of|by|from)|ed by) ")
# Whose ministries or delegations held it, told behind the verb: "consultations were held in X between the ministries of A and B".
_BETWEEN, _SIDES = re.compile(r"\bbetween\b"), 120
# How far behind "trilateral" the noun stands that it belongs to.
_SAME = 40
# Where a list of those who were received ends.
_UNTIL = re.compile(r"\b(?:during|for|in|at|to|on|who|where)\b|$")
_SIGNS = {"signed": "signing", "travelled": "visit"}


def find_gathering(p: Parse) -> Telling | None:
    """The encounter that a sentence tells of without naming both sides, the surest form first."""
    for rule, pattern in grammar().gatherings.items():
        m = pattern.search(p.text)
        if m is None or inside_person(p, m.start()) or _UNTOLD.search(p.text[: m.start()]):
            continue
        telling = _told(p, rule, m)
        if telling.subjects or telling.objects:
            return telling
    return None


def held(p: Parse) -> Telling | None:
    """``The meeting took place in X on the sidelines of Y``: when and where, told without who it was with."""
    m = grammar().gatherings["held"].search(p.text)
    return None if m is None or inside_person(p, m.start()) or _UNTOLD.search(p.text[: m.start()]) else _told(p, "held", m)


def _told(p: Parse, rule: str, m: re.Match[str]) -> Telling:
    edge = max(boundary_of(p, m.end()), m.end())
    begin = m.start("noun") if rule in ("held", "met") else m.start()
    subjects = subjects_before(p, 0, begin)
    if rule == "travelled":
        objects = tuple(_inviting(p, len(p.text))) or tuple(_hosts(p, m.end(), edge))
    else:
        link = "with|alongside|by|among|between" + ("|from|of" if _CREDENCE.search(m[0]) else "")
        objects = objects_behind(p, m.start(), len(p.text), link) or tuple(delegations(p, m.start(), len(p.text), subject=False))
        have = {w.party for w in (*subjects, *objects)}
        hosts = grammar().patterns["hosted"].search(p.text, m.end())
        sent = _UNTIL.search(p.text, m.end()) if rule == "received" else None
        aside = grammar().patterns["break"].search(p.text, m.end()) if rule == "held" else None  # "on the sidelines of the summit of ..."
        # Whose members are told one by one is not told as a forum too.
        listed = len({w.party for w in objects if w.party and p.line.lexicon.facts("state", w.party)}) > 1
        forum = [] if sent or listed else [*forum_of(p, 0, aside.start() if aside else edge + 40), *parties_named(p, 0, m.end())]
        forum += parties_named(p, m.end(), sent.start()) if sent else ()
        forum += parties_named(p, hosts.end(), hosts.end() + 60) if hosts else ()
        between = _BETWEEN.search(p.text, m.end(), aside.start() if aside else len(p.text)) if rule == "held" and not listed else None
        forum += parties_named(p, between.end(), between.end() + _SIDES, ("state", "organization")) if between else ()
        if not forum and not objects and "noun" in m.groupdict():
            forum = list(pair_named(p, m.end(), m.end() + _SIDES))  # "hosted the 11th meeting of the A-B Commission"
        objects += tuple({w.party: w for w in reversed(forum) if w.party not in have}.values())
    taken = sorted((w.start, w.end) for w in (*subjects, *objects))
    scope, at = [], 0
    for a, b in taken:
        scope.append((at, max(at, a)))
        at = max(at, b)
    scope.append((at, len(p.text)))
    return Telling(
        p, m.start(), m.end(), _type(rule, m, p.text), subjects, objects, False, tuple(s for s in scope if s[1] > s[0]), f"encounter.{rule}"
    )


def _type(rule: str, m: re.Match[str], text: str) -> str:
    """The type that the noun gives; video wins, then more than two sides by name."""
    g = grammar()
    if rule in _SIGNS:
        return _SIGNS[rule]
    noun = (m.groupdict().get("noun") or "").lower()
    if noun.endswith("ilateral") and (named := g.nouns.search(text, m.end("noun"), m.end("noun") + _SAME)):
        noun = named[0].lower()  # "the 2nd Trilateral Maritime Dialogue"
    kind = "dialogue" if noun and g.patterns["dialogue_of"].match(text, m.end("noun")) else g.types.get(noun, "meeting")
    words = text[: m.end() + 60]
    if g.patterns["video"].search(words):
        return "video"
    return "multilateral-meeting" if kind == "meeting" and g.patterns["multilateral"].search(words) else kind


def _inviting(p: Parse, end: int) -> Iterator[Who]:
    """The person who invited the traveller: ``At the invitation of A, B paid a visit to ...``."""
    m = _INVITED.search(p.text, 0, end)
    yield from (w for w in objects_after(p, m.end())[:1] if w.name) if m else ()


def _hosts(p: Parse, start: int, end: int) -> Iterator[Who]:
    """The states that someone travelled to."""
    for w in parties_named(p, start, end):
        if not p.text.startswith("'s", w.end):
            yield w
