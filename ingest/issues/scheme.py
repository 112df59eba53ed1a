"""The issue scheme as the linker asks it: concepts, readings, and the few words of grammar, prepared once from the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from communique.ingest.lexicon.lexicon import Label, Lexicon

# Bodies are read as states are: their bare name stands for their situation.
NAMES = frozenset({"state", "organization", "forum"})
KINDS = frozenset({"issue", "reading", "office"}) | NAMES
NEVER = "(?!)"
ITEM = r"[\w.'-]+(?: [\w.'-]+){0,2}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around a content: parties, the act's type, the date, the issues of the act before and of those earlier."""

    parties: tuple[str, ...] = ()
    type: str | None = None
    date: str | None = None
    topics: tuple[str, ...] = ()
    earlier: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the scheme; the properties are those of ``ontology/vocab/issues.ttl`` and explained there."""

    id: str
    issue: str
    above: tuple[str, ...]
    line: tuple[str, ...]
    concerns: frozenset[str]
    absorbs: frozenset[str]
    yields: frozenset[str]
    even_participant: frozenset[str]
    channel: bool
    head: bool
    aspect: bool
    item: bool
    area: bool
    bystander: bool
    of_pair: bool
    heads: tuple[str, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What words mean under conditions: in the company of others, with a party, in a type of act, after or before a date."""

    gives: tuple[str, ...]
    topics: frozenset[str]
    situation: bool
    states: frozenset[str]
    parties: frozenset[str]
    issues: frozenset[str]
    without: frozenset[str]
    types: frozenset[str]
    weak: bool
    look_back: bool
    since: str
    until: str

    def holds(self, states: set[str], issues: set[str], setting: Setting) -> bool:
        """Whether all conditions are met, by what the content names; an unknown date meets no condition on the date."""
        date = setting.date or ""
        return not (
            (self.since and date < self.since)
            or (self.until and not "" < date < self.until)
            or (self.types and setting.type not in self.types)
            or (self.topics and (not setting.topics or self.topics & issues))
            or self.without & (issues | states)
            or (self.states and not self.states & states)
            or (self.parties and not self.parties.intersection(setting.parties))
            or (self.issues and not self.issues.intersection((*issues, *setting.topics)))
        )


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The patterns around labels, made of the words that the scheme's readings with a ``cq:role`` list."""

    headed: Mapping[str, re.Pattern[str]]
    channelled: re.Pattern[str]
    complement: re.Pattern[str]
    meeting: re.Pattern[str]
    purpose: re.Pattern[str]
    background: re.Pattern[str]
    including: re.Pattern[str]
    beginning: re.Pattern[str]
    listed: re.Pattern[str]
    item: re.Pattern[str]
    paired: re.Pattern[str]
    aside: re.Pattern[str]
    within: re.Pattern[str]
    beside: re.Pattern[str]
    between: re.Pattern[str]
    between_whom: re.Pattern[str]
    partner: re.Pattern[str]
    tie: re.Pattern[str]
    unfolding: re.Pattern[str]
    edition: re.Pattern[str]
    occasion: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """Everything that the linker asks: ``situations`` maps a state or body to the concept that its bare name stands for."""

    labels: Lexicon
    concepts: Mapping[str, Concept]
    readings: Mapping[str, Reading]
    situations: Mapping[str, str]
    phrasing: Phrasing
    bodies: frozenset[str]
    default: str | None
    of_act: Mapping[str, str]
    blocked_before: Mapping[str, tuple[str, ...]]
    blocked_after: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, lexicon: Lexicon) -> Scheme:
        """The scheme of a lexicon."""
        concepts = {id_: _concept(lexicon, id_) for id_ in lexicon.ids("issue")}
        states = lexicon.ids("state")
        situations = {name: id_ for id_ in concepts for name in lexicon.facts("issue", id_).get("situationOf", ())}
        return cls(
            labels=Lexicon(_labels(lexicon)),
            concepts=concepts,
            readings={id_: _reading(lexicon, id_) for id_ in sorted({x.id for x in lexicon.labels if x.kind == "reading"})},
            situations=situations,
            phrasing=_phrasing(lexicon),
            bodies=frozenset(lexicon.ids("organization")).union(lexicon.ids("forum")).difference(states).intersection(situations),
            default=next((id_ for id_ in concepts if "ofParty" in lexicon.facts("issue", id_)), None),
            of_act={type_: id_ for id_ in concepts for type_ in lexicon.facts("issue", id_).get("ofAct", ())},
            blocked_before={s: words for s in states if (words := lexicon.facts("state", s).get("notBefore", ()))},
            blocked_after={s: words for s in states if (words := lexicon.facts("state", s).get("notAfter", ()))},
        )

    def line(self, id_: str) -> tuple[str, ...]:
        """A concept and all above it."""
        return self.concepts[id_].line

    def lies_in(self, party: str, region: str) -> bool:
        """Whether a party lies in a region."""
        return party in self.situations and region in self.line(self.situations[party])


