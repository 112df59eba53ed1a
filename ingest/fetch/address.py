"""Addresses: one form for each, and connections that refuse machines of the own network.

Only a person may name a machine of the own network; a link or a redirect that leads there is refused.  The check is made on the
connected socket, before anything is sent, so a name that resolves differently the second time does not get past it.
"""

from __future__ import annotations

import ipaddress
import socket

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import LocationParseError

from communique.errors import FetchError

_PORTS = {"http": 80, "https": 443}


class InnerAddress(Exception):
    """A guarded connection ended at a machine of the own network."""


def normal(address: str) -> str:
    """The address in its one form: host in lower case and ASCII, no fragment, no default port, everything else escaped.

    Raises ``FetchError`` if it is not an http or https address.
    """
    written = address.strip()
    try:
        url = urllib3.util.parse_url(_ascii_host(written))
    except (LocationParseError, UnicodeError, ValueError):
        raise FetchError("this is not an address", where=written, todo="give it as https://host/path") from None
    if url.scheme not in _PORTS or not url.host:
        raise FetchError("only http and https addresses are fetched", where=written, todo="give it as https://host/path")
    if url.auth:
        raise FetchError("the address holds a user name or password", where=f"{url.scheme}://{url.host}", todo="give it without")
    port = None if url.port == _PORTS[url.scheme] else url.port
    return url._replace(fragment=None, port=port, path=url.path or "/").url


def host(address: str) -> str:
    """Host and port of an address: what pace and robots.txt are kept for."""
    url = urllib3.util.parse_url(address)
    return f"{url.scheme}://{url.netloc}"


def is_inner(address: str) -> bool:
    """Whether the host of ``address`` is a machine of the own network."""
    url = urllib3.util.parse_url(address)
    try:
        found = socket.getaddrinfo((url.host or "").strip("[]"), url.port or _PORTS[url.scheme or "http"], type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(not _is_public(str(entry[4][0])) for entry in found)


def _is_public(ip: str) -> bool:
    parsed = ipaddress.ip_address(ip.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global


def _ascii_host(address: str) -> str:
    scheme, mark, rest = address.partition("://")
    if not mark:
        return address
    ends = [i for c in "/?#" if (i := rest.find(c)) >= 0]
    end = min(ends, default=len(rest))
    netloc = rest[:end]
    return f"{scheme.lower()}{mark}{netloc if netloc.isascii() else netloc.encode('idna').decode()}{rest[end:]}"


def _checked(connected: socket.socket) -> socket.socket:
    peer = str(connected.getpeername()[0])
    if not _is_public(peer):
        connected.close()
        raise InnerAddress(peer)
    return connected


class _GuardedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _GuardedTLSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _GuardedPool(HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _GuardedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLSConnection


def connections(*, guarded: bool) -> urllib3.PoolManager:
    """Connections to any host, or, ``guarded``, to public ones only."""
    pools = urllib3.PoolManager(num_pools=20, maxsize=1)
    if guarded:
        pools.pool_classes_by_scheme = {"http": _GuardedPool, "https": _GuardedTLSPool}
    return pools
