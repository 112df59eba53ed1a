"""Issues: the words of an act's content linked to concepts of the issue scheme.

Everything that is said about the language or the world is data (``ontology/vocab/issues.ttl``): labels, how firm a kind of
label is, and *readings*, which say what a word means beside others, after a date or in a type of act.  The code only
knows the order of the questions: which labels stand here, which readings hold, which of the overlapping ones is longest,
and which links say nothing beside a more specific one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from communique.ingest.lexicon import Hit, Label, Lexicon
from communique.ingest.views import View
from communique.model import IssueLink

# The bare names of bodies are read as those of states.
NAMES = frozenset({"state", "organization", "forum"})
KINDS = frozenset({"issue", "reading", "office"}) | NAMES
# Between readings, concepts, states and offices that claim the same words the first decides.
RANK = {"reading": 0, "issue": 1, "state": 2, "organization": 2, "forum": 2, "office": 3}
CONFIDENCE = {"label": 0.95, "reading": 0.9, "state": 0.85, "channel": 0.7, "head": 0.6, "party": 0.5, "hint": 0.3}


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around a content: parties of the encounter, the act's type, the date, and the issues talked about just before."""

    parties: tuple[str, ...] = ()
    type: str | None = None
    date: str | None = None
    topics: tuple[str, ...] = ()


NOWHERE = Setting()


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the scheme: where it stands, its backbone id, and what its links do to others."""

    id: str
    issue: str
    above: tuple[str, ...]
    concerns: frozenset[str]
    even_participant: frozenset[str]
    channel: bool
    head: bool
    heads: tuple[str, ...]
    yields: frozenset[str]
    absorbs: frozenset[str]
    topic: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A reading: the conditions under which its words count, and what they give."""

    id: str
    gives: tuple[str, ...]
    situation: bool
    states: frozenset[str]
    parties: frozenset[str]
    issues: frozenset[str]
    without: frozenset[str]
    types: frozenset[str]
    topics: frozenset[str]
    since: str
    until: str

    def holds(self, states: set[str], issues: set[str], setting: Setting) -> bool:
        """Whether all conditions are met; an unknown date meets them only where the reading has no date."""
        if self.since and not (setting.date or "") >= self.since:
            return False
        if self.until and not "" < (setting.date or "") < self.until:
            return False
        if self.types and setting.type not in self.types:
            return False
        if self.topics and (not setting.topics or self.topics & issues):
            return False
        if self.without & (issues | states):
            return False
        if self.states and not self.states & states:
            return False
        if self.parties and not self.parties.intersection(setting.parties):
            return False
        return not self.issues or bool(self.issues & (issues | set(setting.topics)))


@dataclass(frozen=True, slots=True)
class Found:
    """A link before it is weighed: the concept, where, by what rule."""

    concept: str
    start: int
    end: int
    rule: str


