"""What must stand with the noun of an event so that a single one is meant: each need of ``grammar/references.toml`` is a predicate here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from communique.ingest.encounters.dates import DateHit, find_dates
from communique.ingest.encounters.events import Event, event_grammar

_POSSESSIVE = re.compile(r"'s?$|^(?:their|his|her|our|its)$", re.IGNORECASE)
AGO = re.compile(
    r"\s(?:of )?(?:last (?:week|weekend|spring|summer|fall|autumn|winter)|in recent (?:days|weeks)"
    r"|(?:[a-z]+ )?(?:days?|weeks?|months?|years?) ago)\b"
)
"""When something was, told by no date."""
_REACH = 70  # characters behind a happening in which its day may stand
_OBJECT = re.compile(r"(?:(?! (?:and|or|that|which|who|to|including|as) )[^,.;:()])*")
_DONE_TO = re.compile(r"\s(?:of|that|to|by|from|in|as|on|over)\b")
_JUDGED = re.compile(r"\b(?:welcom|condemn|applaud|prais|commend|hail|regrett|denounc|deplor|congratulat)\w*\s(?:[\w-]+\s){0,5}$")
_JUDGED_DEED = re.compile(
    r"\b(?:welcom|condemn|applaud|prais|commend|laud|hail|salut|regret|denounc|deplor|congratulat|celebrat|critici|acknowledg|thank|grat"
    r"|appreciat|satisf|sympath|concern|role|help|support|assist|announc|protest|recall|highlight|discuss|brief|inform|cover|since|after|follow)"
    r"\w*\b[^.;]*$"
)
_OWN_ACT = re.compile(r"\b(?:witness(?:ed|es)?|(?:ended|concluded|closed) (?:with|by)|saw|culminated in)\s$")
_LASTING = re.compile(r"\b(?:consolidat\w*|resum\w*(?: of)?|renew\w*(?: of)?|maintain\w*|bringing about|sustain\w*)\s$")
_PERMANENT = re.compile(r" (?:in [A-Z]\w+ (?:Strip )?)?(?:must|should|needs? to) ")
_FORUM = re.compile(r"\b(?:G7|G20|EU|ASEAN|OSCE|APEC|COP\d*|African Union|AU|BRICS|SADC|CARICOM|ECOWAS)\s$")
_BY = re.compile(r" (?:[a-z]+ ){0,3}by (?:the )?[A-Z][\w ]+? to ")
_DURING = re.compile(r"\b(?:during|since|following|after)\s$")
_WHERE = re.compile(r" (?:in|at) [A-Z]")
_CONGRATULATED = re.compile(r"\bcongratulat\w*\b[^.;]*$")
_EARLIER = re.compile(r"\b(?:when|since|after|where|as)\s(?:the\s)?(?:[\w.-]+\s){1,5}$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:following|after|since)\s(?:[\w-]+,?\s){0,6}$")
_TO_BE_HELD = re.compile(
    r" (?:[\w ]{0,30} )?(?:to be (?:held|hosted|convened)|scheduled (?:for|to|in)|(?:which )?(?:will|would|is to|are to|is due to) "
    r"(?:then |next )?(?:be (?:held|hosted|convened)|take place|convene))\b"
)
_ORDINAL = re.compile(r"\b(?:first|second|third|[a-z]+th|\d+(?:st|nd|rd|th)|maiden|inaugural|[IVX]+)\b", re.IGNORECASE)
_TO_MEET = re.compile(r"[^.;]{0,60}? (?:should|would|will) (?:be (?:held|convened)|meet|convene)\b")
_WILL_HOLD = re.compile(
    r"\b(?:agreed|plans?|planned|decided|intends?|offered|will) (?:also )?(?:to |on )?(?:hold|convene|host|convening|holding) $"
)
_TO_HOLD = re.compile(r"\b(?:to|would|on|of|the) (?:hold|convene|host|organi[sz]e|holding|convening|hosting)(?: of)? $")
_COURSE = re.compile(r"\b(?:during|(?:framework|scope) of|(?<!a )part of|conjunction with)\s$", re.IGNORECASE)
_INVITED = re.compile(r"\b(?:invit\w+|intention|scheduled|expected)\b[^.;]*$")
_ON_A_DAY = re.compile(
    r"(?:,? (?:to |in )?(?:the )?[A-Z][\w.]*){0,4},? (?:tomorrow|within the year|in (?:the )?(?:coming|spring|summer|fall|autumn|winter)"
    r"|in the (?:first|second) half|later|next|this|before the end of"
    r"|(?:in|on) (?:early |late )?(?:January|February|March|April|May|June|July|August|September|October|November|December|20\d\d))\b"
)
_ACCEPTED = re.compile(r"\baccept\w* (?:an?|the|his|her|their) (?:\w+ )?invitation\b[^.;]*$")
_SEND = re.compile(r"\b(?:send|dispatch|receive|send out|offer of)\s(?:\w+ly\s)?$")
_TO_COME = re.compile(r"\b(?:secur|reach|achiev|negotiat|conclud|toward|obtain)\w*\s$")
_PART = re.compile(r" (?:and [\w-]+ (?:[\w-]+ )?)?(?:talks|negotiations|proposal|efforts|terms|framework)\b")
# "the release of all prisoners" is asked for
_ALL = re.compile(r" of (?:all|any|the remaining|remaining|political|those|unjustly)\b")
_CONVEYED = re.compile(r"\b(?:convey|announc|explain|inform)\w*\s(?:\w+\s)?$")
_LOCATED = re.compile(
    r"\s(?:in|across|on|at|off|near|around|from|by|against|between|of)\s(?:the\s)?(?:(?:nor|sou)thern\s|(?:ea|we)stern\s|central\s)?[A-Z]"
    r"|\s(?:that|which)\s(?:hit|struck|killed|devastated|claimed|affected|took|occurred|happened"
    r"|broke out|swept|shook|flooded|has (?:affected|hit|struck|killed))\b"
)
# "the attack on the consulate in Arbil"
# One attack, by whom or on what: "the attack on a bus near Porto", "the strikes carried out by the rebels"
_STRUCK = re.compile(r"\s(?:on|against|at|by|near|of the)\b|\s(?:carried out|perpetrated|committed|launched)\b")
_GOES_ON = re.compile(r"\b(?:continu\w*|ongoing|repeated|constant|escalating)\b")
_HELD_WELL = re.compile(r"\b(?:successful|peaceful|conduct|holding|organi[sz]ation)(?: of)?(?: the)? $")
_SITE = re.compile(r"\s(?:on|at|against)\s(?:the|an?)\s(?!people|population|country)(?:[a-z]+\s){1,3}in\s[A-Z]")
_PLACED = re.compile(r"\sin\s[A-Z]")
_LATELY = re.compile(r"\b(?:recent|latest|last (?:week|month|year)'s|yesterday's)(?!\w)")
_BETWEEN = re.compile(r" between (?:President|Prime Minister|Chancellor|Secretary|(?:Foreign )?Minister|King|Vice President) [A-Z]")
_OF_STATES = re.compile(r" of the (?:[A-Z][\w-]+ )+")
_HELD = re.compile(r" with [A-Z]|(?: (?:for|of|on) [a-z]+(?: and [a-z]+)?)?,? (?:held|hosted|convened) (?:in|by|at) (?:the )?[A-Z]")
_THIS_WEEK = re.compile(r"this (?:week|weekend|month|year|spring|summer|fall|autumn|winter)['’]s\b")
_COUNCIL = re.compile(r" of the (?:Council(?: of the (?:EU|European Union))?|EU Council)\b(?! of)")
_ASIDE = re.compile(r"\b(?:will|would|also|to|including|then) (?:be |pay |paid |make |made )?(?:an? |the )?$")
_MANY = re.compile(r"\b(?:regular|annual|future|further|additional|more)\b")
# "the sanctions that the European Union announced", not "and the European Union announced" nor "In addition, the President announced".
_BESIDE = re.compile(
    r"(?<![\w-])(?!(?:and|as|when|while|because|since|if|also|jointly|after|where|was|were|has|had|have|which)\s)[a-z][\w-]*[)”\"]?\s"
    r"(?:that\s)?(?:(?:which\s)?(?:the\s)?(?:[A-Z][\w.'-]*\s){1,5}|(?:we|he|she|they)\s)?$"
    r"|(?:Partnership|Committee|Dialogue|Initiative|Order|Force)\)?\s$"
)
_ABOUT = re.compile(r"\b(?:discuss(?:ed)?|about|regarding|on|of|following|after|from|before|reviewed|ahead of)\s$")
_CONVENED = re.compile(r"\b(?:convened|hosted|held|attended|joined|chaired)\b[^.]{0,60}$")
_ELSEWHERE = re.compile(r"^(?:In|On|At|Earlier|Last)\b|.*\band in\b")


@dataclass(frozen=True, slots=True)
class Named:
    """A noun of an event in its phrase: ``[start, end)`` of ``text`` with the noun at ``[noun, noun_end)``, and what it says of time.

    ``day``: the day from which dates are read.
    """

    event: Event
    text: str
    start: int
    noun: int
    noun_end: int
    end: int
    day: date | None
    dated: DateHit | None
    past: bool
    future: bool

    @property
    def phrase(self) -> str:
        return self.text[self.start : self.end]

    @property
    def left(self) -> str:
        """The words before the noun: determiner, possessor, adjectives."""
        return self.text[self.start : self.noun]

    @property
    def before(self) -> str:
        """What leads to the phrase."""
        return self.text[max(0, self.start - 60) : self.start]

    @property
    def determiner(self) -> str | None:
        first = self.left.split()[:1]
        return first[0].lower() if first and first[0].lower() in event_grammar().determiners else None

    @property
    def owner(self) -> bool:
        """Whether it is somebody's: ``their meeting``, ``Minister X's visit``."""
        return any(_POSSESSIVE.search(word) for word in self.left.split())

    @property
    def capital(self) -> bool:
        """Whether a capital stands before the noun: the event has a name."""
        return any(word[0].isupper() for word in self.left.split() if word.lower() not in event_grammar().determiners)

    @property
    def cue(self) -> bool:
        return self.past or self.future

    @property
    def timed(self) -> bool:
        return self.dated is not None or self.cue

    @property
    def day_behind(self) -> bool:
        """Whether a date stands a little behind the noun, in the same phrase: ``the attack on the minister's car last Friday``."""
        behind = self.text[self.noun_end : self.noun_end + _REACH]
        starts = [hit.start for hit in find_dates(behind, self.day)] + [m.start() for m in AGO.finditer(behind)]
        return any(_OBJECT.fullmatch(behind[:start]) for start in starts)


