"""Writes the newest snapshot of a store to standard output as N-Quads: a process of its own, so that the zygote opens no file."""

from __future__ import annotations

import signal
import sys

from communique.errors import CommuniqueError
from communique.store import open_here


def main() -> None:
    """``python -m communique.server.workers.snapshot PLACE``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with open_here(sys.argv[1], read_only=True) as store:
            store.dump_to(sys.stdout.buffer)
    except CommuniqueError as error:
        sys.stderr.write(f"communique: {error}\n")
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
