"""Digest authentication that brings its answer along.

A server that wants it may hang up on a request without it before the body has arrived, so what a server asks is fetched first, with a
request without a body, and answered in all that follow.
"""

from __future__ import annotations

import urllib.error
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    OpenerDirector,
    Request,
    parse_http_list,
    parse_keqv_list,
)


class Digest:
    """One user's answers to the challenges of one server, an address at a time."""

    def __init__(self, opener: OpenerDirector, user: str, password: str, timeout: float) -> None:
        self._opener = opener
        self._who = (user, password)
        self._timeout = timeout
        self._known: dict[str, tuple[AbstractDigestAuthHandler, dict[str, str]] | None] = {}
        self._answered: dict[str, int] = {}

    def authorize(self, request: Request) -> None:
        """Puts the answer into a request, if its address wants one.

        Raises ``OSError`` if the address cannot be reached, ``ValueError`` if it wants what is not known here.
        """
        place = _place(request)
        if place not in self._known:
            self._known[place] = self._asked(place)
        if known := self._known[place]:
            answer, challenge = known
            self._answered[place] = self._answered.get(place, 0) + 1
            request.add_unredirected_header("Authorization", f"Digest {answer.get_authorization(request, challenge)}")

    def renew(self, request: Request) -> bool:
        """Forgets what an address asked; whether that had done for a request before, so that another answer may do for this one."""
        known = self._known.pop(_place(request), None)
        return known is not None and self._answered.pop(_place(request), 0) > 1

    def _asked(self, place: str) -> tuple[AbstractDigestAuthHandler, dict[str, str]] | None:
        try:
            self._opener.open(Request(place), timeout=self._timeout).close()
        except urllib.error.HTTPError as error:
            with error:
                for line in error.headers.get_all("WWW-Authenticate", []) if error.code == 401 else []:
                    scheme, _, rest = line.partition(" ")
                    if scheme.lower() == "digest":
                        passwords = HTTPPasswordMgrWithDefaultRealm()
                        passwords.add_password(None, place, *self._who)
                        return AbstractDigestAuthHandler(passwords), parse_keqv_list(list(filter(None, parse_http_list(rest))))
        return None


def _place(request: Request) -> str:
    return request.full_url.partition("?")[0]
