"""A store of two composed accounts of one encounter with all vocabularies, an application over it, and a small one behind a real server."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from communique.config import Settings
from communique.iris import Iris
from communique.ontology import graphs
from communique.ontology.authority import graph as people
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import Store, open_store

SERVER = """
import sys
from communique.config import Settings
from communique.server import create_app
from communique.server.engine import InProcess
from communique.server.serve import serve
from communique.store import open_store
with open_store(sys.argv[1], in_memory=True) as store:
    serve(create_app(Settings(), InProcess(store)), "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def serve(store: Path) -> Iterator[str]:
    """The address, without a slash at its end, of a server over a store in a process of its own, for as long as it is needed."""
    with subprocess.Popen([sys.executable, "-c", SERVER, str(store)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
        process.terminate()
        assert process.stdout.readline() == "stopped\n"
        assert process.wait(timeout=10) == 0


def fill(store: Store, root: Path) -> None:
    accounts = defaultdict(list)
    for line in (root / "tests/data/two-accounts.nq").read_text(encoding="utf-8").splitlines():
        accounts[line.rsplit(" ", 2)[1][1:-1]].append(line)
    graphs.load(store, Iris())
    store.apply(accounts)
    people.record(store, Iris(), people.build(store))


@pytest.fixture(scope="session")
def store(root: Path) -> Iterator[Store]:
    with open_store("memory:") as opened:
        fill(opened, root)
        yield opened


@pytest.fixture(scope="session")
def app(store: Store) -> Flask:
    return create_app(Settings(), InProcess(store))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def few(store: Store) -> Iterator[Store]:
    """The same with those entries of the vocabularies only that the accounts name: all of them take a server seconds of each start."""
    vocabulary = Iris().graph("vocabulary")
    held = {graph: list(store.dump(graph)) for graph in store.graphs()}
    named = {line.split(" ", 3)[2] for graph, lines in held.items() if graph != vocabulary for line in lines}
    with open_store("memory:") as opened:
        opened.apply(held | {vocabulary: [line for line in held[vocabulary] if line.split(" ", 1)[0] in named]})
        yield opened


@pytest.fixture(scope="session")
def directory(few: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "store"
    with open_store(str(path)) as opened:
        opened.apply({graph: list(few.dump(graph)) for graph in few.graphs()})
    return path


@pytest.fixture(scope="session")
def live(directory: Path) -> Iterator[str]:
    """The address of a server in a process of its own, on loopback."""
    for address in serve(directory):
        yield f"{address}/"


@pytest.fixture(scope="session")
def explorer(samples: Store) -> Flask:
    return create_app(Settings(), InProcess(samples))
