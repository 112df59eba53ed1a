"""Issues: the words of an act's content linked to concepts of the issue scheme.

Everything that is said about the language or the world is data (``ontology/vocab/issues.ttl``): labels, how firm a kind of
label is, and *readings*, which say what a word means beside others, after a date or with a party.  The code only
knows the order of the questions: which labels stand here, which readings hold, which of the overlapping ones is longest,
and which links say nothing beside a more specific one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from communique.ingest.issues.scheme import NAMES, Reading, Scheme, Setting
from communique.ingest.lexicon.lexicon import Hit, Lexicon
from communique.ingest.lexicon.views import View
from communique.model import IssueLink

__all__ = ["NOWHERE", "IssueLinker", "Setting"]

NOWHERE = Setting()
# Between readings, concepts, names and offices that claim the same words the first decides; an office only hides its words.
RANK = {"reading": 0, "issue": 1, "state": 2, "organization": 2, "forum": 2, "office": 3}
# By rule, the precision to expect.
CONFIDENCE = {
    "label": 0.95,
    "reading": 0.9,
    "state": 0.85,
    "act": 0.9,
    "channel": 0.7,
    "venue": 0.5,
    "head": 0.6,
    "party": 0.5,
    "hint": 0.3,
}
_TOWN = re.compile(r"\b(?:in|at|to|from|near) (?:[A-Z][\w.'-]+ ){0,2}[A-Z][\w.'-]+, $")
REACH = 60  # characters in which a head looks for its complement, and a name for its channel


class Found(NamedTuple):
    """A link before it is weighed: the concept, where, by what rule."""

    concept: str
    start: int
    end: int
    rule: str


class IssueLinker:
    """Links stretches of text to issues; everything is prepared once, from the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.scheme = Scheme.of(lexicon)

    def link(
        self, view: View, start: int, end: int, setting: Setting = NOWHERE, persons: Iterable[tuple[int, int]] = ()
    ) -> tuple[IssueLink, ...]:
        """The issues that ``view[start:end]`` names, in the order of the text, each once, the most specific concept of each.

        ``persons``: where the view names who takes part, with offices that are no issue ("Minister of Foreign Affairs and Trade X").
        """
        text = view.text[start:end]
        named = [(a - start, b - start) for a, b in persons]
        hits = [h for h in self.scheme.labels.find(text) if not any(a <= h.start and h.end <= b for a, b in named)]
        found = self._weigh(text, list(self._read(text, hits, setting))) or self._edition(text) or self._guess(hits, setting)
        if own := self.scheme.of_act.get(setting.type or ""):
            # an invitation is to a visit, whatever the place and the occasion that it names
            found = [Found(own, 0, len(text.rstrip()), "act")]
        found = [self._with_body(f, setting) if f.rule != "bystander" else f._replace(rule="state") for f in found]
        best: dict[str, Found] = {}
        for f in found:
            issue = self.scheme.concepts[f.concept].issue
            old = best.get(issue)
            if old is None or len(self.scheme.line(f.concept)) > len(self.scheme.line(old.concept)) or old.rule == "head":
                best[issue] = f
        return tuple(
            IssueLink(f.concept, issue, view.span(start + f.start, start + f.end), f"issue-{f.rule}", CONFIDENCE[f.rule], f.rule == "hint")
            for issue, f in sorted(best.items(), key=lambda kv: (kv[1].start, kv[1].end, kv[0]))
        )

    def kept(self, links: tuple[IssueLink, ...]) -> tuple[IssueLink, ...]:
        """What later words point back to: not the aspects beside a subject (a launch, not the resolutions that it violates)."""
        return tuple(x for x in links if not self.scheme.concepts[x.concept].aspect) or links

    def norms(self, links: tuple[IssueLink, ...]) -> bool:
        """Whether links name only the norms by which a subject is judged."""
        return all((c := self.scheme.concepts[x.concept]).aspect and not c.area for x in links)

    def situation(self, links: tuple[IssueLink, ...]) -> tuple[IssueLink, ...]:
        """The situations among links, if there is one; else all of them."""
        return tuple(x for x in links if self.scheme.concepts[x.concept].area) or links

    def beside(self, topic: tuple[IssueLink, ...], links: tuple[IssueLink, ...]) -> tuple[IssueLink, ...]:
        """The situations of an opening topic (``On Syria, ...``) that the links of what follows neither name nor concern."""
        concepts = self.scheme.concepts
        said = [concepts[x.concept] for x in links]
        covered = {id_ for c in said for id_ in (*c.line, *c.above, *c.absorbs, *(self.scheme.situations.get(n, "") for n in c.concerns))}
        return tuple(x for x in topic if (c := concepts[x.concept]).area and c.above and covered.isdisjoint((x.concept, c.issue)))

    # -- from words to links ----------------------------------------------------------------------------------------

    def _read(self, text: str, hits: list[Hit], setting: Setting) -> Iterator[Found]:
        """What the longest labels that stand give, in the order of the text."""
        names = {h.label.id for h in hits if h.label.kind in NAMES}
        issues = self._named(hits, names) if any(h.label.kind == "reading" for h in hits) else set()
        ends = {h.end for h in hits}
        stand = (
            h
            for h in hits
            if self._stands(h, text, names, issues, hits, setting) and not (h.label.kind == "state" and _where(text, h, ends))
        )
        for group in _longest(stand):
            first = group[0]
            if first.label.kind == "reading":
                readings = [h for h in group if h.label.kind == "reading"]
                # What the words mean here comes before what they may point back to.
                for hit in [h for h in readings if not self.scheme.readings[h.label.id].topics] or readings:
                    yield from self._given(hit, names, setting)
                continue
            here = [(n, s) for n in sorted({h.label.id for h in group if h.label.kind in NAMES}) if (s := self.scheme.situations.get(n))]
            for hit in _loudest(group):
                # A concept under a bare name ("Syria", "the OSCE") is read as the name below.
                if not any(situation in self.scheme.line(hit.label.id) for _, situation in here):
                    yield Found(hit.label.id, hit.start, hit.end, self._tier(hit, text, hits, setting))
            for name, situation in here:
                if self._foreign(name, situation, setting, text, first):
                    exact = next((h.label.id for h in _loudest(group) if situation in self.scheme.line(h.label.id)), situation)
                    mere = first.label.kind == "state" and self.scheme.concepts[exact].bystander
                    way = "channel" if self._acting(first, text, hits, setting, mere) else self._way(first, exact, text)
                    yield Found(exact, first.start, first.end, way or ("bystander" if mere else "state"))

    def _named(self, hits: list[Hit], names: set[str]) -> set[str]:
        """The concepts that firm labels and names stand for, and all above them: what a reading may ask for.

        Not those of bystanders: "thanked Egypt for bringing about the ceasefire" points back to the one spoken of.
        """
        said = {h.label.id for h in hits if h.label.kind == "issue" and not _weak(h)}
        situations = {self.scheme.situations[n] for n in names & self.scheme.situations.keys()}
        said |= {x for x in situations if not self.scheme.concepts[x].bystander}
        return {x for id_ in said for x in self.scheme.line(id_)}

    def _of_others(self, hit: Hit, text: str, hits: list[Hit], setting: Setting) -> bool:
        """Whether a relation is one between states that do not take part (``ties between Norway and Chile``): they are the issue."""
        if not setting.parties or hit.label.id != self.scheme.default:
            return False
        said = self.scheme.phrasing.between_whom.match(text, max(hit.start, hit.end - len(" between")))
        said = said or self.scheme.phrasing.between_whom.match(text, hit.end)
        first = next((h for h in hits if said and h.start == said.end() and h.label.kind == "state"), None)
        return first is not None and first.label.id not in setting.parties and not self._party_follows(text, first, hits, setting)

    def _party_follows(self, text: str, first: Hit, hits: list[Hit], setting: Setting) -> bool:
        """Whether a party stands behind ``first`` in the same pair (``between Norway and the United States``)."""
        return any(
            h.label.kind == "state" and h.label.id in setting.parties and self.scheme.phrasing.beside.fullmatch(text, first.end, h.start)
            for h in hits
        )

    def _stands(self, hit: Hit, text: str, names: set[str], issues: set[str], hits: list[Hit], setting: Setting) -> bool:
        """Whether the conditions of a label are met."""
        label = hit.label
        if label.kind == "reading":
            reading = self.scheme.readings[label.id]
            return reading.holds(names, issues, setting) and not (
                reading.topics and not reading.gives and not self._meant(reading, setting)
            )
        if label.kind == "issue" and self._of_others(hit, text, hits, setting):
            return False
        if label.form == "modifierLabel":
            return any(self.scheme.phrasing.headed[role].match(text, hit.end) for role in self.scheme.concepts[label.id].heads)
        if label.kind == "state" and label.form != "metonym":
            behind, ahead = self.scheme.blocked_before.get(label.id), self.scheme.blocked_after.get(label.id)
            if behind and text[hit.end :].lstrip().startswith(behind):
                return False
            return not (ahead and text[: hit.start].rstrip().endswith(ahead))
        return label.form != "hintLabel"

    def _given(self, hit: Hit, names: set[str], setting: Setting) -> Iterator[Found]:
        """What a reading that holds gives: issues, issues spoken of before, the situation of the states named."""
        reading = self.scheme.readings[hit.label.id]
        topics = self._meant(reading, setting)
        bearers = (names & reading.states) | reading.parties.intersection(setting.parties) if reading.situation else set()
        states = sorted(bearers & self.scheme.situations.keys())
        for id_ in (*reading.gives, *(self.scheme.concepts[t].topic for t in topics), *(self.scheme.situations[s] for s in states)):
            yield Found(id_, hit.start, hit.end, "head" if reading.weak else "reading")

    def _meant(self, reading: Reading, setting: Setting) -> list[str]:
        """The topics spoken of before that words of a reading point back to."""
        said = (setting.topics, *(setting.earlier if reading.look_back else ())) if reading.topics else ()
        return next((under for act in said if (under := self._under(act, reading.topics))), [])

    def _with_body(self, f: Found, setting: Setting) -> Found:
        """The relation with a body that takes part is the cooperation with that body."""
        if f.concept != self.scheme.default:
            return f
        own = next((self.scheme.situations[p] for p in setting.parties if p in self.scheme.bodies), f.concept)
        return f._replace(concept=own)

    def _under(self, topics: tuple[str, ...], branches: frozenset[str]) -> list[str]:
        """The topics of an act under the branches that words may point back to; a bare branch only where it stands alone."""
        under = [t for t in topics if t in self.scheme.concepts and not branches.isdisjoint(self.scheme.line(t))]
        return [t for t in under if t not in branches] or under

    def _tier(self, hit: Hit, text: str, hits: list[Hit], setting: Setting) -> str:
        """How firm an issue's label is where it stands."""
        if hit.label.form == "genericLabel":
            concept = self.scheme.concepts[hit.label.id]
            if concept.item and self.scheme.phrasing.item.match(text, hit.end) and self.scheme.phrasing.listed.search(text, 0, hit.start):
                return "label"
            # A head after a pair of the parties ("Japan-UK relations") is the relation itself.
            pair = self.scheme.phrasing.paired.search(text, max(0, hit.start - REACH), hit.start) if concept.of_pair else None
            inside = (h.label.id for h in hits if pair and h.label.kind in NAMES and pair.start() <= h.start < hit.start)
            whole = pair and (not self.scheme.phrasing.complement.match(text, hit.end) or self.scheme.phrasing.purpose.match(text, hit.end))
            return "label" if whole and all(name in setting.parties for name in inside) else "head"
        if hit.label.form == "regionLabel":
            return "channel" if any(self.scheme.lies_in(party, hit.label.id) for party in setting.parties) else "state"
        return self._way(hit, hit.label.id, text) or "label"

    def _way(self, hit: Hit, concept: str, text: str) -> str | None:
        """Whether the body named is only the way (``through NATO``) or the place (``to see each other at the General Assembly``)."""
        if not (self.scheme.concepts[concept].channel or hit.label.kind in ("organization", "forum")):
            return None
        begin, phrasing = max(0, hit.start - REACH), self.scheme.phrasing
        if phrasing.channelled.search(text, begin, hit.start):
            return "channel"
        return "venue" if phrasing.meeting.search(text, begin, hit.start) else None

    def _acting(self, hit: Hit, text: str, hits: list[Hit], setting: Setting, mere: bool) -> bool:
        """Whether a body acts together with a party (``the costs that the United States and the EU have imposed``).

        ``mere``: a state whose bare name says little; one named beside a party (``barriers between Kenya and Tanzania``) acts too.
        """
        if hit.label.kind == "state" and not mere:
            return False
        beside, between = self.scheme.phrasing.beside, self.scheme.phrasing.between
        return any(
            h.label.kind == "state"
            and h.label.id in setting.parties
            and (
                (beside.fullmatch(text, h.end, hit.start) and (mere or not between.search(text, 0, h.start)))
                or (mere and beside.fullmatch(text, hit.end, h.start))
            )
            for h in hits
        )

    def _foreign(self, name: str, situation: str, setting: Setting, text: str, hit: Hit) -> bool:
        """Whether a bare name is an issue: not if its bearer takes part, unless its situation is one even then; never as half of a pair."""
        if name not in setting.parties:
            return True
        if self.scheme.phrasing.unfolding.search(text, max(0, hit.start - REACH), hit.start):
            return True  # "developments in Georgia", told to Georgia's President
        if name not in self.scheme.concepts[situation].even_participant:
            return False
        paired = "-" in (text[hit.end : hit.end + 1], text[hit.start - 1 : hit.start])
        return not paired and self.scheme.phrasing.partner.search(text, max(0, hit.start - REACH), hit.start) is None

    # -- which links say something ----------------------------------------------------------------------------------

    def _weigh(self, text: str, found: list[Found]) -> list[Found]:
        """Drops what a more specific link makes empty: bare names, ways, heads."""
        concepts = self.scheme.concepts
        if len(found) < 2:
            return found
        firm = [f for f in found if f.rule in ("label", "reading")]
        said = {f.concept for f in firm}
        spoken = {x for f in found if f.rule in ("label", "reading", "state") for x in self.scheme.line(f.concept)}
        concerned = {name for id_ in said for name in concepts[id_].concerns}
        empty = {x for id_ in said for x in concepts[id_].above}.union(
            *(concepts[f.concept].absorbs for f in found if f.rule in ("label", "reading", "state"))
        )
        empty |= {self.scheme.situations[name] for name in concerned & self.scheme.situations.keys()}
        solid = [
            f
            for f in found
            if (
                f.rule in ("state", "bystander")
                # "Qatar's role in the talks, with Egypt": who helps is no subject, unless it opens what is said or is one of a list
                and (f.rule == "state" or not firm or f.start <= len("the ") or self._item(text, f))
                and (f.concept in said or f.concept not in empty or self._enumerated(text, f, firm))
            )
            or (f.rule in ("label", "reading") and not self._idle(text, f, found, firm))
        ]
        solid = [f for f in solid if not self._aside(text, f, solid[0])]
        solid = [f for f in solid if f.start <= solid[0].end or not self._dating(text, f)]
        solid = [f for f in solid if not concepts[f.concept].yields & spoken] or [f for f in found if f.rule == "channel"]
        ends = {f.end + 1 for f in solid}  # "migration cooperation, including ...": the head of a compound says nothing of its own
        heads = [f for f in found if f.rule == "head" and f.start not in ends and (not solid or self._opens(text, f, solid))]
        if not solid and not heads:
            return found
        return sorted([*solid, *heads], key=lambda f: f.start)

    def _enumerated(self, text: str, f: Found, firm: list[Found]) -> bool:
        """Whether a bare name is one of an enumeration of bare names (``China, Russia, Ukraine and the Balkans``)."""
        concepts = self.scheme.concepts
        paired = any(text[o.end : f.start] in (" and ", " and the ") for o in firm)  # "the situation in Russia and Ukraine"
        in_list = paired or "," in (text[f.end : f.end + 1], text[f.start - 2 : f.start - 1])
        if not in_list or not self._item(text, f):
            return False
        covered = any(
            f.concept in concepts[o.concept].absorbs
            or f.concept in concepts[o.concept].above
            # "Israel's relations with the Emirates, Bahrain and Morocco"
            or (o.end < f.start and o.concept != f.concept and self._concerned(o.concept, f.concept) and "," in text[o.end : f.start])
            for o in firm
        )
        return not covered

    def _item(self, text: str, f: Found) -> bool:
        """Whether a name is a whole item of a list."""
        return self.scheme.phrasing.item.match(text, f.end) is not None and self.scheme.phrasing.listed.search(text, 0, f.start) is not None

    def _concerned(self, concept: str, situation: str) -> bool:
        """Whether a situation is that of a state which a concept concerns."""
        return any(self.scheme.situations.get(name) == situation for name in self.scheme.concepts[concept].concerns)

    def _idle(self, text: str, f: Found, found: list[Found], firm: list[Found]) -> bool:
        """Whether a firm label says nothing beside its neighbours."""
        concept = self.scheme.concepts[f.concept]
        if f.rule == "label" and not concept.above and any(o.end + 1 == f.start for o in firm):
            return True  # the second part of a compound: "supply chain security"
        if concept.area and any(
            f.start < o.start
            and f.concept in self.scheme.concepts[o.concept].above
            and self.scheme.phrasing.within.fullmatch(text, f.end, o.start)
            for o in found
        ):
            return True  # "regional stability in the Western Balkans"
        return f.rule == "label" and concept.head and (self._completed(text, f, found) or self._behind(text, f, firm))

    def _aside(self, text: str, f: Found, first: Found) -> bool:
        """Whether a region or a whole field is only named in an aside (``the alliance, which supports peace in the region``)."""
        concept = self.scheme.concepts[f.concept]
        general = concept.area or concept.head or not concept.above
        return general and f.start > first.end and self.scheme.phrasing.aside.search(text, first.end, f.start) is not None

    def _dating(self, text: str, f: Found) -> bool:
        """Whether a meeting is named only to date what is said (``the growth of trade since the State Visit``)."""
        meeting = self.scheme.of_act.get("Invite")
        return meeting in self.scheme.line(f.concept) and self.scheme.phrasing.occasion.search(text, 0, f.start) is not None

    def _completed(self, text: str, head: Found, found: list[Found]) -> bool:
        """Whether a head is followed by what it is about (``partnership on clean energy``) and by no "including"."""
        # "ties with our oldest ally", "partners in the region", "cooperation at a meeting": a head that tells with whom or where
        aside, meeting = text.startswith(" with ", head.end), self.scheme.of_act.get("Invite")
        others = (f for f in found if f.start >= head.end and f.concept != head.concept)
        after = next(
            (f for f in others if f.rule != "head" or not (aside or f.concept == meeting or self.scheme.concepts[f.concept].area)), None
        )
        if after is None or after.start - head.end >= REACH or not self.scheme.phrasing.complement.match(text, head.end):
            return False
        phrasing = self.scheme.phrasing
        if phrasing.purpose.match(text, head.end) and phrasing.paired.search(text, max(0, head.start - REACH), head.start):
            return False
        return not (phrasing.including.search(text, head.end, after.start) or phrasing.background.search(text, head.end, after.start))

    def _behind(self, text: str, head: Found, firm: list[Found]) -> bool:
        """Whether a head only stands in the background of something specific before it (``centres, strengthening our ties``)."""
        before = next((f for f in firm if f.end <= head.start and f.concept != head.concept), None)
        return before is not None and self.scheme.phrasing.background.search(text, before.end, head.start) is not None

    def _opens(self, text: str, head: Found, solid: list[Found]) -> bool:
        """Whether "including" or a background clause follows before the next specific link: then a generic head keeps its own id."""
        after = [f.start for f in solid if f.start >= head.end]
        if not after or (self.scheme.concepts[head.concept].head and not self.scheme.phrasing.tie.search(text, head.start, head.end)):
            return False  # "shared priorities, including energy" are no relation
        if self.scheme.phrasing.including.search(text, head.end, min(after)) or self.scheme.phrasing.beginning.match(text, head.end):
            return True
        subject = self.scheme.concepts[head.concept].head and len(after) == len(solid)
        return subject and self.scheme.phrasing.background.search(text, head.end, min(after)) is not None

    def _edition(self, text: str) -> list[Found]:
        """A further round of what has no name in the scheme ("to hold the 7th BPC") is what an invitation is to: a meeting."""
        again = self.scheme.phrasing.edition.search(text)
        meeting = self.scheme.of_act.get("Invite")
        return [Found(meeting, *again.span(), "reading")] if again and meeting else []

    def _guess(self, hits: list[Hit], setting: Setting) -> list[Found]:
        """Where nothing is named: a body that takes part or the relation with a state that does, else the first hint;
        nothing if issues went before."""
        if setting.topics:
            return []
        parties = [h for h in hits if h.label.kind in NAMES and h.label.id in setting.parties]
        for hit in sorted(parties, key=lambda h: (h.label.kind == "state", h.start)):
            concept = self.scheme.default if hit.label.kind == "state" else self.scheme.situations.get(hit.label.id, self.scheme.default)
            if concept:
                return [Found(concept, hit.start, hit.end, "party")]
        hints = [Found(h.label.id, h.start, h.end, "hint") for h in hits if h.label.form == "hintLabel"]
        return sorted(hints, key=lambda f: (self.scheme.concepts[f.concept].head, f.start, f.concept))[:1]


