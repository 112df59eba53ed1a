"""What is made before anyone asks: the templates are compiled, and of the data there are the index of words, the facets, the register, what
the first pages count, the first rows of the saved queries, and the files.

What is of the data is made whenever that is new, and found by all processes of a server.  A request that comes before makes what it needs
itself.  A process of its own asks the snapshot on the disk: that takes twice the processor time of asking in memory, but none of what
workers have for requests, and none of their memory, of which a worker that reads everything gets a copy of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from flask import Flask

from communique.errors import CommuniqueError
from communique.server import dataset, downloads, parent, search, standing
from communique.server.engine import InProcess
from communique.server.pages import counting, readouts
from communique.server.site import site

PAGES: Final = (
    *("/", "/readouts", "/ministers", "/states", "/dyads", "/issues", "/network", "/network?scope=sentence", "/timeline"),
    *("/timeline?lane=issue", "/map", "/stance", "/requests", "/commitments", "/coverage", "/findings", "/data", "/about", "/ontology"),
)
NAME: Final = "ahead"
"""What lists of processes call those that make it."""
_LOOK: Final = 1.0  # seconds between two looks at the version
_AFTER: Final = 10  # as nice counts: requests go first


def start(app: Flask) -> threading.Event:
    """Make what is made ahead, beside the requests, until the event that is given back is set."""
    end = threading.Event()
    threading.Thread(target=_keep, args=(app, partial(make, app), end), daemon=True).start()
    return end


@contextmanager
def apart(app: Flask) -> Iterator[None]:
    """Compile the templates, which all processes that are forked from this one have then; make the rest in a process of its own, as long
    as the block runs."""
    compiled(app)
    process = multiprocessing.get_context("fork").Process(target=_apart, args=(app,))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def compiled(app: Flask) -> None:
    """Compile every template, half a second for all."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def _apart(app: Flask) -> None:
    """Look at the version; for each there are others that make everything and end, and with them goes the memory that this took."""
    parent.ends_with(signal.SIGTERM)
    Path("/proc/self/comm").write_text(NAME, encoding="ascii")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server

    def made() -> None:
        for part in (_from_snapshot, _files):  # one after the other: what the first one held is gone when the second one begins
            maker = multiprocessing.get_context("fork").Process(target=_making, args=(app, part))
            maker.start()
            maker.join()

    _keep(app, made, threading.Event())


def _making(app: Flask, part: Callable[[Flask], None]) -> None:
    parent.ends_with(signal.SIGTERM)
    os.nice(_AFTER)
    with suppress(CommuniqueError, OSError):  # who asks is told
        part(app)


def _from_snapshot(app: Flask) -> None:
    with app.app_context():
        here = site()
        known = here.engine.version(), here.engine.state()
        with downloads.snapshot(here) or nullcontext() as found:
            if found is not None:
                app.extensions["communique.site"] = replace(here, engine=InProcess(found, here.engine.limits, known=known))
            make(app)


def _files(app: Flask) -> None:
    with app.app_context():
        downloads.dumps(site())


def _keep(app: Flask, made: Callable[[], None], end: threading.Event) -> None:
    done = None
    while True:
        with app.app_context(), suppress(CommuniqueError, OSError):  # who asks is told
            now = site().engine.version()
            if now and now != done:
                done = now
                made()
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
        dataset.counted(here)
        standing.made(here)
