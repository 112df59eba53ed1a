"""Finds the clauses that tell of an encounter: the words that say it, who stands before them and who after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from communique.ingest.encounters.asides import told_aside
from communique.ingest.encounters.coordinated import THEN_MET, clause_end, each_apart, follows
from communique.ingest.encounters.delegations import forum_of, group_met, pair_named
from communique.ingest.encounters.passives import in_passive
from communique.ingest.encounters.sides import (
    companions,
    delegation_led,
    direct_objects,
    objects_after,
    objects_behind,
    subjects_before,
    surname_behind,
)
from communique.ingest.encounters.telling import AT_IT, GUEST, Telling, boundary_of
from communique.ingest.people.appositions import who_of
from communique.ingest.people.parses import Parse, Who, grammar, inside_person

# How far behind "for talks with" the first person may stand; how far behind a comma the subject.
_SIDE, _LEAD = 40, 6
# Who may have been somebody's guest and is told by no more than a word: "He was received by".
_GUEST = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey|who|delegation|guests?|side|ministers?|(?!The|This|These|A|An|His|Her|Their|It)[A-Z][\w'-]+),?"
    r"(?: also| then| later)? $"
)
# What somebody is received in, or for.
_INTO = re.compile(r" (?:in|for|to|at|over)(?: an?)?(?: working| private| farewell)?$")
# What somebody had who had no encounter yet; what stands between a fronted encounter and the subject: ", also on Thursday, ".
_DAY = re.compile(r"\b(?:day|week|schedule|programme|agenda)\b")
_WHEN = re.compile(r", (?:also |held |earlier |later |this |on |in |at |yesterday|today|the same )[^,]{0,40}(?=, )")
_ASIDE = re.compile(r", (?:who|which|whose|where) [^,;.]{3,160}(?=, )")
_WITH_DELEGATION = re.compile(r"(?:[^.;,]{0,60}? with)? (?:a|an|the) (?:[\w-]+ ){0,3}(?:delegation|group|team)\b")
# What leads to a list of persons in a fronted clause.
_ACTS = re.compile(r"\s(?:(?:also|jointly|[a-z]+ly) )?(?:[a-z]+ed|spoke|held|took|told|met|went)\b")
_LISTED = re.compile(r"\b(?:led by|hosted by|chaired by|between|among|of|with)\s(?:the\s)?[A-Z][^;]*,")


def find_tellings(p: Parse) -> Iterator[Telling]:
    """The clauses of a sentence that tell of an encounter with at least one side that is said."""
    g = grammar()
    if not p.persons and not p.line.known and not g.patterns["further"].search(p.text) and not g.patterns["beside"].match(p.text):
        return  # nobody is told, not even by a surname that the page has told before
    begin = _begin(p)
    last: Telling | None = None
    special = _led(p) or in_passive(p)
    if special is not None:
        yield special
        return
    for m in g.trigger.finditer(p.text, begin):
        if (last and m.start() < last.scope[-1][1]) or inside_person(p, m.start()):
            continue
        telling = _telling(p, m, begin, last)
        if telling is not None:
            last = telling
            yield from each_apart(telling)
    if last is None and (told := told_aside(p)) is not None:
        yield told


def _led(p: Parse) -> Telling | None:
    """``In a meeting with B, A stressed ...``: the encounter stands in an adverbial, the subject behind it."""
    g = grammar()
    opening = g.patterns["led"].match(p.text)
    m = g.noun.match(p.text, opening.end()) if opening else None
    if m is None:
        return None
    behind = objects_behind(p, m.end(), len(p.text), only="with")
    linked = next(
        (n for n in range(1, len(behind)) if p.text[behind[n - 1].end : behind[n].start] not in (" and ", " and the ")), len(behind)
    )
    objects = behind[:linked]  # "in her meetings with A and B, C discussed"
    comma = p.text.find(", ", m.end())
    if not objects or (0 <= comma - m.end() < 40 and " with " not in p.text[m.end() : comma]):
        return _led_by_subjects(p, m, comma)
    comma = p.text.find(", ", objects[-1].end)
    if not 0 <= comma - objects[-1].end < 60:
        return None
    aside = _ASIDE.match(p.text, comma)  # "In his meeting with B, who attended the lunch, A briefed"
    comma = aside.end() if aside else comma
    when = _WHEN.match(p.text, comma)
    comma = when.end() if when else comma
    first = next((q for q in p.persons if q.start >= comma and not q.possessive), None)
    subjects: tuple[Who, ...] = (who_of(p, first),) if first is not None and first.start - comma <= _LEAD else ()
    if not subjects and (acts := _ACTS.search(p.text, comma + len(", "))):
        # ", Name Name announced": without a title
        subjects = tuple(w for w in subjects_before(p, comma, acts.start() + 1) if w.name and w.start - comma <= _LEAD)
    kind = g.types.get(m["noun"].lower(), "meeting")
    return Telling(
        p, m.start(), m.end(), kind, subjects, objects, False, ((0, objects[0].start), (objects[-1].end, comma + 1)), "encounter.led"
    )


def _led_by_subjects(p: Parse, m: re.Match[str], comma: int) -> Telling | None:
    """``In a trilateral call, A, B, and C discussed ...``; ``In separate calls, A discussed the launch with B and C``."""
    if not 0 <= comma - m.end() < 40:
        return None
    g = grammar()
    acts = _ACTS.search(p.text, comma + 2)
    people = objects_after(p, comma + 2)
    before = subjects_before(p, comma + 2, acts.start()) if acts else ()
    if not people or people[0].start - comma > _LEAD or (len(people) < len(before) and people[0].start == before[0].start):
        people = before  # "A and his Malaysian counterpart B discussed"
    if not people or people[0].start - comma > _LEAD:
        return None
    noun = [n[0] for n in g.nouns.finditer(p.text, m.start("noun"), comma)][-1]
    kind = g.types.get(noun.lower(), "meeting")
    if len({w.party or w.name for w in people}) > 1:
        return Telling(p, m.start(), m.end(), kind, people[:1], people[1:], False, ((0, people[0].start),), "encounter.led")
    others = objects_behind(p, people[-1].end, len(p.text), only="with")
    others = others or objects_behind(p, people[-1].end, len(p.text), only="to")[:1]  # "In a call, A conveyed to B the solidarity of X"
    again = re.search(r"\b(?:the|his|her|their|today's|yesterday's)\s", p.text[: m.end()])  # "In the calls, A discussed ... with B"
    if again or not others or g.trigger.search(p.text, people[-1].end, others[0].start):
        return None
    separate = len(others) > 1 and bool(g.patterns["separate"].search(p.text[:comma]) or g.patterns["several"].search(p.text[:comma]))
    scope = ((0, people[0].start), (others[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, people, others, separate, scope, "encounter.led")


def _begin(p: Parse) -> int:
    """Where the main clause begins: after a fronted clause that tells of another event."""
    if grammar().patterns["fronted"].match(p.text):
        for one, other in pairwise(p.persons):
            # "After the Summit of A, B, and C, D met ...": the list that belongs to the summit is closed.
            closed = p.text.endswith((", and ", ", and the "), 0, one.start) and _LISTED.search(p.text, 0, one.start)
            if closed and re.fullmatch(r", (?:the )?", p.text[one.end : other.start]):
                return other.start
        for m in re.finditer(r", ", p.text):
            following = next((q for q in p.persons if q.start >= m.end()), None)
            if following is not None and following.start - m.end() <= 4:
                return m.end()
        pronoun = re.search(r", (?=(?:he|she|they|the two|both|the leaders)\b)", p.text)
        if pronoun:
            return pronoun.end()
    return 0


def _telling(p: Parse, m: re.Match[str], begin: int, before: Telling | None) -> Telling | None:
    """The encounter that a trigger tells of; ``before``: the one that the sentence told last, whose subject may be this one's too."""
    g = grammar()
    after = p.text[m.end() :]
    verb = m["meet"] or m["speak"] or m["host"]
    if _recalls(p, m, verb):
        return None
    goes_on = before is not None and follows(before, m.start())
    begin = before.closes if before and goes_on else begin
    guest = _guest_of(before, m.start()) if before is not None else ()
    called = m["light"] and m["noun"].lower().endswith(("call", "visit")) and p.text.startswith(" on ", m.end())
    boundary = boundary_of(p, m.end() + len(" on ") * bool(called))  # "paid a courtesy call on former President A"
    end = clause_end(p, m.end(), len(p.text))
    boundary = min(boundary, end)
    if m["host"]:
        objects = direct_objects(p, m.end(), boundary) or delegation_led(p, m.end(), boundary)
        if not objects or (
            m["host"].startswith("welcom")
            and not re.search(
                r"\b(?:to|at|in|on an?|for)\b", p.text[m.end() : objects[0].start] + p.text[objects[-1].end : objects[-1].end + 40]
            )
        ):
            return None
        if m["host"] in ("called on", "calls on") and p.text[objects[-1].end :].startswith(" to "):
            return None
    elif m["light"] and (inside := direct_objects(p, m.end("light"), m.start("noun"))) and inside[0].start < m.start("noun"):
        # "hosted Prime Minister X for a breakfast meeting"
        objects = inside
    elif m["light"] and _INTO.search(m["gap"]) and (received := direct_objects(p, m.end(), boundary)):
        # "received in audience the High Commissioner", "hosted for a working lunch her counterpart"
        objects = received
    else:
        objects = direct_objects(p, m.end(), boundary) if verb in ("met", "meets") and not re.match(r"[^.;]{0,60}?\bwith\b", after) else ()
        objects = objects or (delegation_led(p, m.end(), boundary) if _WITH_DELEGATION.match(after) else ())
        towards = _towards(m)
        objects = objects or objects_behind(p, m.end(), boundary, towards) or objects_behind(p, m.end(), end, "with")
        if m["speak"] and verb in ("called", "phoned", "telephoned", "rang") and not objects:
            objects = direct_objects(p, m.end(), boundary)
            if verb == "called" and re.match(r"\s(?:on|for|upon|it|this)\b", after):
                return None
    subjects = guest or (before.subjects if before and goes_on else subjects_before(p, begin, m.start()))
    subjects += companions(p, begin, subjects[0].start) if subjects else ()
    if not subjects and (not objects or (m["host"] and m["host"].endswith(" by") and not _GUEST.search(p.text, 0, m.start()))):
        return None  # "The decision was welcomed by A"
    named = bool(objects)
    if not objects and m["light"]:
        margin = g.patterns["break"].search(p.text, m.end())
        hosts = g.patterns["hosted"].search(p.text, m.end())
        sides = {w.party for w in subjects if w.party}  # who is told one by one is not told as a forum too
        edge = min(m.end() + 70, margin.start() if margin else len(p.text))
        objects = tuple(forum_of(p, m.start(), edge)) if len(sides) < 2 else ()
        objects = objects or (tuple(pair_named(p, m.end("light"), m.end() + 60)) if len(subjects) < 2 else ())
        named = bool(objects)
        objects += direct_objects(p, hosts.end(), len(p.text)) if hosts else ()
    if not objects and (m["meet"] or m["light"]) and len(subjects) == 1:
        # Whose group it was must be said, unless the page told of another encounter before.
        further = m["meet"] and g.patterns["further"].search(p.text, 0, m.end())
        objects = tuple(w for w in group_met(p, m.end()) if further or w.party)
        again = g.patterns["further"].search(p.text, 0, m.end()) or g.patterns["beside"].match(p.text)
        objects = objects or (surname_behind(p, m.end()) if again else ())
        named = bool(objects)
    if not objects and len(subjects) < 2 and not (m["light"] or re.match(r"[\s\w,.]{0,40}\b(?:with|to)\b", after)):
        return None
    words = p.text[m.start() : max(m.end(), objects[0].start if objects else min(boundary, m.end() + 80))]
    kind = _type(p, m, words + " " + p.text[m.end() : boundary][:160])
    if kind == "meeting" and objects and not m["light"]:
        kind = _purpose(p, objects[-1].end, kind)
    gap = p.text[begin : m.start()] + words
    separate = len(objects) > 1 and _separate(p, m, gap, objects)
    scope = _scope(p, begin, m, boundary, subjects, objects)
    rule = "light" if m["light"] else "meet" if m["meet"] else "speak" if m["speak"] else "host"
    # Whoever held a conference is not yet the other side.
    pronoun = not objects and len(subjects) == 1 and g.patterns["pronoun"].search(p.text, m.end(), boundary)
    each = not objects and g.patterns["each_of"].match(p.text, m.end())
    separate = separate or bool(each)
    rule += GUEST if guest else ".pronoun" if pronoun else ".each" if each else "" if named or len(subjects) > 1 else ".open"
    return Telling(p, m.start(), m.end(), kind, subjects, objects, separate, scope, f"encounter.{rule}")


