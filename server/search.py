"""``/search``: full text over names, quotes and texts, as a page, as JSON and as CSV; and what is nearest to an address that is none."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, render_template, request

from communique.errors import CommuniqueError
from communique.queries import fulltext
from communique.queries.fulltext import Found, Hit, Index
from communique.server import paging, version
from communique.server.negotiate import HTML, Offer, choose
from communique.server.site import Site, site
from communique.server.sparql import not_acceptable

blueprint = Blueprint("search", __name__)
version.keyed(blueprint)

_OFFERS: Final = (Offer("json", "application/json"), Offer("csv", "text/csv"), HTML)
_SIZE: Final = 20
_NEAREST: Final = 5
_LONGEST: Final = 1000  # characters of a search that are looked at


def install(app: Flask) -> None:
    """Make the index of an application; it is built when it is first asked, or by ``ready``."""
    app.extensions["communique.index"] = version.Kept(_built)
    app.register_blueprint(blueprint)


def index(here: Site) -> Index:
    """The index of the version that is served."""
    return cast("version.Kept[Index]", current_app.extensions["communique.index"]).get(here)


def _built(here: Site) -> Index:
    place = version.workshop().place("words", here.engine.version(), lambda draft: fulltext.build(here.engine.select, draft / "words"))
    return Index(place / "words")


@blueprint.get("/search")
def search() -> Response:
    """What stands in names, quotes and texts."""
    here = site()
    choice = choose(request.headers.get("Accept"), _OFFERS, request.args.get("format"))
    if choice is None:
        raise not_acceptable(_OFFERS)
    words, kind = request.args.get("q", "")[:_LONGEST], request.args.get("kind") or None
    page = paging.asked(_SIZE, fulltext.MOST)
    found = index(here).search(words, kind=kind, limit=page.size, offset=page.offset)
    beside = paging.beside(page, more=page.offset + len(found.hits) < found.total)
    match choice.offer.name:
        case "csv":
            response = Response(_csv(found), content_type="text/csv; charset=utf-8; header=present")
        case "json":
            response = Response(_json(here, words, kind, found, beside), content_type=choice.media_type)
        case _:
            shown = {
                "facets": [(name, count, paging.address(kind=name, page=None)) for name, count in found.kinds.items()],
                "every": paging.address(kind=None, page=None),
                "data": [(offer.name, paging.address(format=offer.name)) for offer in _OFFERS if offer is not HTML],
            }
            body = render_template("search.html", words=words, kind=kind, found=found, beside=beside, page=page, **shown)
            response = Response(body, content_type="text/html; charset=utf-8")
    return paging.link(response, beside)


def nearest(here: Site, path: str) -> list[Hit]:
    """Things whose names are nearest to the words of an address; none if that cannot be told, which is not worth an error of its own."""
    words = re.sub(r"[\W_]+", " ", path.rsplit("/", 2)[-1] if path.count("/") > 1 else path)[:_LONGEST]
    if not words.strip():
        return []
    try:
        known = index(here)
    except CommuniqueError:
        return []
    return list(known.search(known.spelled(words), some=True, limit=_NEAREST).hits)


def _json(here: Site, words: str, kind: str | None, found: Found, beside: dict[str, str]) -> str:
    hits = [
        {
            "iri": hit.iri,
            "page": here.path(hit.iri),
            "kind": hit.kind,
            "name": hit.name,
            "field": hit.field,
            "start": hit.start,
            "end": hit.end,
            "snippet": [{"text": text, "match": match} for text, match in hit.snippet],
        }
        for hit in found.hits
    ]
    told = {"q": words, "kind": kind, "total": found.total, "kinds": found.kinds, "hits": hits}
    # To be pasted into a query: what SPARQL then says about what was found.
    told["values"] = f"VALUES ?found {{ {' '.join(f'<{hit.iri}>' for hit in found.hits)} }}"
    return json.dumps(told | {name: beside[name] for name in ("prev", "next") if name in beside}, ensure_ascii=False, indent=1) + "\n"


def _csv(found: Found) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("iri", "kind", "name", "field", "start", "end", "snippet"))
    for hit in found.hits:
        writer.writerow((hit.iri, hit.kind, hit.name, hit.field, hit.start, hit.end, "".join(text for text, _ in hit.snippet)))
    return out.getvalue()
