"""Acts: from the clauses of each sentence to speech acts with actors, addressees, target, issues, stance and commitment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communique.ingest.clauses import Clause, SentenceReader, split_reports
from communique.ingest.grammar import Grammar, act_grammar
from communique.ingest.header import Header
from communique.ingest.issues import IssueLinker, Setting
from communique.ingest.judgement import commits, stance_of
from communique.ingest.lexicon import Lexicon
from communique.ingest.mentions import Mention, find_mentions
from communique.ingest.segment import Sentence
from communique.ingest.sources import Source
from communique.ingest.verbs import ActLexicon, Token, act_lexicon, tokens
from communique.model import Act, BlockKind, Diagnostic, Encounter, IssueLink, Span, Stance

UNREAD_BLOCKS = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE, BlockKind.HEADING})
DIRECTED = frozenset({"Urge", "Warn", "Request", "Invite", "Offer"})
TARGETED = frozenset({"Urge", "Warn", "Condemn", "Protest", "Support", "Concern", "Oppose"})


@dataclass(frozen=True, slots=True)
class Acts:
    """What was read from the sentences: the acts, the indexes of the sentences that hold them, and what remained open."""

    acts: tuple[Act, ...]
    read: frozenset[int]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part: labels in order, and the party of each."""

    labels: tuple[str, ...]
    party: dict[str, str | None]

    @classmethod
    def of(cls, encounters: Sequence[Encounter]) -> Parties:
        """The parties of the encounters that a text reports together."""
        participants = [p for e in encounters for p in e.participants]
        labels = tuple(dict.fromkeys(p.label for p in participants))
        party = {p.label: p.party for p in participants}
        return cls(labels, party)

    def side(self, label: str) -> str:
        """The party of a label; a code is its own party, a person without one a side of his own."""
        return self.party.get(label) or label

    @property
    def sides(self) -> tuple[str, ...]:
        """All sides, each once."""
        return tuple(dict.fromkeys(self.side(x) for x in self.labels))

    def others(self, actors: Iterable[str]) -> tuple[str, ...]:
        """The labels of the other sides."""
        own = {self.side(a) for a in actors}
        return tuple(x for x in self.labels if self.side(x) not in own)

    def joint(self, actors: Iterable[str]) -> bool:
        """Whether every side is among the actors."""
        own = {self.side(a) for a in actors}
        return len(self.sides) > 1 and own >= set(self.sides)


