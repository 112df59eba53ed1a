"""The data as a whole: what is in it (VoID), and how it is to be had (DCAT)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, current_app, g, render_template, request

from communique.config import Settings
from communique.errors import Unanswered
from communique.queries import partitions
from communique.queries.partitions import PARTS, Counts
from communique.server import description, downloads, paging, version
from communique.server.forms import DATA, JSON, alternates
from communique.server.inventory import Description, Dumps
from communique.server.negotiate import HTML, TRIPLES, Choice, Offer, choose
from communique.server.site import Site, site
from communique.server.sparql import negotiated, not_acceptable

described = Blueprint("dataset", __name__)
version.keyed(described)


def install(app: Flask, settings: Settings) -> None:
    """Make what is counted and written of the data of an application, when it is first asked for."""
    app.extensions["communique.counts"] = version.Kept(_counted)
    app.extensions["communique.licence"] = settings.licence
    app.register_blueprint(described)
    downloads.install(app, settings)


def counted(here: Site) -> Counts:
    """What is counted of the version that is served."""
    return cast("version.Kept[Counts]", current_app.extensions["communique.counts"]).get(here)


def _counted(here: Site) -> Counts:
    """Counted once by all processes of a server."""

    def write(draft: Path) -> None:
        told = dataclasses.asdict(partitions.count(here.engine, here.engine.graphs(), here.iris))
        (draft / "counts").write_text(json.dumps(told), encoding="utf-8")

    place = version.workshop().place("counts", here.engine.version(), write)
    return Counts.read(json.loads((place / "counts").read_text(encoding="utf-8")))


@described.get("/dataset")
@described.get("/dataset.<any(ttl, nt, jsonld, rdf, trig, nq, json):suffix>")
def dataset(suffix: str | None = None) -> Response:
    """The data as a whole: a page, or its description in DCAT and VoID."""
    here = site()
    choice = _chosen(suffix, (HTML, *TRIPLES))
    if choice.offer is HTML:
        # A page does not wait until everything is written and counted.
        dumps = downloads.ready(here) if here.engine.isolated else downloads.dumps(here)
        try:
            told = _description(here, dumps) if dumps else None
        except Unanswered:
            told = None
        g.gave_up = told is None
        body = render_template("dataset.html", told=told, about=PARTS, formats=DATA)
        response = Response(body, content_type="text/html; charset=utf-8")
    else:
        told = _description(here, downloads.dumps(here))
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
    counts = counted(here)
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