def _labels(lexicon: Lexicon) -> Iterator[Label]:
    """The labels that the linker looks for; those of a reading that names a state (``the Kremlin``) are the state's."""
    states = set(lexicon.ids("state"))
    meant = {text: state for state in sorted(states) for text in lexicon.facts("state", state).get("preferredFor", ())}
    for label in lexicon.labels:
        # "Congolese" is said of one Congo only, or the one that takes part would leave the other as the issue.
        if label.kind == "state" and meant.get(label.text, label.id) != label.id:
            continue
        # A body whose id is also a state's code (CAN: Canada, the Andean Community) could not be told from the party.
        if label.kind not in KINDS or (label.kind in ("organization", "forum") and label.id in states):
            continue
        facts = lexicon.facts("reading", label.id) if label.kind == "reading" else {}
        if "names" in facts:
            yield from (Label(label.text, "state", state, "metonym") for state in facts["names"])
        elif "role" not in facts:
            yield label


def _phrasing(lexicon: Lexicon) -> Phrasing:
    """The patterns, from the labels of the readings that have a role."""
    roles: dict[str, list[str]] = {}
    for label in lexicon.labels:
        if label.kind == "reading" and (role := lexicon.fact("reading", label.id, "role")):
            roles.setdefault(role, []).append(label.text)
    words = {role: "|".join(re.escape(x) for x in sorted(labels, key=lambda x: (-len(x), x))) for role, labels in roles.items()}

    def pattern(template: str, role: str) -> re.Pattern[str]:
        return re.compile(template.replace("WORDS", words.get(role, NEVER)).replace("ITEM", ITEM), re.IGNORECASE)

    return Phrasing(
        # "economic, climate and defence issues": an adjective waits for its head through a coordination.
        headed={role: pattern(r"(?:(?:,|/| and| or|, and|, or|,? as well as) ITEM)*?[ -](?:WORDS)s?\b", role) for role in sorted(roles)},
        channelled=pattern(
            r"\b(?:WORDS) (?:the |our )?(?:ITEM(?:,| and|, and) (?:the )?)*"
            r"(?:(?:newly|launched|new|upcoming|ongoing|independent|relevant|existing|[\w.]+-[\w.]+) )*$",
            "channel",
        ),
        # "to seeing each other again at the next ", "to the visit for the ".
        meeting=pattern(rf"\b(?:{words.get('encounter', NEVER)})\b[^,;]*? (?:WORDS) (?:[\w.'-]+ ){{0,5}}$", "venue"),
        complement=pattern(r" (?:WORDS)\b", "complement"),
        # "U.S.-Norway partnership in tackling ...": the relation is named beside what it is for.
        purpose=re.compile(r" (?:to|for our|in (?:\w+ing|the (?:global|international|joint|common|shared) \w+ (?:to|against))) "),
        background=pattern(r"\b(?:WORDS)\b", "background"),
        including=pattern(rf"\b(?:WORDS)\b(?! (?:by|{words.get('channel', NEVER)})\b)", "including"),
        # "cooperation, including through a climate partnership": right behind a head also a way begins an example.
        beginning=pattern(r",? (?:WORDS)\b", "including"),
        # "on trade, space, and the Sahel": a whole item of a list names its issue, though the word alone is weak.
        listed=re.compile(r"(?:, (?:and |or )?|\b(?:and|or|on|including) )$"),
        item=re.compile(r"(?:,| and | or |$)"),
        # "Japan-UK ", "U.S. - Turkey strategic ": the pair that a relation belongs to.
        paired=re.compile(r"[A-Z][\w.]+ ?- ?[A-Z][\w.]+(?:-[A-Z][\w.]+)?(?: (?!and\b)[\w-]+){0,2} $"),
        # "the alliance, which supports ...": a field named in an aside is not what is talked about.
        aside=pattern(r"\b(?:WORDS)\b", "aside"),
        within=re.compile(r" (?:in|across|throughout|of) (?:the )?"),
        # "the United States' and the ", "the United States, the ": a body that acts with a party; but "between the United States and the ".
        beside=re.compile(r"(?:['’]s?)?(?:,| and|, and) (?:the )?"),
        between=re.compile(r"\b(?:between|with) (?:the )?$"),
        between_whom=re.compile(r" between (?:the )?"),
        # "the relationship with ", "ties between the United States and ": the other side of a relation.
        partner=pattern(r"\b(?:WORDS)s? (?:with|between [\w. ]+ and) (?:the )?$", "tie"),
        # "recent developments in ": what happens in a state is talked about, though it takes part.
        unfolding=re.compile(r"\b(?:developments|situation|events|unrest) in (?:the )?$"),
        tie=pattern(r"\b(?:WORDS)s?$", "tie"),
        # "the growth of trade since the State Visit": an event that only dates what is said.
        occasion=re.compile(
            r"\b(?:since|at|during|ahead of|following|on the (?:margins|sidelines|occasion) of) (?:the |their |his |her |its )?"
            r"(?:[\w.'-]+ ){0,5}$"
        ),
        # "to hold the 7th BPC in Astana": whatever it is that they have held before, they will meet again.
        edition=re.compile(
            r"\b(?:hold|holding|host|hosting|convene|convening|organi[sz]e) (?:the|its|their|our) "
            r"(?:next|following|upcoming|\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
        ),
    )


