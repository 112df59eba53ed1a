"""Clauses that tell of an encounter by other words than that somebody met or spoke: by what was talked about, planned or said in it."""

from __future__ import annotations

import re

from communique.ingest.encounters.sides import direct_objects, objects_after, objects_behind, subjects_before, surname_at
from communique.ingest.encounters.telling import Telling
from communique.ingest.people.appositions import who_of
from communique.ingest.people.author import author_at
from communique.ingest.people.parses import Parse, grammar, inside_person

# Rules whose words may as well recall what was told: they count at the head of an account, or where no clause tells it outright.
SOFT = frozenset(("encounter.exchanged", "encounter.afterwards", "encounter.during", "encounter.both"))
# An encounter that is the subject of its sentence.
SUBJECT = "encounter.subject"
# How far behind "for talks with" the first person may stand; how far behind a comma the subject.
_SIDE, _LEAD = 40, 6
_DURING = re.compile(
    r"\b(?:during|in|at) (?:a|an|his|her|their) (?:[\w-]+ ){0,2}?"
    r"(?=(?i:meeting|talks|call|conversation|consultations|phone|telephone|video)\b)"
)
_THAT_HAD = re.compile(r" (?:that|which)\b[^.;]*?\b(?P<had>had|held)\b")
# What two do together, and what may stand between them and it.
_JOINTLY = re.compile(
    r"\b(?:discussed|reviewed|explored|examined|tackled|addressed|evaluated|assessed|conferred|considered|debated|analy[sz]ed|negotiated|"
    r"exchanged|launched|signed)\b"
)
_NEXT_TO = re.compile(
    r",?(?: (?:have|has|today|yesterday|jointly|also|this \w+|(?:on )?[A-Z][a-z]+day,?|on \d{1,2} [A-Z][a-z]+|on [A-Z][a-z]+ \d{1,2}))* "
)
_TOLD = re.compile(r"\b(?:told|informed|assured|briefed|urged|asked|thanked|reminded|warned|congratulated)\b")
_PRESS = re.compile(r"\b(?:press|news|media) (?:conference|briefing)\b,?(?: held)?(?: jointly| together)? (?=with )")
_AFTER = re.compile(
    r"\b(?:after|following) (?:their|the|his|her) (?:[\w-]+ )?(?P<noun>talks|meeting|negotiations|consultations|discussions)\b"
)
_SAID = re.compile(r"\s(?:[a-z]+ed|said|told)\b")
_SERIES = re.compile(
    r"\b(?:held|had|conducted|continued)\b[^.;]{0,170}? "
    r"(?P<what>(?:(?:a|his|her|the) (?:series|number) of|several|numerous|multiple) (?:[\w-]+ ){0,3}?"
    r"(?P<noun>meetings|talks|conversations|calls|consultations|engagements))\b"
)
_AND = re.compile(r"\b(?:and|as well as|(?:together|along) with)\b")
_WILL = re.compile(r"\b(?:will|would|shall|is to|are to|may|might|can|could|should)\b")
_ARTICLE = re.compile(r"\b(?:a|an|the|his|her|their|its)\b")
# What joins an encounter that is the subject to those who had it.
_LINK = re.compile(r"(?: (?:held|that took place|today|yesterday)\b[^.;,]{0,40}?)? (?P<link>between|of|with)\b")


def told_aside(p: Parse) -> Telling | None:
    """The clause of a sentence that tells of an encounter aside, the surest first."""
    finders = (
        _spoken,
        _to_the_press,
        _several,
        _together,
        _between,
        _planned,
        _personal,
        _topic_of,
        _came,
        _exchanged,
        _by_both,
        _afterwards,
        _during,
        _both,
    )
    return next((told for find in finders if (told := find(p)) is not None), None)


