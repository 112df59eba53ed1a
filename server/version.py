"""What depends on the state of the data only: kept until the data changes, and not sent again to who has it.

The version is the engine's: a hash of the quads.  An answer is named (ETag) by the version, the address and what the client accepts,
all known before anything is asked, so that who has it already costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Generic, TypeVar, cast

from flask import Blueprint, Response, current_app, g, request

from communique.config import Settings
from communique.errors import CommuniqueError, StoreError
from communique.server.negotiate import varies
from communique.server.site import Site, site
from communique.store import directory_of, snapshots

T = TypeVar("T")

HEADER: Final = "Communique-Version"
_UNKNOWN_SECONDS: Final = 600.0  # how long something is kept of a store that does not tell its version


@dataclass(slots=True)
class Kept(Generic[T]):
    """Something that is made from the data when it is first asked for, and again when the data has another version."""

    make: Callable[[Site], T]
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: tuple[str, float, T] | None = None

    def get(self, here: Site) -> T:
        """What was made from the version that is served now."""
        now = here.engine.version()
        with self.lock:
            if self.made is None or self.made[0] != now or (not now and time.monotonic() > self.made[1] + _UNKNOWN_SECONDS):
                self.made = (now, time.monotonic(), self.make(here))
            return self.made[2]


class Workshop:
    """A directory for what is made from the data, with a place for each kind and version; it goes with the process that made it."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="communique-"))
        weakref.finalize(self, _remove, self.root, os.getpid())

    def there(self, kind: str, name: str) -> Path | None:
        """The directory of a kind for a version, if it was filled before.  Raises ``StoreError`` if it cannot be looked for."""
        home = self.root / kind
        with _explained(home):
            return home / name if name and (home / name).is_dir() else None

    def place(self, kind: str, name: str, make: Callable[[Path], object]) -> Path:
        """The directory of a kind for the version ``name``, filled by ``make`` if it is not there: whole or not at all, and by one of the
        threads and processes that want it, where the system lets the others wait.

        What was made for other versions is removed, but for the last of them: another process may have made it for newer data while this
        one still made what it began before.  Raises ``StoreError`` if it cannot be written.
        """
        home = self.root / kind
        # Data that does not tell its version is made anew each time.
        final = home / (name or uuid.uuid4().hex)
        with _explained(home):
            home.mkdir(exist_ok=True)
            with nullcontext() if final.is_dir() else _alone(home):
                return self._made(home, final, make)

    def _made(self, home: Path, final: Path, make: Callable[[Path], object]) -> Path:
        if not final.is_dir():
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.root))
            try:
                make(draft)
                os.utime(draft)
                draft.rename(final)
            except OSError:
                if not final.is_dir():
                    raise  # no other process was quicker
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            others = [(other.stat().st_mtime, other) for other in home.iterdir() if other != final]
            for _, old in sorted(others)[:-1]:
                shutil.rmtree(old, ignore_errors=True)
        return final


@dataclass(slots=True)
class Dates:
    """When each version came: the first with the store, those that follow when they are first seen."""

    store: str
    seen: dict[str, datetime] = field(default_factory=dict)

    def of(self, name: str) -> datetime:
        """The time of a version, to the second."""
        if name not in self.seen:
            self.seen[name] = (_written(self.store) or datetime.now(UTC)).replace(microsecond=0)
        return self.seen[name]


def install(settings: Settings, extensions: dict[str, object], coming: Callable[[], str] = lambda: "") -> None:
    """Make the workshop and the dates of an application; pages tell what is ``coming``, so it is part of their names."""
    extensions["communique.coming"] = coming
    extensions["communique.workshop"] = Workshop()
    extensions["communique.dates"] = Dates(settings.store)


def workshop() -> Workshop:
    """The workshop of the application that answers."""
    return cast(Workshop, current_app.extensions["communique.workshop"])


def modified(here: Site) -> datetime:
    """When the data got the version that it has."""
    return cast(Dates, current_app.extensions["communique.dates"]).of(here.engine.version())


@cache
def software() -> str:
    """The version of the software."""
    try:
        return version("communique")
    except PackageNotFoundError:
        return "unknown"


def tag(now: str, *parts: str) -> str | None:
    """The ETag of an answer that follows from ``parts`` and the data, whose version is ``now``; ``None`` if that is not known."""
    return hashlib.sha256("\n".join((now, software(), *parts)).encode("utf-8", "replace")).hexdigest()[:20] if now else None


def keyed(blueprint: Blueprint) -> None:
    """Name the answers of a blueprint that only follow from the data and the request, and answer 304 to who has them."""

    @blueprint.before_request
    def ask_again() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        here = site()
        # Taken before anything is asked: if the data changes meanwhile, the answer is newer than its name, and is only sent once more.
        soon = cast("Callable[[], str]", current_app.extensions["communique.coming"])()
        g.version = here.engine.version()
        g.tag = tag(g.version, request.url, request.headers.get("Accept", ""), *([soon] if soon else []))
        if g.tag is None:
            return None
        known = request.if_none_match
        same = known.contains_weak(g.tag) if known else not soon and _not_since(modified(here))
        return Response(status=HTTPStatus.NOT_MODIFIED) if same else None

    @blueprint.after_request
    def name(response: Response) -> Response:
        named = None if g.get("gave_up") else g.get("tag")  # a page that lacks something is not the page of this version
        if named and response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            response.set_etag(named, weak=True)
            response.last_modified = modified(site())
            # It may be kept, and must be asked for again: the data may change at any time.
            response.headers.setdefault("Cache-Control", "no-cache")
            response.headers[HEADER] = g.version
            varies(response, "Accept")
        return response


def _not_since(changed: datetime) -> bool:
    since = request.if_modified_since
    return since is not None and changed <= since


def _written(store: str) -> datetime | None:
    """When a durable store was written last."""
    try:
        present = snapshots.present(directory_of(store))
        return datetime.fromtimestamp(present[-1].stat().st_mtime, UTC) if present else None
    except (CommuniqueError, OSError):
        return None


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """What the disk refuses in this block is told in one plain line."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # a mistake in SQL, which no room on the disk mends
            raise
        told = f"what is made from the data cannot be written here ({getattr(error, 'strerror', None) or error})"
        todo = "make room and check the permissions, then ask again (another directory: TMPDIR, when the server is started)"
        raise StoreError(told, where=place, todo=todo) from error


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Nobody else is in this block for the same directory."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    held = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _remove(root: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked process leaves it to the first
        shutil.rmtree(root, ignore_errors=True)
