"""A Markdown file as a web page: its marks made elements, and what is said of it between two lines of dashes above it.

Markdown is what CommonMark says, with tables; but indented words are words, not code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt

_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]+(.*?)[ \t]*\r?")


def read_page(text: str, known: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The page as HTML, and the ``known`` fields of the front matter; a field that is no word or line of words is left out."""
    front = _FRONT.match(text)
    names = frozenset(known)
    said: dict[str, str] = {}
    if front:
        for line in front[1].splitlines():
            if (field := _FIELD.fullmatch(line)) and field[1].lower() in names and field[2] and field[2][0] not in "[{|>&*!":
                said[field[1].lower()] = _unquoted(field[2])
        text = text[front.end() :]
    return _parser().render(text), said


def _unquoted(words: str) -> str:
    return words[1:-1] if len(words) > 1 and words[0] == words[-1] and words[0] in "\"'" else words


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("code")
