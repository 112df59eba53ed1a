"""Acts: from the clauses of each sentence to speech acts with actors, addressees, target, issues, stance and commitment."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.ingest.acts import confidence
from communique.ingest.acts.clauses import SentenceReader
from communique.ingest.acts.coverage import FRAME, Seen
from communique.ingest.acts.judgement import commits, stance_of
from communique.ingest.acts.roles import HEAD, NEAR, Parties, Scene, addressees
from communique.ingest.acts.scopes import Clause, split_reports
from communique.ingest.acts.verbs import act_lexicon, tokens
from communique.ingest.encounters.header import Header
from communique.ingest.grammar import act_grammar
from communique.ingest.issues.issues import IssueLinker, Setting
from communique.ingest.lexicon.lexicon import Lexicon
from communique.ingest.mentions.mention import Mention
from communique.ingest.mentions.mentions import find_mentions
from communique.ingest.mentions.scenes import Told, scenes
from communique.ingest.pages.segment import Sentence
from communique.ingest.people.author import RULE
from communique.ingest.sources import Source
from communique.model import Act, BlockKind, Diagnostic, IssueLink, Span, Stance

# Issues taken over from the act before weigh less than those named.
INHERITED = 0.7
# "During their call, the two ministers:" above a list; what may stand before and between those who are its subject.
_FRONTED = re.compile(r"(?:During|In|At|On|After|Following|For) [^,:]{3,80}, ")
_JOINED = ("", "the", "and", "and the")
_THAT = re.compile(r"\b(?:this|that|these|those|such) (?:concern|view|position|hope|wish|assessment|opinion|stance)s?\b")
# How many acts words like "the ceasefire" look back for what they mean.
BACK = 4


@dataclass(frozen=True, slots=True)
class Acts:
    """What was read from the sentences: the acts, what was noticed about each sentence, and what remained open."""

    acts: tuple[Act, ...]
    seen: Seen
    diagnostics: tuple[Diagnostic, ...]


class ActReader:
    """Reads the acts of a document, sentence by sentence; each act sees those before it."""

    def __init__(
        self, sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon, linker: IssueLinker, date: str | None
    ) -> None:
        self.sentences, self.header, self.source, self.linker, self.date = sentences, header, source, linker, date
        self.verbs, self.g = act_lexicon(lexicon), act_grammar()
        self.acts: list[Act] = []
        self.diagnostics: list[Diagnostic] = []
        self.telling: dict[int, frozenset[str]] = {}
        # Who tells of himself leaves himself out: "Thanked him for ...".
        self.author = tuple(p.label for e in header.encounters[:1] for p in e.participants if p.rule.startswith(RULE))
        self.speech: tuple[Span, tuple[str, ...]] | None = None
        self.stem: tuple[str, ...] = ()

    def list_under(self, sentence: Sentence, mentions: tuple[Mention, ...], below: Sentence | None) -> None:
        """Takes notice of who stands alone above a list, ``The two ministers:``, and is the subject of each of its items.

        ``below``: the sentence that follows; where its item begins with a small letter the line above it needs no colon.
        """
        if sentence.block.kind is BlockKind.ITEM:
            return
        text, who = sentence.view.text.rstrip(), list[str]()
        fronted = _FRONTED.match(text)
        start = fronted.end() if fronted else 0
        goes_on = below is not None and below.block.kind is BlockKind.ITEM and below.view.text[:1].islower()
        alone = text.endswith(":") or goes_on
        for m in mentions:
            if m.start >= start and not m.possessive:
                alone &= text[start : m.start].lower().strip(" ,") in _JOINED
                start, who = m.end, [*who, *m.who]
        alone &= text[start:].strip(" ,:") in ("", "also")
        self.stem = tuple(dict.fromkeys(who)) if alone else ()

    def read(self, sentence: Sentence, mentions: tuple[Mention, ...], told: Told) -> int:
        """Adds the acts of a sentence; returns how many."""
        encounters = [self.header.encounters[n] for n in told.encounters]
        toks = tokens(sentence.view.text)
        scene = Scene(sentence, toks, mentions, encounters[0], Parties.of(encounters))
        said_before = self.author or self.stem or (self.acts[-1].actors if self.acts else ())
        voice = self._voice(sentence, scene.parties)
        header = sentence.index in self.header.read
        reader = SentenceReader(scene.view, toks, mentions, scene.parties.labels, self.verbs, self.g, said_before, voice, header)
        made: dict[int, list[Act]] = {}
        before = len(self.acts)
        clauses = reader.read()
        if clauses or (self.speech and self.speech[0] != sentence.block.span):
            self.speech = self._heard(scene, clauses)
        for k, clause in enumerate(clauses):
            if not clause.who:
                self.diagnostics.append(Diagnostic("unresolved", scene.trigger(clause), "no participant found as the subject of this act"))
            else:
                made[k] = self._acts(scene, clause, self._holder(scene, clause, made))
                self.acts += made[k]
        self.acts[before:] = _shared(self.acts[before:])
        for t in reader.loose:
            span = sentence.view.span(toks[t.first].start, toks[t.last].end)
            self.diagnostics.append(Diagnostic("unattached-verb", span, "a reporting verb that no rule attaches to a participant"))
        unknown = reader.unknown()
        for tok in unknown:
            span = sentence.view.span(tok.start, tok.end)
            self.diagnostics.append(Diagnostic("unknown-verb", span, "a past form behind a participant that the act lexicon does not know"))
        self.telling[sentence.index] = reader.telling | ({"past"} if unknown else set())
        return len(self.acts) - before

    def _voice(self, sentence: Sentence, parties: Parties) -> frozenset[str]:
        """The one side whose reported speech the sentence before told, in the same block: the next may go on with it in its own words."""
        sides = {parties.side(a) for a in self.speech[1]} if self.speech and self.speech[0] == sentence.block.span else set()
        if self.source.comments and self.source.party in sides:
            return frozenset()
        return frozenset({*sides, *(x for x in parties.labels if parties.side(x) in sides)}) if len(sides) == 1 else frozenset()

    def _heard(self, scene: Scene, clauses: Sequence[Clause]) -> tuple[Span, tuple[str, ...]] | None:
        """Whose speech a sentence ends with: "said that ...", or words of a speech that was going on."""
        last = next((c for c in reversed(clauses) if c.parent is None), None)
        if last is None or not (last.rule.startswith("free") or scene.view.startswith("that ", last.content[0])):
            return None
        return scene.sentence.block.span, last.who

    def _holder(self, scene: Scene, clause: Clause, made: dict[int, list[Act]]) -> Act | None:
        """The act in whose report a clause stands: of two reports under one verb the one around it."""
        at = scene.trigger(clause).start
        held = made.get(clause.parent, []) if clause.parent is not None else []
        return next((a for a in held if a.content and a.content.start <= at < a.content.end), held[0] if held else None)

    def _acts(self, scene: Scene, clause: Clause, parent: Act | None) -> list[Act]:
        """The acts of a clause: one, or one for each report that its verb opens."""
        verb, parties = clause.trigger.verb, scene.parties
        actors, joint = clause.who, parties.joint(clause.who)
        type_ = self._type(scene, clause, joint)
        rule = f"{clause.rule}:{verb.id}"
        if "from" in verb.frame:
            # "A received support from B": B acts
            givers = scene.all_after("from", clause, clause.content[1])
            actors, joint, rule = givers or parties.others(clause.who), False, f"flip-{rule}"
            to, implicit = clause.who, False
        elif clause.rule == "received":
            # "The Brazilian side was informed about X": the other side acts
            actors, joint, to, implicit = parties.others(clause.who), False, clause.who, False
        else:
            if type_ in ("Discuss", "Agree") and not joint and verb.id not in self.g.posed:
                # "With B, A agreed to"; "A discussed with B the situation in X"
                near = scene.toks[clause.trigger.end].end + NEAR
                after = scene.all_after("with", clause, near) if type_ == "Discuss" else ()
                partners = [x for x in (*scene.fronted("with"), *after) if x in parties.labels]
                actors, joint = tuple(dict.fromkeys((*actors, *partners))), parties.joint((*actors, *partners))
            to, implicit = ((), False) if joint else addressees(scene, clause, type_, self.g, embedded=parent is not None)
        if not actors:
            return []
        out: list[Act] = []
        for start, end in self._reports(scene, clause):
            if parent and parent.content:
                # an act inside a report ends where the report does
                end = min(end, bisect_left(scene.sentence.view.positions, parent.content.end))
            words = scene.view[start:end]
            links, inherited = self._issues(scene, clause, start, end, type_)
            target = self._target(scene, type_, words, start)
            if parent is not None:
                to = () if target else tuple(dict.fromkeys(parties.side(x) for x in to))
            stance = Stance.NEGATIVE if "stern" in verb.frame else stance_of(type_, words, target, self.g)
            act = Act(
                id=f"a{len(self.acts) + len(out) + 1}",
                encounter=scene.encounter.id,
                trigger=scene.trigger(clause),
                content=scene.sentence.view.span(start, end) if end > start else None,
                type=type_,
                verb=verb.id,
                actors=actors,
                addressees=to,
                addressee_implicit=implicit and bool(to),
                target=target,
                issues=links,
                stance=stance,
                joint=joint,
                commitment=commits(type_, scene.own_words(start, end, actors), self.g),
                rule=rule,
                answers=self._answers(scene, clause, type_, to or parties.others(actors)),
                embedded_in=parent.id if parent else None,
                intensity=self._intensity(scene, clause),
                strength=verb.strength or self.verbs.strength.get(type_),
                inherited=inherited,
                confidence=confidence.of("act", rule.split(":")[0]),
            )
            out.append(act)
        return out

    def _type(self, scene: Scene, clause: Clause, joint: bool) -> str:
        """The type by the reporting noun, else by the first rule of the verb that fits, else the verb's own."""
        t = clause.trigger
        if t.type:
            return t.type
        after = scene.view[scene.toks[t.last].end :].lstrip()
        adverb = scene.toks[t.first - 1].low if t.first else ""
        for rule in t.verb.rules:
            if (rule.scope != "joint" or joint) and rule.pattern.search(adverb if rule.scope == "adverb" else after):
                return rule.type
        return t.verb.type

    def _reports(self, scene: Scene, clause: Clause) -> list[tuple[int, int]]:
        """The reports in a content; "emphasized to Minister X that ..." begins at "that"."""
        start, end = clause.content
        for m in scene.mentions:
            if m.who and scene.view[start : m.start] in ("to ", "to the ") and scene.view.startswith(" that ", m.end):
                start = m.end + 1
        return split_reports(scene.view, start, end, scene.mentions, self.g.finite) or [(start, end)]

    def _target(self, scene: Scene, type_: str, words: str, start: int) -> str | None:
        """The absent party that an act is aimed at: by its type, or by what a reported sentence says of it."""
        if type_ in self.g.targeted:
            return scene.absent(start, start + min(HEAD, len(words)))
        if type_ in self.g.reporting and words.startswith("that") and stance_of(type_, words, None, self.g) is Stance.NEGATIVE:
            return scene.absent(start, start + min(HEAD, len(words)))
        return None

    def _issues(self, scene: Scene, clause: Clause, start: int, end: int, type_: str) -> tuple[tuple[IssueLink, ...], bool]:
        """The issues of a content: named, given by the topic that opens the sentence, or taken over from the act before."""
        view = scene.sentence.view
        said = [tuple(x.concept for x in a.issues) for a in reversed(self.acts[-BACK:])]
        setting = Setting(scene.parties.sides, type_, self.date, said[0] if said else (), tuple(said[1:]))
        topic = self._topic(scene, clause, setting)
        if topic and not (self.acts and self.acts[-1].trigger.start >= scene.sentence.span.start):
            setting = replace(setting, topics=tuple(x.concept for x in topic), earlier=tuple(said))
        persons = [(m.start, m.end) for m in scene.mentions if m.kind == "person" and m.who]
        links = self.linker.link(view, start, end, setting, persons) if end > start else ()
        if not links:
            # "conveyed the greetings of the King", "extended a warm welcome": the noun that makes the act names the matter
            t, toks = clause.trigger, scene.toks
            links = tuple(x for x in self.linker.link(view, toks[t.last].end, toks[t.end].end, setting) if x.rule == "issue-label")
        before = next((a for a in reversed(self.acts) if a.issues), None)
        named = tuple(x for x in links if not x.candidate)
        # "to cooperate toward its early entry into force": a head word alone names less than what "its" points back to
        # and so does what is asked for: "requested its continued cooperation"
        heads = bool(before) and all(x.rule == "issue-head" for x in named)
        pointing = heads and (type_ == "Request" or self.g.pointing_back.search(view.text, start, end))
        if named and not pointing:
            # "On Syria, X called for a political process": what it is about and where
            return (*self.linker.beside(topic, named), *named), False
        if topic or (topic := self._opening(scene, clause, setting, persons)):
            return topic, False
        if before and (pointing or not links or self.g.anaphora.search(view.text[start:end])):
            return tuple(replace(x, confidence=x.confidence * INHERITED) for x in self._spoken_of(view.text[start:end])), True
        return links, False

    def _topic(self, scene: Scene, clause: Clause, setting: Setting) -> tuple[IssueLink, ...]:
        """The issues of the topic that opens a sentence: ``On energy, the ministers agreed ...``."""
        view = scene.sentence.view
        comma = view.text.find(",")
        if not 0 < comma < clause.start + 2 or not view.text.lower().startswith(self.g.topics):
            return ()
        return tuple(x for x in self.linker.link(view, 0, comma, setting) if not x.candidate)

    def _opening(self, scene: Scene, clause: Clause, setting: Setting, persons: Sequence[tuple[int, int]]) -> tuple[IssueLink, ...]:
        """The issues of the words that open a sentence and are no act: ``observed that funds for refugees had shrunk, and appealed``.

        A bare name there tells where or with whom, unless it is what somebody speaks as: ``As Chair of ASEAN, Malaysia thanked``.
        """
        sentence = scene.sentence
        if self.acts and self.acts[-1].trigger.start >= sentence.span.start:
            return ()
        firm = {"issue-label", "issue-reading", *(("issue-state",) if scene.view.startswith("As ") else ())}
        end = min(clause.start, scene.toks[clause.trigger.first].start)
        return tuple(x for x in self.linker.link(sentence.view, 0, end, setting, persons) if x.rule in firm)

    def _spoken_of(self, view: str) -> tuple[IssueLink, ...]:
        """What words that name nothing are about: of what was spoken of last, the situation; past bare norms, what these were said of.

        "Shares that concern" is about what was just said, a norm too.
        """
        said = [self.linker.kept(a.issues) for a in reversed(self.acts[-BACK:]) if a.issues]
        if not view.strip() or _THAT.search(view):
            return said[0]
        return self.linker.situation(next((links for links in said if not self.linker.norms(links)), said[0]))

    def _answers(self, scene: Scene, clause: Clause, type_: str, asked_by: tuple[str, ...]) -> str | None:
        """The request that an act answers: support given right after it, what the other does in the same sentence or "in response"."""
        verb = clause.trigger.verb
        replying = verb.id in self.g.replies or scene.view.lower().startswith(self.g.responses)
        # "B expressed support." right after A's request, and nothing more: an answer without the word
        bare = clause.content[1] - clause.content[0] < len("of the request.") and bool(self.acts) and self.acts[-1].type in self.g.directed
        last = self.acts[-1] if self.acts else None
        # "A requested X, and B pledged Y"
        beside = last and last.type == "Request" and last.trigger.start >= scene.sentence.span.start
        if last and beside and type_ not in self.g.directed and set(clause.who) <= set(last.addressees):
            return last.id
        if replying or bare or "from" in verb.frame:
            for act in reversed(self.acts[-6:]):
                if act.type in self.g.directed and set(act.actors) & set(asked_by):
                    return act.id
        return None

    def _intensity(self, scene: Scene, clause: Clause) -> str | None:
        """The words that make an act stronger: an adverb before the verb, an adjective before its noun."""
        t, toks = clause.trigger, scene.toks
        words = [toks[t.first - 1].low] if t.first and toks[t.first - 1].low.endswith("ly") else []
        words += [tok.low for tok in toks[t.last + 1 : t.end] if tok.low in self.g.intensifiers]
        return " ".join(words) or None


