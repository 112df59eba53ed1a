"""A page's text cut into blocks, each with its kind: title, date line, lead, numbered items, paragraphs, and what is not the account.

Lines are joined where they were wrapped (the next line's first word would not have fitted) and kept apart where they are lines of
their own.  The publisher's forms are data (``ingest/sources``); this module knows only typography.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from communique.ingest.lexicon.views import straighten
from communique.ingest.sources import Patterns, Source
from communique.model import Block, BlockKind, Document, Span

_LINE = re.compile(r"[^\n]+")
_BULLETS = "-*•·●▪■□◦○°º–—ㅇ➢►"
_BULLET = rf"[{_BULLETS}]"
_DASHES = "-*–—"
_NUMBER = (
    r"[(（]\d{1,2}[)）]|\d{1,2}[.)](?=\s)|\d{1,2}[．、]|\d{1,2}\.(?=[A-Z])|\([a-z]\)(?=\s)|\([ivx]{1,4}\)(?=\s)|[①-⑳]|[IVX]{1,4}\.(?=\s)"
    r"|(?P<bare>\d{1,2})(?=[ \t\u00a0]+[A-Z\"“])"
)
MARKER = re.compile(
    rf"[ \t\u00a0]*(?:>[ \t]*)?(?:#{{1,6}}[ \t]+)?(?P<bullet>(?!\*{{1,3}}[^\s*][^*\n]*\*){_BULLET}"
    rf"(?:[ \t\u00a0]*(?=[\"“'‘(\[A-Z0-9])|[ \t\u00a0]+(?=(?P<small>[a-z])|[^\W\d_])))?(?P<number>{_NUMBER})?[ \t\u00a0]*"
)
_STAMP = re.compile(r"\d(?::\d\d|(?:(?<=\b1)9|(?<=\b2)0)\d\d\b)")
_STOPS, _CLOSERS = tuple(".!?:;…"), "\"'”’)]*_"
_NO_HEADING = (".", "!", "?", ";", ",", "…", '."', '!"', '?"', ".)")
# A line that says what happened is the title, rather than the name of an office above it.
_TELLING = re.compile(
    r"(?i)\b(?:meets|met|receives?|received|holds|held|visits?|hosts|welcomes|calls?|talks|discuss(?:es|ed)?|readout|co-chairs|speaks|spoke|confers)\b"
)
_SHORT, _LONGEST_FORM, _WIDEST, _LISTS = 200, 330, 120, 12


@dataclass(frozen=True, slots=True)
class _Part:
    """One logical block before it has a kind: its range, its words on one line with plain quotes, its marker."""

    start: int
    end: int
    words: str
    bullet: bool
    number: str | None

    @property
    def is_prose(self) -> bool:
        """Whether it is a sentence rather than a line: closed by a stop, or too long for a heading; one that opens a list tells of it."""
        opens = self.words.endswith(":")
        told = not opens or (self.words.count(" ") > _LISTS and _TELLING.search(self.words) and "statement" not in self.words)
        return len(self.words) > _SHORT or (_ended(self.words) and self.words.count(" ") > 4 and bool(told))


def lay_out(document: Document, source: Source) -> tuple[Block, ...]:
    """The blocks of a text in order; together they hold every character that is not white space."""
    parts = list(_parts(document.text, document.title, source))
    prose = [i for i, p in enumerate(parts) if p.is_prose and not _form(p, source)]
    title = straighten(document.title or "")
    if len(prose) > 1 and title.endswith(".") and parts[prose[0]].words == title:  # not the opening words of a post ("What a day!")
        prose.pop(0)
    lead = prose[0] if prose else len(parts)
    kinds = _head(parts[:lead], document.title, source)
    kinds.extend(_rest(parts[lead:], document.title, source))
    return tuple(Block(kind, Span(p.start, p.end), p.number) for p, kind in zip(parts, kinds, strict=True))


def _ended(words: str) -> bool:
    """Whether a stop closes the words, quotation marks and brackets behind it aside."""
    return words.rstrip(_CLOSERS).endswith(_STOPS)


def words_start(text: str, block: Block) -> int:
    """Where the words of a block begin: behind its number, bullet or Markdown mark."""
    m = MARKER.match(text, block.span.start, block.span.end)
    if m is None or (m["bare"] and m["bare"] != block.number):
        return block.span.start
    return m.end() if m.end() < block.span.end else block.span.start


def _head(parts: list[_Part], title: str | None, source: Source) -> list[BlockKind]:
    """The kinds of what stands before the lead: the lines that are neither form nor title are captions or navigation."""
    kinds = [_form(p, source) for p in parts]
    open_ = [i for i, kind in enumerate(kinds) if kind is None]
    titles = [i for i, p in enumerate(parts) if kinds[i] in (None, BlockKind.NAV) and _says(p.words, title)]
    if not titles and open_:
        telling = [i for i in open_ if _TELLING.search(parts[i].words)]
        titles = [max(telling or open_, key=lambda i: (_capitals(parts[i].words), i))]
    for i in titles:
        kinds[i] = BlockKind.TITLE
    for i in open_:
        if kinds[i] is None:
            kinds[i] = BlockKind.CAPTION if _capitals(parts[i].words) < 0.6 else BlockKind.NAV
    return [kind or BlockKind.NAV for kind in kinds]


def _rest(parts: list[_Part], title: str | None, source: Source) -> Iterator[BlockKind]:
    """The kinds from the lead on."""
    tail = False
    for i, part in enumerate(parts):
        if i == 0:
            yield BlockKind.LEAD
            continue
        numbered = part.number is not None and part.is_prose
        tail = (tail and not numbered) or _matches(source.tail, part.words)
        form = _form(part, source)
        if tail:
            yield BlockKind.BOILERPLATE
        elif form is not None:
            yield form
        elif _says(part.words, title):
            yield BlockKind.TITLE
        elif not part.is_prose and not part.bullet and _is_heading(part, parts[i + 1 :]):
            yield BlockKind.HEADING
        elif part.bullet or part.number is not None:
            yield BlockKind.ITEM
        else:
            yield BlockKind.PARA


def _form(part: _Part, source: Source) -> BlockKind | None:
    """The kind that a publisher's form gives a block, or ``None``."""
    if len(part.words) > _LONGEST_FORM:
        return None
    if _matches(source.dateline, part.words):
        return BlockKind.DATELINE
    if _matches(source.boilerplate, part.words):
        return BlockKind.BOILERPLATE
    if part.number is None and _matches(source.nav, part.words) and not part.is_prose:
        return BlockKind.NAV
    if part.number is None and _matches(source.caption, part.words) and not part.is_prose:
        return BlockKind.CAPTION
    return None


