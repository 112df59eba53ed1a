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

from communique.ingest.lexicon import Hit, Lexicon
from communique.ingest.views import View
from communique.model import IssueLink

KINDS = frozenset({"issue", "reading", "state", "office"})
# Between readings, concepts, states and offices that claim the same words the first decides.
RANK = {"reading": 0, "issue": 1, "state": 2, "office": 3}
CONFIDENCE = {"label": 0.95, "reading": 0.9, "state": 0.85, "head": 0.6, "hint": 0.3}


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
    even_participant: bool
    channel: bool
    head: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A reading: the conditions under which its words count, and what they give."""

    id: str
    gives: tuple[str, ...]
    situation: bool
    states: frozenset[str]
    issues: frozenset[str]
    without: frozenset[str]
    types: frozenset[str]
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
        if self.without & (issues | states):
            return False
        if self.states and not self.states & states:
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
        self._labels = Lexicon(x for x in lexicon.labels if x.kind in KINDS)
        self._concepts = {id_: _concept(lexicon, id_) for id_ in lexicon.ids("issue")}
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
        self._headed = re.compile(rf"(?:(?:,|/| and| or|, and|, or|,? as well as) {item})*?[ -](?:{words.get('head', '(?!)')})s?\b", re.IGNORECASE)
        self._channelled = re.compile(rf"\b(?:{words.get('channel', '(?!)')}) (?:the |our )?(?:{item}(?:,| and|, and) (?:the )?)*$", re.IGNORECASE)
        self._complement = re.compile(rf" (?:{words.get('complement', '(?!)')})\b", re.IGNORECASE)
        self._including = re.compile(rf"\b(?:{words.get('including', '(?!)')})\b", re.IGNORECASE)

    def link(self, view: View, start: int, end: int, setting: Setting = NOWHERE) -> tuple[IssueLink, ...]:
        """The issues that ``view[start:end]`` names, in the order of the text, each once."""
        text = view.text[start:end]
        found = self._weigh(text, list(self._read(text, setting)))
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
        states = {h.label.id for h in hits if h.label.kind == "state"}
        issues: set[str] = set()
        for h in hits:
            if h.label.kind == "issue" and h.label.form not in ("modifierLabel", "hintLabel"):
                issues.add(h.label.id)
                issues.update(self._concepts[h.label.id].above)
        standing = [h for h in hits if self._stands(h, text, states, issues, setting)]
        for group in _longest(standing):
            kinds = {h.label.kind for h in group}
            named = {h.label.id for h in group if h.label.kind == "state"}
            rank = min(RANK[k] for k in kinds)
            for h in group:
                if RANK[h.label.kind] != rank:
                    continue
                if h.label.kind == "reading":
                    yield from self._given(h, states)
                elif h.label.kind == "issue":
                    form = h.label.form
                    bare = any(self._situations.get(s) == h.label.id for s in named)
                    if not bare:
                        yield Found(h.label.id, h.start, h.end, {"genericLabel": "head", "hintLabel": "hint"}.get(form, "label"))
                elif h.label.kind == "office":
                    continue
            if rank > RANK["reading"]:
                for state in sorted(named):
                    if (situation := self._situations.get(state)) and self._foreign(state, situation, setting):
                        yield Found(situation, group[0].start, group[0].end, "state")

    def _foreign(self, state: str, situation: str, setting: Setting) -> bool:
        """Whether the bare name of a state is an issue: not if the state takes part, unless its situation is one even then."""
        return state not in setting.parties or self._concepts[situation].even_participant

    def _stands(self, hit: Hit, text: str, states: set[str], issues: set[str], setting: Setting) -> bool:
        """Whether the conditions of a label are met."""
        label = hit.label
        if label.kind == "reading":
            return label.id not in self._roles and self._rules[label.id].holds(states, issues, setting)
        if label.kind == "issue":
            if label.form == "modifierLabel":
                return self._headed.match(text, hit.end) is not None
            if self._concepts[label.id].channel:
                return self._channelled.search(text, max(0, hit.start - 60), hit.start) is None
        return True

    def _given(self, hit: Hit, states: set[str]) -> Iterator[Found]:
        """What a reading that holds gives."""
        rule = self._rules[hit.label.id]
        for issue in rule.gives:
            yield Found(issue, hit.start, hit.end, "reading")
        if rule.situation:
            for state in sorted(states):
                if situation := self._situations.get(state):
                    yield Found(situation, hit.start, hit.end, "reading")

    # -- which links say something ----------------------------------------------------------------------------------

    def _weigh(self, text: str, found: list[Found]) -> list[Found]:
        """Drops what a more specific link makes empty: heads, hints, bare names of states."""
        firm = [f for f in found if f.rule in ("label", "reading")]
        concerned = {s for f in firm for s in self._concepts[f.concept].concerns}
        above = {a for f in firm for a in self._concepts[f.concept].above}
        mapped = {f.concept for f in firm}
        kept: list[Found] = []
        for f in found:
            if f.rule == "state":
                states = {s for s, i in self._situations.items() if i == f.concept}
                if f.concept not in mapped and (f.concept in above or states & concerned):
                    continue
            elif f.rule == "label" and self._concepts[f.concept].head and self._completed(text, f, found):
                continue
            kept.append(f)
        solid = [f for f in kept if f.rule not in ("head", "hint")]
        heads = [f for f in kept if f.rule == "head"]
        heads = [f for f in heads if not solid or self._opens(text, f, solid)]
        if solid or heads:
            return sorted([*solid, *heads], key=lambda f: f.start)
        return [f for f in kept if f.rule == "hint"][:1]

    def _completed(self, text: str, head: Found, found: list[Found]) -> bool:
        """Whether a head is followed by what it is about (``partnership on clean energy``) and by no "including"."""
        m = self._complement.match(text, head.end)
        after = [f for f in found if f.start >= head.end and f.rule != "hint" and f.concept != head.concept]
        return bool(m and after) and after[0].start - head.end < 60 and not self._including.search(text, head.end, after[0].start)

    def _opens(self, text: str, head: Found, solid: list[Found]) -> bool:
        """Whether a generic head is followed by "including" before the next specific link: then it keeps its own id."""
        after = [f.start for f in solid if f.start >= head.end]
        m = self._including.search(text, head.end, min(after)) if after else None
        return m is not None


def _longest(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """The leftmost-longest hits, those that claim the same words together."""
    group: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, RANK[h.label.kind], h.label.id)):
        if not group or hit.start >= group[0].end:
            if group:
                yield group
            group = [hit]
        elif (hit.start, hit.end) == (group[0].start, group[0].end):
            group.append(hit)
    if group:
        yield group


def _concept(lexicon: Lexicon, id_: str) -> Concept:
    """A concept from its facts."""
    facts = lexicon.facts("issue", id_)
    above: list[str] = []
    node = id_
    while broader := lexicon.fact("issue", node, "broader"):
        above.append(broader)
        node = broader
    roll = facts.get("rollUp", ())
    backbone = (x for x in (id_, *above) if lexicon.fact("issue", x, "backbone") == "true")
    return Concept(
        id=id_,
        issue=roll[0] if roll else next(backbone, id_),
        above=tuple(above),
        concerns=frozenset(facts.get("concerns", ())),
        even_participant="evenParticipant" in facts,
        channel="channel" in facts,
        head="head" in facts,
    )


def _rule(lexicon: Lexicon, id_: str) -> Rule:
    """A reading from its facts."""
    facts = lexicon.facts("reading", id_)
    return Rule(
        id=id_,
        gives=facts.get("gives", ()),
        situation="givesSituation" in facts,
        states=frozenset(facts.get("withState", ())),
        issues=frozenset(facts.get("withIssue", ())),
        without=frozenset(facts.get("without", ())),
        types=frozenset(facts.get("inAct", ())),
        since=facts.get("since", ("",))[0],
        until=facts.get("until", ("",))[0],
    )