class IssueLinker:
    """Links stretches of text to issues; everything is prepared once, from the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._labels = Lexicon(_renamed(lexicon))
        self._concepts = {id_: _concept(lexicon, id_) for id_ in lexicon.ids("issue")}
        self._default = next((id_ for id_ in self._concepts if "ofParty" in lexicon.facts("issue", id_)), None)
        self._rules = {id_: _rule(lexicon, id_) for id_ in sorted({x.id for x in lexicon.labels if x.kind == "reading"})}
        self._situations: dict[str, str] = {}
        for id_ in self._concepts:
            for state in lexicon.facts("issue", id_).get("situationOf", ()):
                self._situations[state] = id_
        roles: dict[str, list[str]] = {}
        masked = set()
        for label in lexicon.labels:
            if label.kind == "reading" and (role := lexicon.fact("reading", label.id, "role")):
                roles.setdefault(role, []).append(label.text)
                masked.add(label.id)
        self._roles = frozenset(masked)
        words = {role: "|".join(re.escape(x) for x in sorted(labels, key=len, reverse=True)) for role, labels in roles.items()}
        item = r"[\w.'-]+(?: [\w.'-]+)?"
        self._headed = {
            role: re.compile(rf"(?:(?:,|/| and| or|, and|, or|,? as well as) {item})*?[ -](?:{words.get(role, '(?!)')})s?\b", re.IGNORECASE)
            for role in sorted({r for c in self._concepts.values() for r in c.heads})
        }
        self._blocked = {}
        for kind, name in (("state", "notBefore"), ("state", "notAfter")):
            for id_ in lexicon.ids(kind):
                if values := lexicon.facts(kind, id_).get(name):
                    self._blocked[id_, name] = tuple(values)
        self._channelled = re.compile(
            rf"\b(?:{words.get('channel', '(?!)')}) (?:the |our )?(?:{item}(?:,| and|, and) (?:the )?)*$", re.IGNORECASE
        )
        self._paired = re.compile(r"[A-Z][\w.]+ ?- ?[A-Z][\w.]+(?:-[A-Z][\w.]+)?(?: [\w-]+){0,2} $")
        self._complement = re.compile(rf" (?:{words.get('complement', '(?!)')})\b", re.IGNORECASE)
        self._background = re.compile(rf"\b(?:{words.get('background', '(?!)')})\b", re.IGNORECASE)
        self._including = re.compile(rf"\b(?:{words.get('including', '(?!)')})\b", re.IGNORECASE)

    def link(self, view: View, start: int, end: int, setting: Setting = NOWHERE) -> tuple[IssueLink, ...]:
        """The issues that ``view[start:end]`` names, in the order of the text, each once."""
        text = view.text[start:end]
        found = self._weigh(text, list(self._read(text, setting))) or self._of_party(text, setting)
        best: dict[str, Found] = {}
        for f in found:
            issue = self._concepts[f.concept].issue
            old = best.get(issue)
            if old is None:
                best[issue] = f
            elif len(self._concepts[f.concept].above) > len(self._concepts[old.concept].above):
                best[issue] = Found(f.concept, old.start, old.end, f.rule) if old.rule != "head" else f
        return tuple(
            IssueLink(f.concept, issue, view.span(start + f.start, start + f.end), f"issue-{f.rule}", CONFIDENCE[f.rule], f.rule == "hint")
            for issue, f in sorted(best.items(), key=lambda kv: (kv[1].start, kv[1].end, kv[0]))
        )

    # -- from words to links ----------------------------------------------------------------------------------------

    def _read(self, text: str, setting: Setting) -> Iterator[Found]:
        """What the longest labels that hold give, in the order of the text."""
        hits = list(self._labels.find(text))
        states = {h.label.id for h in hits if h.label.kind in NAMES}
        issues: set[str] = set()
        for h in hits:
            if h.label.kind == "issue" and h.label.form not in ("modifierLabel", "genericLabel", "hintLabel"):
                issues |= {h.label.id, *self._concepts[h.label.id].above}
        for state in states & self._situations.keys():
            issues |= {self._situations[state], *self._concepts[self._situations[state]].above}
        standing = [h for h in hits if self._stands(h, text, states, issues, setting)]
        for group in _longest(standing):
            kinds = {h.label.kind for h in group}
            named = {h.label.id for h in group if h.label.kind in NAMES}
            rank = min(RANK[k] for k in kinds)
            # An adjective that waits for its head says more than the same word as a noun ("security and humanitarian assistance").
            modifies = any(h.label.form == "modifierLabel" for h in group)
            for h in group:
                if RANK[h.label.kind] != rank or (modifies and h.label.form != "modifierLabel"):
                    continue
                if h.label.kind == "reading":
                    yield from self._given(h, states, setting)
                elif h.label.kind == "issue":
                    if not any(self._situations.get(s) == h.label.id for s in named):
                        yield Found(h.label.id, h.start, h.end, self._tier(h, text, hits, setting))
            if rank > RANK["reading"]:
                for state in sorted(named):
                    if (situation := self._situations.get(state)) and self._foreign(state, situation, setting):
                        yield Found(
                            situation, group[0].start, group[0].end, "channel" if self._through(group[0], situation, text) else "state"
                        )

    def _tier(self, hit: Hit, text: str, hits: list[Hit], setting: Setting) -> str:
        """How firm an issue's label is where it stands; a generic head after a pair of the parties (``Japan-UK relations``) is firm."""
        if hit.label.form == "genericLabel":
            pair = self._paired.search(text, max(0, hit.start - 60), hit.start) if self._concepts[hit.label.id].head else None
            if pair and all(h.label.id in setting.parties for h in hits if h.label.kind in NAMES and pair.start() <= h.start < hit.start):
                return "label"
            return "head"
        if hit.label.form == "regionLabel":
            return "head" if any(self._lies_in(party, hit.label.id) for party in setting.parties) else "state"
        return "channel" if self._through(hit, hit.label.id, text) else "label"

    def _lies_in(self, party: str, region: str) -> bool:
        """Whether a party lies in a region."""
        situation = self._situations.get(party)
        return situation is not None and region in (situation, *self._concepts[situation].above)

    def _through(self, hit: Hit, concept: str, text: str) -> bool:
        """Whether the body named is only the way (``through NATO``)."""
        body = self._concepts[concept].channel or hit.label.kind in ("organization", "forum")
        return body and self._channelled.search(text, max(0, hit.start - 60), hit.start) is not None

    def _foreign(self, state: str, situation: str, setting: Setting) -> bool:
        """Whether the bare name of a state is an issue: not if the state takes part, unless its situation is one even then."""
        return state not in setting.parties or state in self._concepts[situation].even_participant

    def _stands(self, hit: Hit, text: str, states: set[str], issues: set[str], setting: Setting) -> bool:
        """Whether the conditions of a label are met."""
        label = hit.label
        if label.kind == "reading":
            return label.id not in self._roles and self._rules[label.id].holds(states, issues, setting)
        if label.kind == "issue":
            if label.form == "hintLabel":
                return False
            if label.form == "modifierLabel":
                return any(self._headed[role].match(text, hit.end) for role in self._concepts[label.id].heads)
        if label.kind == "state" and label.form != "metonym":
            before, after = text[: hit.start].rstrip(), text[hit.end :].lstrip()
            return not (
                any(after.startswith(w) for w in self._blocked.get((label.id, "notBefore"), ()))
                or any(before.endswith(w) for w in self._blocked.get((label.id, "notAfter"), ()))
            )
        return True

    def _given(self, hit: Hit, states: set[str], setting: Setting) -> Iterator[Found]:
        """What a reading that holds gives."""
        rule = self._rules[hit.label.id]
        for issue in rule.gives:
            yield Found(issue, hit.start, hit.end, "reading")
        for topic in setting.topics:
            if topic in self._concepts and rule.topics & {topic, *self._concepts[topic].above}:
                yield Found(self._concepts[topic].topic, hit.start, hit.end, "reading")
        if rule.situation:
            for state in sorted(states & rule.states):
                if situation := self._situations.get(state):
                    yield Found(situation, hit.start, hit.end, "reading")

    # -- which links say something ----------------------------------------------------------------------------------

    def _weigh(self, text: str, found: list[Found]) -> list[Found]:
        """Drops what a more specific link makes empty: heads, hints, bare names of states."""
        firm = [f for f in found if f.rule in ("label", "reading")]
        concerned = {s for f in firm for s in self._concepts[f.concept].concerns}
        above = {a for f in firm for a in self._concepts[f.concept].above}
        mapped = {f.concept for f in firm}
        absorbed = {i for f in found if f.rule in ("label", "reading", "state") for i in self._concepts[f.concept].absorbs}
        kept: list[Found] = []
        for f in found:
            if f.rule == "state":
                states = {s for s, i in self._situations.items() if i == f.concept}
                if f.concept not in mapped and (f.concept in above or f.concept in absorbed or states & concerned):
                    continue
            elif f.rule == "label" and not self._concepts[f.concept].above and any(o.end + 1 == f.start for o in firm):
                continue  # the second part of a compound: "supply chain security"
            elif f.rule == "label" and self._concepts[f.concept].head and (self._completed(text, f, found) or self._behind(text, f, found)):
                continue
            kept.append(f)
        solid = [f for f in kept if f.rule not in ("channel", "head") and not self._concepts[f.concept].yields & mapped]
        if not solid:
            solid = [f for f in kept if f.rule == "channel"]
        heads = [f for f in kept if f.rule == "head"]
        heads = [f for f in heads if not solid or self._opens(text, f, solid)]
        if solid or heads:
            return sorted([*solid, *heads], key=lambda f: f.start)
        return []

    def _of_party(self, text: str, setting: Setting) -> list[Found]:
        """Where nothing else is named: the relation with a party whose name stands there, else the best hint."""
        if setting.topics:
            return []  # what was talked about just before is better evidence
        hits = [h for h in self._labels.find(text) if h.label.kind in NAMES and h.label.id in setting.parties]
        if hits and self._default:
            return [Found(self._default, hits[0].start, hits[0].end, "party")]
        hints = [Found(h.label.id, h.start, h.end, "hint") for h in self._labels.find(text) if h.label.form == "hintLabel"]
        return sorted(hints, key=lambda f: (self._concepts[f.concept].head, f.start))[:1]

    def _completed(self, text: str, head: Found, found: list[Found]) -> bool:
        """Whether a head is followed by what it is about (``partnership on clean energy``) and by no "including"."""
        m = self._complement.match(text, head.end)
        after = [f for f in found if f.start >= head.end and f.concept != head.concept]
        return bool(m and after) and after[0].start - head.end < 60 and not self._including.search(text, head.end, after[0].end + 14)

    def _behind(self, text: str, head: Found, found: list[Found]) -> bool:
        """Whether a head only stands in the background of something specific before it (``centres, strengthening our ties``)."""
        before = [f.end for f in found if f.end <= head.start and f.rule in ("label", "reading") and f.concept != head.concept]
        return bool(before) and self._background.search(text, before[0], head.start) is not None

    def _opens(self, text: str, head: Found, solid: list[Found]) -> bool:
        """Whether a generic head is followed by "including" before the next specific link: then it keeps its own id."""
        after = [f.start for f in solid if f.start >= head.end]
        m = self._including.search(text, head.end, min(after)) if after else None
        return m is not None


