"""Headers that answers carry whatever they say: what a browser may do with them, and who may read them."""

from __future__ import annotations

from typing import Final

from communique.server import version

# Nothing is loaded from another host, and nothing runs or styles that stands in a page itself: see VENDOR.toml for what others made.
POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EACH: Final = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"))
# Anyone may read, from any page, and without credentials; nobody writes from a page of another site.
OPEN: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", f"ETag, Link, Location, Retry-After, {version.HEADER}"),
)
OF_DATA: Final = (*EACH, ("Content-Security-Policy", POLICY), *OPEN)
"""All of these, on the answer of a query."""
