"""The types that travel between the rooms: documents, their parts, and what was read from them.

Every type is frozen and slotted; a stage makes new values and never changes its input.  Offsets are
Unicode code points into ``Document.text``, half-open, as in the gold format (ontology documentation,
"Interchange of an extraction").  This module imports the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """What an act expresses towards its issue or target."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NONE = "none"
    MIXED = "mixed"


class BlockKind(StrEnum):
    """What a block of a laid-out page is."""

    NAV = "nav"
    DATELINE = "dateline"
    TITLE = "title"
    CAPTION = "caption"
    LEAD = "lead"
    HEADING = "heading"
    ITEM = "item"
    PARA = "para"
    BOILERPLATE = "boilerplate"


class Reading(StrEnum):
    """How a sentence ended: the five states of the coverage account.

    ``BACKGROUND``: the writer's own words about the world, which report nothing that was said or done in the encounter.
    """

    ACT = "act"
    ENCOUNTER = "encounter"
    BACKGROUND = "background"
    BOILERPLATE = "boilerplate"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points in a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The quote: exactly the words of ``text`` in this range."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One official page as it is stored; ``text`` is never rewritten.

    ``id`` is the stem of the file or the ``id`` of the JSON line; ``source`` the id of the recognised
    publisher (``ingest/sources``), ``generic`` if none; ``date`` the ISO date of publication or ``None``;
    ``published`` the publication time as the page or feed gives it; ``origin`` where it was read
    (path, or ``path:line``), for messages; ``sha256`` the hash of ``text`` in UTF-8; ``revises`` the id and
    date of the version of the page that this one came after.
    """

    id: str
    text: str
    sha256: str
    origin: str
    source: str = "generic"
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    date: str | None = None
    published: str | None = None
    licence: str | None = None
    lang: str = "en"
    composed: bool = False
    revises: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: what it is, where it stands, and its printed number (``2``, ``(1)``) if any."""

    kind: BlockKind
    span: Span
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """One person, or one unnamed delegation (``name`` and ``family`` are ``None``), in an encounter.

    ``offices`` are as written, without demonym or "of <state>"; ``party`` is an ISO 3166 alpha-3 code or
    an organisation's code (``EU``, ``NATO``); ``span`` is the fullest mention, titles included.
    ``feminine`` is what honorific or pronoun tells (``None``: not told); ``alias`` is how acts name him where somebody else of the
    same family name takes part.
    """

    name: str | None
    family: str | None
    offices: tuple[str, ...]
    party: str | None
    span: Span
    rule: str
    confidence: float = 1.0
    feminine: bool | None = None
    alias: str | None = None

    @property
    def label(self) -> str:
        """How acts name this participant: the family name, or the party code of a delegation."""
        return self.alias or self.family or self.party or "?"


@dataclass(frozen=True, slots=True)
class Encounter:
    """A diplomatic encounter that the text reports as its subject.

    ``date`` is the ISO date where it took place, or an interval of several days; ``start`` ISO 8601 with offset;
    ``start_publisher`` the same instant on the publisher's clock where the text gives it; ``zone_evidence`` says what the offset rests on
    (``dual-clock``, ``place``, ``publisher``) and ``conflicts`` lists disagreements between clocks.
    """

    id: str
    type: str
    date: str | None
    participants: tuple[Participant, ...]
    span: Span
    rule: str
    start: str | None = None
    start_publisher: str | None = None
    duration_min: int | None = None
    approximate: bool = False
    zone_evidence: str | None = None
    conflicts: tuple[str, ...] = ()
    place: str | None = None
    place_span: Span | None = None
    occasion: str | None = None
    occasion_span: Span | None = None
    confidence: float = 1.0

    @property
    def parties(self) -> tuple[str, ...]:
        """The party codes in order of first appearance, each once."""
        return tuple(dict.fromkeys(p.party for p in self.participants if p.party))


@dataclass(frozen=True, slots=True)
class Reference:
    """Another encounter or event that the text refers to."""

    kind: str
    date: str | None
    relation: str
    span: Span
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class IssueLink:
    """One issue found in a stretch of text.

    ``concept`` is the most specific concept of the scheme, ``issue`` its nearest ancestor (or itself) in
    the annotation backbone (``shared/gold/issues.csv``); ``span`` the words that named it; ``candidate`` is true
    where no concept matched and ``concept`` is only the nearest broader one.
    """

    concept: str
    issue: str
    span: Span
    rule: str
    confidence: float = 1.0
    candidate: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One speech act: who did what to whom about what, in which words.

    ``actors`` and ``addressees`` hold ``Participant.label`` values or party codes; ``verb`` is the id of the
    reporting verb's row in the act lexicon; ``strength`` is its step on the ladder (data in ``acts.ttl``), ``None`` where it has none.
    """

    id: str
    encounter: str
    trigger: Span
    content: Span | None
    type: str
    verb: str
    actors: tuple[str, ...]
    addressees: tuple[str, ...]
    addressee_implicit: bool
    target: str | None
    issues: tuple[IssueLink, ...]
    stance: Stance
    joint: bool
    commitment: bool
    rule: str
    answers: str | None = None
    embedded_in: str | None = None
    modality: str | None = None
    intensity: str | None = None
    strength: int | None = None
    inherited: bool = False
    note: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Covered:
    """One sentence and how it ended."""

    span: Span
    state: Reading


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something a reader of the data should know: a code (``unread``, ``unknown-verb``, ``unlinked``,
    ``unresolved``, ``clock-conflict`` ...), where, and one plain line."""

    code: str
    span: Span | None
    message: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one document; ``set_aside`` is the reason why it was not read as a readout."""

    document: Document
    genre: str
    set_aside: str | None
    blocks: tuple[Block, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    references: tuple[Reference, ...] = ()
    acts: tuple[Act, ...] = ()
    coverage: tuple[Covered, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def heading(self) -> str | None:
        """The headline: the page's own, else the first block of the text that is read as one."""
        first = next((block.span.of(self.document.text) for block in self.blocks if block.kind is BlockKind.TITLE), "")
        return self.document.title or " ".join(first.split()) or None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that could not be read: where it was and, in one plain line, why and what to do."""

    origin: str
    reason: str
