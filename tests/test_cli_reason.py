"""Readouts that come and go by the command line: what follows is there at once, and goes with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.config import Settings
from communique.errors import ExitCode
from communique.iris import CQ, Iris
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import open_store

SAMPLES = Path(__file__).parent.parent / "ingest" / "samples"
TEXTS = sorted(SAMPLES.glob("mofa-*.txt"))[:3]


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    assert run(["ingest", *map(str, TEXTS), "--store", str(folder / "here"), "-q"]) == ExitCode.DONE
    return folder


@pytest.fixture
def place(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return "here"


def contents(place: str) -> dict[str, list[str]]:
    with open_store(place, read_only=True) as store:
        return {graph: sorted(store.dump(graph)) for graph in store.graphs()}


def readouts(place: str) -> list[str]:
    return sorted({r for graph in contents(place) if (r := Iris().readout_of(graph))})


def test_ingest_leaves_nothing_for_reason_to_do(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)
    assert all(f"{graph}/inferred" in before for graph in before if graph.endswith("/account"))
    assert any(graph.endswith("graph/global") for graph in before)
    capsys.readouterr()
    assert run(["reason", "--store", place]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "0 texts were closed" in said.err and " statements of 3 texts give " in said.out
    assert contents(place) == before
    assert run(["reason", "--again", "--store", place]) == ExitCode.DONE
    assert "3 texts were closed" in capsys.readouterr().err
    assert contents(place) == before


def test_who_is_who_can_wait_for_reason(tmp_path: Path, place: str) -> None:
    assert run(["ingest", *map(str, TEXTS), "--store", "later", "--later", "-q"]) == ExitCode.DONE
    assert Iris().graph("global") not in contents("later")
    assert run(["reason", "--store", "later", "-q"]) == ExitCode.DONE
    assert contents("later") == contents(place)


def test_a_readout_is_forgotten_with_everything_that_followed(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = readouts(place)
    assert run(["ingest", str(TEXTS[0]), "--store", "less", "-q"]) == ExitCode.DONE
    (kept,) = readouts("less")
    gone = [r for r in (first, second, third) if r != kept]
    capsys.readouterr()
    # By IRI, and by the end of it.
    assert run(["forget", gone[0], gone[1].partition("/id/readout/")[2], "--store", place]) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines() == [f"forgotten: {iri}" for iri in gone]
    assert contents(place) == contents("less")
    assert not [line for lines in contents(place).values() for line in lines if any(f"{iri}/" in line for iri in gone)]


def test_a_readout_is_forgotten_by_the_address_of_its_page(place: str) -> None:
    with open_store(place, read_only=True) as store:
        rows = store.select(f"SELECT ?readout ?url {{ ?readout <{CQ}url> ?url }}")
    (readout, url) = rows.rows[0]
    assert run(["forget", url.value, "--later", "--store", place]) == ExitCode.DONE  # type: ignore[union-attr]
    assert readout.value not in readouts(place)  # type: ignore[union-attr]


def test_a_readout_that_was_withdrawn_leaves_a_word(place: str) -> None:
    before = contents(place)
    gone = readouts(place)[0]
    with open_store(place, read_only=True) as store:
        ((text,),) = store.select(f"SELECT ?text {{ <{gone}> <{CQ}text> ?text }}")
    (file,) = [path for path in TEXTS if text is not None and text.value[:200] in path.read_text(encoding="utf-8")]  # type: ignore[union-attr]
    why = 'the ministry took "it" back'
    assert run(["forget", gone, "--because", why, "--store", place]) == ExitCode.DONE
    graph = Iris().graph("withdrawn")
    left = contents(place)
    assert {line.split(" ")[0] for line in left[graph]} == {f"<{gone}>"}
    with open_store(place, in_memory=True) as store:
        client = create_app(Settings(), InProcess(store)).test_client()
        address = str(Iris().path(gone))
        for path in (address, f"{address}.ttl", f"{address}/act/a1", address.removeprefix("/id")):
            answer = client.get(path, follow_redirects=True)
            assert (answer.status_code, answer.mimetype) == (410, "application/problem+json"), path
            assert answer.get_json()["detail"] == f"{gone} was withdrawn: {why}"
        assert client.get(str(Iris().path(readouts(place)[0]))).status_code == 303
    assert run(["reason", "--store", place, "-q"]) == ExitCode.DONE
    assert contents(place) == left
    assert run(["store", "verify", "--store", place]) == ExitCode.DONE
    # Read again, it is as if nothing had been.
    assert run(["ingest", str(file), "--store", place, "-q"]) == ExitCode.DONE
    assert contents(place) == before


def test_nothing_is_forgotten_if_one_readout_is_not_there(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)
    assert run(["forget", readouts(place)[0], "no/such/text", "--store", place]) == ExitCode.USAGE
    assert "communique: no/such/text: there is no such readout in the store" in capsys.readouterr().err
    assert contents(place) == before


def test_rules_are_listed_with_their_scope(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--scope", "global"]) == ExitCode.DONE
    listed = capsys.readouterr().out.splitlines()
    assert all(line.startswith("global ") for line in listed)
    assert any("cq:precedes is transitive" in line for line in listed) and any("same-encounter: " in line for line in listed)
    assert run(["rules", "--format", "json"]) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert {rule["scope"] for rule in told} == {"local", "described", "global"} and all(rule["why"] for rule in told)


def test_a_store_is_exported_under_one_name(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["export", "--format", "nq", "--names", "one", "--store", place]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert any(f"<{CQ}actor> <{Iris().base}id/person/" in line for line in lines)
    assert run(["query", "--names", "all", "--sparql", "-", "--store", place, "--list"]) == ExitCode.DONE
