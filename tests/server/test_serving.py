"""The server as it is started: workers behind processes, watched from outside, over raw sockets where a client would hide what comes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from communique.store import open_store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
if sys.platform == "linux":
    from tests.server.workers import EVERYTHING, FOREVER, alive, descendants, until, web


@dataclass
class Served:
    url: str
    process: subprocess.Popen[str]
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, Message, str]:
        request = urllib.request.Request(self.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def ask(self, query: str, **headers: str) -> tuple[int, Message, str]:
        return self.get("sparql?query=" + quote(query), **headers)

    def raw(self, query: str, version: str = "1.1", form: str = "csv") -> socket.socket:
        where = urlsplit(self.url)
        assert where.hostname and where.port
        connection = socket.create_connection((where.hostname, where.port), timeout=60)
        line = f"GET /sparql?format={form}&query={quote(query)} HTTP/{version}\r\nHost: {where.netloc}\r\n\r\n"
        connection.sendall(line.encode())
        return connection

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def figure(self, name: str) -> float:
        status, _, text = self.get("metrics")
        assert status == 200
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@contextmanager
def served(store: Path | str, log: Path, *flags: str) -> Iterator[Served]:
    command = [sys.executable, "-m", "communique.cli", "serve", "--store", str(store), "--port", "0", "--access-log", str(log), *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("serving "), line + process.stdout.read()
            yield Served(line.split(" at ")[1].split()[0], process, log)
        finally:
            below = descendants(process.pid)
            process.terminate()
            rest = process.communicate(timeout=60)[0]
            print(rest)  # shown if a test fails
            until(lambda: not any(map(alive, below)))
        assert (process.returncode, rest) == (0, "")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("serving") / "store"
    fill(path, 2000)
    return path


def fill(path: Path, size: int) -> None:
    with open_store(str(path)) as store:
        lines = [f'<http://example.org/s{i}> <http://example.org/p> "{i:020}" <http://example.org/g> .' for i in range(size)]
        store.put_graph("http://example.org/g", lines)


@pytest.fixture(scope="module")
def live(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("log") / "access.json"
    flags = ("--timeout", "1.5", "--max-rows", "50000", "--budget", "0.5", "--proxies", "1", "--workers", "2")
    with served(place, log, *flags) as server:
        yield server


def everything(connection: socket.socket) -> bytes:
    got = bytearray()
    with connection:
        try:
            while data := connection.recv(1 << 16):
                got += data
        except ConnectionResetError:
            pass
    return bytes(got)


def whole(body: bytes) -> bool:
    """Whether chunks are followed by the one that ends them (RFC 9112, section 7.1)."""
    while body:
        size, _, rest = body.partition(b"\r\n")
        if int(size, 16) == 0:
            return rest == b"\r\n"
        body = rest[int(size, 16) + 2 :]
    return False


def test_it_lives_it_is_ready_and_it_counts(live: Served) -> None:
    assert (live.get("health")[0], json.loads(live.get("health")[2])) == (200, {"status": "alive"})
    status, _, text = live.get("ready")
    told = json.loads(text)
    assert (status, told["status"], told["isolation"], told["triples"], len(told["version"])) == (200, "ready", "workers", 2000, 16)
    before = live.figure('communique_requests_total{route="/sparql",status="200"}')
    for _ in range(10):
        assert live.ask("ASK {}")[0] == 200
    # Of all processes together, whichever answers.
    until(lambda: live.figure('communique_requests_total{route="/sparql",status="200"}') == before + 10)
    assert live.figure("communique_up") == 1
    assert live.figure('communique_workers{state="idle"}') >= 2
    assert live.get("metrics", X_Forwarded_For="192.0.2.7")[0] == 403


def test_limits_are_told(live: Served) -> None:
    _, headers, _ = live.ask("ASK {}")
    assert headers["Communique-Limits"] == "seconds=1.5, memory=512000000, rows=50000, bytes=200000000"
    assert "50000" in live.get("sparql", Accept="text/turtle")[2]


def test_a_query_that_takes_too_long_has_a_true_status(live: Served) -> None:
    started = time.monotonic()
    status, headers, text = live.ask(FOREVER)
    assert (status, headers["Content-Type"], json.loads(text)["limit"]) == (503, "application/problem+json", "timeout")
    assert int(headers["Retry-After"]) > 0
    assert 1.5 <= time.monotonic() - started < 5


def test_a_transfer_that_breaks_off_is_seen_to_be_broken(live: Served) -> None:
    for form in ("csv", "json"):
        got = everything(live.raw(EVERYTHING, form=form))
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert b"chunked" in head.lower()
        assert len(body) > 10_000
        assert not whole(body)
    until(lambda: any(line["end"] == "TooLong" for line in live.lines()))
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        live.ask(EVERYTHING, Accept="text/csv")


def test_where_a_break_could_not_be_seen_nothing_is_sent_before_all_is_there(live: Served) -> None:
    got = everything(live.raw(EVERYTHING, version="1.0"))
    assert got.split(b"\r\n", 1)[0].split()[1] == b"503"
    assert b'"limit": "answer"' in got
    head, _, body = everything(live.raw("SELECT * { ?s ?p ?o }", version="1.0")).partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert body.count(b"\n") == 2001


def test_a_client_that_leaves_frees_its_worker(place: Path, tmp_path: Path) -> None:
    # An answer that does not come to its end before the client is seen to be gone, however long that takes on a busy machine.
    with served(place, tmp_path / "log", "--timeout", "60", "--max-rows", "4000000", "--max-answer", "2000", "--workers", "2") as server:
        connection = server.raw(EVERYTHING)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        connection.close()
        until(lambda: server.log.exists() and any(line["end"] == "Broken" for line in server.lines()))
        until(lambda: server.figure('communique_ends_total{cause="client left"}') == 1)
        until(lambda: server.figure('communique_workers{state="busy"}') == 0)


def test_a_client_that_takes_too_much_time_waits_and_others_do_not(live: Served) -> None:
    assert live.ask(FOREVER, X_Forwarded_For="192.0.2.1")[0] == 503
    status, headers, text = live.ask("ASK { <x:new> ?p ?o }", X_Forwarded_For="192.0.2.1")
    assert (status, json.loads(text)["limit"]) == (429, "budget")
    assert int(headers["Retry-After"]) > 10
    # Only the last proxy is believed: what a client says of itself makes no difference.
    assert live.ask("ASK { <x:new> ?p ?o }", X_Forwarded_For="203.0.113.9, 192.0.2.1")[0] == 429
    assert live.ask("ASK { <x:new> ?p ?o }", X_Forwarded_For="192.0.2.2")[0] == 200
    assert live.ask("ASK {}")[0] == 200


def test_the_access_log_tells_what_was_asked_without_its_words(live: Served) -> None:
    live.ask("SELECT ?s { ?s ?p ?o } LIMIT 3  # one", Accept="text/csv", X_Request_Id="mine")
    live.ask("SELECT   ?s {?s ?p ?o} LIMIT 3", Accept="text/csv")
    until(lambda: len([line for line in live.lines() if line["rows"] == 3]) == 2)
    one, other = (line for line in live.lines() if line["rows"] == 3)
    assert one["query"] == other["query"]
    assert one["id"] != other["id"]
    assert (one["route"], one["status"], one["type"], one["end"], one["queries"]) == ("/sparql", 200, "text/csv", "whole", 1)
    assert 0 <= one["queue_ms"] <= one["total_ms"]
    assert 0 < one["run_ms"] <= one["total_ms"]
    assert one["bytes"] > 60
    assert "example.org" not in live.log.read_text(encoding="utf-8")


def test_what_is_written_to_the_store_shows_without_a_restart_and_a_hup_renews(tmp_path: Path) -> None:
    place = tmp_path / "store"
    fill(place, 10)
    with served(place, tmp_path / "log") as server:
        version = json.loads(server.get("ready")[2])["version"]
        fill(place, 20)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: json.loads(server.get("ready")[2])["triples"] == 20, 60)
        assert json.loads(server.get("ready")[2])["version"] != version
        slow = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        slow.request("GET", "/sparql?format=csv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
        answer = slow.getresponse()
        server.process.terminate()  # what is being sent is sent to its end
        assert answer.read().count(b"\n") == 160_001
        slow.close()
        server.process.wait(timeout=60)


def test_a_store_on_another_server_is_served_where_it_is(live: Served, tmp_path: Path) -> None:
    address = "sparql+" + live.url + "sparql"
    with served(address, tmp_path / "log") as server:
        told = json.loads(server.get("ready")[2])
        assert (told["status"], told["isolation"], told["version"]) == ("ready", "remote", "")
        rows = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s LIMIT 20"
        for form in ("text/csv", "application/sparql-results+json", "text/tab-separated-values"):
            assert server.ask(rows, Accept=form)[2] == live.ask(rows, Accept=form)[2]
        assert server.ask("CONSTRUCT WHERE { ?s ?p ?o }", Accept="application/n-triples")[2].count("\n") == 2000
        status, _, text = server.ask("SELECT * { ?s ?p }")
        assert (status, json.loads(text)["line"]) == (400, 1)
        assert server.get("about/id/nothing")[0] == 404
        assert server.get("queries", Accept="text/html")[0] == 200


def test_an_update_is_seen_by_all_and_a_listed_server_may_be_asked(live: Served, tmp_path: Path) -> None:
    place = tmp_path / "store"
    fill(place, 10)
    config = tmp_path / "communique.toml"
    config.write_text(f'federation = "{live.url}sparql"\n', encoding="utf-8")
    with served(place, tmp_path / "log", "--allow-update", "--config", str(config)) as server:
        asked = urllib.request.Request(server.url + "sparql", b'INSERT DATA { GRAPH <x:g> { <x:s> <x:p> "new" } }', method="POST")
        asked.add_header("Content-Type", "application/sparql-update")
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert answer.status == 204
        for _ in range(6):  # whichever process answers
            assert "true" in server.ask('ASK { <x:s> <x:p> "new" }')[2]
        status, _, text = server.ask(f"SELECT * {{ SERVICE <{live.url}sparql> {{ ?s ?p ?o }} }} LIMIT 3", Accept="text/csv")
        assert (status, text.count("\n")) == (200, 4)
        assert server.ask("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")[0] == 400


def test_a_web_process_that_ends_is_replaced_and_one_that_ends_again_and_again_is_an_error(place: Path) -> None:
    command = [sys.executable, "-m", "communique.cli", "serve", "--store", str(place), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split(" at ")[1].split()[0]

        try:
            below = descendants(process.pid)
            until(lambda: len(web(process.pid)) == 2)
            first, second = sorted(web(process.pid))
            os.kill(first, signal.SIGKILL)
            until(lambda: len(web(process.pid) - {first, second}) == 1)
            with urllib.request.urlopen(url + "health", timeout=60) as answer:
                assert answer.status == 200

            def ended() -> bool:
                for pid in web(process.pid) - {second}:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                return process.poll() is not None

            until(ended)
            assert process.returncode == 1
            assert "a process that answers requests ended twice within seconds" in process.stdout.read()
            until(lambda: not any(map(alive, below)))
        finally:
            process.kill()
