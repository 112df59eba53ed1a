"""Which releases are readouts, and why the others are set aside: transcripts, joint statements, sanctions, greetings, announcements.

A readout tells, in the third person and the past tense, of an encounter with a foreign party.  The forms are data (``genre.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from communique.ingest import grammar
from communique.ingest.lexicon import lexicon
from communique.ingest.lexicon.views import straighten
from communique.ingest.sources import Source
from communique.model import Block, BlockKind, Document

READOUT, NO_ENCOUNTER = "readout", "no-encounter"
_ACCOUNT = (BlockKind.LEAD, BlockKind.ITEM, BlockKind.PARA)
_OPENING, _LEAD, _NEXT, _SPEECHES = 3, 600, 260, 12
# A post may open with a line of its own: "Productive second day in New York!"
_SLOGAN = 100
_PARTIES = frozenset(("state", "organization", "forum"))
_LETTER = re.compile(r"^\\b(\[[A-Za-z]+\]|[A-Za-z])(?![?*+{])")
_SELF = frozenset(("I", "I'm", "I've", "I'd", "my", "My", "me"))
_FIRST_PERSON = re.compile(r"(?<!War )\bI(?:'m|'ve|'d)? [a-z]+|\b[Mm]y\b|\bme\b")
# Words that someone says, told before who says them: "...," said the Minister; with a dash where newspapers have one.
_SAYING = (
    "said|says|stated|states|stress(?:ed|es)|add(?:ed|s)|declared|emphasi[sz]ed|underlined|noted|announced|assured|explained|told|commented"
)
_SAYS = rf"(?=(?:[\w.'-]+ ){{0,9}}?(?:{_SAYING}|concluded|wrote|affirmed)\b)"
_SAID_FIRST = re.compile(rf"(?:([\"']).{{8,1500}}?[,.!?]\1,?|[–—-] .{{8,600}}?,) {_SAYS}")
# What announces the text that follows.
_FRAME = re.compile(r"(?:The )?(?:[Ff]ollowing|[Bb]elow) is the text of\b|(?i:begin text)\b")
_QUOTED = re.compile(r"\"[^\"]{0,2000}(?:\"|$)")
_ADDRESS = re.compile(r"\b(?:I|I['’]\w+|[Mm]y|[Yy]ou|[Yy]our|[Ww]e|[Tt]hank|[Gg]ood (?:morning|afternoon|evening))\b")
_STOP = re.compile(r"[a-z)]\.(?=\s+[A-Z])")
_DATELINE = re.compile(r".{0,60}?\b(?:19|20)\d\d(?: ?\([^()]{1,30}\))?\. ")
_DOTTED = re.compile(r"\.(?:(?<=\b[A-Z]\.)|(?<=\b(?:Mr|Ms|Dr|Jr|Sr|St|Lt)\.)|(?<=\b(?:Mrs|Hon|Gen|Sen|Gov|Amb|Smt|Eng)\.))")
_TOPIC = re.compile(r"\b(?:on|regarding|about|concerning)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:about|regarding|concerning|to discuss)\b")
_COUNTERPART = re.compile(r"\b(?:with|between|by)\b(.*?)(?:\b(?:on|to|regarding|about|ahead|at|in|for)\b|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Genre:
    """What a release is; ``set_aside`` says in a few words why it is not read as a readout (``None``: it is one).

    ``open``: it may be one for all that, if a sentence tells outright who met whom and the text what they said.
    """

    name: str
    set_aside: str | None
    open: bool = False


# A capital letter of any alphabet's, as ``[A-Z]`` is meant: "received Þórdís Name".
_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽȘȚ]"


class _Form:
    """A pattern of ``genre.toml``, made to be searched fast.

    ``(?i)`` at its beginning: it is written in lower case and searched in a lower-case copy; ``^``: it is tried at the beginning only.
    """

    __slots__ = ("_find", "_folds", "_pattern")

    def __init__(self, written: str) -> None:
        plain = written.removeprefix("(?i)")
        self._folds = plain != written
        if self._folds and re.search(r"(?<!\\)[A-Z]", plain):
            raise ValueError(f"a pattern with (?i) is written in lower case: {written}")
        # "\b[Tt]ext": a search skips to a letter much faster than from edge to edge of words
        self._pattern = re.compile(_LETTER.sub(r"\1(?<=\\b\1)", plain).replace("[A-Z]", _CAPITAL))
        self._find = self._pattern.match if plain.startswith("^") else self._pattern.search

    def search(self, words: str) -> re.Match[str] | None:
        """Where the pattern first fits."""
        return self._find(lexicon.lower(words) if self._folds else words)

    def without(self, words: str) -> str:
        """The words without those that the pattern fits."""
        at, kept = 0, []
        for m in self._pattern.finditer(lexicon.lower(words) if self._folds else words):
            kept.append(words[at : m.start()])
            at = m.end()
        return " ".join([*kept, words[at:]])


_Forms = tuple[_Form, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of release that is no readout, and its signs."""

    name: str
    reason: str
    title: _Forms
    text: _Forms
    unless: _Form | None
    yields: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """The forms of ``genre.toml``."""

    encounter: _Forms
    reported: _Forms
    later: _Forms
    visiting: _Forms
    held: _Forms
    personal: _Forms
    future: _Forms
    present: _Forms
    title: _Forms
    account: _Forms
    foreign: _Forms
    domestic: _Forms
    label: re.Pattern[str]
    kinds: tuple[_Kind, ...]


