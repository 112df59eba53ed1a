"""The files of the data: written once for each version, served whole, in parts, and as plain text to who cannot unpack them."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, request, send_file

from communique.config import Settings
from communique.errors import Busy, CommuniqueError
from communique.queries.release import crate, parquet, release
from communique.server import version
from communique.server.inventory import Dumps
from communique.server.meter import fingerprint
from communique.server.negotiate import gzip_wanted
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.store import EmbeddedStore, directory_of, open_here
from communique.store.directory import state

files = Blueprint("dumps", __name__)  # their names have the version in them, so they have tags of their own
_BESIDE: Final = {crate.SUMS: "text/plain", crate.README: "text/markdown", crate.METADATA: "application/ld+json"}
_YEAR: Final = 31_536_000
_CHUNK: Final = 1 << 16


def install(app: Flask, settings: Settings) -> None:
    """Write the files of an application when they are first asked for."""
    app.extensions["communique.dumps"] = version.Kept(_written)
    app.extensions["communique.place"] = settings.store
    app.extensions["communique.writing"] = threading.Lock()
    app.register_blueprint(files)


def dumps(here: Site) -> Dumps:
    """The files of the version that is served; written now if they are not there."""
    return cast("version.Kept[Dumps]", current_app.extensions["communique.dumps"]).get(here)


def ready(here: Site) -> Dumps | None:
    """The files of the version that is served, if they are written; if not, a server of its own begins to write them."""
    now = here.engine.version()
    folder = version.workshop().there("dumps", now)
    if folder is not None:
        return Dumps(now, folder, crate.read(folder))
    if here.engine.isolated:
        app, lock = current_app._get_current_object(), current_app.extensions["communique.writing"]  # type: ignore[attr-defined]  # noqa: SLF001
        if lock.acquire(blocking=False):
            threading.Thread(target=_write_ahead, args=(app, here, lock), daemon=True).start()
    return None


def _write_ahead(app: Flask, here: Site, lock: threading.Lock) -> None:
    try:
        with app.app_context():
            dumps(here)
    except (CommuniqueError, OSError):
        pass  # who asks for a file is told
    finally:
        lock.release()


def _written(here: Site) -> Dumps:
    """The files of the version that is served, which must not change while they are written.  Raises ``Busy`` if it does."""
    for _ in range(2):
        now = here.engine.version()
        folder = version.workshop().place("dumps", now, lambda draft: _write(here, draft))
        if here.engine.version() == now:
            return Dumps(now or folder.name, folder, crate.read(folder))
    raise Busy("the data changes while it is written to files", todo="ask again in a moment")


def _write(here: Site, folder: Path) -> None:
    """From the snapshot on the disk if it is what is served, which takes nothing from those who ask; else from the engine."""
    found = snapshot(here)
    with found or nullcontext():
        source = found or here.engine
        licence = str(current_app.extensions["communique.licence"])
        release.write(
            source, source.graphs(), here.iris, folder, with_parquet=parquet.there(), licence=licence, software=version.software()
        )


def snapshot(here: Site) -> EmbeddedStore | None:
    """The snapshot on the disk, if it is what is answered from: told by the state of the store, or by its quads, which takes long."""
    place, wanted = str(current_app.extensions["communique.place"]), here.engine.state()
    try:
        before = state(directory_of(place))
        found = open_here(place, read_only=True)
        after = state(directory_of(place))
    except CommuniqueError:  # the store is on another server, or is being replaced
        return None
    if (wanted and before == wanted == after) or (here.engine.version() and fingerprint(found.dump()) == here.engine.version()):
        return found
    found.close()
    return None


@files.get("/dumps/")
def listed() -> Response:
    """All files are told of on the page of the data."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/data#files"})


@files.get("/dumps/<name>")
def newest(name: str) -> Response:
    """A file of the version that is served: leads to the address with the version in it."""
    found = dumps(site())
    _known(found, name)
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/dumps/{found.version}/{name}"})


@files.get("/dumps/<number>/<name>")
def file(number: str, name: str) -> Response:
    """A file of one version; also parts of it (``Range``), and never again for who has it.  Without ``.gz`` it is not packed."""
    found = dumps(site())
    media, packed = _known(found, name)
    if number != found.version:
        raise Problem(HTTPStatus.NOT_FOUND, f"version {number[:40]} is not here; the present one is /dumps/{found.version}/{name}")
    if packed:
        response = _unpacked(found.folder / f"{name}.gz", media)
        response.set_etag(f"{number}-{name}", weak=True)
        response.make_conditional(request)
    else:
        sums = {each.name: each.sha256 for each in found.files}
        etag, changed = sums.get(name, f"{number}-{name}"), version.modified(site())
        response = send_file(found.folder / name, mimetype=media, etag=etag, max_age=_YEAR, last_modified=changed)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


def _unpacked(path: Path, media: str) -> Response:
    """A packed file as what it is: packed on the way for who can unpack, piece by piece for others."""

    def pieces() -> Iterator[bytes]:
        with gzip.open(path) as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    if gzip_wanted(request.headers.get("Accept-Encoding")):
        response = send_file(path, mimetype=media, etag=False)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(pieces(), mimetype=media)
    response.direct_passthrough = True
    response.vary.add("Accept-Encoding")
    return response


def _known(found: Dumps, name: str) -> tuple[str, bool]:
    """The media type of a file, and whether it is only there packed."""
    names = {each.name: each.media for each in found.files} | _BESIDE
    if name in names:
        return names[name], False
    packed = next((each for each in found.files if each.name == f"{name}.gz"), None)
    if packed:
        return packed.content, True
    raise Problem(HTTPStatus.NOT_FOUND, f"there is no file of this name; there is {', '.join(names)}")
