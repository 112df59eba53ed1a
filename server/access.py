"""Who may write: nobody, who knows the token, or who sits at this machine."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from communique.config import TOKEN_VARIABLE
from communique.errors import UsageError
from communique.server.problems import Problem

_LENGTH: Final = 16
_REFUSED: Final = "updates are refused: this endpoint is read-only"


@dataclass(frozen=True, slots=True)
class Writing:
    """Whether writes are taken, and the token that they need; without one only this machine may be listened to."""

    allowed: bool = False
    token: str | None = None

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise ``Problem`` if a request with these headers may not write: 403, or 401 for a token that is missing or wrong."""
        if not self.allowed:
            raise Problem(HTTPStatus.FORBIDDEN, _REFUSED)
        if self.token is None:
            _from_here(headers)
            return
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        known = scheme.lower() == "bearer" and bool(given.strip())
        # Compared in constant time, so that the time of a refusal tells nothing about the token.
        if known and hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self.token.encode()):
            return
        challenge = 'Bearer realm="communique"' + (', error="invalid_token"' if known else "")
        told = "the token is wrong" if known else "writing needs a token: send 'Authorization: Bearer TOKEN'"
        raise Problem(HTTPStatus.UNAUTHORIZED, told, headers={"WWW-Authenticate": challenge})


def _from_here(headers: Mapping[str, str]) -> None:
    """A page of another site in a browser on this machine is not who sits at it: it is told by its origin, or by the name it asks for."""
    origin, host = headers.get("Origin"), headers.get("Host", "")
    foreign = origin is not None and origin.lower().partition("://")[2] != host.lower()
    if foreign or headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") or not loopback(_name(host)):
        raise Problem(HTTPStatus.FORBIDDEN, "updates are taken from this machine itself only, not from pages of other sites")


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def loopback(host: str) -> bool:
    """Whether a host name or address means this machine and nothing else.

    >>> loopback("127.0.0.1"), loopback("::1"), loopback("localhost"), loopback("0.0.0.0"), loopback("example.org")
    (True, True, True, False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token(host: str, file: Path | None, environ: Mapping[str, str]) -> str | None:
    """The token of a server that takes writes at ``host``: from a file, else from the environment; none is needed on loopback.

    Raises ``UsageError`` if one is needed and not given, and for one that can be guessed.
    """
    if file:
        try:
            found = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("the token cannot be read", where=file, todo="give a readable text file") from error
    else:
        found = environ.get(TOKEN_VARIABLE, "").strip()
    if not (file or found or loopback(host)):
        todo = f"put a token into a file and give --token FILE, or into {TOKEN_VARIABLE}"
        raise UsageError("whoever reaches this address could write", where=f"--host {host}", todo=todo)
    if (file or found) and (len(found) < _LENGTH or not found.isascii() or not found.isprintable() or " " in found):
        raise UsageError(
            "the token can be guessed or sent wrongly", where=file or TOKEN_VARIABLE, todo=f"take {_LENGTH} or more letters and digits"
        )
    return found or None
