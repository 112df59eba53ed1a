"""Reads the title of a page: who with whom, and what kind of encounter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.people.appositions import singular
from communique.ingest.people.line import Line
from communique.ingest.people.parses import Who, grammar
from communique.ingest.people.persons import find_persons

# Who issued the page; a group that is no office.
_SPEAKER = re.compile(r"^(?:Readout|Statement)\s(?:by|from)\s(?:the\s)?(?:White House\s)?(?:Press\s)?$")
_GROUP = re.compile(r"(?:\w+ )?(?:Leaders|Officials|Counterparts|Members)|(?:[A-Z]{2,} )?Representatives")


@dataclass(frozen=True, slots=True)
class TitleRead:
    """What a title tells: persons before (``subjects``) and after (``objects``) its event word, its parties, its type; ``issuer``: who
    states what the page says (``Statement by President X on ...``)."""

    text: str
    subjects: tuple[Who, ...]
    objects: tuple[Who, ...]
    parties: tuple[str, ...]
    type: str | None
    issuer: Who | None = None

    @property
    def persons(self) -> tuple[Who, ...]:
        """All persons of the title in order."""
        return (*self.subjects, *self.objects)


def read_title(title: str, lexicon: Lexicon) -> TitleRead:
    """Reads a title; offsets of its persons are those of the title with straight quotes and single spaces."""
    text = " ".join(title.replace("’", "'").replace("‑", "-").split())
    if not text:
        return TitleRead("", (), (), (), None)
    line = Line(text, lexicon)
    kind, at = _event(text)
    people = []
    issuer = None
    for q in find_persons(line):
        offices = tuple(singular(o.text) for o in q.offices if not _GROUP.fullmatch(o.text))
        who = Who(q.start, q.end, q.name_in(text), offices, q.party, q.feminine, q.definite, "person.title")
        if _SPEAKER.search(text[: q.start]):
            issuer = who
        else:
            people.append(who)
    people = _merged(text, people)
    split = at if at is not None else len(text)
    subjects = tuple(w for w in people if w.start < split)
    objects = tuple(w for w in people if w.start >= split)
    if len(people) > 1:
        people = [w for w in people if not any("Spokesperson" in o for o in w.offices)]
        subjects, objects = tuple(w for w in people if w.start < split), tuple(w for w in people if w.start >= split)
    # Behind "on" stands what was talked about, not who talked.
    topic = (
        re.search(r" (?:on|On|about|About|regarding|Regarding|to Discuss|concerning) ", text[split:])
        if kind and not grammar().titles["courtesy"].search(text)
        else None
    )
    edge = split + topic.start() if topic else len(text)
    # A state inside an office ("Special Representative for A") is no party.
    known = [
        k.party
        for _, k in sorted(line.known.items())
        if k.party
        and line.words[k.first].start < edge
        and not any(w.start <= line.words[k.first].start < w.end and w.party != k.party for w in people if " for " in text[w.start : w.end])
    ]
    parties = tuple(dict.fromkeys(known + [w.party for w in people if w.party and w.start < edge]))
    return TitleRead(text, subjects, objects, parties, kind, issuer)


def _merged(text: str, people: list[Who]) -> list[Who]:
    """Two coordinated persons with one state behind them share it: ``President Ghani and Chairman Abdullah of Afghanistan``."""
    out = list(people)
    for n in range(len(out) - 2, -1, -1):
        a, b = out[n], out[n + 1]
        shared = b.name and b.party and " of " in text[b.start : b.end]
        if a.party is None and shared and text[a.end : b.start].strip() in ("and", ""):
            out[n] = Who(a.start, a.end, a.name, a.offices, b.party, a.feminine, a.definite, a.rule)
    return out


def _event(text: str) -> tuple[str | None, int | None]:
    """The type that the title's event word gives, and where that word stands."""
    t = grammar().titles
    found = {kind: m for kind, pattern in t.items() if (m := pattern.search(text))}
    if "dialogue" in found and grammar().patterns["furthered"].search(text, 0, found["dialogue"].start()):
        del found["dialogue"]
    if not found:
        return None, None
    if "video" in found and ("meeting" in found or "call" in found):
        first = min(m.start() for m in found.values())
        return "video", first
    if "courtesy" in found:
        return "meeting", found["courtesy"].start()
    kind = (
        "dialogue"
        if "dialogue" in found and "call" not in found and ("meeting" not in found or found["dialogue"].start() < found["meeting"].start())
        else "call"
        if "call" in found and ("meeting" not in found or found["call"].start() <= found["meeting"].start())
        else "meeting"
        if "meeting" in found
        else None
    )
    if kind is None:
        return None, found["video"].start()
    return kind, found[kind].start()
