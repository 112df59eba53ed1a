"""An opinion from an OpenAI-compatible endpoint: one request a document, with a bound on everything, and a file of recorded replies.

The key is sent as a header and appears in nothing else: no message repeats what the server says, because servers repeat keys.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from communique.config import KEY_VARIABLE, Settings
from communique.errors import FetchError, OpinionError, SettingsError
from communique.ingest.fetch import address
from communique.ingest.grammar import table
from communique.ingest.opinions import request
from communique.ingest.opinions.proposals import Proposals, from_json
from communique.ingest.opinions.replies import Replies
from communique.ingest.opinions.sheet import Sheet
from communique.model import Extraction

_PIECE = 64 * 1024
_REFUSED = {
    400: "does not take the request (400)",
    401: "does not accept the key (401)",
    403: "does not accept the key (403)",
    404: "has no such address or model (404)",
    413: "finds the request too large (413)",
    422: "does not take the request (422)",
}
# Refusals that hold for every other document too.
_LASTING = frozenset({401, 403, 404})


@dataclass(frozen=True, slots=True)
class Service:
    """What is asked and how; times in seconds, ``limit`` in bytes.  Without ``address`` only recorded replies answer.

    ``deadline`` bounds one answer as a whole, ``backoff`` doubles with each try, ``patience`` is the longest wait that a server may ask
    for; after ``strikes`` documents in a row without an answer nobody is asked any more.
    """

    model: str
    address: str = ""
    replies: str = ""
    key: str = field(default="", repr=False)
    timeout: float = 120.0
    deadline: float = 300.0
    tries: int = 4
    backoff: float = 1.0
    patience: float = 60.0
    limit: int = 1024 * 1024
    strikes: int = 3


def service(settings: Settings, key: str = "") -> Service:
    """The service of the settings, with a key from the environment; raises ``SettingsError`` if it cannot be asked."""
    if not settings.opinion_model:
        raise SettingsError("no model is named for a second opinion", where="--opinion", todo="give --opinion-model NAME")
    if not settings.opinion_address and not settings.opinion_replies:
        raise SettingsError("nobody to ask for a second opinion", where="--opinion", todo="give --opinion-address URL")
    url, key = settings.opinion_address, key.strip()
    if url:
        try:
            url = address.normal(url)
        except FetchError:
            raise SettingsError("is no address", where=settings.origin("opinion_address"), todo="give it as https://host/v1") from None
    if not key.isascii() or not key.isprintable():
        raise SettingsError("the key has characters that no key has", where=KEY_VARIABLE, todo="set it anew")
    if key and url.startswith("http://") and not address.is_inner(url):
        raise SettingsError("the key would cross the network unencrypted", where=KEY_VARIABLE, todo="use an https address, or no key")
    return Service(settings.opinion_model, url, settings.opinion_replies, key)


class _Again(Exception):
    """A try that failed in a way that may pass; ``wait`` is what the server asked for."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.what, self.wait = what, wait


