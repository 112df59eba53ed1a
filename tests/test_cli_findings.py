"""``communique check``: findings for people and programs, of one readout or all, exit codes; kept as readouts come and go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.cli.main import run
from communique.errors import ExitCode
from communique.iris import CQ, Iris
from communique.ontology import reasoner
from communique.ontology.terms import TYPE
from communique.store import open_store
from tests.vocabularies import some_vocabularies

IRIS = Iris()
HEAD = "Foreign Minister Asakura Speaks with Foreign Secretary Colborne"
BODY = """On 12 March 2024, Foreign Minister ASAKURA Nobuhiro of Japan held a telephone talk with Harriet Colborne, Foreign Secretary
of the United Kingdom.

Minister Asakura requested the United Kingdom's understanding toward the immediate resolution of the abductions issue.
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with two texts, and a store of them in its usual place."""
    folder = tmp_path_factory.mktemp("filled")
    with some_vocabularies("acts", "encounter-kinds", "issues", "states"):
        with chdir(folder):
            for name, text in (("call", BODY), ("later", BODY.replace("12 March", "19 March"))):
                Path(f"{name}.txt").write_text(f"{HEAD}\n\n{text}")
                Path(f"{name}.meta.json").write_text(
                    json.dumps({"publisher": "Ministry of Foreign Affairs of Japan", "date": "2024-03-20"})
                )
            assert run(["ingest", "call.txt", "later.txt", "-q"]) == ExitCode.DONE
        yield folder


@pytest.fixture(autouse=True)
def _store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def spoil() -> str:
    """Make a person of one account a state too, as no reading does."""
    with open_store("data/store") as store:
        account = next(g for g in store.graphs() if IRIS.readout_of(g) and "/call-" in g and not IRIS.is_inferred(g))
        told = list(store.dump(account))
        who = next(line.split(" ")[0] for line in told if f"<{CQ}familyName>" in line)
        store.put_graph(account, [*told, f"{who} {TYPE} <{CQ}State> <{account}> ."])
        reasoner.reason(store, IRIS, changed=[account])
    return IRIS.readout_of(account) or ""


def test_clean_texts_have_no_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--strict"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert said.out == "" and said.err == "0 errors, 0 warnings, 0 notes\n"


def test_a_contradiction_is_listed_with_words_and_proof(capsys: pytest.CaptureFixture[str]) -> None:
    readout = spoil()
    assert run(["check"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert out.splitlines()[0] == readout
    assert "  error: nothing is both cq:Person and cq:Party (disjoint-classes, person/" in out
    assert "“" in out.splitlines()[2] and "by cax-dw" not in out
    assert run(["check", "--proof"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "a contradiction" in out and "by cax-dw: nothing is both cq:Person and cq:Party" in out
    assert run(["check", "--strict"]) == ExitCode.FINDINGS
    assert "1 errors were found" in capsys.readouterr().err


def test_findings_of_one_readout(capsys: pytest.CaptureFixture[str]) -> None:
    readout = spoil()
    other = readout.replace("/call-", "/later-")
    assert run(["check", "--readout", readout.partition("/id/readout/")[2], "--strict"]) == ExitCode.FINDINGS
    assert readout in capsys.readouterr().out
    with open_store("data/store", read_only=True) as store:
        other = next(r for g in store.graphs() if (r := IRIS.readout_of(g)) and "/later-" in r)
    assert run(["check", "--readout", other, "--strict"]) == ExitCode.DONE
    assert capsys.readouterr().out == ""
    assert run(["check", "--readout", "no/such/text"]) == ExitCode.USAGE
    assert capsys.readouterr().err.count("\n") == 1


def test_findings_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    readout = spoil()
    assert run(["check", "--format", "json"]) == ExitCode.DONE
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["readout"], found["severity"], found["code"]) == (readout, "error", "disjoint-classes")
    assert found["evidence"][0]["quote"] and found["proof"]["rule"] == "cax-dw"
    assert run(["check", "--format", "ttl"]) == ExitCode.DONE
    store = ox.Store()
    store.load(capsys.readouterr().out.encode(), ox.RdfFormat.TURTLE)
    asked = f'ASK {{ ?f a <{CQ}Finding> ; <{CQ}code> "disjoint-classes" ; <{CQ}inReadout> <{readout}> }}'
    assert store.query(asked)
    assert run(["check", "--severity", "warning", "--format", "json"]) == ExitCode.DONE
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_findings_are_published_by_reason_and_never_stop_an_ingest(capsys: pytest.CaptureFixture[str]) -> None:
    readout = spoil()
    graph = IRIS.findings_of(IRIS.account(readout))
    assert run(["reason"]) == ExitCode.DONE
    assert "1 findings are errors; `communique check` lists them" in capsys.readouterr().err
    Path("third.txt").write_text(f"{HEAD}\n\n{BODY.replace('12 March', '26 March')}")
    assert run(["ingest", "third.txt"]) == ExitCode.DONE
    with open_store("data/store", read_only=True) as store:
        assert store.ask(f'ASK {{ GRAPH <{graph}> {{ ?f <{CQ}severity> "error" }} }}')
    capsys.readouterr()
    # Read anew, the text is as it was, and so are the findings.
    assert run(["ingest", "call.txt", "--again"]) == ExitCode.DONE
    assert "findings are errors" not in capsys.readouterr().err
    assert run(["check", "--strict"]) == ExitCode.DONE
    assert run(["forget", readout]) == ExitCode.DONE
    with open_store("data/store", read_only=True) as store:
        assert not store.has(graph)
