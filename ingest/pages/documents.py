"""Bytes to documents: files, folders and standard input, as web pages, plain text, Markdown or JSON Lines.

What cannot be read becomes a ``Refusal`` with one plain line, and the rest goes on.  One document is in memory at a time.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from communique.ingest import sources
from communique.ingest.pages import html
from communique.ingest.pages.published import moment
from communique.ingest.sources import Source
from communique.ingest.sources.letterhead import day_of_text
from communique.model import Document, Refusal

MAX_BYTES = 10 * 1024 * 1024
"""The longest single page or JSON line that is read; the longest real readout is under 100 kB."""

_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt", ".text", ".md", ".markdown")
_LINES = (".jsonl", ".ndjson")
_SIDECARS = (".meta.json", ".gold.json")
_ABOUT = ("README", "LICENSE")  # what a folder says about itself
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x7fELF": "a program",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined", "utf-7", "utf7"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|div|p|article|main)\b", re.IGNORECASE | re.DOTALL
)
_TEXT_FIELDS = ("id", "source", "publisher", "title", "url", "date", "published", "licence", "lang", "text", "html")


class _Unreadable(Exception):
    """Why one input cannot be read; becomes a refusal."""


@dataclass(slots=True)
class _Seen:
    """Eight bytes for each text and each id of this run: enough to know a second one."""

    texts: set[bytes]
    ids: set[bytes]

    def check(self, document: Document) -> Document | Refusal:
        """The document, under an id of its own if another text has taken its id (corrected releases do); a refusal for a known text."""
        text, id_ = bytes.fromhex(document.sha256[:16]), sha256(document.id.encode()).digest()[:8]
        if text in self.texts:
            return Refusal(document.origin, "the same text was read before in this run; one of the two can be removed")
        self.texts.add(text)
        if id_ in self.ids:
            document = replace(document, id=f"{document.id}-{document.sha256[:8]}")
        self.ids.add(id_)
        return document


def read(paths: Iterable[str | Path], stdin: BinaryIO | None = None, *, limit: int = MAX_BYTES) -> Iterator[Document | Refusal]:
    """Every document under ``paths`` in a fixed order, ``-`` being ``stdin``; a ``Refusal`` for each input that cannot be read.

    ``limit`` is the most bytes of one page or one JSON line.
    """
    seen = _Seen(set(), set())
    for path in paths:
        for found in _read_path(path, stdin, limit):
            yield seen.check(found) if isinstance(found, Document) else found


def _read_path(path: str | Path, stdin: BinaryIO | None, limit: int) -> Iterator[Document | Refusal]:
    if str(path) == "-":
        if stdin is None:
            yield Refusal("-", "standard input is not open; give a file or a folder")
        else:
            yield from _guarded("-", partial(_read_stream, stdin, "-", "stdin", "", {}, limit))
        return
    path = Path(path)
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file() and p.stem.upper() not in _ABOUT):
            if not file.name.endswith(_SIDECARS) and not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield from _guarded(str(file), partial(_read_file, file, limit))
    else:
        yield from _guarded(str(path), partial(_read_file, path, limit))


def _guarded(origin: str, open_: Callable[[], Iterator[Document | Refusal]]) -> Iterator[Document | Refusal]:
    """The documents of one input, and a refusal where reading it breaks off."""
    count = 0
    try:
        for found in open_():
            count += 1
            yield found
    except _Unreadable as fault:
        yield Refusal(origin, str(fault))
    except FileNotFoundError:
        yield Refusal(origin, "there is no such file or folder; check the path")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        after = f" after {count} documents, which were read" if count else ""
        yield Refusal(origin, f"the compressed file is cut off or damaged{after}; fetch it again")
    except OSError as fault:
        yield Refusal(origin, f"cannot be opened: {fault.strerror or fault}")


def _read_file(path: Path, limit: int) -> Iterator[Document | Refusal]:
    meta = _sidecar(_beside(path))
    older = _revised(path, meta, limit) if meta.get("revises") else None
    for found in _read_one(path, meta, limit):
        yield replace(found, revises=older) if older and isinstance(found, Document) else found


def _read_one(path: Path, meta: Mapping[str, Any], limit: int) -> Iterator[Document | Refusal]:
    name = path.name.lower().removesuffix(".gz")
    with path.open("rb") as raw:
        stream = gzip.GzipFile(fileobj=raw) if path.name.lower().endswith(".gz") else raw
        yield from _read_stream(stream, str(path), _stem(path), Path(name).suffix, meta, limit)


def _stem(path: Path) -> str:
    return path.name[: len(Path(path.name.lower().removesuffix(".gz")).stem)]


def _beside(path: Path) -> Path:
    return path.with_name(_stem(path) + ".meta.json")


def _revised(path: Path, meta: Mapping[str, Any], limit: int) -> tuple[str, str | None] | None:
    """Id and date of the older version that a sidecar names by its file and the hash of its bytes, if it is there."""
    older = path.parent / Path(str(meta.get("revises_file", ""))).name
    if not older.is_file() or sha256(older.read_bytes()).hexdigest() != meta["revises"]:
        return None
    found = next(_guarded(str(older), lambda: _read_one(older, _sidecar(_beside(older)), limit)), None)
    return (found.id, found.date) if isinstance(found, Document) else None


def _sidecar(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        meta = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise _Unreadable(f"its metadata file {path.name} is not valid JSON ({fault}); mend or remove it") from None
    if not isinstance(meta, dict):
        raise _Unreadable(f"its metadata file {path.name} does not hold a JSON object; mend or remove it")
    return meta


def _read_stream(
    source: BinaryIO | gzip.GzipFile, origin: str, stem: str, suffix: str, meta: Mapping[str, Any], limit: int
) -> Iterator[Document | Refusal]:
    stream: BufferedReader[Any] | gzip.GzipFile
    stream = source if isinstance(source, BufferedReader | gzip.GzipFile) else BufferedReader(cast("RawIOBase", source))
    head = stream.peek(4096)[:4096]
    if head.startswith(b"\x1f\x8b"):
        stream = gzip.GzipFile(fileobj=stream)
        head = stream.peek(4096)[:4096]
    if not head.strip():
        raise _Unreadable("the file is empty; nothing to read")
    if kind := next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None):
        raise _Unreadable(f"this is {kind}; readouts are read from HTML, plain text, Markdown and JSON Lines")
    if suffix in _LINES or (suffix not in (*_PAGES, *_TEXTS, ".json") and head.lstrip().startswith(b"{")):
        yield from _read_lines(stream, origin, stem, limit)
        return
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise _Unreadable(f"the page is larger than {_size(limit)}, the most that is read as one text; cut it, or raise the limit")
    if suffix == ".json":
        yield _document({"id": stem, **meta, **_fields(data, "file")}, origin)
        return
    text = _decode(data, meta.get("charset"), markup=suffix in _PAGES or suffix not in _TEXTS)
    if suffix in _PAGES or (suffix not in _TEXTS and _MARKUP.match(text)):
        yield _document({"id": stem, **meta, "html": text, "text": None}, origin)
    else:
        yield _document({"id": stem, **meta, "text": text}, origin)


def _read_lines(stream: BufferedReader[Any] | gzip.GzipFile, origin: str, stem: str, limit: int) -> Iterator[Document | Refusal]:
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        here = f"{origin}:{number}"
        if len(line) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit + 1)
            yield Refusal(here, f"the line is longer than {_size(limit)}, the most that is read as one text; cut it, or raise the limit")
            continue
        if not line.strip():
            continue
        try:
            yield _document({"id": f"{stem}-{number}", **_fields(line, "line")}, here)
        except _Unreadable as fault:
            yield Refusal(here, str(fault))


def _fields(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object of a line or a file."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise _Unreadable(f"the {what} is not UTF-8 (byte {fault.start + 1}); JSON is always UTF-8") from None
    except RecursionError:
        raise _Unreadable("the JSON nests too deeply; a readout is one flat object") from None
    except ValueError as fault:
        raise _Unreadable(f"the {what} is not valid JSON ({_one_line(str(fault))}); mend or remove it") from None
    if not isinstance(fields, dict):
        raise _Unreadable(f"the {what} holds a {type(fields).__name__}, not a JSON object with a text")
    return fields


def _document(fields: Mapping[str, Any], origin: str) -> Document:
    """A document from the fields of a JSON line or a sidecar; the page's own words fill what the fields leave open."""
    for name in _TEXT_FIELDS:
        if not isinstance(fields.get(name), str | None):
            raise _Unreadable(f"the field {name!r} holds a {type(fields[name]).__name__}, not a string; mend it")
    if not isinstance(fields.get("composed", False), bool):
        raise _Unreadable("the field 'composed' is neither true nor false; mend it")
    said: dict[str, str | None] = {name: (fields.get(name) or "").strip() or None for name in _TEXT_FIELDS[:9]}
    text = fields.get("text")
    if not (text or "").strip() and fields.get("html"):
        text = _from_html(fields["html"], said)
    if text is None or not text.strip():
        raise _Unreadable("there is no text in it; nothing to read")
    _check_characters(text)
    publisher = said["publisher"]
    source = sources.recognise(said["url"], publisher, text, said["source"])
    return Document(
        id=said["id"] or "text",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        origin=origin,
        source=source.id,
        publisher=publisher or source.publisher,
        title=_one_line(said["title"]) if said["title"] else None,
        url=said["url"],
        date=_day(said["date"]) or _day_of(said["published"]) or _date_line(text, source),
        published=said["published"],
        licence=said["licence"],
        lang=(said["lang"] or "en").split("-")[0].lower(),
        composed=fields.get("composed", False),
    )