@cache
def _forms() -> _Table:
    data = grammar.table("genre.toml")

    def patterns(of: dict[str, Any], name: str) -> _Forms:
        return tuple(_Form(p) for p in of.get(name, ()))

    kinds = tuple(
        _Kind(
            k["name"],
            k["reason"],
            patterns(k, "title"),
            patterns(k, "text"),
            _Form(k["unless"]) if "unless" in k else None,
            k.get("yields"),
            k.get("open", False),
        )
        for k in data["kinds"]
    )
    named = {
        n: patterns(data, n)
        for n in (
            "encounter",
            "reported",
            "later",
            "visiting",
            "held",
            "personal",
            "future",
            "present",
            "title",
            "account",
            "foreign",
            "domestic",
        )
    }
    return _Table(**named, label=re.compile(data["label"]), kinds=kinds)


# Marks of a list in whose lines stands, above the account, what is held to be worth knowing.
_POINTS = ("•", "●", "▪", "■", "‣", "* ", "- **")


def classify(document: Document, source: Source, blocks: tuple[Block, ...]) -> Genre:
    """The genre of a laid-out release: a readout, or what it is instead and why it is set aside."""
    forms = _forms()
    text = document.text
    title = straighten(document.title or next((b.span.of(text) for b in blocks if b.kind is BlockKind.TITLE), ""))
    account = [b for b in blocks if b.kind in _ACCOUNT]
    if not account:
        return Genre("empty", "there is no running text")
    if _is_transcript(text, account, forms):
        kind = next(k for k in forms.kinds if k.name == "transcript")
        return Genre(kind.name, kind.reason)
    first = _plain(account[0].span.of(text)[:_LEAD])  # as the page has it: it may say that an agreed text follows
    account = _behind_frame(account, text) or account
    opening = _opening(account, text)
    titled = _any(forms.title, title)
    points = next((n for n, b in enumerate(account) if not text.startswith(_POINTS, b.span.start)), 0)
    if 0 < points <= _OPENING and _told(behind := _opening(account[points:], text), titled, forms):
        opening = behind  # what is held to be worth knowing stands in a list above the account
    told = _told(opening, titled, forms) or (not titled and any(_any(forms.later, words) for words in opening[1:]))
    told = told or (_any(forms.visiting, opening[0]) and any(_any(forms.held, words) for words in opening[1:]))
    for kind in forms.kinds:
        if (kind.yields == "told" and told) or (kind.yields == "to-title" and told and titled):
            continue
        if (_any(kind.title, title) or _any(kind.text, first)) and not (kind.unless and kind.unless.search(title)):
            return Genre(kind.name, kind.reason, open=kind.open and _abroad(title, opening, source, forms))
    if not told:
        if _any(forms.future, opening[0]):
            kind = next(k for k in forms.kinds if k.name == "announcement")
            return Genre(kind.name, kind.reason)
        return Genre(NO_ENCOUNTER, "its opening tells of no encounter", open=_abroad(title, opening, source, forms))
    if not _abroad(title, opening, source, forms):
        return Genre("domestic", "an encounter with no foreign party")
    return Genre(READOUT, None)


def _opening(account: list[Block], text: str) -> list[str]:
    """The words of the first blocks of an account, as far as they are looked at."""
    return [_plain(b.span.of(text)[:size]) for b, size in zip(account[:_OPENING], (_LEAD, _NEXT, _NEXT), strict=False)]