def _guest_of(before: Telling, at: int) -> tuple[Who, ...]:
    """Who was received and had a further encounter: ``received B, who then met with C``."""
    who = before.objects[-1:]
    then = THEN_MET.match(before.parse.text, who[0].end) if who else None
    return who if then and then.end() == at - 1 else ()


def _recalls(p: Parse, m: re.Match[str], verb: str | None) -> bool:
    """Whether the words of a trigger tell of no encounter after all."""
    g = grammar().patterns
    if verb in ("talks", "calls on") and not re.search(r"(?:\b(?!The |A |An )[A-Z][\w.'-]*,?|also|today) $", p.text[: m.start()]):
        return True  # "following talks with", "paid courtesy calls on"
    light = m["light"]
    if not light:
        return m["host"] is not None and m["host"].endswith(" by") and g["sent_word"].search(p.text, 0, m.start()) is not None
    if p.text.endswith(("was ", "were "), 0, m.start()) or (light.startswith("ma") and not _made(m["noun"])):
        return True  # "was joined in his meetings by", "made progress since the Dialogue"
    if p.text.endswith(", who ", 0, m.start()) and AT_IT.fullmatch(p.text, m.start(), m.end()):
        return True  # "Other participants were A, who chaired the meeting, and B"
    if light.startswith(("conclude", "open")) and m["gap"].startswith(" with "):
        return True  # "The visit concluded with a meeting with B" is told by its programme
    if _DAY.search(m["gap"]):
        return True  # "had a busy second day at the 49th Session"
    if light.startswith(("present", "submit", "accept")):
        # "presented the outcome of the meeting", "received Ambassador B, who presented his credentials"
        return not g["credence"].search(m["noun"]) or p.text.endswith(("who ", "which "), 0, m.start())
    return light.startswith(("offer", "gave", "give", "grant")) and not g["meal"].search(m["noun"])  # "offered to host the talks"


