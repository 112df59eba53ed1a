"""The data as a whole: what is in it (VoID), how it is to be had (DCAT), and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from http import HTTPStatus
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file

from communique.config import Settings
from communique.errors import Busy, CommuniqueError
from communique.queries import partitions, parts
from communique.queries.partitions import PARTS, Counts
from communique.queries.parts import SUMS, TABLE
from communique.server import description, paging, version
from communique.server.forms import DATA, JSON, alternates
from communique.server.inventory import Description, Dumps
from communique.server.meter import fingerprint
from communique.server.negotiate import HTML, TRIPLES, Choice, Offer, choose
from communique.server.problems import Problem
from communique.server.site import Site, site
from communique.server.sparql import negotiated, not_acceptable
from communique.store import EmbeddedStore, open_here

described = Blueprint("dataset", __name__)
version.keyed(described)
files = Blueprint("dumps", __name__)  # their names have the version in them, so they have tags of their own


def install(app: Flask, settings: Settings) -> None:
    """Make what is counted and written of the data of an application, when it is first asked for."""
    app.extensions["communique.counts"] = version.Kept(lambda here: partitions.count(here.engine, here.iris))
    app.extensions["communique.dumps"] = version.Kept(_written)
    app.extensions["communique.licence"] = settings.licence
    app.extensions["communique.place"] = settings.store
    app.register_blueprint(described)
    app.register_blueprint(files)


def _written(here: Site) -> Dumps:
    """The files of the version that is served, which must not change while they are written.  Raises ``Busy`` if it does."""
    for _ in range(2):
        now = here.engine.version()
        folder = version.workshop().place("dumps", now, lambda draft: _write(here, draft))
        if here.engine.version() == now:
            return Dumps(now or folder.name, folder, parts.read(folder))
    raise Busy("the data changes while it is written to files", todo="ask again in a moment")


def _write(here: Site, folder: Path) -> None:
    """From the snapshot on the disk if it is what is served, which takes nothing from those who ask; else from the engine."""
    snapshot = _snapshot(here.engine.version())
    with snapshot or nullcontext():
        parts.write(snapshot or here.engine, (snapshot or here.engine).graphs(), here.iris, folder)


def _snapshot(wanted: str) -> EmbeddedStore | None:
    try:
        found = open_here(str(current_app.extensions["communique.place"]), read_only=True)
    except CommuniqueError:  # the store is on another server, or is being replaced
        return None
    if wanted and fingerprint(found.dump()) == wanted:
        return found
    found.close()
    return None


def dumps(here: Site) -> Dumps:
    """The files of the version that is served."""
    return cast("version.Kept[Dumps]", current_app.extensions["communique.dumps"]).get(here)


@described.get("/dataset")
@described.get("/dataset.<any(ttl, nt, jsonld, rdf, trig, nq, json):suffix>")
def dataset(suffix: str | None = None) -> Response:
    """The data as a whole: a page, or its description in DCAT and VoID."""
    here = site()
    choice = _chosen(suffix, (HTML, *TRIPLES))
    told = _description(here, dumps(here))
    if choice.offer is HTML:
        body = render_template("dataset.html", told=told, about=PARTS, formats=DATA)
        response = Response(body, content_type="text/html; charset=utf-8")
    else:
        response = _data((*told.void(), *told.dcat()), choice)
    response.headers.extend([("Link", value) for value in alternates("/dataset")])
    return negotiated(response)


@described.get("/.well-known/void")
def void() -> Response:
    """What is in the data (VoID), where it is looked for."""
    here = site()
    choice = _chosen(None, TRIPLES)
    told = _description(here, None)
    return negotiated(paging.link(_data(told.void(), choice), {"describedby": f"{request.url_root}dataset"}))


def _description(here: Site, dumped: Dumps | None) -> Description:
    counts = cast("version.Kept[Counts]", current_app.extensions["communique.counts"]).get(here)
    licence = str(current_app.extensions["communique.licence"])
    root = request.url_root.rstrip("/")
    return Description(root, here.iris.base, here.engine.version(), version.modified(here), licence, counts, dumped)


def _chosen(suffix: str | None, offers: tuple[Offer, ...]) -> Choice:
    named = suffix or request.args.get("format")
    if named == JSON.name:
        return Choice(JSON, JSON.media_type)
    choice = choose(request.headers.get("Accept"), offers, named)
    if choice is None:
        raise not_acceptable(offers)
    return choice


def _data(triples: tuple[ox.Triple, ...] | Iterator[ox.Triple], choice: Choice) -> Response:
    form = "jsonld" if choice.offer is JSON else choice.offer.name
    return Response(description.serialised(sorted(triples, key=str), form), content_type=choice.media_type)


@files.get("/dumps/")
def listed() -> Response:
    """All files are told of on the page of the data."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/dataset"})


@files.get("/dumps/<name>")
def newest(name: str) -> Response:
    """A file of the version that is served: leads to the address with the version in it."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/dumps/{dumps(site()).version}/{_known(name)}"})


@files.get("/dumps/<number>/<name>")
def file(number: str, name: str) -> Response:
    """A file of one version; also parts of it (``Range``), and never again for who has it."""
    found = dumps(site())
    if number != found.version:
        raise Problem(HTTPStatus.NOT_FOUND, f"version {number[:40]} is not here; the present one is /dumps/{found.version}/{_known(name)}")
    sums = {each.name: each.sha256 for each in found.files}
    plain = _known(name) == SUMS
    response = send_file(
        found.folder / name,
        mimetype="text/plain" if plain else "application/gzip",
        etag=sums.get(name, f"{number}-sums"),
        max_age=31_536_000,
        last_modified=version.modified(site()),
    )
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _known(name: str) -> str:
    names = [f"{part}.nq.gz" for part in PARTS] + [TABLE, SUMS]
    if name not in names:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no file of this name; there is {', '.join(names)}")
    return name
