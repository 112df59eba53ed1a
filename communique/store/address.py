"""The address of a store on another server: ``sparql+https://host/query?update=...&gsp=...``, taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from communique.config import STORE_PASSWORD_VARIABLE, STORE_USER_VARIABLE
from communique.errors import UsageError

PREFIX = "sparql+"
_FORM = "write it as sparql+https://host/query?update=...&gsp=..."


@dataclass(frozen=True, slots=True)
class Address:
    """Where to ask (``query``), to change (``update``, ``gsp``; empty: not there), who asks, and how long an answer may take.

    ``union`` says that the default graph of the endpoint is the union of all named graphs, so that they need not be named.
    """

    query: str
    update: str = ""
    gsp: str = ""
    union: bool = False
    digest: bool = False
    timeout: float = 60.0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.query


def parse(place: str, environ: Mapping[str, str]) -> Address:
    """The parts of an address; ``update`` and ``gsp`` may be relative to the address of queries.

    User and password come from the address or, better, from the environment; no message repeats them.  What else stands
    behind the ``?`` belongs to the query endpoint.  Raises ``UsageError``.
    """
    try:
        parts = urlsplit(place.removeprefix(PREFIX))
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError("the address of the store is none", where="--store", todo=_FORM) from error
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError("the address of the store is none", where="--store", todo=_FORM)
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    own = {name: value for name, value in pairs if name in ("update", "gsp", "union", "auth", "timeout")}
    rest = urlencode([pair for pair in pairs if pair[0] not in own])
    query = urlunsplit((parts.scheme, netloc, parts.path or "/", rest, ""))
    where = {name: urljoin(query, own[name]) if own.get(name) else "" for name in ("update", "gsp")}
    for name, url in where.items():
        if url and (urlsplit(url).scheme not in ("http", "https") or "@" in urlsplit(url).netloc):
            raise UsageError(f"{name} is no http or https address without user name", where="--store", todo=_FORM)
    if own.get("union", "named") not in ("named", "endpoint"):
        raise UsageError(f"union is '{own['union']}'", where=query, todo="it must be 'named' or 'endpoint'")
    if own.get("auth", "basic") not in ("basic", "digest"):
        raise UsageError(f"auth is '{own['auth']}'", where=query, todo="it must be 'basic' or 'digest'")
    timeout = own.get("timeout", "60")
    if not (timeout.isascii() and timeout.isdigit() and 0 < int(timeout) < 10_000):
        raise UsageError(f"timeout is '{timeout}'", where=query, todo="it must be a whole number of seconds from 1 to 9999")
    return Address(
        query,
        where["update"],
        where["gsp"],
        union=own.get("union") == "endpoint",
        digest=own.get("auth") == "digest",
        timeout=float(timeout),
        user=unquote(parts.username or "") or environ.get(STORE_USER_VARIABLE, ""),
        password=unquote(parts.password or "") or environ.get(STORE_PASSWORD_VARIABLE, ""),
    )