def _longest(hits: Iterable[Hit]) -> list[list[Hit]]:
    """The longest hits, those that claim the same words together, in the order of the text."""
    groups: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.start, hit.end), []).append(hit)
    out: list[tuple[int, int]] = []
    for start, end in sorted(groups, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= a or b <= start for a, b in out):
            out.append((start, end))
    return [groups[span] for span in sorted(out)]


def _renamed(lexicon: Lexicon) -> Iterator[Label]:
    """The labels that the linker reads; those of a reading that names a state (``the Kremlin``) are the state's."""
    for label in lexicon.labels:
        if label.kind == "reading" and (named := lexicon.facts("reading", label.id).get("names")):
            yield from (Label(label.text, "state", state, "metonym") for state in named)
        elif label.kind in KINDS:
            yield label


def _concept(lexicon: Lexicon, id_: str) -> Concept:
    """A concept from its facts."""
    facts = lexicon.facts("issue", id_)
    above: list[str] = []
    node = id_
    while broader := lexicon.fact("issue", node, "broader"):
        above.append(broader)
        node = broader
    annotated = (
        roll if (roll := lexicon.fact("issue", x, "rollUp")) else x
        for x in (id_, *above)
        if lexicon.facts("issue", x).keys() & {"rollUp", "backbone"}
    )
    return Concept(
        id=id_,
        issue=next(annotated, id_),
        above=tuple(above),
        concerns=frozenset(facts.get("concerns", ())),
        even_participant=frozenset(facts.get("evenParticipant", ())),
        channel="channel" in facts,
        head="head" in facts,
        heads=facts.get("heads", ("matter",)),
        absorbs=frozenset(facts.get("absorbs", ())),
        yields=frozenset(facts.get("yieldsTo", ())),
        topic=facts.get("asTopic", (id_,))[0],
    )


def _rule(lexicon: Lexicon, id_: str) -> Rule:
    """A reading from its facts."""
    facts = lexicon.facts("reading", id_)
    return Rule(
        id=id_,
        gives=facts.get("gives", ()),
        situation="givesSituation" in facts,
        states=frozenset(facts.get("withState", ())),
        parties=frozenset(facts.get("withParty", ())),
        issues=frozenset(facts.get("withIssue", ())),
        without=frozenset(facts.get("without", ())),
        types=frozenset(facts.get("inAct", ())),
        topics=frozenset(facts.get("givesTopicUnder", ())),
        since=facts.get("since", ("",))[0],
        until=facts.get("until", ("",))[0],
    )