def meant(n: Named) -> bool:
    """Whether a single event is meant, not a kind of event, a standing body or the encounter itself."""
    return _NEEDS[n.event.need](n)


def _name(n: Named) -> bool:
    return n.capital or (n.text[n.noun].isupper() and n.determiner == "the")


def _forum(n: Named) -> bool:
    """A forum by name: one of its meetings, unless no article stands before it."""
    return (
        n.capital
        and (n.determiner == "the" or n.timed)
        or n.dated is not None
        and n.text[n.noun].isupper()
        or n.text[n.noun_end - 1] == "s"
        and n.capital
    )


def _placed(n: Named) -> bool:
    """What is held somewhere, at a time or from now on: ``a business forum in Lisbon``, ``the next round of consultations``."""
    held = _PLACED.search(n.text, n.noun_end, n.noun_end + _REACH) is not None and n.determiner is not None
    return not _MANY.search(n.left) and (n.timed or held or n.day_behind or bool(_TO_BE_HELD.match(n.text, n.noun_end)))


def _beside(n: Named) -> bool:
    """An encounter that is told beside the page's own: with another, or on another day; "paid" and "was" tell its own."""
    return n.day_behind or _ASIDE.search(n.text[: n.noun]) is not None


def _called(n: Named) -> bool:
    """A body that is to meet: somewhere, at a time, by its number, or as what is to be convened."""
    soon = _ON_A_DAY.match(n.text, n.noun_end) or _TO_MEET.match(n.text, n.noun_end)
    return n.timed or bool(soon or _ORDINAL.search(n.left) or _to_hold(n))


