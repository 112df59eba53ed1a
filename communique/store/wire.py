"""Requests to a store on another server: sent again where that may help, answered whole or with one plain line.

Every request of a remote store may be repeated without harm: it asks, or it makes a graph be what it shall be.
"""

from __future__ import annotations

import base64
import http.client
import time
import urllib.error
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from communique.errors import StoreError
from communique.store.address import Address
from communique.store.digest import Digest

PAUSES: Final = [0.5, 2.0, 5.0]
"""Seconds before the second, third and fourth attempt."""
_PASSING: Final = {408, 429, 500, 502, 503, 504}
_PIECE: Final = 1 << 16


class Refused(StoreError):
    """The store understood a request and does not do it (400): what was sent is to blame."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its headers and its bytes."""

    headers: Message
    body: bytes


class _Passing(Exception):
    """Went wrong, and may go well the next time."""


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it would take the password along, and make a GET of a POST."""

    def redirect_request(self, *_: object) -> None:
        return None


class Wire:
    """The way to one store."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._opener = build_opener(_Stay())
        self._digest = Digest(self._opener, address.user, address.password, address.timeout) if address.digest else None

    def send(self, request: Request, *, gone: bool = False) -> Answer:
        """The answer to a request; with ``gone``, not to find what it names is well.

        Raises ``StoreError`` with what is wrong once trying again is of no use.
        """
        address = self._address
        if address.user and not address.digest:
            token = base64.b64encode(f"{address.user}:{address.password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {token}")
        for pause in (*PAUSES, None):
            try:
                return self._once(request, gone)
            except _Passing as passing:
                if pause is None:
                    raise StoreError(f"{passing} ({len(PAUSES) + 1} attempts)", where=_shown(request), todo=_TODO) from passing.__cause__
                time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, request: Request, gone: bool) -> Answer:
        end = time.monotonic() + self._address.timeout
        try:
            if self._digest:
                self._digest.authorize(request)
            with self._opener.open(request, timeout=self._address.timeout) as response:
                pieces = []
                # The time-out of a socket is for each piece; a server that trickles would never meet it.
                while piece := response.read1(_PIECE):
                    pieces.append(piece)
                    if time.monotonic() > end:
                        raise TimeoutError
                body = b"".join(pieces)
                length = response.headers.get("Content-Length")
                if length is not None and length.isdigit() and len(body) < int(length):
                    raise _Passing(f"the answer was cut off after {len(body):,} of {int(length):,} bytes")
                return Answer(response.headers, body)
        except urllib.error.HTTPError as error:
            with error:
                if gone and error.code == 404:
                    return Answer(error.headers, b"")
                if error.code == 401 and self._digest and self._digest.renew(request):
                    return self._once(request, gone)
                raise self._explained(error, request) from error
        except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            if isinstance(reason, TimeoutError):
                raise _Passing(f"no whole answer within {self._address.timeout:g} seconds") from error
            if isinstance(reason, http.client.IncompleteRead):
                raise _Passing("the answer was cut off") from error
            raise _Passing(f"the store cannot be reached ({getattr(reason, 'strerror', None) or reason})") from error
        except ValueError as error:  # of the digest
            raise StoreError(
                f"no such authentication is known here ({error})", where=_shown(request), todo="leave out auth=digest"
            ) from error

    def _explained(self, error: urllib.error.HTTPError, request: Request) -> Exception:
        where = _shown(request)
        if error.code in _PASSING:
            return _Passing(f"the store answers with an error ({error.code} {error.reason})")
        if error.code in (401, 403):
            todo = "give COMMUNIQUE_STORE_USER and COMMUNIQUE_STORE_PASSWORD, and auth=digest in the address if the store wants that"
            return StoreError(f"the store wants another user or password ({error.code})", where=where, todo=todo)
        if 300 <= error.code < 400:
            return StoreError(f"the store sends elsewhere ({error.code})", where=where, todo="give the address where it is")
        if error.code == 404:
            return StoreError("there is no store at this address (404)", where=where, todo="check the address")
        said = error.read(2000).decode(errors="replace")
        said = "" if "<" in said[:20] else f": {' '.join(said.split())[:200]}"
        return Refused(f"the store refuses this ({error.code} {error.reason}){said}", where=where)


_TODO: Final = "run the same command again once the store answers: what is stored stays, and the rest is taken up"


def _shown(request: Request) -> str:
    parts = urlsplit(request.full_url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
