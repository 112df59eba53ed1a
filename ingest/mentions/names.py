"""Finds what mentions someone by words of its own: persons, titles, groups, surnames, and the names of states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from communique.ingest.lexicon.lexicon import lower
from communique.ingest.mentions.cast import Cast
from communique.ingest.mentions.mention import Mention, words
from communique.ingest.people.line import office_words
from communique.ingest.people.parses import Parse
from communique.ingest.people.persons import Phrase

_MEANT = re.compile(r"(?:\b(?:[Tt]he|[Bb]oth|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Tt]heir)\s|\band )[\w ]{0,4}$")
# "The three Vice-Ministers": as many as took part are all who did, whatever their offices.
_COUNTED = re.compile(r"\b(?:the\s)?(both|two|three|four|five)\s$")
_COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_OF = re.compile(r" of (?:the )?")
_EVENT = re.compile(r"'?\s(?:Summit|Meeting|Statement|Conference|Declaration)")
_DEFINITE = re.compile(r"\b[Tt]he (?:[A-Z][\w.]+ and )?$")
# "his Tajik counterpart"
_OWNED = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Tt]he|[Mm]y|[Oo]ur) $")
# "the head of Polish diplomacy", "the Head of the Slovak Foreign Ministry"
_HEAD_OF = re.compile(r"\b[Tt]he (?:[Hh]ead|[Cc]hief) of (?:the )?$")
_HOUSE = re.compile(r" (?:diplomacy|(?:[Ff]oreign [Mm]inistry|MFA|[Mm]inistry of [Ff]oreign [Aa]ffairs|[Ff]oreign [Oo]ffice)\b)")
_NAMED, _NAME = re.compile(r"[A-Z][\w.'-]*,? $"), re.compile(r"[ -][A-Z]| (?:bin|ibn|al|el|van|von|de|bint)\b")
# A word that a subject ends with, before "both".
_BESIDE = re.compile(
    r"(?<![\w'-])(?!(?:and|or|but|that|while|as|with|between|to|for|by|of|from|on|in|at|which|when|where|if|so|then)\s)[\w'-]+\s$"
)


def persons(p: Parse, cast: Cast) -> Iterator[Mention]:
    """Persons by title, with their names or without."""
    for q in p.persons:
        name = q.name_in(p.text)
        if name is not None:
            who = cast.named(name, q)
            party = q.party or next((x.party for x in cast.people if (x.label,) == who), None)
            yield Mention(q.start, q.end, "person", who, "mention.titled" if who else "mention.only", party, q.possessive, q.feminine)
        elif q.plural:
            # "House of Representatives", "G7 Leaders' Summit": a body or an event, nobody in the room.
            meant = q.start == 0 or _MEANT.search(p.text[: q.start + 4]) or q.definite
            who = cast.titled(q) if meant and not _EVENT.match(p.text, q.end) else ()
            counted = _COUNTED.search(p.low, 0, q.start) if who else None
            who = cast.everyone if counted and _COUNTS[counted[1]] == len(cast.everyone) else who
            start = counted.start() if counted else q.start
            yield Mention(start, q.end, "pair" if len(who) > 1 else "title", who, "mention.plural-title", q.party, q.possessive)
        else:
            # A title in apposition to the name behind it is the named person ("the Foreign Secretary, Sir Edmund").
            who = cast.titled(q) if q.definite or q.party or q.honorific or _bare_title(p, q) else ()
            party = q.party or next((x.party for x in cast.people if (x.label,) == who), None)
            yield Mention(q.start, q.end, "title", who, "mention.title" if who else "mention.only", party, q.possessive, q.feminine)


def _bare_title(p: Parse, q: Phrase) -> bool:
    """Whether a title without article is one of two coordinated ones ("The Secretary and Foreign Minister discussed")."""
    short = all(o.text in office_words().abbreviations for o in q.offices)  # "On fisheries, EAM urged"
    return short or q.start == 0 or bool(re.search(r"\b[Tt]he [\w' -]+ and $", p.text[: q.start]))


def groups(p: Parse, cast: Cast) -> Iterator[Mention]:
    """``the two ministers``, ``her counterparts``, ``the host``."""
    w = words()
    for m in w.others.finditer(p.low):
        yield Mention(m.start(), m.end(), "counterpart", cast.others(), "mention.counterpart", None, p.text.startswith("'", m.end()))
    for m in w.hosts.finditer(p.low):
        yield Mention(m.start(), m.end(), "title", cast.host(), "mention.host", None, p.text.startswith("'", m.end()))
    for m in w.aliases.finditer(p.text):
        # "the Ambassador of Norway": whose he is stands with the title
        told = any(q.start <= m.start() < q.end and (q.party or q.name) for q in p.persons)
        if told:
            continue
        end, party = _of_state(p, m.end())
        if who := cast.aliased(m[1], party):
            yield Mention(m.start(), end, "title", who, "mention.alias", party, p.text.startswith("'", end))
    for m in w.pairs.finditer(p.low):
        if m[0] == "both" and _BESIDE.search(p.low, 0, m.start()):
            continue  # "The Secretary and the Minister both emphasized": an adverb
        yield Mention(m.start(), m.end(), "pair", cast.everyone, "mention.pair", None, p.text.startswith("'", m.end()))


def _of_state(p: Parse, at: int) -> tuple[int, str | None]:
    """The state that stands behind an office (``of Turkmenistan``): where it ends, and its code; ``at`` where there is none."""
    of = _OF.match(p.text, at)
    for k in p.line.known.values() if of else ():
        start, end = p.line.span(k.first, k.last)
        if of and start == of.end() and k.party and k.kind == "state":
            return end, k.party
    return at, None


def surnames(p: Parse, cast: Cast) -> Iterator[Mention]:
    """Family names and full names that stand without a title."""
    seen = set()
    for x in cast.people:
        # "Arriaga Treviño informed her": both surnames, of which the first is the short form
        tail = x.name[at:] if x.name and x.family and (at := x.name.rfind(x.family)) > 0 else None
        for form in dict.fromkeys(f for f in (x.name, tail, x.family) if f and len(f) > 1):
            # a particle that opens the sentence has a capital: "Van Rijswijk stressed"
            raised = form[0].upper() + form[1:]
            opening = _alone(p, raised) if raised != form and raised in p.text else ()
            for start, end in (*opening, *_alone(p, form)):
                if start in seen or not (p.text[start].isupper() or (form[0].islower() and " " in form)):
                    continue
                seen.add(start)
                yield Mention(start, end, "surname", (x.label,), "mention.surname", x.party, p.text.startswith("'", end), x.feminine)
        for office in x.offices:
            # "the PCS" is the Prime Cabinet Secretary
            short = "".join(w[0] for w in office.split() if w[0].isupper())
            for start, end in _alone(p, short) if len(short) > 2 and short in p.text else ():
                if start not in seen and p.text[start].isupper() and not _known(p, start):
                    seen.add(start)
                    start -= 4 if p.text.endswith(("the ", "The "), 0, start) else 0
                    yield Mention(start, end, "title", (x.label,), "mention.acronym", x.party, p.text.startswith("'", end), x.feminine)
        given = (x.name or "").split(" ")[0]
        for start, end in _alone(p, given) if len(given) > 2 and given != x.family and not given.isupper() else ():
            # "says Birna", "Turki said": a word of its own, no place of that name and no part of another name
            if start not in seen and not _NAMED.search(p.text, 0, start) and not _NAME.match(p.text, end) and not _known(p, start):
                seen.add(start)
                yield Mention(start, end, "surname", (x.label,), "mention.given", x.party, p.text.startswith("'", end), x.feminine)


def _alone(p: Parse, form: str) -> Iterator[tuple[int, int]]:
    """Where a name stands as words of its own; one in capitals is found in any case."""
    text, form = (p.low, lower(form)) if form.isupper() else (p.text, form)
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        alone = not _goes_on(text[start - 1 : start]) and not _goes_on(text[end : end + 1])
        if alone:
            yield start, end
        start = text.find(form, end if alone else start + 1)


def _goes_on(letter: str) -> bool:
    """Whether a word goes on over a character."""
    return letter.isalnum() or letter in ("_", "-")


def _known(p: Parse, at: int) -> bool:
    """Whether a word of a state's, an organisation's or a place's name stands there."""
    return any(p.line.words[k].start <= at < p.line.words[k].end for k in p.line.inside)


