"""Bytes to words: the encoding that a file declares or was served with, never a guessed one."""

from __future__ import annotations

import re

READ = "readouts are read from HTML, plain text, Markdown, JSON Lines and tables (CSV, TSV)"

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined", "utf-7", "utf7"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HALF = re.compile(r"[\ud800-\udfff]")


class Unreadable(Exception):
    """Why one input cannot be read; becomes a refusal."""


def decode(data: bytes, served: object, *, markup: bool) -> str:
    """The text of a file: by its byte order mark, else the charset it was served with or declares, else UTF-8; never by guessing."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], name)
    if b"\0" in data:
        raise Unreadable(f"this is binary data, not text; {READ}")
    if isinstance(served, str) and served:
        return _strictly(data, served)
    declared = _CHARSET.search(data[:4096]) if markup else None
    return _strictly(data, declared[1].decode() if declared else "utf-8")


def encoding(name: str) -> str:
    """The encoding that a declared charset stands for, as browsers take it; ``Unreadable`` if there is none of this name."""
    name = name.lower()
    try:
        if name in _NO_CHARSETS:
            raise LookupError
        "".encode(name)
    except LookupError:
        raise Unreadable(f"the page declares the encoding {name!r}, which is not known; save it as UTF-8") from None
    if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"):
        return "cp1252"  # as browsers read it
    return "utf-8" if name == "utf-16" else name  # a page that can be read up to this word is not UTF-16, whatever it says


def not_in(name: str, where: str) -> Unreadable:
    """The refusal of what is in another encoding than ``name``."""
    return Unreadable(f'the text is not {name}{where}; save it as UTF-8, or tell its encoding as "charset" in its .meta.json')


def _strictly(data: bytes, name: str) -> str:
    name = encoding(name)
    try:
        return data.decode(name)
    except UnicodeError as fault:
        raise not_in(name, f" (byte {fault.start + 1})" if isinstance(fault, UnicodeDecodeError) else "") from None


def check_characters(text: str) -> None:
    """``Unreadable`` for what was decoded and is no text all the same."""
    if "\0" in text or len(_CONTROL.findall(text[:4096])) > 8:
        raise Unreadable(f"this is binary data, not text; {READ}")
    if _HALF.search(text):
        raise Unreadable("the text holds half a character (a lone surrogate); write it as UTF-8 again")