def _spoken(p: Parse) -> Telling | None:
    """``"...," said A following her meeting with B``: the encounter after, or in, which someone says what opens the page."""
    g = grammar()
    said = g.search("spoken", p.text)
    m = g.noun.match(p.text, said.end()) if said else None
    if said is None or m is None:
        return None
    subjects = tuple(who_of(p, q) for q in p.persons if said.start() < q.start and q.end <= said.end())[-1:]
    subjects = subjects or subjects_before(p, 0, said.start())
    objects = objects_behind(p, m.end(), len(p.text), only="with")
    if not subjects or not objects:
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    scope = ((m.start(), objects[0].start), (objects[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, scope, "encounter.led")


def _to_the_press(p: Parse) -> Telling | None:
    """``At a press conference held jointly with B after their talks, A announced``: the encounter before what is told of it."""
    m = _PRESS.search(p.text)
    objects = objects_behind(p, m.start(), len(p.text), only="with")[:1] if m else ()
    talks = _AFTER.search(p.text, objects[0].end) if objects else None
    if m is None or talks is None:
        return None
    verb = _SAID.search(p.text, talks.end())
    subjects = subjects_before(p, 0, m.start()) or (subjects_before(p, talks.end(), verb.start() + 1) if verb else ())
    if not subjects:
        return None
    kind = grammar().types.get(talks["noun"], "meeting")
    return Telling(p, m.start(), talks.end(), kind, subjects, objects, False, ((0, m.end()), talks.span()), "encounter.led")


def _several(p: Parse) -> Telling | None:
    """``held, on the sidelines of the Assembly, a series of meetings``: several encounters, for what follows to tell with whom."""
    m = _SERIES.search(p.text)
    subjects = subjects_before(p, 0, m.start()) if m else ()
    if m is None or not subjects:
        return None
    kind = grammar().types.get(m["noun"].lower(), "meeting")
    return Telling(p, m.start("what"), m.end(), kind, subjects, (), False, ((0, len(p.text)),), "encounter.light.open")


def _together(p: Parse) -> Telling | None:
    """``A and his Finnish counterpart B discussed X in a phone call``: both sides before the verb, the encounter in an adverbial."""
    g = grammar()
    m = g.search("together_in", p.text)
    verb = g.search("talked", p.text) if m else None
    if m is None or verb is None or inside_person(p, m.start()):
        return None
    edge = min(m.start(), verb.start())
    subjects = subjects_before(p, 0, edge)
    if len({w.party or w.name for w in subjects}) < 2 or not any(w.name for w in subjects) or edge - subjects[-1].end > _SIDE:
        return None
    if _WILL.search(p.text, subjects[-1].end, verb.start()):
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    scope = ((0, subjects[0].start), (subjects[-1].end, len(p.text)))
    return Telling(
        p, m.start(), m.end(), kind, subjects[:1], subjects[1:], False, tuple(s for s in scope if s[0] < s[1]), "encounter.together"
    )


def _both(p: Parse) -> Telling | None:
    """``A and the Foreign Minister of X, B, have discussed Y``: both sides as the subject of what takes two, and no word for how."""
    verb = _JOINTLY.search(p.text)
    if verb is None or inside_person(p, verb.start()):
        return None
    people = subjects_before(p, 0, verb.start())
    if len(people) < 2 or len({w.party for w in people}) < 2 or not all(w.name and w.offices for w in people):
        return None
    if not _NEXT_TO.fullmatch(p.text, people[-1].end, verb.start()):
        return None
    g = grammar().patterns
    kind = "video" if g["video"].search(p.text) else "call" if g["phone"].search(p.text) else "meeting"
    scope = ((0, people[0].start), (people[-1].end, len(p.text)))
    return Telling(
        p, verb.start(), verb.end(), kind, people[:1], people[1:], False, tuple(s for s in scope if s[0] < s[1]), "encounter.both"
    )


def _topic_of(p: Parse) -> Telling | None:
    """``X and Y were the main topics of a meeting between A and B``: the encounter behind what was talked about."""
    g = grammar()
    topic = g.search("topic_of", p.text)
    m = g.noun.match(p.text, topic.end()) if topic else None
    objects = objects_behind(p, m.end(), len(p.text), only="between|of|with") if m else ()
    if m is None or not objects:
        return None
    scope = ((m.start(), objects[0].start), (objects[-1].end, len(p.text)))
    kind = g.types.get(m["noun"].lower(), "meeting")
    had = _THAT_HAD.search(p.text, m.end(), objects[0].start)  # "the focus of the meeting that A had with B"
    hosts = subjects_before(p, m.end(), had.start("had")) if had else ()
    subjects, objects = (hosts, objects) if hosts else (objects[:1], objects[1:])
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, scope, "encounter.topic")


def _between(p: Parse) -> Telling | None:
    """``The talks between A and B focused on``, ``As to the meeting with B, it was an occasion to``: the encounter as the subject."""
    g = grammar()
    opening = g.patterns["as_subject"].match(p.text)
    m = g.noun.match(p.text, opening.end()) if opening else None
    link = _LINK.match(p.text, m.end()) if m else None
    if opening is None or m is None or link is None or _ARTICLE.search(p.text, opening.end(), m.start("noun")):
        return None  # "This visit followed a phone call between"
    one = next(surname_at(p, link.end()), None) if link["link"] != "with" else None  # "between Reed and Minister B"
    objects = tuple(w for w in objects_behind(p, link.start(), len(p.text), only=link["link"]) if one is None or w.start >= one.end)
    people = (one, *objects) if one else objects
    if not people or not g.patterns["went"].match(p.text, people[-1].end) or not any(w.party or w.offices for w in people):
        return None
    subjects, objects = ((), people) if link["link"] == "with" else (people[:1], people[1:])
    if link["link"] != "with" and not objects:
        return None
    scope = ((0, people[0].start), (people[-1].end, min(len(p.text), people[-1].end + _SIDE)))
    kind = g.types.get(m["noun"].lower(), "meeting")
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, scope, SUBJECT)


