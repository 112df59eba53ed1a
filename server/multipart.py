"""``multipart/form-data`` as a pure function: each part with its own type, whether or not it has a file name.

Werkzeug's form parser makes a text field of a part without file name and loses its type; its decoder does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart

from communique.server.problems import Problem

_PARTS: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part: the name of its field, its content type (empty if it has none), its bytes."""

    name: str
    content_type: str
    body: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body.  Raises ``Problem``: 400 for one that is cut off or malformed, 413 for too many parts."""
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    try:
        found = list(_decoded(boundary.encode("ascii"), body))
    except RequestEntityTooLarge:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {_PARTS} parts") from None
    except ValueError:  # also UnicodeError, and what the decoder says of a body that breaks off
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is no multipart/form-data with this boundary") from None
    if not found:
        raise Problem(HTTPStatus.BAD_REQUEST, "the body has no parts")
    return found


def _decoded(boundary: bytes, body: bytes) -> Iterator[Part]:
    if not boundary:
        raise ValueError("no boundary")
    decoder = multipart.MultipartDecoder(boundary, max_parts=_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    name, type_, data = "", "", bytearray()
    while not isinstance(event := decoder.next_event(), (multipart.Epilogue, multipart.NeedData)):
        if isinstance(event, (multipart.Field, multipart.File)):
            name, type_, data = event.name, event.headers.get("content-type", ""), bytearray()
        elif isinstance(event, multipart.Data):
            data += event.data
            if not event.more_data:
                yield Part(name, type_, bytes(data))
    if isinstance(event, multipart.NeedData):
        raise ValueError("the last boundary is missing")
