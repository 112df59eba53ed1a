"""The combiner: what the rules read stays as it is; a verified opinion confirms it, doubts it, or adds to it where the rules are silent.

- What both read keeps its confidence.
- Where they differ the rules' reading stays with less confidence, and a diagnostic ``opinion-differs`` says what the other read.
- An act is added only in a sentence, or at a verb, where the rules attached none; a person only on a side that the rules know, so that an
  opinion never changes which parties met.  What is added has the rule ``opinion-<name>``, a confidence below every rule's, and a
  diagnostic ``opinion-added``.
- The account of sentences stays that of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from communique.errors import OpinionError
from communique.ingest.acts.judgement import commits, stance_of
from communique.ingest.acts.roles import Parties
from communique.ingest.acts.verbs import act_lexicon
from communique.ingest.extract import linker
from communique.ingest.grammar import act_grammar, table
from communique.ingest.issues.issues import Setting
from communique.ingest.lexicon import lexicon as lexicons
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.opinions.proposals import Opinion
from communique.ingest.opinions.sheet import Sheet
from communique.ingest.opinions.verify import Person, Told, Verified, verify
from communique.model import Act, Diagnostic, Encounter, Extraction, Participant, Span

# Verbs that the rules saw and could not attach.
_LOOSE = frozenset({"unattached-verb", "unknown-verb", "unresolved"})
Doubtful = TypeVar("Doubtful", Act, Participant)


def consult(extraction: Extraction, opinion: Opinion) -> Extraction:
    """The extraction with a second opinion on it; a document that was set aside is not asked about.

    If the opinion cannot be had, the rules' reading stands, with a diagnostic ``opinion-missing``.
    """
    if extraction.set_aside is not None:
        return extraction
    lexicon = lexicons.load()
    parties = frozenset(p for e in extraction.encounters for p in e.parties)
    try:
        verified = verify(opinion.ask(extraction), Sheet.of(extraction), lexicon, parties)
    except OpinionError as error:
        return replace(extraction, diagnostics=(*extraction.diagnostics, Diagnostic("opinion-missing", None, error.what)))
    return _Combiner(extraction, verified, f"opinion-{opinion.name}", lexicon).combined()


def unheard(extraction: Extraction) -> str | None:
    """Why the second opinion on a document could not be had, if it could not."""
    return next((d.message for d in extraction.diagnostics if d.code == "opinion-missing"), None)


@dataclass(slots=True)
class _Combiner:
    x: Extraction
    verified: Verified
    rule: str
    lexicon: Lexicon
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Diagnostic] = field(default_factory=list)
    added: int = 0

    def combined(self) -> Extraction:
        encounters = self._people()
        acts, confirmed = self._acts(encounters)
        reasons = self.verified.rejected
        rejected = ", ".join(f"{n} {reason}" for reason, n in sorted(reasons.items(), key=lambda kv: (-kv[1], kv[0])))
        added = sum(d.code == "opinion-added" for d in self.notes)
        fate = f"{reasons.total()} of its items rejected ({rejected})" if reasons else "none of its items rejected"
        summary = f"{self.rule} confirms {confirmed} of {len(self.x.acts)} acts and adds {added} items; {fate}"
        self.notes.sort(key=lambda d: (d.span or Span(0, 0), d.code, d.message))
        notes = (*self.x.diagnostics, Diagnostic("opinion", None, summary), *self.notes)
        return replace(self.x, encounters=encounters, acts=acts, diagnostics=notes)

    # People

    def _people(self) -> tuple[Encounter, ...]:
        """The encounters with what the opinion says of their participants; fills ``labels``: who is meant by each proposed id."""
        # a delegation is there if someone speaks for its party
        met: set[str] = {p.party for p in self.verified.people.values() if p.party}
        new: dict[str, list[Participant]] = {}
        doubted: set[Span] = set()
        for id_, person in self.verified.people.items():
            same = self._same(person)
            if same:
                self.labels[id_] = tuple(dict.fromkeys(p.label for p in same))
                met.update(self.labels[id_])
                for p in same:
                    if other := _otherwise(p, person):
                        doubted.add(p.span)
                        self._differ(person.span, other)
                continue
            home = self._home(person.span)
            if person.party and person.party not in home.parties:
                self._differ(person.span, f"reads a participant of {person.party}, a side that the rules do not know")
                continue
            made = Participant(person.name, person.family, person.offices, person.party, person.span, self.rule, _weight("added"))
            self.labels[id_] = (made.label,)
            new.setdefault(home.id, []).append(made)
            self._add(person.span, f"participant {made.label}")
        out = []
        for e in self.x.encounters:
            kept = []
            for p in e.participants:
                if p.label not in met:
                    self._differ(p.span, f"does not count {p.label} among those who take part")
                kept.append(_doubt(p) if p.label not in met or p.span in doubted else p)
            out.append(replace(e, participants=(*kept, *new.get(e.id, ()))))
        return tuple(out)

    def _same(self, person: Person) -> list[Participant]:
        """The participants of the rules whom a proposed person stands for; a delegation stands for all of its party."""
        known = [p for e in self.x.encounters for p in e.participants]
        if person.family is None:
            side = [p for p in known if p.party == person.party]
            return [p for p in side if p.family is None] or side
        family = person.family.casefold()
        named = [p for p in known if p.family and p.family.casefold() == family and (p.party == person.party or not person.party)]
        return named or [p for p in known if p.family and (p.span.overlaps(person.span) or p.family.casefold() == family)][:1]

    def _home(self, span: Span) -> Encounter:
        """The encounter that a place in the text tells of: the last introduced before it."""
        before = [e for e in self.x.encounters if e.span.start < span.end]
        return (before or list(self.x.encounters))[-1 if before else 0]

    # Acts

    def _acts(self, encounters: tuple[Encounter, ...]) -> tuple[tuple[Act, ...], int]:
        """The rules' acts, weighed, with those that are added at their place in the text; and how many are confirmed."""
        told: list[Told] = []
        for t in self.verified.acts:
            if all(id_ in self.labels for id_ in (*t.actors, *t.addressees)):
                told.append(t)
            else:
                self._differ(t.trigger, f"reads {t.type} here, of or to a side that the rules do not know")
        pairs = _paired(self.x.acts, told)
        parties = Parties.of(encounters)
        kept: list[Act] = []
        confirmed = 0
        for act in self.x.acts:
            other = pairs.get(act.id)
            differs = "reads no act here" if other is None else self._difference(act, other, parties)
            if differs:
                self._differ(act.trigger, differs)
            confirmed += not differs
            kept.append(_doubt(act) if differs else act)
        matched = {id(t) for t in pairs.values()}
        loose = [d.span for d in self.x.diagnostics if d.code in _LOOSE and d.span]
        for t in told:
            if id(t) in matched:
                continue
            silent = not any(t.line.span.start <= a.trigger.start < t.line.span.end for a in self.x.acts)
            if not silent and not any(t.trigger.overlaps(span) for span in loose):
                self._differ(t.trigger, f"reads {t.type} here, where the rules read no act")
                continue
            act = self._act(t, encounters, parties)
            at = next((i for i, other in enumerate(kept) if other.trigger.start > act.trigger.start), len(kept))
            kept.insert(at, act)
            self._add(act.trigger, f"{act.type} by {' and '.join(act.actors)}")
        return tuple(kept), confirmed

    def _who(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(label for id_ in ids for label in self.labels[id_]))

    def _difference(self, act: Act, told: Told, parties: Parties) -> str | None:
        """What the opinion reads otherwise in an act that both found; a party's code and its people are the same."""
        if told.type != act.type:
            return f"reads {told.type} here, the rules {act.type}"
        who = self._who(told.actors)
        if set(who) != set(act.actors) and {parties.side(x) for x in who} != {parties.side(x) for x in act.actors}:
            return f"reads {' and '.join(who)} as who acts here, the rules {' and '.join(act.actors)}"
        return None

    def _act(self, told: Told, encounters: tuple[Encounter, ...], parties: Parties) -> Act:
        """An act of the opinion: only words and people are its own; the rest is worked out as for an act of the rules."""
        home = self._home(told.trigger)
        encounter = next(e for e in encounters if e.id == home.id)
        actors, to = self._who(told.actors), self._who(told.addressees)
        joint = parties.joint(actors)
        implicit = not joint and not to and len(parties.sides) == 2
        text, grammar = told.line.view, act_grammar()
        start, end = _within(text.positions, told.content) if told.content else (0, 0)
        words = text.text[start:end]
        setting = Setting(parties.sides, told.type, encounter.date or self.x.document.date)
        self.added += 1
        return Act(
            id=f"o{self.added}",
            encounter=encounter.id,
            trigger=told.trigger,
            content=told.content,
            type=told.type,
            verb="",
            actors=actors,
            addressees=parties.others(actors) if implicit else () if joint else to,
            addressee_implicit=implicit,
            target=told.target,
            issues=linker(self.lexicon).link(text, start, end, setting) if words else (),
            stance=stance_of(told.type, words, told.target, grammar),
            joint=joint,
            commitment=commits(told.type, words, grammar),
            rule=self.rule,
            strength=act_lexicon(self.lexicon).strength.get(told.type),
            confidence=_weight("added"),
        )

    # Notes

    def _add(self, span: Span, what: str) -> None:
        self.notes.append(Diagnostic("opinion-added", span, f"{self.rule} alone reads here: {what}"))

    def _differ(self, span: Span, what: str) -> None:
        self.notes.append(Diagnostic("opinion-differs", span, f"{self.rule} {what}"))