def _planned(p: Parse) -> Telling | None:
    """``On the agenda were talks with A and with B``: what a journey consisted of, told by its programme."""
    g = grammar()
    m = g.search("programme", p.text)
    if m is None or _WILL.search(p.text, 0, m.end()):
        return None
    objects = objects_behind(p, m.end(), len(p.text), only="with")
    if not objects or objects[0].start - m.end() > 2 * _SIDE or not any(w.name for w in objects):
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    each = len(objects) > 1 and (m["noun"].endswith("meetings") or " with " in p.text[objects[0].end : objects[-1].start])
    scope = ((0, objects[0].start), (objects[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, (), objects, each, scope, "encounter.programme")


def _came(p: Parse) -> Telling | None:
    """``A was in Rabat today for talks with B``."""
    g = grammar()
    m = g.search("came", p.text)
    if m is None or inside_person(p, m.start()):
        return None
    subjects, objects = subjects_before(p, 0, m.start()), objects_behind(p, m.end("noun"), len(p.text), only="with")
    if not subjects or not objects or objects[0].start - m.end() > _SIDE:
        return None  # "for meetings with members of the administration of President A"
    kind = g.types.get(m["noun"].lower(), "meeting")
    scope = ((0, subjects[0].start), (m.start(), objects[0].start), (objects[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, tuple(s for s in scope if s[0] < s[1]), "encounter.came")


def _exchanged(p: Parse) -> Telling | None:
    """``A discussed with his Finnish counterpart, B, the situation in X``: what agencies open with, and no other word for a meeting."""
    m = grammar().search("exchanged", p.text)
    if m is None or inside_person(p, m.start()):
        return None
    subjects = subjects_before(p, 0, m.start())
    objects = objects_behind(p, m.end("with") - len("with"), len(p.text), only="with")
    if not subjects or not objects or objects[0].start - m.end() > _SIDE or not any(w.party or w.offices for w in objects):
        return None
    g = grammar().patterns
    kind = "video" if g["video"].search(p.text) else "call" if g["phone"].search(p.text) else "meeting"
    scope = ((0, subjects[0].start), (subjects[-1].end, objects[0].start), (objects[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, tuple(s for s in scope if s[0] < s[1]), "encounter.exchanged")


def _by_both(p: Parse) -> Telling | None:
    """``A and his Finnish counterpart, B, reviewed X``, ``X was discussed by A and B``: both sides by name, and no other word for it."""
    g = grammar()
    if m := g.search("exchanged_by", p.text):
        people = objects_behind(p, m.start("by"), len(p.text), only="by")
    elif m := g.search("both_exchanged", p.text):
        people = subjects_before(p, 0, m.start())
        if people and (m.start() - people[-1].end > _SIDE or _WILL.search(p.text, people[-1].end, m.start())):
            return None
    if m is None or inside_person(p, m.start()) or len({w.party or w.name for w in people}) < 2:
        return None
    if not all(w.name for w in people) or not any(w.party or w.offices for w in people):
        return None
    if not _AND.search(p.text, people[-2].end, people[-1].start):
        return None  # "In meetings, including with A, B discussed"
    scope = ((0, people[0].start), (people[-1].end, len(p.text)))
    kind = "video" if g.patterns["video"].search(p.text) else "call" if g.patterns["phone"].search(p.text) else "meeting"
    return Telling(
        p, m.start(), m.end(), kind, people[:1], people[1:], False, tuple(s for s in scope if s[0] < s[1]), "encounter.exchanged"
    )


def _afterwards(p: Parse) -> Telling | None:
    """``Following her talks with B, A said ...``, ``After their meeting, A and B informed the press``."""
    g = grammar()
    opening = g.patterns["afterwards"].match(p.text)
    m = g.noun.match(p.text, opening.end()) if opening else None
    if m is None:
        return None
    comma = p.text.find(", ", m.end())
    objects = objects_behind(p, m.end(), len(p.text) if comma < 0 else comma, only="with")
    comma = p.text.find(", ", max([m.end(), *(w.end for w in objects)]))
    first = next((q for q in p.persons if q.start >= comma and not q.possessive), None)
    if comma < 0 or first is None or first.start - comma > _LEAD:
        return None
    people = objects_after(p, comma + 2)
    if not objects and len({w.party or w.name for w in people}) < 2:
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    subjects, objects = (people[:1], objects) if objects else (people[:1], people[1:])
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, ((0, comma + 1),), "encounter.afterwards")


def _during(p: Parse) -> Telling | None:
    """``She did so on Tuesday in Amman during a meeting with B``: the encounter behind what was said in it."""
    g = grammar()
    during = _DURING.search(p.text)
    m = g.noun.match(p.text, during.end()) if during else None
    objects = objects_behind(p, m.end(), len(p.text), only="with") if m else ()
    told = _TOLD.search(p.text, 0, during.start()) if during and m and not objects else None
    if during and told:  # "This is what A told B during a meeting in Bergen"
        objects = direct_objects(p, told.end(), during.start())
    if during is None or m is None or not objects or _WILL.search(p.text, 0, during.start()):
        return None
    # "The message was handed over by B during his meeting with the Minister"
    subjects = subjects_before(p, 0, told.start() if told else during.start()) or objects_behind(p, 0, during.start(), only="by")
    if not any(w.name for w in objects) and not any(w.name for w in subjects):
        return None
    kind = g.types.get(m["noun"].lower(), "meeting")
    if told and not subjects:
        return None
    scope = ((0, objects[0].start), (objects[-1].end, len(p.text)))
    return Telling(p, m.start(), m.end(), kind, subjects, objects, False, scope, "encounter.during")


def _personal(p: Parse) -> Telling | None:
    """``Good call with B``, ``Pleased to welcome B``: the author of an account in the first person does not name himself."""
    g = grammar()
    m = g.patterns["personal"].match(p.text)
    if m is None:
        return None
    noun = g.noun.match(p.text, m.end()) if m["noun"] is not None else None
    if noun is None and m["noun"] is not None:
        return None
    at = noun.end() if noun else m.end()
    talk = m["with"] or m["talk"]
    objects = objects_behind(p, at, len(p.text), only="with|to|between") if noun or talk else direct_objects(p, at, len(p.text))
    if not objects:
        return None
    kind = g.types.get(noun["noun"].lower(), "meeting") if noun else "call" if talk else "meeting"
    scope = ((m.start(), objects[0].start), (objects[-1].end, len(p.text)))
    both = len(objects) > 1 and " between " in p.text[at : objects[0].start + 1]
    subjects, objects = (objects[:1], objects[1:]) if both else ((author_at(m.start(), m.end()),), objects)
    return Telling(p, m.start(), at, kind, subjects, objects, False, scope, "encounter.personal")