def _where(text: str, hit: Hit, ends: set[int]) -> bool:
    """Whether a state is only told as where a town lies (``talks in Bergen, Norway``) or as whose somebody is (``his Omani colleague``)."""
    if text.startswith((" counterpart", " colleague"), hit.end):
        return True
    return hit.start - 2 not in ends and _TOWN.search(text, 0, hit.start) is not None


def _weak(hit: Hit) -> bool:
    """Whether a label alone is no evidence that its issue is talked about."""
    return hit.label.form in ("modifierLabel", "genericLabel", "hintLabel")


def _loudest(group: list[Hit]) -> list[Hit]:
    """The issue labels of a group; an adjective that found its head ("security and humanitarian assistance") silences the noun,
    and a region's name the concept's own label."""
    issues = [h for h in group if h.label.kind == "issue"]
    return [h for h in issues if h.label.form in ("modifierLabel", "regionLabel")] or issues


def _longest(hits: Iterable[Hit]) -> list[list[Hit]]:
    """The longest hits, those that claim the same words together (the deciding kind first), in the order of the text."""
    groups: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.start, hit.end), []).append(hit)
    out: list[tuple[int, int]] = []
    claimed = 0  # one bit a character
    for start, end in sorted(groups, key=lambda s: (s[0] - s[1], s[0])):
        words = (1 << end) - (1 << start)
        if not claimed & words:
            claimed |= words
            out.append((start, end))
    return [sorted(g, key=lambda h: (RANK[h.label.kind], h.label.id)) if len(g := groups[span]) > 1 else g for span in sorted(out)]