def _towards(m: re.Match[str]) -> str | None:
    """What leads to the other side besides the usual: a call is paid "on" somebody, a reception given "for" him."""
    if m["light"] and m["noun"].lower().endswith(("call", "visit", "audience")):
        return grammar().patterns["courtesy"].pattern
    if m["light"] and grammar().patterns["credence"].search(m["noun"]):
        return grammar().patterns["credence_of"].pattern
    if (
        m["light"]
        and m["light"].startswith(("host", "gave", "give", "offer", "had", "held"))
        and grammar().patterns["meal"].search(m["noun"])
    ):
        return grammar().patterns["honoured"].pattern
    return None


def _made(noun: str) -> bool:
    """Whether the encounter is one that someone makes: a call, a visit."""
    return noun.lower().endswith(("call", "calls", "visit"))


def _separate(p: Parse, m: re.Match[str], gap: str, objects: tuple[Who, ...]) -> bool:
    """Whether the clause tells of an encounter with each of the objects: ``separate calls``, ``held calls with A and B``."""
    g = grammar().patterns
    between = p.text[objects[0].end : objects[-1].start]
    behind = p.text[objects[-1].end : objects[-1].end + 30]
    return bool(
        g["separate"].search(gap)
        or (len({w.party for w in objects if w.party}) > 1 and g["two_sided"].search(gap))
        or g["several"].search(gap)
        or g["separate"].search(behind)
        or g["in_turn"].search(between)
        or g["plural"].search(p.text[m.start("noun") : objects[0].start] if m["noun"] else "")
    )


