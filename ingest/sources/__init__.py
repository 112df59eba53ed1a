"""Publishers: who issued a page, and the forms that publisher's pages have.

A publisher is one TOML file, ``ingest/sources/<id>.toml``; no publisher known so far needs code of its own.  What all pages share stands in
``generic.toml`` and holds for every source.  A page whose publisher is not known is read with the generic forms; its party and
zone are those of the state in the publisher's name, of its host's country code, or of the text's letterhead (``letterhead.py``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from communique.ingest.lexicon import lexicon
from communique.ingest.sources.letterhead import party_of_host, party_of_name, party_of_text, state_of_name
from communique.model import Document

UNNAMED = "unnamed publisher"

Patterns = tuple[re.Pattern[str], ...]
_FORMS = ("nav", "boilerplate", "caption", "dateline", "tail", "phrases")
_HEAD, _TAIL = 4000, 600


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher and its forms.

    ``party`` is an ISO 3166 alpha-3 code or an organisation's code, ``zone`` an IANA name (``None``: not known), ``feed_zone`` the zone of
    publication times that carry none; ``offices`` are the offices whose holders the publisher names without a country
    ("the Foreign Secretary").  Patterns of whole blocks: ``nav``, ``boilerplate``, ``caption``, ``dateline``; ``tail``
    opens a part that runs to the end of the page and is no account; ``phrases`` are sentences that say nothing of the encounter.
    ``comments``: sentences about the publisher's own state are his own words, also behind a report ("The United States will ...").
    """

    id: str
    publisher: str | None
    party: str | None = None
    zone: str | None = None
    feed_zone: str | None = None
    hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    fingerprints: Patterns = ()
    nav: Patterns = ()
    boilerplate: Patterns = ()
    caption: Patterns = ()
    dateline: Patterns = ()
    tail: Patterns = ()
    phrases: Patterns = ()
    comments: bool = False

    def is_phrase(self, words: str) -> bool:
        """Whether a sentence (as a view shows it) is a set phrase of the publisher that reports nothing."""
        return any(p.fullmatch(words) for p in self.phrases)


def load() -> tuple[Source, ...]:
    """Every source, ``generic`` first, the others by id."""
    return tuple(_source(id_) for id_ in _tables())


def named(id_: str) -> Source | None:
    """The source with this id."""
    return _source(id_) if id_ in _tables() else None


def recognise(url: str | None, publisher: str | None, text: str, source_hint: str | None = None) -> Source:
    """The publisher of a page: by the host of its address, the publisher's name, the given id, or the forms of its text; else generic."""
    host = (urlsplit(url).hostname or "") if url and url.isprintable() and "[" not in url else ""
    found = _by_host(host) if host else None
    if found is None and publisher:
        found = _by_name(publisher)
        if found and (state := state_of_name(publisher)) and state != found.party:
            found = None  # "Ministry of Foreign Affairs, European Union and Cooperation of Spain"
    if found is None and source_hint and source_hint != "generic":
        found = named(source_hint)
    if found is None and not publisher:
        probe = text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + "\n" + text[-_TAIL:]
        found = next((s for s in load() if any(p.search(probe) for p in s.fingerprints)), None)
        # A form that several ministries share ("The Foreign Secretary met") is outweighed by what the page says of its issuer.
        if found and (told := party_of_text(text)) and told != found.party:
            found = None
    return found or _stranger(publisher, (publisher and party_of_name(publisher)) or (party_of_host(host) if host else party_of_text(text)))


def of(document: Document) -> Source:
    """The publisher of a document, as it is read."""
    return recognise(document.url, document.publisher, document.text, document.source)


@lru_cache(1)  # each act of a document tells who tells it
def teller(document: Document) -> tuple[str, str | None]:
    """The name under which the publisher of a document stands, and the party that it speaks for, if that is known.

    A name that does not tell the party has it behind it: many ministries are called Ministry of Foreign Affairs.
    """
    source = of(document)
    name = document.publisher or source.publisher or UNNAMED
    own = source.id != "generic" or source.party is None or party_of_name(name)
    return name if own else f"{name} ({source.party})", source.party


@cache
def _tables() -> dict[str, Mapping[str, Any]]:
    """The files as they stand, ``generic`` first, the others by id; patterns are compiled for the sources that a run meets."""
    folder = files("communique.ingest").joinpath("sources")
    names = sorted((f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda name: (name != "generic", name))
    return {name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")) for name in names}


@cache
def _by_host(host: str) -> Source | None:
    hosts = ((id_, h) for id_, data in _tables().items() for h in data.get("hosts", ()))
    return next((_source(id_) for id_, h in hosts if host == h or host.endswith("." + h)), None)


@cache
def _by_name(publisher: str) -> Source | None:
    """The source one of whose names the publisher's name contains as whole words; the longest name wins."""
    words = _plain(publisher)
    names = ((id_, n) for id_, data in _tables().items() for n in data.get("names", ()))
    found = ((len(n), id_) for id_, n in names if re.search(rf"\b{re.escape(_plain(n))}\b", words))
    longest = max(found, key=lambda pair: pair[0], default=None)
    return _source(longest[1]) if longest else None


@cache
def _stranger(publisher: str | None, party: str | None) -> Source:
    """The generic source of a publisher whom no file knows, with its party and that party's zone."""
    kind = "state" if party and lexicon.load().facts("state", party) else "organization"
    zone = lexicon.load().fact(kind, party, "zone") if party else None
    return replace(_source("generic"), publisher=publisher, party=party, zone=zone)


def _plain(name: str) -> str:
    return _straight(name).lower().replace(" and ", " & ")


def _straight(name: str) -> str:
    return name.replace("’", "'").replace("\u00a0", " ")


@cache
def _source(id_: str) -> Source:
    """A source, made when it is first asked for."""
    generic = _source("generic") if id_ != "generic" else None
    data = _tables()[id_]
    forms: dict[str, Any] = {name: (*_patterns(data, name), *(getattr(generic, name) if generic else ())) for name in _FORMS}
    words: dict[str, Any] = {name: tuple(data.get(name, ())) for name in ("hosts", "names", "offices", "selectors")}
    facts: dict[str, Any] = {name: data.get(name) for name in ("publisher", "party", "zone", "feed_zone")}
    marks = tuple(re.compile(p, re.MULTILINE) for p in data.get("fingerprints", ()))
    return Source(id=id_, fingerprints=marks, comments=data.get("comments", False), **facts, **words, **forms)


def _patterns(data: Mapping[str, Any], name: str) -> Patterns:
    return tuple(re.compile(p) for p in data.get(name, ()))
