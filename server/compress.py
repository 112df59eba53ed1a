"""Answers in gzip for those who ask for it, piece by piece, so that a long answer still flows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from flask import Response

from communique.server.negotiate import gzip_wanted, varies

SHORT: Final = 1000
"""Bytes of an answer that does not get smaller."""
_TEXTS: Final = ("text/", "application/")


def compressed(response: Response, accept_encoding: str | None) -> Response:
    """The response, in gzip if that is wanted; whether it is or not, it depends on the wish."""
    if response.direct_passthrough or not (response.mimetype or "").startswith(_TEXTS):
        return response
    varies(response, "Accept-Encoding")
    length = response.content_length
    if not gzip_wanted(accept_encoding) or "Content-Encoding" in response.headers or (length is not None and length < SHORT):
        return response
    if response.status_code in (204, 304):
        return response
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Content-Length", None)
    response.response = packed(response.response)  # type: ignore[arg-type]  # bytes: nobody here sends text unencoded
    return response


def packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same in gzip.  What breaks off stays without its end, so that nobody takes it for whole."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
        if len(chunk) >= SHORT and (packed := packer.flush(zlib.Z_SYNC_FLUSH)):
            yield packed
    yield packer.flush()
