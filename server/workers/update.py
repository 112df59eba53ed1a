"""Runs one update on a store in a directory: a process of its own, so that it can be killed and leaves nothing behind."""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Final

from communique.errors import Busy, CommuniqueError, StoreBusy
from communique.server.workers import frames
from communique.store import open_here

_AGAIN: Final = 0.1


def main() -> None:
    """``python -m communique.server.workers.update``, told on standard input what to do; what goes wrong is told on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = json.load(sys.stdin)
    try:
        _update(asked["place"], asked["text"], asked["base"] or None, time.monotonic() + asked["patience"])
    except CommuniqueError as error:
        sys.stdout.write(json.dumps(frames.of_error(error)))


def _update(place: str, text: str, base: str | None, end: float) -> None:
    while True:
        try:
            with open_here(place) as store:
                store.update(text, base)
            return
        except StoreBusy as error:
            if time.monotonic() > end:
                raise Busy("another process is writing to the store", todo="send this update again in a moment") from error
            time.sleep(_AGAIN)


if __name__ == "__main__":
    main()