def _is_transcript(text: str, account: list[Block], forms: _Table) -> bool:
    """Whether speakers are named before their own words: the first speaker, or any two."""
    spoken = [b for b in account if forms.label.match(text, b.span.start, b.span.end)]
    if len(spoken) < 2 and spoken[:1] != account[:1]:
        return False
    return any(_ADDRESS.search(text, b.span.start, b.span.end) for b in spoken[:_SPEECHES])


def _behind_frame(account: list[Block], text: str) -> list[Block]:
    """The account without what stands before it: what text follows, and words of somebody as a motto with the name below."""
    words = [straighten(b.span.of(text)) for b in account[: _OPENING + 1]]
    at = 0
    while at < len(words) and _FRAME.match(words[at]):
        at += 1
    if at < len(words) and words[at].startswith('"') and words[at].endswith('"'):
        named = text[account[at].span.end :].lstrip().startswith(("–", "—"))
        at += named + (named and at + 1 < len(words) and words[at + 1].startswith(("–", "—")))
    return account[at:]


def _told(opening: list[str], titled: bool, forms: _Table) -> bool:
    """Whether the opening tells, in the third person, of an encounter that has taken place; ``titled``: the title names one."""
    opening = _behind_speech(opening, forms)
    outside = [words if n == 0 and words.startswith('"') else _QUOTED.sub(" ", words) for n, words in enumerate(opening)]
    # Words of the minister that stand below the account, behind a dash as newspapers have them, are not the writer's.
    writer = [
        words for n, words in enumerate(outside) if n == 0 or not (words.startswith(("–", "—", "- ")) and _any(forms.encounter, outside[0]))
    ]
    if any(_any(forms.personal, words) for words in outside[: 2 if len(outside[0]) < _SLOGAN else 1]):
        return True
    if any(map(_is_own_voice, outside[:1] if titled else writer)) or (not titled and _any(forms.present, outside[0])):
        return False
    dateline = _DATELINE.match(outside[0])
    stop = None if titled else _STOP.search(outside[0], max(40, dateline.end() if dateline else 0))
    lead = outside[0][: stop.end()] if stop else outside[0]
    ahead = min((m.start() for p in forms.future if (m := p.search(lead))), default=None)
    if _any(forms.encounter, lead[:ahead]) or _any(forms.reported, outside[0]):
        return True
    return ahead is None and titled and any(_any(forms.account, words) for words in outside)


def _behind_speech(opening: list[str], forms: _Table) -> list[str]:
    """The opening without words that someone says in it before it tells of anything: it goes on with who says them, if that tells of an
    encounter, else with the next paragraph."""
    m = _SAID_FIRST.match(opening[0])
    if m is None:
        return opening
    rest = opening[0][m.end() :]
    return [rest, *opening[1:]] if len(opening) < 2 or _any(forms.encounter, rest) else opening[1:]


def _is_own_voice(words: str) -> bool:
    """Whether the writer speaks of himself."""
    return not _SELF.isdisjoint(words.split()) and _FIRST_PERSON.search(words) is not None


def _abroad(title: str, opening: list[str], source: Source, forms: _Table) -> bool:
    """Whether a foreign party has part in it: by the title's counterpart first, else by title and opening.

    What the encounter was about makes no party foreign: "spoke with the Governor about the situation in Haiti".
    """
    with_whom = _COUNTERPART.search(title)
    if with_whom and _foreign(with_whom[1], source, forms):
        return True
    if with_whom and _any(forms.domestic, with_whom[1]):
        return False
    if _any(forms.domestic, title):
        return _foreign(_TOPIC.split(title, maxsplit=1)[0], source, forms)
    lead = _SUBJECT.split(opening[0][:400], maxsplit=1)[0]
    return any(_foreign(words, source, forms) for words in (title, lead, *opening[1:]))


def _foreign(words: str, source: Source, forms: _Table) -> bool:
    for home in forms.domestic:
        words = home.without(words)
    if _any(forms.foreign, words):
        return True
    hits = lexicon.load().longest(words, _PARTIES)
    return any(h.label.id != source.party for h in hits)


def _plain(words: str) -> str:
    """Words on one line, marks and the stops of abbreviations taken out, so that a full stop ends a sentence."""
    return _DOTTED.sub("", " ".join(straighten(words).replace("\\", "").replace("**", "").split()))


def _any(patterns: _Forms, words: str) -> bool:
    return any(p.search(words) for p in patterns)
