"""Serves an application until it is told to stop: waitress, on loopback unless asked otherwise."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from flask import Flask
from waitress.server import create_server

from communique.errors import ServerError

THREADS: Final = 8


def serve(app: Flask, host: str, port: int, *, threads: int = THREADS, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one.  ``ready`` is told the address once it answers.

    Raises ``ServerError`` if the address cannot be used.
    """
    listener = _bound(host, port)
    try:
        server = create_server(app, sockets=[listener], threads=threads, ident="communique", clear_untrusted_proxy_headers=True)
    except BaseException:
        listener.close()
        raise
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is no news to the person at the terminal
    previous = {number: signal.signal(number, _stop) for number in _signals()}
    try:
        if ready:
            ready(address(host, listener.getsockname()[1]))
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        # Answers that are being written are finished; the store is only read, so nothing else is pending.
        server.task_dispatcher.shutdown(timeout=5)
        server.close()
        for number, handler in previous.items():
            signal.signal(number, handler)


def address(host: str, port: int) -> str:
    """The URL of the start page."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}/"


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise ServerError(
            f"there is no such address ({error.strerror})", where=host, todo="use 127.0.0.1 or a name of this machine"
        ) from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(128)
    except OSError as error:
        listener.close()
        todo = "stop what uses it, or choose another with --port (0 takes a free one)"
        raise ServerError(f"the port cannot be used ({error.strerror})", where=f"{host}:{port}", todo=todo) from error
    return listener


def _signals() -> tuple[signal.Signals, ...]:
    """The signals that stop the server; handlers can be set in the main thread only."""
    return (signal.SIGTERM,) if threading.current_thread() is threading.main_thread() else ()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit
