"""Bytes to documents: files, folders and standard input, as web pages, plain text, Markdown, JSON Lines or tables.

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
from communique.ingest.pages import html, markdown, records
from communique.ingest.pages.decoding import READ, Unreadable, check_characters, decode
from communique.ingest.pages.published import moment
from communique.ingest.sources import Source
from communique.ingest.sources.letterhead import day_of_text
from communique.model import Document, Refusal

MAX_BYTES = 10 * 1024 * 1024
"""The longest single page or JSON line that is read; the longest real readout is under 100 kB."""

_PAGES = (".html", ".htm", ".xhtml")
_MARKDOWN = (".md", ".markdown")
_TEXTS = (".txt", ".text", *_MARKDOWN)
_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_SIDECARS = (".meta.json", ".gold.json")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")
_ABOUT = ("README", "LICENSE")  # what a folder says about itself
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x7fELF": "a program",
}
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|div|p|article|main)\b", re.IGNORECASE | re.DOTALL
)
_FIELDS = ("id", "source", "publisher", "title", "url", "date", "published", "licence", "lang")
_TEXT_FIELDS = (*_FIELDS, "text", "html")


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
    except Unreadable as fault:
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
        raise Unreadable(f"its metadata file {path.name} is not valid JSON ({fault}); mend or remove it") from None
    if not isinstance(meta, dict):
        raise Unreadable(f"its metadata file {path.name} does not hold a JSON object; mend or remove it")
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
        raise Unreadable("the file is empty; nothing to read")
    if kind := next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None):
        raise Unreadable(f"this is {kind}; {READ}")
    if suffix in _LINES or (suffix not in (*_PAGES, *_TEXTS, ".json") and head.lstrip().startswith(b"{")):
        yield from _read_records(records.of_lines(stream, limit), origin, stem, meta)
        return
    if suffix in _TABLES:
        table = records.of_table(stream, head, meta.get("charset"), _TEXT_FIELDS, limit, tabs=suffix == ".tsv")
        yield from _read_records(table, origin, stem, meta)
        return
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"the page is larger than {records.size(limit)}, the most that is read as one text; cut it, or raise the limit")
    if suffix == ".json":
        yield _document({"id": stem, **meta, **records.fields(data, "file")}, origin)
        return
    text = decode(data, meta.get("charset"), markup=suffix in _PAGES or suffix not in _TEXTS)
    if suffix in _PAGES or (suffix not in _TEXTS and _MARKUP.match(text)):
        yield _document({"id": stem, **meta, "html": text, "text": None}, origin)
    elif suffix in _MARKDOWN:
        page, said = markdown.read_page(text, _FIELDS)
        yield _document({"id": stem, **said, **meta, "html": page, "text": None}, origin)
    else:
        yield _document({"id": stem, **meta, "text": text}, origin)


def _read_records(found: Iterable[records.Record], origin: str, stem: str, meta: Mapping[str, Any]) -> Iterator[Document | Refusal]:
    """A document for each record; what a sidecar tells is told of all of them."""
    for number, record in found:
        here = f"{origin}:{number}"
        try:
            if isinstance(record, Unreadable):
                raise record
            yield _document({**meta, "id": f"{stem}-{number}", **record}, here)
        except Unreadable as fault:
            yield Refusal(here, str(fault))


def _document(fields: Mapping[str, Any], origin: str) -> Document:
    """A document from the fields of a JSON line or a sidecar; the page's own words fill what the fields leave open."""
    for name in _TEXT_FIELDS:
        if not isinstance(fields.get(name), str | None):
            raise Unreadable(f"the field {name!r} holds a {type(fields[name]).__name__}, not a string; mend it")
    if not isinstance(fields.get("composed", False), bool):
        raise Unreadable("the field 'composed' is neither true nor false; mend it")
    said: dict[str, str | None] = {name: (fields.get(name) or "").strip() or None for name in _FIELDS}
    text = fields.get("text")
    if not (text or "").strip() and fields.get("html"):
        text = _from_html(fields["html"], said)
    if text is None or not text.strip():
        raise Unreadable("there is no text in it; nothing to read")
    check_characters(text)
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
        raise Unreadable("the page nests elements more than 20,000 deep; it cannot be a press release")
    selectors = sources.recognise(said["url"] or html.address(markup), said["publisher"], "", said["source"]).selectors
    page = html.read_page(markup, selectors)
    if not page.text:
        raise Unreadable("the page has no text outside scripts, menus and forms; save it as the browser shows it")
    for name in ("title", "published", "url", "lang"):
        said[name] = said[name] or getattr(page, name)
    return page.text


def _day(stated: str | None) -> str | None:
    """A stated date as ISO; a date that the calendar does not have is refused, and one that is two days, as 3/4/2024 is."""
    if stated is None:
        return None
    if (slashes := _SLASHES.fullmatch(stated)) and int(slashes[1]) != int(slashes[2]) and max(int(slashes[1]), int(slashes[2])) <= 12:
        raise Unreadable(f"the date {stated!r} can be read as two days; write it as YYYY-MM-DD")
    found = moment(stated)
    if found is None:
        raise Unreadable(f"the date {stated!r} is no day of the calendar; write it as YYYY-MM-DD")
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


def _one_line(words: str) -> str:
    return " ".join(words.split())