def parties(p: Parse, cast: Cast) -> Iterator[Mention]:
    """States and organisations by name, ``the Belgian side``, ``the Government of Japan``, and capitals that stand for governments."""
    w = words()
    line = p.line
    hits = sorted(line.known.values(), key=lambda k: k.first)
    for n, known in enumerate(hits):
        start, end = line.span(known.first, known.last)
        side = w.side.match(p.text, end)
        if known.kind == "place":
            party = line.lexicon.fact("place", known.id, "metonymOf")
            # A capital stands for its government only as a subject, at the beginning of a clause before a verb, or as whom one urges.
            if party and (
                (
                    re.search(r"(?:^|\bthat |, |\band )$", p.text[max(0, start - 6) : start])
                    and re.match(r"\s(?:would|will|had|has|is|was|could|should|must|[a-z]+(?:ed|s))\b", p.text[end:])
                )
                or (w.pressed.search(p.text, max(0, start - 24), start) and p.text.startswith(" to ", end))
            ):
                yield Mention(start, end, "party", (party,), "mention.capital", party, False)
            continue
        if known.party is None:
            continue
        if (
            side is not None
            and not line.words[known.last - 1].possessive
            and (_DEFINITE.search(p.text[:start]) or not side[0].endswith("s"))
        ):
            owned = _OWNED.search(p.text, max(0, start - 8), start)
            begin = owned.start() if owned else start
            who = cast.held(known.party, side[0].split()[-1]) or (known.party,)
            rule = "mention.side"
            first = hits[n - 1] if n and side[0].endswith("s") else None
            if first and first.party and p.text[line.span(first.first, first.last)[1] : start] == " and ":
                # "The U.S. and Egyptian officials discussed"
                begin, rule = line.words[first.first].start, "mention.sides"
                begin -= 4 * p.text.endswith(("the ", "The "), 0, begin)
                who = tuple(dict.fromkeys((*(cast.side(first.party) or (first.party,)), *who)))
            kind = "pair" if len(who) > 1 and set(who) >= set(cast.everyone) else "party"
            yield Mention(begin, side.end(), kind, who, rule, known.party, p.text.startswith("'", side.end()))
            continue
        if known.form in ("adjective", "demonym"):
            if (house := _HOUSE.match(p.text, end)) and (before := _HEAD_OF.search(p.text, 0, start)):
                stop = house.end()
                who = cast.side(known.party) or (known.party,)
                yield Mention(before.start(), stop, "party", who, "mention.side", known.party, p.text.startswith("'", stop))
            elif acting := w.authorities.match(p.text, end):
                begin, stop = start - 4 * p.text.startswith(("the ", "The "), start - 4), acting.end()
                yield Mention(begin, stop, "party", (known.party,), "mention.party", known.party, p.text.startswith("'", stop))
            continue
        governed = p.text.endswith((" of ", " of the "), 0, start)  # a cheap first look
        before = w.government.search(p.text, max(0, start - 40), start) if governed else None
        begin = before.start() if before else start - 4 if p.text[:start].endswith(("the ", "The ")) else start
        stop = end + 1 if p.text[end : end + 1] == ")" and "(" in p.text[begin:end] else end
        yield Mention(begin, stop, "party", (known.party,), "mention.party", known.party, line.words[known.last - 1].possessive)
