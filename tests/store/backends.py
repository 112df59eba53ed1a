"""The stores that the conformance tests run over, and a server on loopback that plays faults."""

from __future__ import annotations

import hashlib
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

XSD = "http://www.w3.org/2001/XMLSchema#"
REWRITTEN = {("boolean", "true"): "1", ("integer", "7"): "+07", ("decimal", "0.8"): "0.80", ("double", "1500"): "1.5E3"}
BACKENDS = ("memory", "disk", "oxigraph", "oxigraph-update", "oxigraph-gsp", "virtuoso")


@contextmanager
def place(name: str, folder: Path, rows: int = 10_000) -> Iterator[str]:
    """The address of an empty store, which gives at most so many ``rows`` if it is one that has a limit."""
    if name == "memory":
        yield "memory:"
    elif name == "disk":
        yield str(folder / "store")
    elif name == "virtuoso":
        with virtuoso(folder, rows) as there:
            yield there
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
    at = f"127.0.0.1:{_free_port()}"
    server = subprocess.Popen([program, "serve", "--bind", at], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{at}/", server)
        yield f"http://{at}"
    finally:
        server.terminate()
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            assert server.poll() is None, "the server ended"
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
ThreadsPerQuery = 1

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10

[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(folder: Path, rows: int = 10_000) -> Iterator[str]:
    """A new Virtuoso on loopback, with a limit of rows (10,000, as it comes); its user and password are dba."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed; on Debian: apt install virtuoso-opensource-7-bin")
    folder.mkdir(parents=True, exist_ok=True)
    sql, http = _free_port(), _free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_INI.format(folder=folder, sql=sql, http=http, rows=rows), encoding="ascii")
    server = subprocess.Popen(
        [program, "+foreground", "+configfile", str(settings)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D", server)
        yield f"sparql+http://dba:dba@127.0.0.1:{http}/sparql?update=/sparql-auth&gsp=/sparql-graph-crud-auth&auth=digest&timeout=600"
    finally:
        server.kill()
        server.wait()


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
        self.old = False  # writes results as Virtuoso does
        self.password = ""  # of ann, by Digest
        self.nonce = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Faulty

    def _answer(self) -> None:
        if self.server.password and not self._authorized():
            self.server.seen.append(f"{self.command} {self.path} refused")
            self.send_response(401)
            self.send_header("WWW-Authenticate", f'Digest realm="store", nonce="{self.server.nonce}", qop="auth", algorithm="MD5"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.close_connection = True  # and what is still to come is not read
            return
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
        elif fault == "chopped":  # as long as it says, and not whole
            self._reply(code, form, answer[: len(answer) // 2])
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

    def _authorized(self) -> bool:
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Digest":
            return False
        said = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        who, what = (hashlib.md5(s.encode()).hexdigest() for s in (f"ann:store:{self.server.password}", f"{self.command}:{self.path}"))
        parts = (who, said["nonce"], said["nc"], said["cnonce"], "auth", what)
        right = hashlib.md5(":".join(parts).encode()).hexdigest()
        return said["nonce"] == str(self.server.nonce) and said["response"] == right

    def _limited(self, form: str, answer: bytes) -> tuple[dict[str, str], bytes]:
        import json

        if "json" not in form:
            return {}, answer
        found: dict[str, Any] = json.loads(answer)
        if self.server.old and "boolean" in found:
            row = {"__ASK_RETVAL": {"type": "typed-literal", "datatype": XSD + "integer", "value": str(int(found["boolean"]))}}
            return {}, json.dumps({"head": {"vars": list(row)}, "results": {"bindings": [row]}}).encode()
        rows = found.get("results", {}).get("bindings", [])
        if self.server.old:
            for value in (value for row in rows for value in row.values() if "datatype" in value):
                value["type"] = "typed-literal"
                value["value"] = REWRITTEN.get((value["datatype"].removeprefix(XSD), value["value"]), value["value"])
            answer = json.dumps(found).encode()
        if self.server.most is None or len(rows) <= self.server.most:
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
