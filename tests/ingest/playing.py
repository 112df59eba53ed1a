"""A server on this machine that plays other sites: pages, feeds, answers, faults; it writes down what it was asked and when."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Says:
    """One answer; ``length`` is the length it claims, ``drip`` the seconds between single bytes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    length: int | None = None
    wait: float = 0.0
    drip: float = 0.0


def page(words: str, title: str = "Talks", **headers: str) -> Says:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{words}</p></body></html>"
    return Says(body.encode(), headers={"Content-Type": HTML, **{k.replace("_", "-"): v for k, v in headers.items()}})


def moved(to: str, status: int = 302) -> Says:
    return Says(status=status, headers={"Location": to})


Route = Says | list[Says] | Callable[[Mapping[str, str]], Says]


@dataclass
class Stage:
    """What is played: an answer for each path (a list is played in turn, its last for good), and what was asked."""

    url: str
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[tuple[float, str, Mapping[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def at(self, path: str) -> str:
        return self.url + path

    @property
    def hits(self) -> Counter[str]:
        return Counter(path for _, path, _ in self.asked)

    def answer(self, path: str, headers: Mapping[str, str]) -> Says:
        self.asked.append((time.monotonic(), path, headers))
        route = self.routes.get(path)
        if route is None:
            return Says(b"no such page", 404)
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Says) else route(headers)


@contextmanager
def playing() -> Iterator[Stage]:
    class Player(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            stage.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        def do_GET(self) -> None:
            says = stage.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
            time.sleep(says.wait)
            try:
                self.send_response(says.status)
                for name, value in says.headers.items():
                    self.send_header(name, value)
                if says.status != 304:
                    self.send_header("Content-Length", str(len(says.body) if says.length is None else says.length))
                self.end_headers()
                for piece in (says.body[i : i + 1] for i in range(len(says.body))) if says.drip else [says.body]:
                    self.wfile.write(piece)
                    time.sleep(says.drip)
            except OSError:  # the client had enough
                self.close_connection = True
            if says.length is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Theatre(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that leaves before the end is part of the play."""

    server = Theatre(("127.0.0.1", 0), Player)
    server.daemon_threads = True
    stage = Stage(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stage
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unchanged_since(etag: str, says: Says) -> Callable[[Mapping[str, str]], Says]:
    """A page that knows whether it has changed."""
    tagged = Says(says.body, says.status, {**says.headers, "ETag": etag, "Last-Modified": "Sat, 04 May 2024 10:00:00 GMT"})
    return lambda headers: Says(status=304, headers={"ETag": etag}) if headers.get("if-none-match") == etag else tagged
