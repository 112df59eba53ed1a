"""The folder of fetched pages: raw bytes with a sidecar each, every version of a page, and where a run that was cut off stood.

``<source>/<name>-<hash of the address>.html`` has its ``.meta.json`` beside it; later versions are called ``...-v2`` and so on.  A
file appears whole or not at all, the sidecar first, so a page is there only with all that is known of it.  Names depend on the
address alone; the clock is in the sidecars only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from communique.errors import CommuniqueError
from communique.ingest import sources
from communique.ingest.pages import documents
from communique.iris import digest, slug
from communique.model import Document

Meta = dict[str, Any]
_SUFFIXES = (".html", ".txt", ".md")
_SIDECAR = ".meta.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in the cache: where its bytes are, and its sidecar."""

    path: Path
    meta: Meta


@dataclass(frozen=True, slots=True)
class Cache:
    """Pages and listings under ``folder``, which is made when something is kept."""

    folder: Path

    def stem(self, url: str) -> Path:
        """The first version's path without its ending; a function of the address alone."""
        parts = urlsplit(url)
        source = sources.recognise(url, None, "").id
        shelf = slug(parts.hostname or "unknown") if source == "generic" else source
        last = next((s for s in reversed(parts.path.split("/")) if s), "index")
        name = slug(unquote(f"{last.rsplit('.', 1)[0] or last} {parts.query}"))[:60].strip("-")
        return self.folder / shelf / f"{name}-{digest(url)}"

    def versions(self, url: str) -> list[Kept]:
        """Every version of a page, the oldest first."""
        first, found = self.stem(url), list[Kept]()
        while True:
            stem = first.with_name(f"{first.name}-v{len(found) + 1}") if found else first
            path = next((p for s in _SUFFIXES if (p := stem.with_name(stem.name + s)).is_file()), None)
            meta = _read_meta(stem.with_name(stem.name + _SIDECAR)) if path else None
            if path is None or meta is None:
                return found
            found.append(Kept(path, meta))

    def newest(self, url: str) -> Kept | None:
        """The newest version of a page; ``None`` if it has not been fetched."""
        return next(reversed(self.versions(url)), None)

    def keep(self, url: str, body: bytes, suffix: str, meta: Mapping[str, Any]) -> tuple[Kept, bool]:
        """Keeps a page as it came; returns its newest version and whether that is this one.

        A page whose text has not changed, though its bytes have (a counter, a token), is no new version.
        """
        older = self.newest(url)
        new: Meta = {**meta, "sha256": sha256(body).hexdigest()}
        stem = self.stem(url)
        if older:
            if new["sha256"] == older.meta.get("sha256") or _same_text(older, body, suffix, new):
                return self.confirm(older, meta), False
            number = len(self.versions(url)) + 1
            stem = stem.with_name(f"{stem.name}-v{number}")
            new |= {"revises": older.meta.get("sha256"), "revises_file": older.path.name}
        path = stem.with_name(stem.name + suffix)
        write(path.with_name(stem.name + _SIDECAR), _json(new))
        write(path, body)
        return Kept(path, new), True

    def confirm(self, kept: Kept, meta: Mapping[str, Any]) -> Kept:
        """Notes that a page is still as it was: when that was asked, and by what the server knows it now."""
        new = kept.meta | {"checked": meta.get("fetched")}
        new["headers"] = kept.meta.get("headers", {}) | {k: v for k, v in meta.get("headers", {}).items() if k in ("etag", "last-modified")}
        write(kept.path.with_name(kept.path.stem + _SIDECAR), _json(new))
        return Kept(kept.path, new)

    # Listings: kept to be asked for with a condition, not to be read by ingest, so under a hidden name

    def listing(self, url: str) -> tuple[bytes, Meta] | None:
        """A feed or listing page as it was kept, with its headers."""
        path = self._listing(url)
        meta = _read_meta(path.with_name(path.name + _SIDECAR))
        return (path.read_bytes(), meta) if meta is not None and path.is_file() else None

    def keep_listing(self, url: str, body: bytes, meta: Mapping[str, Any]) -> None:
        """Keeps a feed or listing page in place of what was kept of it."""
        path = self._listing(url)
        path.unlink(missing_ok=True)  # never new bytes with old headers, wherever a kill falls
        write(path.with_name(path.name + _SIDECAR), _json({**meta, "url": url}))
        write(path, body)

    def _listing(self, url: str) -> Path:
        return self.folder / ".listings" / digest(url, 16)


@dataclass(slots=True)
class Journal:
    """What a run has done with, so that the same run, taken up after a kill, asks for nothing twice; gone when the run ends."""

    path: Path
    done: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, cache: Cache, order: str) -> Journal:
        """The journal of the run that was given this order."""
        path = cache.folder / f".run-{digest(order, 12)}"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
        return cls(path, {line.rstrip("\n") for line in lines if line.endswith("\n")})

    def note(self, url: str) -> None:
        """Writes down that an address is done with."""
        if url not in self.done:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            cut = self.path.is_file() and not self.path.read_bytes().endswith(b"\n")
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write("\n" * cut + url + "\n")
            self.done.add(url)

    def close(self) -> None:
        """The run has ended."""
        self.path.unlink(missing_ok=True)


def write(path: Path, data: bytes) -> None:
    """Bytes under their name, whole or not at all.  Raises ``CommuniqueError`` if that cannot be."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommuniqueError(
            f"cannot be written ({error.strerror})", where=path, todo="free the disk, or choose another --cache"
        ) from error


def _json(meta: Mapping[str, Any]) -> bytes:
    return (json.dumps({k: v for k, v in meta.items() if v is not None}, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _read_meta(path: Path) -> Meta | None:
    """A sidecar; ``None`` if it is not there or damaged, which means that the page is fetched again."""
    try:
        meta = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return meta if isinstance(meta, dict) else None


def _same_text(older: Kept, body: bytes, suffix: str, meta: Meta) -> bool:
    """Whether ingest reads the same text from both."""
    with TemporaryDirectory() as folder:
        staged = Path(folder) / f"page{suffix}"
        staged.write_bytes(body)
        staged.with_name("page" + _SIDECAR).write_bytes(_json(meta))
        texts = [next(documents.read([path]), None) for path in (older.path, staged)]
    first, second = texts
    return isinstance(first, Document) and isinstance(second, Document) and first.text == second.text