def _from_html(markup: str, said: dict[str, str | None]) -> str:
    if html.too_deep(markup):
        raise _Unreadable("the page nests elements more than 20,000 deep; it cannot be a press release")
    selectors = sources.recognise(said["url"] or html.address(markup), said["publisher"], "", said["source"]).selectors
    page = html.read_page(markup, selectors)
    if not page.text:
        raise _Unreadable("the page has no text outside scripts, menus and forms; save it as the browser shows it")
    for name in ("title", "published", "url", "lang"):
        said[name] = said[name] or getattr(page, name)
    return page.text


def _decode(data: bytes, served: object, *, markup: bool) -> str:
    """The text of a file: by its byte order mark, else the charset it was served with or declares, else UTF-8; never by guessing."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], name)
    if b"\0" in data:
        raise _Unreadable("this is binary data, not text; readouts are read from HTML, plain text, Markdown and JSON Lines")
    if isinstance(served, str) and served:
        return _strictly(data, served.lower())
    declared = _CHARSET.search(data[:4096]) if markup else None
    return _strictly(data, declared[1].decode().lower() if declared else "utf-8")


def _strictly(data: bytes, encoding: str) -> str:
    if encoding in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"):
        encoding = "cp1252"  # as browsers read it
    elif encoding == "utf-16":
        encoding = "utf-8"  # a page that can be read up to this word is not UTF-16, whatever it says
    try:
        if encoding in _NO_CHARSETS:
            raise LookupError
        return data.decode(encoding)
    except UnicodeError as fault:
        at = f" (byte {fault.start + 1})" if isinstance(fault, UnicodeDecodeError) else ""
        raise _Unreadable(f"the text is not {encoding}{at}; save it as UTF-8, or declare its encoding in a meta element") from None
    except LookupError:
        raise _Unreadable(f"the page declares the encoding {encoding!r}, which is not known; save it as UTF-8") from None


def _check_characters(text: str) -> None:
    if "\0" in text or len(_CONTROL.findall(text[:4096])) > 8:
        raise _Unreadable("this is binary data, not text; readouts are read from HTML, plain text, Markdown and JSON Lines")
    if _HALF.search(text):
        raise _Unreadable("the text holds half a character (a lone surrogate); write it as UTF-8 again")


def _day(stated: str | None) -> str | None:
    """A stated date as ISO; a date that the calendar does not have is refused."""
    if stated is None:
        return None
    found = moment(stated)
    if found is None:
        raise _Unreadable(f"the date {stated!r} is no day of the calendar; write it as YYYY-MM-DD")
    return found.date().isoformat()


def _day_of(published: str | None) -> str | None:
    found = moment(published)
    return found.date().isoformat() if found else None


def _date_line(text: str, source: Source) -> str | None:
    """The day of a date line among the first lines or the last ones."""
    lines = [" ".join(line.split()) for line in text[:1500].splitlines()[:20] + text[-400:].splitlines()[-4:]]
    if source.id == "generic":
        return day_of_text(text, source.party)
    found = (line for line in lines if 6 <= len(line) <= 90 and any(p.fullmatch(line) for p in source.dateline))
    return next((day for line in found if (day := _day_of(line))), None) or day_of_text(text, source.party)


def _size(limit: int) -> str:
    return f"{limit // (1024 * 1024)} MB" if limit >= 1024 * 1024 else f"{limit} bytes"


def _one_line(words: str) -> str:
    return " ".join(words.split())
