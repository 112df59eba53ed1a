"""How long the pages of the explorer take over a store, and how large they are.

python benchmarks/pages.py STORE

Processor time of one request, first and again, in this process, without the network.  The pages with the most in them are taken:
the party, the dyad, the person and the issue that the lists name first.
"""

from __future__ import annotations

import re
import sys
import time

from flask.testing import FlaskClient

from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import open_store

LISTS = ("/readouts", "/ministers", "/states", "/dyads", "/issues", "/network", "/timeline", "/map", "/requests", "/commitments")
LISTS += ("/coverage", "/findings", "/ontology", "/data")
# A thing is the first link of this form on a page.
THINGS = {
    "/readouts": r"/readout/[^\"#]+",
    "/timeline": r"/encounter/[^\"#]+",
    "/requests": r"/statement/[^\"#]+",
    "/ministers": r"/minister/[^\"#]+",
    "/states": r"/state/[^\"#]+",
    "/dyads": r"/dyad/[^\"#]+",
    "/issues": r"/issue/[^\"#]+",
}


def timed(client: FlaskClient, path: str) -> tuple[float, int, str]:
    """Milliseconds, bytes and text of one answer."""
    started = time.process_time()
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return (time.process_time() - started) * 1000, len(answer.data), answer.text


def main() -> None:
    """Print a table."""
    with open_store(sys.argv[1], in_memory=True) as store:
        client = create_app(Settings(), InProcess(store)).test_client()
        timed(client, "/")
        things = [found[0] for page, form in THINGS.items() if (found := re.search(form, timed(client, page)[2]))]
        client = create_app(Settings(), InProcess(store)).test_client()
        timed(client, "/")  # what all pages say is counted once
        print("| page | first, ms | again, ms | bytes |\n|---|---:|---:|---:|")
        for path in ("/", *LISTS, *things):
            first, size, _ = timed(client, path)
            again = min(timed(client, path)[0] for _ in range(3))
            room = "/".join(path.split("/")[:2])
            shown = path if path == room else f"{room}/..."
            print(f"| `{shown}` | {first:.0f} | {again:.0f} | {size:,} |")


if __name__ == "__main__":
    main()
