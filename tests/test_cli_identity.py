"""Who is one person: decided in the reference graph only, told under one name or all on request, and a wrong decision leaves nothing."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode
from communique.iris import CQ, Iris
from communique.ontology.identity import SAME
from communique.store import open_store
from tests.test_cli_people import CLASH, FIRST, SECOND

IRIS = Iris()
WHITCOMBE = f"{IRIS.base}id/person/usa-whitcombe-daniel"
ASKED = f"SELECT DISTINCT ?act WHERE {{ ?act <{CQ}actor> <%s> }}"
Contents = dict[str, list[str]]


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three texts, and a store of them in its usual place."""
    folder = tmp_path_factory.mktemp("filled")
    with chdir(folder):
        for name, text, date in (("first", FIRST, "2024-03-04"), ("second", SECOND, "2024-04-08"), ("clash", CLASH, "2024-03-20")):
            Path(f"{name}.txt").write_text(text)
            Path(f"{name}.meta.json").write_text(json.dumps({"publisher": "U.S. Department of State", "date": date}))
        assert run(["ingest", "first.txt", "second.txt", "clash.txt", "-q"]) == ExitCode.DONE
    return folder


@pytest.fixture(autouse=True)
def _store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def contents() -> Contents:
    with open_store("data/store", read_only=True) as store:
        return {graph: sorted(store.dump(graph)) for graph in store.graphs()}


def mentions(of: str) -> list[str]:
    with open_store("data/store", read_only=True) as store:
        return sorted(s[1:-1] for s, *_ in store.match(None, SAME, f"<{of}>"))


def test_decisions_stand_in_the_reference_graph_and_nowhere_else() -> None:
    found = {graph for graph, lines in contents().items() for line in lines if f" {SAME} " in line}
    assert found == {IRIS.graph("reference")}
    assert len(mentions(WHITCOMBE)) == 3


def test_a_question_finds_a_person_under_the_names_that_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents()

    def acts(names: str, of: str) -> set[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(ASKED % of))
        assert run(["query", "--sparql", "-", "--names", names, "--format", "json"]) == ExitCode.DONE
        return {row["act"]["value"] for row in json.loads(capsys.readouterr().out)["results"]["bindings"]}

    named = mentions(WHITCOMBE)
    own = [acts("own", name) for name in named]
    every = set().union(*own)
    assert all(own) and acts("own", WHITCOMBE) == set()
    assert acts("one", WHITCOMBE) == every and acts("one", named[0]) == set()
    assert acts("all", WHITCOMBE) == acts("all", named[0]) == every
    assert contents() == before


def test_an_export_has_the_names_that_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    before = contents()
    lines = {}
    for names in ("own", "one", "all"):
        assert run(["export", "--format", "nq", "--names", names]) == ExitCode.DONE
        lines[names] = set(capsys.readouterr().out.splitlines())
    assert lines["own"] == {line for graph in before.values() for line in graph}
    assert lines["own"] < lines["all"] and lines["one"] < lines["all"]
    actor = f" <{CQ}actor> <{WHITCOMBE}> "
    assert [any(actor in line for line in lines[names]) for names in ("own", "one", "all")] == [False, True, True]
    assert contents() == before


def test_a_wrong_merge_is_undone_and_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Two foreign ministers are made one: office, acts and proofs follow; the line goes, and the store is as it was."""
    before = contents()
    Path("mistake.txt").write_text('same NOR:"Kari Dahl" NOR:"Ola Vik"  # a mistake\n')
    assert run(["reason", "--decisions", "mistake.txt", "-q"]) == ExitCode.DONE
    wrong = contents()
    assert wrong != before
    merged = next(line.split(" ")[2][1:-1] for line in wrong[IRIS.graph("reference")] if SAME in line and "/nor-vik-ola" in line)
    vik = next(name for name in mentions(merged) if "vik" in name)
    act = next(line.split(" ")[0] for lines in wrong.values() for line in lines if f" <{CQ}actor> <{vik}> " in line)
    capsys.readouterr()
    assert run(["explain", f"{act} <{CQ}actor> <{merged}>"]) == ExitCode.DONE
    assert "eq-rep-o" in (told := capsys.readouterr().out) and "a mistake" in told
    # While it stands, other readouts come and go.
    assert run(["forget", IRIS.readout_of(act[1:-1]) or "", "--decisions", "mistake.txt", "-q"]) == ExitCode.DONE
    assert run(["ingest", "clash.txt", "--decisions", "mistake.txt", "-q"]) == ExitCode.DONE
    assert contents() == wrong
    assert run(["reason", "-q"]) == ExitCode.DONE
    assert contents() == before
    assert not [line for lines in before.values() for line in lines if "a mistake" in line]