def _concept(lexicon: Lexicon, id_: str) -> Concept:
    """A concept from its facts."""
    facts = lexicon.facts("issue", id_)
    above: list[str] = []
    node = id_
    while (broader := lexicon.fact("issue", node, "broader")) and broader not in above:
        above.append(broader)
        node = broader
    rolled = (lexicon.fact("issue", x, "rollUp") or x for x in (id_, *above) if lexicon.facts("issue", x).keys() & {"rollUp", "backbone"})
    return Concept(
        id=id_,
        issue=next(rolled, id_),
        above=tuple(above),
        line=(id_, *above),
        concerns=frozenset(facts.get("concerns", ())),
        absorbs=frozenset(y for x in (id_, *above) for y in lexicon.facts("issue", x).get("absorbs", ())),
        yields=frozenset(facts.get("yieldsTo", ())),
        even_participant=frozenset(facts.get("evenParticipant", ())),
        channel=any("channel" in lexicon.facts("issue", x) for x in (id_, *above)),
        head="head" in facts,
        aspect="aspect" in facts,
        item="item" in facts,
        area=any("area" in lexicon.facts("issue", x) for x in (id_, *above)),
        bystander="bystander" in facts,
        of_pair="ofPair" in facts,
        heads=facts.get("heads", ("matter",)),
        topic=facts.get("asTopic", (id_,))[0],
    )


def _reading(lexicon: Lexicon, id_: str) -> Reading:
    """A reading from its facts."""
    facts = lexicon.facts("reading", id_)
    return Reading(
        gives=facts.get("gives", ()),
        topics=frozenset(facts.get("givesTopicUnder", ())),
        situation="givesSituation" in facts,
        states=frozenset(facts.get("withState", ())),
        parties=frozenset(facts.get("withParty", ())),
        issues=frozenset(facts.get("withIssue", ())),
        without=frozenset(facts.get("without", ())),
        types=frozenset(facts.get("inAct", ())),
        weak="weak" in facts,
        look_back="lookBack" in facts,
        since=facts.get("since", ("",))[0],
        until=facts.get("until", ("",))[0],
    )