@dataclass(slots=True)
class Endpoint:
    """Asks a service about one document after the other.  ``sleep``, ``clock`` and ``dice`` are the world; tests give their own."""

    service: Service
    replies: Replies | None = None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    _pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)
    _failed: int = 0
    _closed: str | None = None

    @property
    def name(self) -> str:
        """``endpoint:<model>``."""
        return f"endpoint:{self.service.model}"

    def ask(self, extraction: Extraction) -> Proposals:
        """What the model reads in a document; raises ``OpinionError`` if there is no usable answer."""
        sheet = Sheet.of(extraction)
        if len(sheet.text) > table("opinions.toml")["limits"]["document"]:
            raise OpinionError("the document is too long to be asked about")
        asked = request.body(self.service.model, sheet)
        key = request.key(asked)
        known = self.replies.get(key) if self.replies else None
        if known is not None:
            return _read(known)
        if not self.service.address:
            raise OpinionError("no reply to this document is recorded, and there is no address to ask")
        content = self._asked(asked)
        proposals = _read(content)  # only what can be used is worth keeping
        if self.replies:
            self.replies.keep(key, extraction.document.id, content)
        return proposals

    def _asked(self, asked: bytes) -> str:
        if self._closed:
            raise OpinionError(self._closed)
        try:
            content = self._patiently(asked)
        except OpinionError as fault:
            self._failed += 1
            if fault.lasting or self._failed >= self.service.strikes:
                self._closed = fault.what
            raise
        self._failed = 0
        return content

    def _patiently(self, asked: bytes) -> str:
        for tried in range(1, self.service.tries + 1):
            try:
                return _content(self._once(asked))
            except _Again as fault:
                if tried == self.service.tries or (fault.wait or 0) > self.service.patience:
                    raise OpinionError(f"{fault.what} ({tried} {'try' if tried == 1 else 'tries'})") from None
                wait = self.service.backoff * 2 ** (tried - 1) * (0.5 + self.dice())
                self.sleep(wait if fault.wait is None else max(fault.wait, 0.0))
        raise AssertionError("at least one try is made")

    def _once(self, asked: bytes) -> bytes:
        """One request; what may pass is ``_Again``."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.service.key:
            headers["Authorization"] = f"Bearer {self.service.key}"
        try:
            response = self._pool.request(
                "POST",
                f"{self.service.address.rstrip('/')}/chat/completions",
                body=asked,
                headers=headers,
                preload_content=False,
                redirect=False,  # a redirect would take the key elsewhere
                retries=False,
                timeout=urllib3.Timeout(connect=min(10.0, self.service.timeout), read=self.service.timeout),
            )
            try:
                if response.status == 429 or response.status >= 500:
                    what = "is asked too often (429)" if response.status == 429 else f"has a fault ({response.status})"
                    raise _Again(f"the endpoint {what}", _retry_after(response.headers.get("Retry-After")))
                if response.status != 200:
                    what = _REFUSED.get(response.status, f"answers {response.status}")
                    raise OpinionError(f"the endpoint {what}", lasting=response.status in _LASTING or 300 <= response.status < 400)
                return self._body(response)
            finally:
                response.close()
        except SSLError:
            raise OpinionError("the certificate of the endpoint cannot be trusted", lasting=True) from None
        except (ConnectTimeoutError, NewConnectionError, NameResolutionError):
            raise _Again("the endpoint does not answer") from None
        except ReadTimeoutError:
            raise _Again(f"the endpoint says nothing for {self.service.timeout:g} s") from None
        except HTTPError:
            raise _Again("the answer was cut off or garbled") from None

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        start, pieces, size = self.clock(), list[bytes](), 0
        while piece := response.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self.service.limit:
                raise OpinionError(f"the answer is larger than {self.service.limit:,} bytes")
            if self.clock() - start > self.service.deadline:
                raise _Again(f"the answer takes longer than {self.service.deadline:g} s")
        return b"".join(pieces)


@cache
def endpoint(service: Service) -> Endpoint:
    """The endpoint of a service, one a process; raises ``InputError`` if its file of replies is none."""
    return Endpoint(service, Replies.open(Path(service.replies)) if service.replies else None)


def _content(answer: bytes) -> str:
    """The words of the model in an answer."""
    try:
        (choice, *_) = json.loads(answer)["choices"]
        content, ended = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise OpinionError("the answer is not that of an OpenAI-compatible endpoint") from None
    if ended == "length":
        raise OpinionError("the model did not come to the end of its answer")
    if not isinstance(content, str):
        raise OpinionError("the model gave no answer")
    return content


def _read(content: str) -> Proposals:
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise OpinionError("the model's answer is not JSON") from None
    return from_json(found)


def _retry_after(words: str | None) -> float | None:
    """Seconds to wait, from a number or a date; ``None`` if the header says neither."""
    try:
        return urllib3.Retry().parse_retry_after(words) if words else None
    except (InvalidHeader, ValueError, OverflowError):
        return None