def _to_hold(n: Named) -> bool:
    """Whether it is agreed to be held, or, where it is known which, is to be: ``the importance of holding the Joint Commission``."""
    return bool(_WILL_HOLD.search(n.before) or (n.determiner == "the" and _TO_HOLD.search(n.before)))


def _margins(n: Named) -> bool:
    return bool(event_grammar().occasion.search(n.text[: n.noun].removesuffix("the ")))


def _cue(n: Named) -> bool:
    held = n.determiner and _HELD.match(n.text, n.noun_end)
    led = n.capital or event_grammar().before.search(n.before) or _OF_STATES.match(n.text, n.noun_end)
    return n.timed or bool(held or (n.determiner and led))


def _date(n: Named) -> bool:
    g = event_grammar()
    placed = _PLACED.search(n.phrase) is not None
    planned = n.capital and n.text[n.noun].isupper() and n.determiner in ("a", "an", "the") and g.after.search(n.before)
    told = planned or _another(n) or (n.owner and (placed or g.before.search(n.before))) or (n.capital and n.determiner == "the" and placed)
    during = n.determiner is None and _DURING.search(n.text[: n.start]) and _WHERE.match(n.text, n.noun_end)  # "during talks in Aqaba"
    held = _to_hold(n) or _ON_A_DAY.match(n.text, n.noun_end) or (_ORDINAL.search(n.left) and placed)
    told = told or bool(during or _TO_BE_HELD.match(n.text, n.noun_end) or (n.determiner and held))
    here = n.determiner in ("this", "today's") and not _THIS_WEEK.match(n.phrase)
    return not here and bool(n.timed or told) and not _MANY.search(n.left)


