"""The stores that the conformance tests run over, and a server on loopback that plays faults."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

BACKENDS = ("memory", "disk", "oxigraph", "oxigraph-update", "oxigraph-gsp", "virtuoso")


@contextmanager
def place(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty store."""
    if name == "memory":
        yield "memory:"
    elif name == "disk":
        yield str(folder / "store")
    elif name == "virtuoso":
        pytest.skip("Virtuoso is not installed" if not shutil.which("virtuoso-t") else "Virtuoso is installed, and no test drives it yet")
    else:
        more = {"oxigraph": "?update=/update&gsp=/store", "oxigraph-update": "?update=/update", "oxigraph-gsp": "?gsp=/store"}[name]
        with oxigraph() as url:
            yield f"sparql+{url}/query{more}"


@contextmanager
def oxigraph() -> Iterator[str]:
    """An empty server of the ``oxigraph`` package in memory, on loopback."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if program is None:
        pytest.skip("the oxigraph server is not installed; the test extra has it")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen([program, "serve", "--bind", at], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://{at}/", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, "the oxigraph server ended"
                time.sleep(0.1)
        yield f"http://{at}"
    finally:
        server.terminate()
        server.wait(10)


class Faulty(ThreadingHTTPServer):
    """Passes requests on to a server, except the next ones of ``faults``; counts what it got and keeps their headers."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.faults: list[str] = []
        self.seen: list[str] = []
        self.most: int | None = None
        self.tells = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Faulty

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(f"{self.command} {self.path} {self.headers.get('Authorization', '')}")
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault == "500":
            self._reply(500, "text/plain", b"out of order")
            return
        if fault == "swallow":
            self._reply(200, "text/plain", b"")
            return
        if fault == "html":
            self._reply(200, "text/html", b"<!DOCTYPE html><p>Welcome")
            return
        if fault == "elsewhere":
            self.send_response(302)
            self.send_header("Location", f"{self.server.behind}/query")
            self.end_headers()
            return
        if fault == "hang":
            time.sleep(2)
            return
        kept = {k: v for k, v in self.headers.items() if k.lower() in ("accept", "content-type")}
        request = urllib.request.Request(self.server.behind + self.path, data=body or None, headers=kept, method=self.command)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                code, form, answer = response.status, response.headers.get("Content-Type", ""), response.read()
        except urllib.error.HTTPError as error:
            with error:
                code, form, answer = error.code, error.headers.get("Content-Type", ""), error.read()
        if fault == "lost":  # done, and the answer never arrives
            self._reply(503, "text/plain", b"")
        elif fault == "cut":
            self._reply(code, form, answer, cut=True)
        elif fault == "trickle":
            self.send_response(code)
            self.end_headers()
            for byte in answer:
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return
                time.sleep(0.05)
        else:
            headers, answer = self._limited(form, answer)
            self._reply(code, form, answer, headers)

    def _limited(self, form: str, answer: bytes) -> tuple[dict[str, str], bytes]:
        import json

        if self.server.most is None or "json" not in form:
            return {}, answer
        found: dict[str, Any] = json.loads(answer)
        rows = found.get("results", {}).get("bindings", [])
        if len(rows) <= self.server.most:
            return {}, answer
        del rows[self.server.most :]
        return ({"X-SPARQL-MaxRows": str(self.server.most)} if self.server.tells else {}), json.dumps(found).encode()

    def _reply(self, code: int, form: str, body: bytes, headers: dict[str, str] | None = None, cut: bool = False) -> None:
        self.send_response(code)
        self.send_header("Content-Type", form)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def faulty() -> Iterator[Faulty]:
    """A server that plays faults in front of an empty oxigraph."""
    with oxigraph() as behind:
        server = Faulty(behind)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