def _is_heading(part: _Part, following: list[_Part]) -> bool:
    """A line without a stop, with words of its own, above something."""
    return (
        bool(following)
        and len(part.words) < 120
        and not (following[0].bullet and following[0].words[:1].islower())  # "The Minister", above what he said
        and (part.words[:1].isupper() or part.number is not None)
        and not part.words.endswith(_NO_HEADING)
    )


def _matches(patterns: Patterns, words: str) -> bool:
    return any(p.fullmatch(words) for p in patterns)


def _says(words: str, title: str | None) -> bool:
    """Whether a line is the title, or a full line of it."""
    if not title or len(words) > len(title) + 12:
        return False
    whole, line = _letters(title), _letters(words)
    return bool(line) and (line == whole or (line in whole and line.count(" ") > 2 and len(line) * 3 > len(whole)))


def _letters(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.lower()))


def _capitals(words: str) -> float:
    """The share of longer words that begin with a capital: high in titles, low in captions."""
    longer = re.findall(r"\b[^\W\d_]{4,}", words)
    return sum(w[0].isupper() for w in longer) / len(longer) if longer else 0.0


def _parts(text: str, title: str | None, source: Source) -> Iterator[_Part]:
    lines = [m.span() for m in _LINE.finditer(text)]
    width = _width(text, lines)
    last_number, title = 0, (title or "").strip()
    alone = False  # whether the line before stands alone: the title, or a date line
    open_: list[tuple[int, int]] = []
    marks: tuple[bool, str | None] = (False, None)
    for start, end in lines:
        raw = text[start:end]
        begun = raw.lstrip()
        if open_ and (not begun or start > open_[-1][1] + 1):
            yield _part(text, open_, marks)
            open_ = []
        if not begun:
            continue
        fresh = not open_ or _ended(text[open_[-1][0] : open_[-1][1]].rstrip())
        fresh = fresh or _dashed(text, end + 1, raw)
        mark = _mark(text, start, end, last_number, fresh=fresh, listed=bool(open_) and marks[0])
        before, alone = alone, _stands_alone(raw.strip(), title, source)
        if open_ and (before or alone or mark != (False, None) or not _wrapped(text, open_[-1], start, end, width)):
            yield _part(text, open_, marks)
            open_ = []
        if not open_:
            marks = mark
            if mark[1] and mark[1].isascii() and mark[1].isdigit():
                last_number = int(mark[1])
        open_.append((start, end))
    if open_:
        yield _part(text, open_, marks)


