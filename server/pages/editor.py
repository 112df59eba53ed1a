"""What the SPARQL editor knows: the prefixes, the saved questions as examples, where things of ours have their pages, the limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask, request

from communique.config import Settings
from communique.iris import CQ, VOCAB
from communique.queries import catalogue
from communique.queries.exports import PREFIXES
from communique.server.site import site

_FIRST: Final = ("issue-cooccurrence", "minister-pairs", "requests-and-answers", "stance-over-time")  # open as tabs at the start
# YASGUI writes one sheet into its page, for columns whose width can be drawn; it is let in by its hash, and there alone.
STYLE: Final = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"


def install(app: Flask, settings: Settings) -> None:
    """Make the editor's knowledge, and the limits of the endpoint, known to templates."""
    app.jinja_env.globals["editor"] = _editor
    app.jinja_env.globals["limits"] = {"seconds": settings.timeout, "rows": settings.max_rows}


def _editor() -> Mapping[str, object]:
    kept = catalogue.load()
    prefixes: dict[str, str] = {**PREFIXES, "act": f"{VOCAB}act/", "issue": f"{VOCAB}issue/", "state": f"{VOCAB}state/"}
    return {
        "endpoint": request.host_url.rstrip("/") + "/sparql",
        "prefixes": dict(sorted(prefixes.items())),
        "examples": [{"name": q.name, "summary": q.summary, "query": _asked(q)} for q in kept.values()],
        "first": [name for name in _FIRST if name in kept],
        "homes": [[VOCAB, "/vocab/"], [CQ, "/ns#"], [site().iri("/id/"), "/id/"]],
    }


def _asked(query: catalogue.Query) -> str:
    """A saved question as somebody would write it: its header is said in one comment."""
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    return f"# {query.summary}\n{body.strip()}\n"
