"""Finds who is meant where: every mention of a person, a side or a state in a sentence, resolved to participants' labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from communique.ingest.encounters.header import Header
from communique.ingest.grammar import either, table
from communique.ingest.lexicon.lexicon import Lexicon, lower
from communique.ingest.mentions.cast import Cast
from communique.ingest.mentions.scenes import Told, scenes
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.line import office_words
from communique.ingest.people.parses import Parse, parse
from communique.ingest.people.persons import Phrase
from communique.ingest.sources import Source
from communique.model import BlockKind

_MEANT = re.compile(r"(?:\b(?:[Tt]he|[Bb]oth|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Tt]heir)\s|\band )[\w ]{0,4}$")
# "The three Vice-Ministers": as many as took part are all who did, whatever their offices.
_COUNTED = re.compile(r"\b(?:the\s)?(both|two|three|four|five)\s$")
_COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_EVENT = re.compile(r"'?\s(?:Summit|Meeting|Statement|Conference|Declaration)")
_AND = frozenset({" and ", ", and ", " and the ", ", and the "})
_DEFINITE = re.compile(r"\b[Tt]he (?:[A-Z][\w.]+ and )?$")
_OWNS = re.compile(r"\s(?!(?:that|about|on|for|to|of|in|with|and|at|by|from|as|over|during)\b)[a-z]")
# "...," said Minister X
_QUOTED_BY = re.compile(r"[\"'],? [a-z]+ $")
# "his Tajik counterpart"
_OWNED = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Tt]he|[Mm]y|[Oo]ur) $")
# "the head of Polish diplomacy", "the Head of the Slovak Foreign Ministry"
_HEAD_OF = re.compile(r"\b[Tt]he (?:[Hh]ead|[Cc]hief) of (?:the )?$")
_HOUSE = re.compile(r" (?:diplomacy|(?:[Ff]oreign [Mm]inistry|MFA|[Mm]inistry of [Ff]oreign [Aa]ffairs|[Ff]oreign [Oo]ffice)\b)")
# "HE affirmed": His Excellency, who was told of last
_SAID = re.compile(r" (?:also )?[a-z]+(?:ed|id|old)\b")
# What "we" of a quotation did with the others.
_TOGETHER = re.compile(
    r" (?:also |both |have |had |jointly )*(?:agreed|discussed|exchanged|reviewed|reaffirmed|confirmed|shared|talked|concurred|decided)\b"
)
_NAMED, _NAME = re.compile(r"[A-Z][\w.'-]*,? $"), re.compile(r"[ -][A-Z]| (?:bin|ibn|al|el|van|von|de|bint)\b")
_FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.CAPTION, BlockKind.BOILERPLATE})


class Mention(NamedTuple):
    """A mention at ``[start, end)`` of a sentence's view, and who it means.

    ``kind``: ``person`` (titled or full name), ``surname`` (bare), ``title`` (``the Secretary``, ``the Foreign Minister``), ``pair``
    (``the two ministers``, ``they``, ``both sides``: more than one), ``counterpart`` (``her counterparts``: all but the publisher's side),
    ``pronoun`` (``he``, ``she``), ``party`` (a state or organisation by name, by capital, or ``the Belgian side``).
    ``who`` holds ``Participant.label`` values, or one party code for ``party``; it is empty for a person who is no participant or is not
    resolved.
    ``party`` is the mention's party code where one is known (also for persons that are no participants).
    ``possessive``: the words are followed by ``'s``, or are a possessive pronoun (``his``, ``their``): never a subject.
    """

    start: int
    end: int
    kind: str
    who: tuple[str, ...]
    rule: str
    party: str | None = None
    possessive: bool = False
    feminine: bool | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    pairs: re.Pattern[str]
    others: re.Pattern[str]
    hosts: re.Pattern[str]
    aliases: re.Pattern[str]
    pronouns: re.Pattern[str]
    side: re.Pattern[str]
    authorities: re.Pattern[str]
    government: re.Pattern[str]
    author: re.Pattern[str]
    pressed: re.Pattern[str]
    she: frozenset[str]
    possessives: frozenset[str]


@cache
def _words() -> _Words:
    data = table("mentions.toml")
    after = either(data["not_before"])
    counted = [f"the {n} {group}" for n in data["counts"] for group in data["counted"]]
    counted += [f"{opening} {group}" for opening in ("the", "the two", "both", "these two") for group in data["paired"]]
    return _Words(
        re.compile(rf"\b(?:{_grouped([*data['pairs'], *counted])})\b(?!(?:\s(?:{after})\b|-))"),
        re.compile(rf"\b(?:{_grouped(data['others'])}|{data['visitors']})\b"),
        re.compile(rf"\b(?:{_grouped(data['hosts'])})\b"),
        re.compile(rf"\bthe ({either(data['aliases'])})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{either([*data['he'], *data['she'], 'their'])})\b"),
        re.compile(rf"\s{data['sides']}\b"),
        re.compile(data["authorities"]),
        re.compile(rf"{data['governments']}$"),
        re.compile(rf"\b(?:{either(data['author'])})\b"),
        re.compile(rf"\b(?:{either(data['pressing'])}) $"),
        frozenset(data["she"]),
        frozenset(data["possessives"]),
    )


def _grouped(phrases: Sequence[str]) -> str:
    """A pattern of phrases grouped by their first word, which finds them faster than one long alternation."""
    by_first: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        first, _, rest = phrase.partition(" ")
        by_first.setdefault(first, []).append(f" {re.escape(rest)}" if rest else "")
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())


def find_mentions(
    sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon, told_by: Sequence[Told] = ()
) -> tuple[tuple[Mention, ...], ...]:
    """The mentions of each sentence (same order and length as ``sentences``), sorted by place and never overlapping.

    ``told_by``: what each sentence tells of, if that is known already.
    Pronouns are resolved across the sentences: ``he`` is the last single subject; so the whole text is read at once.
    """
    if not header.encounters:
        return tuple(() for _ in sentences)
    parses = header.parses if len(header.parses) == len(sentences) else tuple(parse(s, lexicon) for s in sentences)
    casts: dict[Told, Cast] = {}
    last: Mention | None = None
    voice: str | None = None  # whose words stand in quotation marks, as long as these go on
    out: list[tuple[Mention, ...]] = []
    for sentence, p, told in zip(sentences, parses, told_by or scenes(header, sentences, parses), strict=True):
        if sentence.block.kind in _FRAME:
            out.append(())
            continue
        cast = casts.get(told) or casts.setdefault(told, _cast(header, told, source.party))
        found, last, voice = _sentence(p, cast, last, voice)
        out.append(found)
    return tuple(out)


def _cast(header: Header, told: Told, own: str | None) -> Cast:
    """The cast of what a sentence tells of; a person of another encounter can still be named, "they" stays with this one."""
    others = [n for n in range(len(header.encounters)) if n not in told.encounters]
    return Cast([header.encounters[n] for n in (*told.encounters, *others)], told.everyone, own)


def _sentence(p: Parse, cast: Cast, last: Mention | None, voice: str | None) -> tuple[tuple[Mention, ...], Mention | None, str | None]:
    """The mentions of one sentence, the last single subject after it, and whose words it holds."""
    taken: list[Mention] = []
    for part in (_persons(p, cast), _groups(p, cast), _surnames(p, cast), _parties(p, cast)):
        for m in part:
            if m.rule == "mention.alias":  # "The Head of our state": a title that nobody has by that name
                taken = [t for t in taken if t.who or t.kind != "title" or not (m.start <= t.start < m.end)]
            if m.rule == "mention.sides":  # of its two states the first stands as a party too
                taken = [t for t in taken if t.kind != "party" or not (m.start <= t.start < m.end)]
            if not any(m.start < t.end and t.start < m.end for t in taken):
                taken.append(m)
    taken.sort(key=lambda m: m.start)
    taken = _joined(p, taken)
    taken = [_others_of(m, taken, cast) if m.kind == "counterpart" else m for m in taken]
    persons = [m for m in taken if _one(m) and len(m.who) == 1 and not m.possessive and not _coordinated(p, m, taken)]
    voice = _speaker(p, persons, voice or (last.who[0] if last and last.who else None))
    if voice and _words().author.search(p.text):
        taken = [_heard(p, m, voice, cast) for m in taken]
    out = list(taken)
    for m in (*_pronouns(p), *_author(p, cast, voice)):
        if any(m.start < t.end and t.start < m.end for t in taken):
            continue
        out.append(m if m.who else _resolve(p, m, persons, last, cast))
    out.sort(key=lambda m: m.start)
    subject = next((m for m in persons if (m.start < 70 and _subject(p, m)) or _QUOTED_BY.search(p.text, 0, m.start)), None)
    pronoun = next((m for m in out if m.kind == "pronoun" and m.who and not m.possessive and m.start < 40), None)
    final = min((m for m in (subject, pronoun) if m is not None), key=lambda m: m.start, default=None)
    return tuple(out), final or last, voice


def _heard(p: Parse, m: Mention, voice: str, cast: Cast) -> Mention:
    """``"The Minister assured me ..."``: a title in someone's own words is the other's who was met."""
    if m.kind != "title" or m.who != (voice,) or not p.sentence.inside(m.start):
        return m
    own = next((x.party for x in cast.people if x.label == voice), None)
    others = [x.label for x in cast.people if x.label in cast.everyone and x.party != own]
    return m._replace(who=tuple(others)) if len(others) == 1 else m


def _others_of(m: Mention, taken: Sequence[Mention], cast: Cast) -> Mention:
    """``Minister X informed his counterparts``: all but the side of whom the clause tells."""
    owner = next((t for t in reversed(taken) if t.end <= m.start and t.kind in ("person", "title", "surname") and len(t.who) == 1), None)
    side = {x.label: x.party for x in cast.people}
    if owner is None or side.get(owner.who[0]) is None:
        return m
    others = tuple(x for x in cast.everyone if side.get(x) != side[owner.who[0]])
    return m._replace(who=others) if others else m


def _joined(p: Parse, taken: Sequence[Mention]) -> list[Mention]:
    """The mentions with a side and the name behind it as one: ``his Tajik counterpart Rustam Saidov``."""
    out: list[Mention] = []
    for m in taken:
        side = out[-1] if out else None
        if (
            side
            and side.rule == "mention.side"
            and m.kind == "surname"
            and set(m.who) <= set(side.who)
            and p.text[side.end : m.start] in (" ", ", ")
        ):
            out[-1] = m._replace(start=side.start)
        else:
            out.append(m)
    return out


def _one(m: Mention) -> bool:
    """Whether a mention may be one person: by name, by title, or as whoever speaks for a side (``the Omani minister``)."""
    return m.kind in ("person", "title", "surname") or m.rule == "mention.side"


def _coordinated(p: Parse, m: Mention, all_: Sequence[Mention]) -> bool:
    return any(t is not m and _one(t) and (p.text[t.end : m.start] in _AND or p.text[m.end : t.start] in _AND) for t in all_)


def _subject(p: Parse, m: Mention) -> bool:
    """Whether nothing before a mention makes it an object: it opens the sentence, or stands behind an adverbial and a comma or "that"."""
    before = p.text[: m.start]
    return (
        not before
        or bool(re.search(r"(?:^|[,;:]\s|\bthat\s|\band\s|^[^,.;:]{0,40}/)$", before))
        or (" " not in before.strip() and not before.strip().endswith("ing"))
    )


def _persons(p: Parse, cast: Cast) -> Iterator[Mention]:
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


# A word that a subject ends with, before "both".
_BESIDE = re.compile(
    r"(?<![\w'-])(?!(?:and|or|but|that|while|as|with|between|to|for|by|of|from|on|in|at|which|when|where|if|so|then)\s)[\w'-]+\s$"
)


def _groups(p: Parse, cast: Cast) -> Iterator[Mention]:
    w = _words()
    for m in w.others.finditer(p.low):
        yield Mention(m.start(), m.end(), "counterpart", cast.others(), "mention.counterpart", None, p.text.startswith("'", m.end()))
    for m in w.hosts.finditer(p.low):
        yield Mention(m.start(), m.end(), "title", cast.host(), "mention.host", None, p.text.startswith("'", m.end()))
    for m in w.aliases.finditer(p.text):
        if who := cast.aliased(m[1], None):
            yield Mention(m.start(), m.end(), "title", who, "mention.alias", None, p.text.startswith("'", m.end()))
    for m in w.pairs.finditer(p.low):
        if m[0] == "both" and _BESIDE.search(p.low, 0, m.start()):
            continue  # "The Secretary and the Minister both emphasized": an adverb
        yield Mention(m.start(), m.end(), "pair", cast.everyone, "mention.pair", None, p.text.startswith("'", m.end()))


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


def _surnames(p: Parse, cast: Cast) -> Iterator[Mention]:
    """Family names and full names that stand without a title."""
    seen = set()
    for x in cast.people:
        for form in dict.fromkeys(f for f in (x.name, x.family) if f and len(f) > 1):
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


def _known(p: Parse, at: int) -> bool:
    """Whether a word of a state's, an organisation's or a place's name stands there."""
    return any(p.line.words[k].start <= at < p.line.words[k].end for k in p.line.inside)


def _parties(p: Parse, cast: Cast) -> Iterator[Mention]:
    """States and organisations by name, ``the Belgian side``, ``the Government of Japan``, and capitals that stand for governments."""
    w = _words()
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
            who = cast.side(known.party) or (known.party,)
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


def _pronouns(p: Parse) -> Iterator[Mention]:
    w = _words()
    for m in w.pronouns.finditer(p.low):
        low = m[0].lower()
        if p.text[m.start() : m.end()].isupper() and not _SAID.match(p.text, m.end()):
            continue  # "HE the Minister" is His Excellency
        possessive = low in w.possessives and not (low == "her" and not _OWNS.match(p.text, m.end()))
        kind = "pair" if low == "their" else "pronoun"
        yield Mention(m.start(), m.end(), kind, (), f"mention.{low}", None, possessive, None if low == "their" else low in w.she)


def _author(p: Parse, cast: Cast, voice: str | None) -> Iterator[Mention]:
    """``I`` in an account that someone gives of himself, or in words that are told as someone's; "we agreed" in them is all who met."""
    who = cast.author or voice
    for m in _words().author.finditer(p.text) if who else ():
        said = p.sentence.inside(m.start())
        if m[0] in ("We", "we"):
            if cast.author or (said and _TOGETHER.match(p.text, m.end())):
                yield Mention(m.start(), m.end(), "pair", cast.everyone, "mention.author")
        elif who and (cast.author or said):
            yield Mention(m.start(), m.end(), "pronoun", (who,), "mention.author", None, m[0].lower() == "my")


def _speaker(p: Parse, persons: Sequence[Mention], before: str | None) -> str | None:
    """Whose words a sentence holds: of whom it tells outside of the quotation marks, else who spoke before them."""
    if not (p.sentence.quoted or '"' in p.text):
        return None
    speaker = next((m for m in persons if not p.sentence.inside(m.start)), None)
    return speaker.who[0] if speaker and speaker.who else before


def _resolve(p: Parse, m: Mention, persons: Sequence[Mention], last: Mention | None, cast: Cast) -> Mention:
    """The person a pronoun means: the single subject of its sentence before it, else the last one; gender and sense may exclude."""
    if m.kind == "pair":
        return m._replace(who=cast.everyone)
    earlier = [x for x in persons if x.end <= m.start]
    order: list[Mention | None] = [*(x for x in reversed(earlier) if _subject(p, x)), last, *earlier]
    for x in order:
        if x is not None and _fits(p, m, x.who[0], cast):
            told = cast.woman() if m.feminine and x is last and not m.possessive and cast.gender.get(x.who[0]) is None else None
            alone = not any(x.end <= q.start < m.start for q in p.persons)  # not in "The President congratulated Name on her victory"
            if alone and m.possessive and {e.who for e in earlier} == {x.who} and cast.gender.get(x.who[0]) is None:
                cast.gender[x.who[0]] = m.feminine  # "Van Houwelingen affirmed her country's commitment"
            return m._replace(who=told or x.who, party=x.party, rule="mention.pronoun")
    fitting = [x.label for x in cast.people if x.label in cast.everyone and x.family and _fits(p, m, x.label, cast)]
    own = [x.label for x in cast.people if x.party == cast.own and x.label in fitting]
    chosen = fitting if len(fitting) == 1 else own[:1]
    return m._replace(who=tuple(chosen), rule="mention.pronoun-only" if chosen else "mention.pronoun-open")


def _fits(p: Parse, m: Mention, label: str, cast: Cast) -> bool:
    """Whether a pronoun can mean this participant: no other gender, and nobody thanks or urges his own state."""
    x = next((x for x in cast.people if x.label == label), None)
    if x is None or label == cast.author:
        return x is None  # who tells of himself is no "he"
    known = cast.gender.get(label)
    if known is not None and m.feminine is not None and known != m.feminine:
        return False
    if m.possessive or x.party is None:
        return True
    obj = re.match(r"\s(?:also\s|further\s)?\w+ed\s(?:the\s)?", p.text[m.end :])
    if obj is None:
        return True
    at = m.end + obj.end()
    # "underscored U.S. support" has no state as its object, "thanked Japan for ..." has
    return not any(
        k.party == x.party
        and p.line.words[k.first].start == at
        and k.form not in ("adjective", "demonym")
        and re.match(r"\s*(?:[.,;]|(?:for|to|on|that|in|and|not|over|about)\b|$)", p.text[p.line.words[k.last - 1].end :])
        for k in p.line.known.values()
    )
