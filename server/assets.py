"""The files that pages load: packed for who wants it, and kept for good where their version stands in the address."""

from __future__ import annotations

from typing import Final

from flask import Response, request

_TEXTS: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
_FOREVER: Final = "public, max-age=31536000, immutable"


def sent(response: Response) -> Response:
    """A static file as it is sent: what others made stands under its version, so nobody needs to ask for it twice."""
    if not request.path.startswith("/static/") or response.status_code != 200:
        return response
    if request.path.startswith("/static/vendor/"):
        response.headers["Cache-Control"] = _FOREVER
    if (response.mimetype or "").startswith(_TEXTS):
        response.direct_passthrough = False  # so that it can be packed
        response.make_sequence()
        if tag := response.get_etag()[0]:
            response.set_etag(tag, weak=True)  # the same words, in other bytes if packed
    return response
