"""What is made from the data before anyone asks for it: the index of words, the facets, the register, and what the first pages count.

One process of a server makes them, whenever the data is new; the others find them.  A request that comes before makes what it needs itself.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Final

from flask import Flask

from communique.errors import CommuniqueError
from communique.server import search, version
from communique.server.pages import counting, readouts
from communique.server.site import site

PAGES: Final = (
    *("/", "/readouts", "/ministers", "/states", "/dyads", "/issues", "/network", "/timeline", "/timeline?lane=issue", "/map", "/stance"),
    *("/requests", "/commitments", "/coverage", "/findings", "/data", "/about", "/ontology"),
)
_LOOK: Final = 1.0  # seconds between two looks at the version


def start(app: Flask) -> threading.Event:
    """Make what is made ahead, beside the requests, until the event that is given back is set."""
    end = threading.Event()
    threading.Thread(target=_keep, args=(app, end), daemon=True).start()
    return end


def _keep(app: Flask, end: threading.Event) -> None:
    done = None
    while True:
        with app.app_context(), suppress(CommuniqueError, OSError):  # who asks is told
            now = site().engine.version()
            if now and now != done and _first(now):
                make(app)
            done = now
        if end.wait(_LOOK):
            return


def make(app: Flask) -> None:
    """Make everything, from the data as it is now."""
    with app.app_context():
        here = site()
        readouts.counted(here)
        counting.ready(here)
    for path in PAGES:
        with app.test_request_context(path, headers={"Accept": "text/html"}), suppress(CommuniqueError):
            app.full_dispatch_request()
    with app.app_context():
        search.index(here)


def _first(now: str) -> bool:
    """Whether no other process makes it for this version."""
    try:
        os.close(os.open(version.workshop().root / f"ahead-{now}", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