def _another(n: Named) -> bool:
    """``discussed the minister's meeting with President X``: somebody's, with somebody, and talked about."""
    told = _ABOUT.search(n.before) is not None
    # "noted that the meeting between President X and President Y is an opportunity"
    between = n.determiner == "the" and _BETWEEN.match(n.text, n.noun_end) and (told or n.before.endswith("that "))
    return bool(between) or (n.owner and n.text.startswith(" with ", n.noun_end) and told)


def _day(n: Named) -> bool:
    return n.dated is not None and len(n.dated.iso) >= len("2024-05") and not _MANY.search(n.left)


def _visit(n: Named) -> bool:
    if n.determiner in ("a", "an") and _INVITED.search(n.text[: n.start]):
        return _invited(n)  # an open invitation is no visit yet
    return (n.timed or n.owner or n.determiner is not None) and n.determiner != "this"


def _stay(n: Named) -> bool:
    return n.determiner in ("the", "his", "her", "their") and _COURSE.search(n.before) is not None


def _single(n: Named) -> bool:
    """Whether words speak against a single happening: wars and standing conduct, what is only wished for."""
    g = event_grammar()
    told = n.cue or (n.dated is not None and len(n.dated.iso) >= len("2024-05-17"))
    war = not (told and n.event.kind == "attack") and (g.never.search(n.phrase) or g.never.search(n.before[-25:]))
    return not war and not (g.wished.search(n.phrase) and not (n.dated or n.owner or _held(n)))


def _held(n: Named) -> bool:
    """``following free and fair elections``: they have been held."""
    return n.event.kind == "election" and bool(_AFTER.search(n.text[: n.noun]) or _HELD_WELL.search(n.before))


def _point(n: Named) -> bool:
    if not _single(n):
        return False
    # "that national elections are held in December"
    later = n.event.kind == "election" and n.day_behind
    return later or n.timed or n.owner or _held(n) or n.determiner in ("the", "a", "an", "his", "her", "their")


def _struck(n: Named) -> bool:
    """One attack on somebody, of no war: ``the attack on a bus``."""
    one = n.event.kind == "attack" and (n.determiner == "the" or n.owner) and not _GOES_ON.search(n.left)
    war = event_grammar().never.search(n.text, n.noun_end, n.noun_end + 40)
    return one and not war and _STRUCK.match(n.text, n.noun_end) is not None


def _happening(n: Named) -> bool:
    located = n.determiner != "a" and _LOCATED.search(n.text, n.noun_end, max(n.end, n.noun_end + 14))
    located = located or (n.determiner == "the" and _SITE.match(n.text, n.noun_end))
    return _single(n) and bool(n.timed or located or n.day_behind or _struck(n))


def _sudden(n: Named) -> bool:
    return _single(n) and (n.determiner in ("the", "its", "their") or _happening(n))


def _journey(n: Named) -> bool:
    return n.dated is not None or n.text.startswith(" to", n.noun_end)


def _earlier(n: Named) -> bool:
    return n.dated is not None and _EARLIER.search(n.text[: n.noun]) is not None


def _plan(n: Named) -> bool:
    # What is wished for or would be is no plan; where somebody goes without a day is one if it was agreed.
    told = n.dated or _ON_A_DAY.match(n.text, n.noun_end) or event_grammar().settled.search(n.text[: n.noun])
    ahead = n.text[max(0, n.noun - _REACH) : n.noun]  # "Tomorrow she will visit Porto"
    return bool(told or "omorrow" in ahead or find_dates(ahead, n.day))


def _elsewhen(n: Named) -> bool:
    g = event_grammar()
    led = n.determiner and (g.after.search(n.before) or g.before.search(n.before))
    return n.capital or n.text[n.noun].isupper() or bool(led)


def _lately(n: Named) -> bool:
    return n.past and not _MANY.search(n.left) and _LATELY.search(n.left) is not None


def _told(n: Named) -> bool:
    # A month without a year is no more than "since".
    day = n.dated is not None and n.dated.how != "relative" and any(c.isdigit() for c in n.phrase)
    behind = n.text[n.noun_end : n.end]
    return day and not any(event_grammar().find(behind, behind.lower())) and _BESIDE.search(n.text[: n.noun]) is not None