def _shared(acts: Sequence[Act]) -> list[Act]:
    """The acts of a sentence; one without words of its own is about those of the next: ``to celebrate and reflect on the anniversary``."""
    out = list(acts)
    for k in range(len(out) - 2, -1, -1):
        act, following = out[k], out[k + 1]
        open_ = act.content is None and (not act.issues or act.rule.startswith("purpose"))
        if open_ and following.issues and 0 < following.trigger.start - act.trigger.end <= len(" and "):
            issues = tuple(replace(x, confidence=x.confidence * INHERITED) for x in following.issues)
            out[k] = replace(act, issues=issues, inherited=True)
    return out


def read_acts(
    sentences: Sequence[Sentence], header: Header, source: Source, lexicon: Lexicon, linker: IssueLinker, date: str | None = None
) -> Acts:
    """The acts of a document's sentences, in order of the text; ``date`` is the ISO date of publication."""
    if not header.encounters:
        return Acts((), Seen(), ())
    reader = ActReader(sentences, header, source, lexicon, linker, header.encounters[0].date or date)
    read: set[int] = set()
    named: set[int] = set()
    told_by = scenes(header, sentences, header.parses)
    below = (*sentences[1:], None)
    found = find_mentions(sentences, header, source, lexicon, told_by)
    for sentence, following, mentions, told in zip(sentences, below, found, told_by, strict=True):
        reader.list_under(sentence, mentions, following)
        if sentence.block.kind not in FRAME and reader.read(sentence, mentions, told):
            read.add(sentence.index)
        if any(m.who and m.kind != "party" and not m.possessive for m in mentions):
            named.add(sentence.index)
    return Acts(tuple(reader.acts), Seen(frozenset(read), reader.telling, frozenset(named)), tuple(reader.diagnostics))
