"""Serves an application until it is told to stop, on loopback unless asked otherwise.

With workers the web side is several processes of granian, which took 0.6 to 0.75 of the processor time of gunicorn and waitress for the
same request (docs/reference/speed.md).  An engine that lives in this process is served from this process, by waitress.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final

from flask import Flask
from waitress.server import create_server

from communique.errors import CommuniqueError, ServerError
from communique.server import parent

THREADS: Final = 8
FIGURES_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which several processes share what they count; prometheus_client looks for it when it is imported."""
PROCESSES: Final = 2
_THREADS_OF_EACH: Final = 32
"""More than there are workers: who waits for one waits where the queue is counted, and not before."""
_GRACE: Final = 5.0


def serve(app: Flask, host: str, port: int, *, threads: int = THREADS, ready: Callable[[str], None] | None = None) -> None:
    """Serve from this process until SIGTERM or SIGINT; port 0 takes a free one.  ``ready`` is told the address once it answers.

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


def serve_processes(
    app: Flask,
    host: str,
    port: int,
    *,
    processes: int = PROCESSES,
    seconds: float,
    reload: Callable[[], None],
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve from several processes until SIGTERM or SIGINT; answers that are being sent have ``seconds`` to come to their end.

    SIGHUP calls ``reload`` and renews the processes one by one.  Raises ``ServerError`` if the address cannot be used.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import MPServer

    with _bound(host, port) as probe:  # two processes of granian may share a port, so it does not say when another program has it
        port = probe.getsockname()[1]
    multiprocessing.set_start_method("fork", force=True)  # the application is made; it is not made again in each process
    server = MPServer(
        "communique",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=_THREADS_OF_EACH,
        backpressure=2 * _THREADS_OF_EACH,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=1 << 20),
        websockets=False,
        log_level=LogLevels.critical,  # an answer that was broken off is in the access log; the rest is logged by Flask
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=int(seconds + _GRACE),
    )
    server.on_reload(lambda: threading.Thread(target=_quietly, args=(reload,), daemon=True).start())
    if ready:
        told = ready
        threading.Thread(target=lambda: _when_open(host, port, told), daemon=True).start()
    try:
        server.serve(target_loader=lambda _: _begun(app))
    except SystemExit:
        if not server.interrupt_signal:
            what = "a process that answers requests ended twice within seconds"
            raise ServerError(what, todo="look for what ends it (memory?), and start the server again") from None


def _begun(app: Flask) -> Flask:
    """The application, in a process that ends with the one that started it."""
    parent.ends_with(signal.SIGTERM)
    return app


def _quietly(call: Callable[[], None]) -> None:
    with suppress(CommuniqueError):  # what could not be read stays as it was, and the next look finds it
        call()


def _when_open(host: str, port: int, ready: Callable[[str], None]) -> None:
    shown = address(host, port)
    target = shown.removeprefix("http://").rstrip("/").rpartition(":")[0].strip("[]")
    while True:
        with suppress(OSError), socket.create_connection((target, port), timeout=1):
            break
        time.sleep(0.02)
    ready(shown)


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