def _deed(n: Named) -> bool:
    if _OWN_ACT.search(n.before) and n.dated is None:
        return False  # "The talks ended with the signing of ..." is of the encounter itself
    # What nobody judges, and no day tells, may be only wished for.
    known = n.cue or n.event.kind == "incident" or (n.event.kind == "agreement" and not n.text.startswith(" of a", n.noun_end))
    known = known or _JUDGED_DEED.search(n.text, max(0, n.start - 110), n.start) is not None
    done = n.dated is not None or n.day_behind or (known and (n.owner or n.determiner == "the") and _DONE_TO.match(n.text, n.noun_end))
    wished = n.text.startswith("release", n.noun) and _ALL.match(n.text, n.noun_end)
    return bool(done) and not wished and not event_grammar().sought.search(n.text[: n.noun])


def _congratulated(n: Named) -> bool:
    return n.owner and _CONGRATULATED.search(n.text[: n.start]) is not None and "election" not in n.text


def _invited(n: Named) -> bool:
    before = n.text[: n.noun]
    settled = n.timed or _ON_A_DAY.match(n.text, n.noun_end) or _ACCEPTED.search(before)
    return _INVITED.search(before) is not None and bool(settled)


def _sent(n: Named) -> bool:
    goes = " " in n.text[n.noun : n.noun_end]
    return (n.determiner is not None or n.owner) if goes else n.determiner in ("a", "an", "its", "their") and bool(_SEND.search(n.before))


def _judged(n: Named) -> bool:
    # What a side conveys as its own decision is said by that very act.
    known = n.owner and n.capital and n.text.startswith(" to ", n.noun_end) and not _CONVEYED.search(n.before)
    by = n.determiner == "the" and _BY.match(n.text, n.noun_end)  # "the decision by the United States to ..."
    return n.dated is not None or n.past or bool(by) or _JUDGED.search(n.before) is not None or known


def _convened(n: Named) -> bool:
    return (
        bool(_WILL_HOLD.search(n.before)) or _single(n) and bool(_CONVENED.search(n.text[: n.noun]) and _ELSEWHERE.match(n.text[: n.noun]))
    )


def _agreement(n: Named) -> bool:
    between = n.determiner and re.search(r"agreement|between", n.phrase)
    # "the early entry into force": what is wished for is no event.
    wanted = n.text.startswith("entry", n.noun) and event_grammar().sought.search(n.text[: n.noun])
    wanted = wanted or (n.determiner in ("a", "an") and not n.past and _TO_COME.search(n.text[: n.start]))
    # "the ceasefire and hostage release talks", "the ceasefire proposal"
    wanted = wanted or _PART.match(n.text, n.noun_end)
    # "consolidating the ceasefire", "the truce must hold": a state of things
    wanted = wanted or (not n.timed and (_LASTING.search(n.text[: n.start]) or _PERMANENT.match(n.text, n.noun_end)))
    return bool(n.timed or n.owner or n.determiner == "the" or between) and not wanted


def _presidency(n: Named) -> bool:
    if n.text.startswith("20", n.noun):
        return True
    coming = n.cue and event_grammar().future.search(n.phrase)
    if n.capital and n.determiner == "the" and n.text.startswith("Presidency of the ", n.noun):
        return True  # "the French Presidency of the Council"
    if (n.owner or (n.determiner == "the" and not n.before.endswith("as "))) and _COUNCIL.match(n.text, n.noun_end):
        return True  # "its presidency of the Council of the European Union"
    forum = n.capital and n.determiner == "the" and not n.before.endswith("as ") and _FORUM.search(n.left)  # "the Croatian EU presidency"
    held = "Presidency" in n.phrase or _FORUM.search(n.left)
    return n.dated is not None or bool(coming) or (n.capital and n.owner and bool(held)) or bool(forum)


_NEEDS: Final[Mapping[str, Callable[[Named], bool]]] = {
    "none": lambda _: True,
    "name": _name,
    "forum": _forum,
    "placed": _placed,
    "beside": _beside,
    "called": _called,
    "margins": _margins,
    "cue": _cue,
    "date": _date,
    "day": _day,
    "visit": _visit,
    "point": _point,
    "happening": _happening,
    "sudden": _sudden,
    "journey": _journey,
    "plan": _plan,
    "earlier": _earlier,
    "befell": lambda n: n.dated is not None or n.day_behind,
    "timed": lambda n: n.timed,
    "lately": _lately,
    "elsewhen": _elsewhen,
    "told": _told,
    "congratulated": _congratulated,
    "invited": _invited,
    "sent": _sent,
    "stay": _stay,
    "judged": _judged,
    "deed": _deed,
    "convened": _convened,
    "agreement": _agreement,
    "presidency": _presidency,
}
