"""Blocks cut into sentences: a splitter of one regular expression and a table of abbreviations.

Every character of a block that is not white space lies in exactly one sentence.  A sentence's ``span`` holds the printed number or
bullet and the quotation mark of a quoted paragraph; its ``view``, which the rules read, begins behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from communique.ingest import grammar
from communique.ingest.lexicon.views import View, view
from communique.ingest.pages.layout import words_start
from communique.model import Block, Document, Span

_STOP = re.compile(
    r"[.!?…]+(?:[\"'”’»)\]*_]*(?=\s+[\"'“‘«(\[*_•]*\w)"  # before white space
    r"|(?<=[a-z]{3}[.!?])[\"”’]?(?=[A-Z][a-z]*[ ’']))"  # glued to the next sentence
)
_LAST = re.compile(r"[\w'’&-]+(?:\.[\w'’-]+)*$")
_NEXT = re.compile(r"\s*[\"'“‘«(\[*_•]*([\w'’-]+)")
_OPEN, _CLOSE = "([", ")]"
_QUOTES = '“”"'
_MARK = re.compile(f"[{_QUOTES}]")
_LONGEST_ASIDE = 260
# Speech in single quotation marks: it opens at a word with a capital and closes behind a stop or a comma; apostrophes stand inside it.
_SINGLE = re.compile(
    r"(?<![\w.,!?)'’])['‘](?=[A-Z0-9])((?:[^'’\"“”\n]|\n(?!\s*\n)|(?<=\w)['’](?=\w)|(?<=s)['’](?=\s[a-z]))+(?<=[.,!?…]))['’](?!\w)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its number in the document, its block, its span, and the view that rules read.

    ``quoted``: it begins in quotation marks, or stands in some that opened before it.
    """

    index: int
    block: Block
    span: Span
    view: View
    quoted: bool = False

    def inside(self, at: int) -> bool:
        """Whether words at an offset of the view stand in quotation marks."""
        words = self.view.text
        return (words.count('"', 0, at) + (self.quoted and not words.startswith('"'))) % 2 == 1


@dataclass(frozen=True, slots=True)
class _Words:
    """The table of ``segment.toml``."""

    never: frozenset[str]
    before_number: frozenset[str]
    adjectives: frozenset[str]
    closers: frozenset[str]
    openers: frozenset[str]
    titles: frozenset[str]


@cache
def _table() -> _Words:
    words = {name: frozenset(some) for name, some in grammar.table("segment.toml").items()}
    addresses = frozenset(word.removesuffix(".") for word in grammar.table("who.toml")["persons"]["honorifics"] if word.endswith("."))
    return _Words(**{**words, "never": words["never"] | addresses})


def sentences(document: Document, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """The sentences of all blocks, in order."""
    text = _double(document.text)
    out: list[Sentence] = []
    open_ = False
    for block in blocks:
        begin = words_start(text, block)
        quoted = open_ and text[begin] not in _QUOTES
        for start, end in _cuts(text, begin, block.span.end):
            first = block.span.start if start == begin else start
            out.append(Sentence(len(out), block, Span(first, end), _view(text, start, end), quoted or text[start] in _QUOTES))
            quoted = _open(text[start:end], quoted)
        open_ = quoted and _goes_on(text, block.span.end)
    return tuple(out)


def _double(text: str) -> str:
    """The text, character by character, with double quotation marks around speech in single ones (``'I agree,' she said``)."""
    return _SINGLE.sub("“\\1”", text) if "‘" in text or "'" in text else text


def _goes_on(text: str, at: int) -> bool:
    """Whether a quotation that is open at the end of a block closes in a later one."""
    mark = _MARK.search(text, at)
    return mark is not None and (mark[0] == "”" or (mark[0] == '"' and not text[mark.start() - 1].isspace()))


def _open(words: str, quoted: bool) -> bool:
    """Whether a quotation is open behind the words; ``quoted``: one is open before them."""
    marks = [c for c in words if c in _QUOTES] if any(map(words.__contains__, _QUOTES)) else ()
    for mark in marks:
        quoted = mark == "“" or (mark == '"' and not quoted)
    return quoted


def _view(text: str, start: int, end: int) -> View:
    """The view of a sentence without a quotation mark that opens or closes more than this sentence."""
    words = text[start:end]
    if words[0] in '“"' and not ("”" in words or '"' in words[1:]) and end - start > 1:
        start += 1
    elif words[-1] in '”"' and not ("“" in words or '"' in words[:-1]) and end - start > 1:
        end -= 1
    return view(text, Span(start, end))


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges of the sentences in ``text[start:end]``, white space between them left out."""
    begin = start
    for m in _STOP.finditer(text, start, end):
        if _ends(text, begin, m):
            yield begin, m.end()
            begin = m.end()
            while begin < end and text[begin].isspace():
                begin += 1
    if begin < end:
        yield begin, end


def _ends(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether the stop ends a sentence that begins at ``begin``."""
    at = stop.start()
    after = _NEXT.match(text, stop.end())
    word = after[1] if after else ""
    if not word or word[0].islower():
        return False
    if _in_aside(text, begin, stop.end()):
        return False
    if text[at] != "." or text.startswith("..", at):
        return True
    table = _table()
    found = _LAST.search(text, max(begin, at - 40, text.rfind(" ", begin, at) + 1), at)
    tail = found[0] if found else ""
    if tail.rpartition("-")[2] in table.adjectives:  # "Mekong-U.S. Partnership"
        return word in table.openers
    if tail in table.never:
        return False
    if tail in table.before_number:
        return not (word[0].isdigit() or word[0] == "(")
    if tail in table.closers:
        return word in table.openers or word in table.titles or word.endswith(("'s", "’s"))
    if len(tail) == 1 and tail.isalpha() and tail.isupper():
        return word in table.openers and word != "A"
    if "." in tail and all(len(part) <= 2 for part in tail.split(".")):
        return word in table.openers or word in table.titles
    return True


def _in_aside(text: str, begin: int, at: int) -> bool:
    """Whether a bracket that opened inside this sentence is still open at ``at`` and closes before long."""
    opened = max(text.rfind(c, begin, at) for c in _OPEN)
    if opened <= begin:
        return False
    if max(text.rfind(c, opened, at) for c in _CLOSE) > opened:
        return False
    closes = min((i for c in _CLOSE if (i := text.find(c, at, opened + _LONGEST_ASIDE)) >= 0), default=-1)
    return closes >= 0
