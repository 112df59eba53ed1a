"""Bad axioms, rules, decisions and stores from the command line: one plain line with an exit code each, and nothing is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode, ReasoningError
from communique.iris import Iris, concept
from communique.ontology import reasoner
from communique.ontology.identity import SAME
from communique.store import open_store

IRIS = Iris()
SAMPLE = next((Path(__file__).parent.parent / "ingest" / "samples").glob("mofa-*.txt"))
PREFIXES = """@prefix cq: <https://w3id.org/communique/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
cq:near a owl:ObjectProperty . cq:beside a owl:ObjectProperty . cq:day a owl:DatatypeProperty .
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def filled(few_vocabularies: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    assert run(["ingest", str(SAMPLE), "--store", str(folder / "here"), "-q"]) == ExitCode.DONE
    return folder


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> str:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return "here"


def contents(place: str) -> dict[str, list[str]]:
    with open_store(place, read_only=True) as store:
        return {graph: sorted(store.dump(graph)) for graph in store.graphs()}


def line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that was said."""
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "Traceback" not in said.err
    return said.err.rstrip("\n")


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("cq:near a owl:ReflexiveProperty .", "owl:ReflexiveProperty is not part of OWL 2 RL"),
        (
            "cq:Encounter owl:equivalentClass [ a owl:Class ; owl:unionOf ( cq:Call cq:Visit ) ] .",
            "owl:unionOf is not allowed in a equivalent",
        ),
        ("cq:day rdfs:range xsd:date .", "is not a datatype of OWL 2 RL"),
        ("cq:near owl:propertyChainAxiom ( cq:beside cq:near cq:beside ) .", "its chain over cq:near is cyclic"),
        ("cq:near owl:propertyChainAxiom ( cq:beside cq:beside ) . cq:beside owl:propertyChainAxiom ( cq:near cq:near ) .", "is cyclic"),
        ("cq:near owl:propertyChainAxiom ( cq:answers cq:nowhere ) .", "cq#nowhere>, which is not declared"),
        ("cq:near owl:propertyChainAxiom () .", "a list of the ontology is empty"),
        ("cq:near rdfs:range", "this is not Turtle"),
    ],
)
def test_an_ontology_that_cannot_be_closed(turtle: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.ttl").write_text(PREFIXES + turtle)
    assert run(["rules", "--with", "mine.ttl"]) == ExitCode.FAILED
    assert said.replace("cq#", "ns#") in line(capsys)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('if = "?a cq:actor ?b"\nthen = "?a cq:near ?c"', "made-up: the head names ?c, which its body does not bind; bind it"),
        ('if = "?a cq:actor ?b"\nguards = "?d < ?b"\nthen = "false"', "made-up: the guard names ?d"),
        ('if = "?a cq:actor ?b . ?c cq:date ?d"\nthen = "?a cq:near ?c"', "falls apart"),
        ('if = "?a cq:aboutIssue ?b . ?c cq:aboutIssue ?b"\nthen = "?a cq:answers ?c"', "it joins readouts"),
        ('if = "?a no:actor ?b"\nthen = "?a cq:near ?b"', "the prefix of no:actor is not known"),
        ('if = "?a cq:actor"\nthen = "?a cq:near ?b"', "is not three terms"),
        ('if = "?a cq:actor ?b"', "the rule says nothing"),
        ("if = ", "is not TOML"),
        ('if = 3\nthen = ["?a cq:near ?b"]', "mine.toml, made-up: is not a rule; write [NAME]"),
        ('then = "false"\n[[rule]]\nif = "?a cq:actor ?b"', "mine.toml, rule: is not a rule"),
    ],
)
def test_a_rule_that_cannot_be_closed(toml: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.toml").write_text(f"[made-up]\n{toml}\n")
    assert run(["rules", "--with", "mine.toml"]) == ExitCode.FAILED
    assert said in line(capsys)


def test_a_file_that_is_not_there_or_is_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.txt").touch()
    Path("mine.toml").write_bytes(b"\xff\xfe")
    for name, said in (("mine.txt", "holds neither axioms nor rules"), ("none.ttl", "cannot be read"), ("mine.toml", "is not UTF-8")):
        assert run(["rules", "--with", name]) == ExitCode.FAILED
        assert said in line(capsys)


def test_an_axiom_and_a_rule_are_tried_beside_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--format", "json"]) == ExitCode.DONE
    before = {row["rule"] for row in json.loads(capsys.readouterr().out)}
    Path("mine.ttl").write_text(f"{PREFIXES}cq:near owl:propertyChainAxiom ( cq:addressee cq:beside ) ; rdfs:domain cq:SpeechAct .")
    rule = 'if = "?a cq:answers ?b . ?b cq:actor ?c"\nthen = "?a cq:addressee ?c"\nsays = "who is answered"'
    Path("mine.toml").write_text(f"[made-up]\n{rule}\n")
    assert run(["rules", "--with", "mine.toml", "--with", "mine.ttl", "--format", "json"]) == ExitCode.DONE
    rows = json.loads(capsys.readouterr().out)
    assert before < {row["rule"] for row in rows}
    new = {row["name"]: row["scope"] for row in rows if row["rule"] not in before}
    assert new["made-up"] == "local" and {"prp-spo2", "prp-dom"} <= new.keys()


def test_a_person_and_a_state_are_not_one(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)
    with open_store(place) as store:
        person = next(o for _, p, o, _ in store.match(None, SAME, None, IRIS.graph("reference")))
        lines = [*store.dump(IRIS.graph("reference")), f"{person} {SAME} <{concept('state', 'JPN')}> <{IRIS.graph('reference')}> ."]
        with pytest.raises(ReasoningError, match="cannot be one: nothing is both cq:Person and cq:Party") as caught:
            reasoner.reason(store, IRIS, authority=lines)
        assert "\n" not in str(caught.value)
    assert contents(place) == before
    # A curator can write it down; it means nobody, since a decision is on persons.
    Path("decisions.txt").write_text(f"same {person} <{concept('state', 'JPN')}> # no\n")
    capsys.readouterr()
    assert run(["reason", "--store", place, "--decisions", "decisions.txt", "-q"]) == ExitCode.DONE
    assert "decisions.txt:1" in capsys.readouterr().err
    after = contents(place)
    # The marks of what joins readouts, and of what was found in it, tell that there is another decision now.
    assert {g for g in before if after[g] != before[g]} <= {IRIS.graph("global"), IRIS.graph("findings")}
    assert all(len(after[g]) == len(before[g]) for g in before)


@pytest.mark.parametrize(
    "command",
    [["ingest", str(SAMPLE)], ["reason"], ["check"], ["explain", "state:JPN a cq:State"], ["query", "issues-raised"], ["forget", "x/y/z"]],
)
def test_the_store_of_a_newer_version_is_left_alone(place: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    mark = Path(place, "communique-store")
    mark.write_text(mark.read_text().replace("format 2", "format 99"))
    before = {p: p.read_bytes() for p in Path(place).rglob("*") if p.is_file()}
    capsys.readouterr()
    assert run([*command, "--store", place]) == ExitCode.FAILED
    assert "format 99, and this version knows formats up to 2" in line(capsys)
    assert {p: p.read_bytes() for p in Path(place).rglob("*") if p.is_file()} == before
