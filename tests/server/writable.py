"""The command itself behind an address: writable, on loopback, empty."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.server.w3c.runner import Endpoint


@contextmanager
def served(*options: str, store: str = "memory:") -> Iterator[Endpoint]:
    """``communique serve --allow-update`` with some options, until the end of the block."""
    command = [sys.executable, "-m", "communique.cli", "serve", "--store", store, "--allow-update", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        try:
            yield Endpoint(next(word for word in told.split() if word.startswith("http://")))
        finally:
            process.terminate()
            process.communicate(timeout=60)