class ActReader:
    """Reads the acts of a document, sentence by sentence."""

    def __init__(self, sentences: Sequence[Sentence], header: Header, lexicon: Lexicon, linker: IssueLinker, date: str | None) -> None:
        self.sentences, self.header, self.lexicon, self.linker, self.date = sentences, header, lexicon, linker, date
        self.verbs: ActLexicon = act_lexicon(lexicon)
        self.grammar: Grammar = act_grammar()
        self.acts: list[Act] = []
        self.diagnostics: list[Diagnostic] = []
        self.block: Span | None = None

    def encounters_at(self, sentence: Sentence) -> list[Encounter]:
        """The encounters that a sentence tells of: the last introduced at or before it, with all that its sentence introduces."""
        known = [e for e in self.header.encounters if e.span.start < sentence.span.end] or [self.header.encounters[0]]
        home = next((s for s in self.sentences if s.span.start <= known[-1].span.start < s.span.end), None)
        return [e for e in known if home and home.span.start <= e.span.start] or known[-1:]

    def read(self, sentence: Sentence, mentions: Sequence[Mention]) -> int:
        """Adds the acts of a sentence; returns how many."""
        encounters = self.encounters_at(sentence)
        encounter, parties = encounters[0], Parties.of(encounters)
        view = sentence.view.text
        toks = tokens(view)
        reader = SentenceReader(view, toks, mentions, parties.labels, self.verbs, self.grammar)
        clauses = reader.read()
        self.diagnostics += [
            Diagnostic("unattached-verb", sentence.view.span(toks[t.first].start, toks[t.last].end), "a reporting verb that no rule attaches to a participant")
            for t in reader.loose
        ]
        ids: dict[int, str] = {}
        before = len(self.acts)
        for k, clause in enumerate(clauses):
            if not clause.who:
                self.diagnostics.append(Diagnostic("unresolved", self._trigger(sentence, clause, toks), "no participant found as the subject of this act"))
                continue
            made = self._frames(sentence, clause, toks, mentions, encounter, parties, ids.get(clause.parent) if clause.parent is not None else None)
            if made:
                ids[k] = made[0].id
                self.acts.extend(made)
        return len(self.acts) - before

    # -- one clause -------------------------------------------------------------------------------------------------

    def _trigger(self, sentence: Sentence, clause: Clause, toks: Sequence[Token]) -> Span:
        return sentence.view.span(toks[clause.trigger.first].start, toks[clause.trigger.end].end)

    def _frames(
        self, sentence: Sentence, clause: Clause, toks: Sequence[Token], mentions: Sequence[Mention], encounter: Encounter, parties: Parties, parent: str | None
    ) -> list[Act]:
        view, (start, end) = sentence.view.text, clause.content
        # "emphasized to Minister X that ...": the report begins at "that"
        told = next((m for m in mentions if m.who and view[start : m.start] in ("to ", "to the ") and view.startswith(" that ", m.end)), None)
        start = told.end + 1 if told else start
        actors, addressees, implicit = clause.who, (), False
        joint = parties.joint(actors)
        type_ = self._type(clause, view, toks, joint)
        rule = f"{clause.rule}:{clause.trigger.verb.id}"
        if "from" in clause.trigger.verb.frame:
            giver = self._after(view, "from", toks, mentions, clause.trigger.last, end)
            given = giver.who if giver else parties.others(actors)
            if not given:
                return []
            addressees, actors, rule = actors, given, f"flip-{rule}"
            joint = False
        elif not joint:
            addressees, implicit = self._addressees(clause, type_, view, toks, mentions, parties, parent)
        pieces = split_reports(view, start, end, mentions, self.grammar.finite) or [(start, end)]
        out = []
        for a, b in pieces:
            words = view[a:b]
            links, inherited = self._issues(sentence, clause, a, b, parties, type_)
            target = self._target(type_, words, a, mentions, parties, addressees)
            if parent is not None:
                addressees = () if target else tuple(dict.fromkeys(parties.side(x) for x in addressees))
            out.append(
                Act(
                    id=f"a{len(self.acts) + len(out) + 1}",
                    encounter=encounter.id,
                    trigger=self._trigger(sentence, clause, toks),
                    content=sentence.view.span(a, b) if b > a else None,
                    type=type_,
                    verb=clause.trigger.verb.id,
                    actors=actors,
                    addressees=addressees,
                    addressee_implicit=implicit and bool(addressees),
                    target=target,
                    issues=links,
                    stance=Stance.NEGATIVE if "stern" in clause.trigger.verb.frame else stance_of(type_, words, target, self.grammar),
                    joint=joint,
                    commitment=commits(type_, self._own_words(view, a, b, mentions, actors, parties), self.grammar),
                    rule=rule,
                    answers=self._answers(sentence, clause, type_, actors, addressees, parties),
                    embedded_in=parent,
                    intensity=self._intensity(view, toks, clause),
                    strength=clause.trigger.verb.strength or self.verbs.strength.get(type_),
                    inherited=inherited,
                )
            )
        return out

    def _type(self, clause: Clause, view: str, toks: Sequence[Token], joint: bool) -> str:
        t = clause.trigger
        if t.type:
            return t.type
        after = view[toks[t.last].end :].lstrip()
        adverb = toks[t.first - 1].low if t.first else ""
        for rule in t.verb.rules:
            if rule.scope == "joint" and not joint:
                continue
            if rule.pattern.search(adverb if rule.scope == "adverb" else after):
                return rule.type
        return t.verb.type

    def _after(self, view: str, word: str, toks: Sequence[Token], mentions: Sequence[Mention], last: int, end: int) -> Mention | None:
        """The participant named right after a preposition in a content."""
        for i in range(last + 1, len(toks) - 1):
            if toks[i].low == word and toks[i].start <= end:
                hit = next((m for m in mentions if m.who and not m.possessive and 0 <= m.start - toks[i].end <= 5), None)
                if hit:
                    return hit
        return None

    def _addressees(
        self, clause: Clause, type_: str, view: str, toks: Sequence[Token], mentions: Sequence[Mention], parties: Parties, parent: str | None
    ) -> tuple[tuple[str, ...], bool]:
        """The addressees and whether they are unsaid."""
        t, own = clause.trigger, {parties.side(a) for a in clause.who}
        begin = toks[t.end].end
        others = parties.others(clause.who)
        if "person" in t.verb.frame:
            group = self._object(view, begin, mentions)
            if group:
                named = tuple(w for w in dict.fromkeys(w for m in group for w in m.who) if parties.side(w) not in own)
                inside = tuple(w for w in named if parties.side(w) in parties.sides)
                if inside:
                    return inside, False
                if type_ in DIRECTED:
                    return (), False
        to = self._after(view, "to", toks, mentions, t.last, min(clause.content[1], begin + 60))
        if to is not None and parent is None:
            inside = tuple(w for w in to.who if parties.side(w) in parties.sides and parties.side(w) not in own)
            if inside and not view[begin : to.start].strip().startswith("that"):
                return inside, False
        if "person" in t.verb.frame and type_ in DIRECTED and self.grammar.third_party.match(view[begin:].lstrip()):
            return (), False
        if type_ == "Urge" and self._absent(view[begin : begin + 60], begin, mentions, parties):
            return (), False
        if len(parties.sides) == 2 and others:
            return others, True
        return (others, True) if type_ in ("Thank", "Commend") else ((), False)

    def _object(self, view: str, begin: int, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions that stand as direct object right after ``begin``."""
        out: list[Mention] = []
        for m in sorted(mentions, key=lambda m: m.start):
            gap = view[begin : m.start].strip() if m.start >= begin else None
            if gap is None or not m.who:
                continue
            if gap in ("", "the", "both", "and", ",", ", and", "all") or gap.endswith("ly"):
                out.append(m)
                begin = m.end
            else:
                break
        return out

    def _absent(self, words: str, offset: int, mentions: Sequence[Mention], parties: Parties) -> str | None:
        """The first party in a stretch that does not take part."""
        for m in mentions:
            if m.kind == "party" and m.party and offset <= m.start < offset + len(words) and m.party not in parties.sides:
                return m.party
        return None

    def _target(self, type_: str, words: str, offset: int, mentions: Sequence[Mention], parties: Parties, addressees: tuple[str, ...]) -> str | None:
        if type_ not in TARGETED and not (type_ in ("State", "Reaffirm", "Emphasize") and words.startswith("that")):
            return None
        absent = self._absent(words[:48], offset, mentions, parties)
        if type_ in TARGETED:
            return absent
        return absent if stance_of(type_, words, None, self.grammar) is Stance.NEGATIVE else None

    # -- issues and links -------------------------------------------------------------------------------------------

    def _issues(self, sentence: Sentence, clause: Clause, start: int, end: int, parties: Parties, type_: str) -> tuple[tuple[IssueLink, ...], bool]:
        topics = tuple(link.concept for a in self.acts[-3:] for link in a.issues)
        setting = Setting(parties.sides, type_, self.date, topics)
        links = self.linker.link(sentence.view, start, end, setting) if end > start else ()
        firm = tuple(x for x in links if not x.candidate)
        view = sentence.view.text
        if not firm:
            topic = next((w for w in self.grammar.topics if view[: len(w) + 1].lower() == w + " "), None)
            comma = view.find(",")
            if topic and 0 < comma < clause.start + 2:
                firm = tuple(x for x in self.linker.link(sentence.view, 0, comma, setting) if not x.candidate)
        if firm:
            return firm, False
        before = next((a for a in reversed(self.acts) if a.issues), None)
        if before is not None and (not links or self._anaphoric(view[start:end])):
            return tuple(replace(x, confidence=x.confidence * 0.7) for x in before.issues), True
        return links, False

    def _anaphoric(self, words: str) -> bool:
        return bool(self.grammar.anaphora.search(words))

    def _own_words(self, view: str, start: int, end: int, mentions: Sequence[Mention], actors: tuple[str, ...], parties: Parties) -> str:
        """A content whose owners from another side than the actors' are masked, so that only own commitments bind."""
        own = {parties.side(a) for a in actors}
        words, at = "", start
        for m in mentions:
            if m.possessive and at <= m.start < end and not ({parties.side(w) for w in m.who} | {m.party}) & own:
                words, at = words + view[at : m.start] + "@", m.end
        return words + view[at:end]

    def _answers(self, sentence: Sentence, clause: Clause, type_: str, actors: tuple[str, ...], addressees: tuple[str, ...], parties: Parties) -> str | None:
        """The request that an act answers: support given right after it, or what is said "in response"."""
        opening = sentence.view.text[: clause.content[0]].lower()
        replying = clause.trigger.verb.id in self.grammar.replies or any(opening.startswith(w) for w in self.grammar.responses)
        if not (replying or "from" in clause.trigger.verb.frame):
            return None
        for act in reversed(self.acts[-6:]):
            if act.type in ("Request", "Urge", "Invite", "Offer") and set(act.actors) & set(addressees or parties.others(actors)):
                return act.id
        return None

    def _intensity(self, view: str, toks: Sequence[Token], clause: Clause) -> str | None:
        """The words that make an act stronger: an adverb before the verb, an adjective before its noun."""
        t = clause.trigger
        words = [toks[t.first - 1].low] if t.first and toks[t.first - 1].low.endswith("ly") else []
        words += [toks[i].low for i in range(t.last + 1, t.end) if toks[i].low in self.grammar.intensifiers]
        return " ".join(words) or None


def read_acts(sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon, linker: IssueLinker, date: str | None = None) -> Acts:
    """The acts of a document's sentences, in order of the text."""
    if not header.encounters:
        return Acts((), frozenset(), ())
    reader = ActReader(sentences, header, lexicon, linker, header.encounters[0].date or date)
    read = set()
    for sentence, mentions in zip(sentences, find_mentions(sentences, header, source, lexicon), strict=True):
        if sentence.block.kind not in UNREAD_BLOCKS and reader.read(sentence, mentions):
            read.add(sentence.index)
    return Acts(tuple(reader.acts), frozenset(read), tuple(reader.diagnostics))
