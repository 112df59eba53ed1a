"""Every address of the explorer is made here: pages of things, lists with their filters, queries and their forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from communique.iris import CQ, VOCAB
from communique.server.site import Site

_ROOMS = {"state": "state", "organization": "party/organization", "forum": "party/forum", "issue": "issue"}
_PARTS = ("act", "commitment", "participation", "occasion", "reference")


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one site.  What has no page of its own has the general page that every IRI of ours has."""

    site: Site

    def page(self, iri: str) -> str | None:
        """The page about a thing; ``None`` for what is not ours.

        >>> Links(Site(None)).page("https://w3id.org/communique/vocab/state/JPN")
        '/state/JPN'
        """
        if iri.startswith(VOCAB):
            kind, _, name = iri.removeprefix(VOCAB).partition("/")
            if name and kind in _ROOMS:
                return f"/{_ROOMS[kind]}/{quote(name)}"
        if iri.startswith(CQ):
            return f"/ontology#{iri.removeprefix(CQ)}"
        path = self.site.path(iri)
        head, _, rest = (path or "").removeprefix("/id/").partition("/")
        match head, rest.split("/"):
            case "readout", [_, _, _] | [_, _, _, "account" | "extraction"]:
                return f"/readout/{'/'.join(rest.split('/')[:3])}"
            case "readout", [*_, "segment", number] if rest.count("/") == 4:
                return f"/readout/{'/'.join(rest.split('/')[:3])}#s{number}"
            case "readout", [source, day, name, "encounter", number]:
                return f"/encounter/{source}/{day}/{name}/{number}"
            case "readout", [source, day, name, kind, number] if kind in _PARTS:
                return f"/statement/{source}/{day}/{name}/{kind}/{number}"
            case "person", [name]:
                return f"/minister/{name}"
            case "candidate", [name]:
                return f"/issue/candidate/{name}"
            case "party", [name]:
                return f"/party/other/{name}"
            case "publisher", [name]:
                return self.to("/readouts", publisher=name)
        return path

    def thing(self, path: str) -> str:
        """The IRI of what a page is about: the inverse of :meth:`page`.

        >>> Links(Site(None)).thing("/party/forum/G7")
        'https://w3id.org/communique/vocab/forum/G7'
        """
        head, _, rest = path.lstrip("/").partition("/")
        match head, rest.split("/"):
            case ("state", [name]) | ("issue", [name]):
                return f"{VOCAB}{head}/{name}"
            case "issue", ["candidate", name]:
                return self.site.iri(f"/id/candidate/{name}")
            case "party", ["other", name]:
                return self.site.iri(f"/id/party/{name}")
            case "party", [("organization" | "forum") as kind, name]:
                return f"{VOCAB}{kind}/{name}"
            case "minister", [name]:
                return self.site.iri(f"/id/person/{name}")
            case "readout", _:
                return self.site.iri(f"/id/readout/{rest}")
            case "encounter", [source, day, name, number]:
                return self.site.iri(f"/id/readout/{source}/{day}/{name}/encounter/{number}")
            case "statement", _:
                return self.site.iri(f"/id/readout/{rest}")
        return self.site.iri(path)

    def about(self, iri: str) -> str | None:
        """The page with everything that is stated about a thing."""
        path = self.site.path(iri)
        return path if path is None or path.startswith("/ns#") else f"/about{path}"

    def code(self, iri: str) -> str:
        """How a filter names a thing: the last part of its IRI, or more where that is not enough to find it again.

        >>> Links(Site(None)).code("https://w3id.org/communique/vocab/forum/G7")
        'forum:G7'
        """
        for start in (
            f"{VOCAB}state/",
            f"{VOCAB}issue/",
            f"{VOCAB}act/",
            self.site.iri("/id/person/"),
            self.site.iri("/id/publisher/"),
            CQ,
        ):
            if iri.startswith(start):
                return iri.removeprefix(start)
        if not iri.startswith(VOCAB) and self.site.path(iri) is None:
            return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1] or iri
        rest = iri.removeprefix(VOCAB) if iri.startswith(VOCAB) else (self.site.path(iri) or iri).removeprefix("/id/")
        return rest.replace("/", ":", 1)

    def coded(self, kind: str, code: str) -> str:
        """The IRI that a filter names: the inverse of :meth:`code` for a ``state``, ``issue``, ``act``, ``person`` or ``publisher``."""
        if ":" in code:
            room, _, name = code.partition(":")
            return self.site.iri(f"/id/{room}/{name}") if room in ("candidate", "party") else f"{VOCAB}{room}/{name}"
        return self.site.iri(f"/id/{kind}/{code}") if kind in ("person", "publisher") else f"{VOCAB}{kind}/{code}"

    def to(self, path: str, **args: object) -> str:
        """A page with its state: arguments that say nothing are left out, lists are repeated."""
        pairs = [(key, str(v)) for key, value in args.items() for v in (value if isinstance(value, (list, tuple)) else [value])]
        query = urlencode([(key, value) for key, value in pairs if value not in ("", "None")])
        return f"{path}?{query}" if query else path

    def dyad(self, a: str, b: str) -> str:
        """The page of two parties, in the order of their codes."""
        first, second = sorted((self.code(a), self.code(b)))
        return f"/dyad/{quote(first)}/{quote(second)}"

    def proof(self, triple: Iterable[str]) -> str:
        """The page that tells why the graph says something; terms in N-Triples form."""
        s, p, o = triple
        return self.to("/proof", s=s, p=p, o=o)

    def sparql(self, query: str, form: str | None = None) -> str:
        """A query in the editor, or its answer as data."""
        return self.to("/sparql", query=query, format=form)