def _type(p: Parse, m: re.Match[str], words: str) -> str:
    """The type the words give: the noun's, or the verb's; video wins."""
    g = grammar()
    noun = (m["noun"] or "").lower()
    kind = g.types.get(noun, "call" if m["speak"] or m["rung"] else "meeting")
    if noun and inside_person(p, m.start("noun")):
        kind = "meeting"  # "received the Vice President of the European Commission"
    if (
        kind == "dialogue"
        and not re.search(r"[A-Z]\w+ " + re.escape(m["noun"] or "") + "$", m[0])
        and not (m["noun"] or "")[0].isupper()
        and " " not in noun
        and not g.patterns["round"].search(p.text, m.end("light") if m["light"] else m.start(), m.start("noun"))
    ):
        kind = "meeting"
    if kind in ("meeting", "multilateral-meeting") and m["light"] and g.patterns["dialogue_of"].match(p.text, m.end()):
        kind = "dialogue"
    head = words[: len(m[0]) + 60]
    if kind != "video" and g.patterns["video"].search(head):
        return "video"
    if (
        kind == "meeting"
        and g.patterns["phone"].search(head)
        and not (m["noun"] and m["light"] and kind == "meeting" and noun == "meeting" and "phone" not in head)
    ):
        return "call"
    if kind == "meeting" and m["light"] and g.patterns["multilateral"].search(m[0]):
        return "multilateral-meeting"
    return kind


def _purpose(p: Parse, at: int, kind: str) -> str:
    """The type of what two met for, told behind them: ``hosted B for the second round of political consultations``."""
    g = grammar()
    m = g.patterns["met_for"].match(p.text, at)
    noun = g.noun.match(p.text, m.end()) if m else None
    if m is None or noun is None:
        return kind
    told = g.types.get(noun["noun"].lower(), kind)
    if told == "dialogue" and " " not in noun["noun"] and not g.patterns["round"].search(p.text, m.start(), noun.start("noun")):
        return kind  # "for consultations"
    return told if told in ("dialogue", "video") else kind


def _scope(
    p: Parse, begin: int, m: re.Match[str], boundary: int, subjects: tuple[Who, ...], objects: tuple[Who, ...]
) -> tuple[tuple[int, int], ...]:
    """The ranges of the view that tell when and where: the clause up to the content, without the persons' phrases."""
    taken = sorted((w.start, w.end) for w in (*subjects, *objects))
    edge = max([min(len(p.text), boundary), m.end()])
    out, at = [], begin
    for a, b in taken:
        if a > at:
            out.append((at, min(a, edge)))
        at = max(at, b)
    if at < edge:
        out.append((at, edge))
    return tuple((a, b) for a, b in out if b > a) or ((m.start(), m.end()),)