def _dashed(text: str, below: int, line: str) -> bool:
    """Whether the line below begins with the same dash as a line: the two are items of a list."""
    mark = line.lstrip()[:2]
    return len(mark) == 2 and mark[0] in _DASHES and mark[1].isspace() and text[below:].lstrip().startswith(mark)


def _stands_alone(line: str, title: str, source: Source) -> bool:
    return line == title or (len(line) < 90 and bool(_STAMP.search(line)) and _matches(source.dateline, straighten(line)))


def _part(text: str, lines: list[tuple[int, int]], marks: tuple[bool, str | None]) -> _Part:
    start, end = lines[0][0], lines[-1][1]
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    end -= len(raw) - len(raw.rstrip())
    m = MARKER.match(text, start, end)
    begin = m.end() if m and (not m["bare"] or marks[1]) else start
    words = " ".join(straighten(text[begin if begin < end else start : end]).replace("**", "").replace("\\", "").split())
    return _Part(start, end, words, *marks)


def _mark(text: str, start: int, end: int, last_number: int, *, fresh: bool, listed: bool) -> tuple[bool, str | None]:
    """Bullet and printed number of a line; a bare number counts only in sequence, any other there or after a full stop.

    A dash before a small letter is a bullet where a block may begin, and under another bullet; elsewhere it stands in a sentence.
    """
    m = MARKER.match(text, start, end)
    if m is None or m.end() >= end:
        return (False, None)
    number, bullet = m["number"], m["bullet"] is not None and (m["small"] is None or fresh or listed or m["bullet"][0] not in _DASHES)
    if number is not None:
        plain = number.strip("()（）.．、")
        follows = plain.isascii() and plain.isdigit() and int(plain) in (1, last_number + 1)
        if not follows and (m["bare"] or not fresh):
            number = None
        else:
            number = plain if number[-1] in ".．、" or m["bare"] else number
    return (bullet, number)


def _width(text: str, lines: list[tuple[int, int]]) -> int:
    """The column at which the text was wrapped, 0 if it was not: most lines are full, so that the next one's first word had no room."""
    if sum(e - s > _WIDEST and "://" not in text[s:e] for s, e in lines) > 1:
        return 0
    inner: list[tuple[int, int]] = []  # the length of a line, and the length it would have with the next word
    for (start, end), (start2, end2) in pairwise(lines):
        below = text[start2:end2].split(None, 1)
        if (
            start2 == end + 1
            and end - start <= _WIDEST
            and "://" not in text[start:end]
            and below
            and below[0][0] not in _BULLETS
            and not below[0][0].isdigit()
        ):
            size = len(text[start:end].rstrip())
            inner.append((size, size + 1 + len(below[0])))
    sizes = sorted(size for size, _ in inner)
    if len(sizes) < 3:
        return sizes[-1] if sizes and sizes[-1] > 55 else 0
    few = max(2, len(sizes) // 10)
    width = next((n for n in reversed(sizes) if sum(n - 6 <= m <= n for m in sizes) >= few), 0)
    return width if width > 30 and sum(more > width for _, more in inner) * 5 >= len(inner) * 3 else 0


def _wrapped(text: str, above: tuple[int, int], start: int, end: int, width: int) -> bool:
    """Whether the line at ``start`` goes on with the line above it."""
    line, below = text[above[0] : above[1]], text[start:end].strip()
    size = len(line.rstrip())
    first = below.split(None, 1)[0]
    if below[0].islower() and not _ended(line.rstrip()):
        return True
    if line.rstrip().endswith((",", "(", "/", "&")):
        return True
    if not width or (line.endswith("  ") and _ended(line.rstrip()) and size + len(first) < width):
        return False
    if size + 1 + len(first) > width:
        return True
    return not _ended(line.rstrip()) and size * 5 > width * 3