def _otherwise(p: Participant, person: Person) -> str | None:
    """What the opinion reads otherwise in somebody whom both found."""
    if p.party and person.party and p.party != person.party:
        return f"reads {p.label} as speaking for {person.party}, the rules for {p.party}"
    if person.family and p.label.casefold() != person.family.casefold():
        return f"reads the family name {person.family}, the rules {p.label}"
    return None


def _weight(name: str) -> float:
    return float(table("opinions.toml")["confidence"][name])


def _doubt(item: Doubtful) -> Doubtful:
    return replace(item, confidence=item.confidence * _weight("doubted"))


def _within(positions: Iterable[int], span: Span) -> tuple[int, int]:
    """The range of a span in a view with these positions."""
    inside = [i for i, at in enumerate(positions) if span.start <= at < span.end]
    return inside[0], inside[-1] + 1


def _paired(acts: Iterable[Act], told: list[Told]) -> dict[str, Told]:
    """One to one, the told act whose verb overlaps each act's, of several the one with the same type, then with the nearest content."""
    out: dict[str, Told] = {}
    free = list(told)
    for act in acts:
        near = [t for t in free if t.trigger.overlaps(act.trigger)]
        if near:
            begin = act.content.start if act.content else act.trigger.end
            best = min(near, key=lambda t: (t.type != act.type, abs((t.content.start if t.content else t.trigger.end) - begin)))
            out[act.id] = best
            free.remove(best)
    return out
