"""The endpoint for second opinions, played on this machine: what is sent, what becomes of every kind of answer, and that no key leaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from communique.cli.main import run
from communique.config import KEY_VARIABLE, Settings, described, load
from communique.errors import ExitCode, InputError, OpinionError, SettingsError
from communique.ingest.opinions import Endpoint, Replies, Service, consult, service, unheard
from communique.model import Extraction
from tests.ingest.playing import Says, Stage, playing
from tests.ingest.texts import readout

Json = dict[str, Any]
PATH = "/v1/chat/completions"
KEY = "sk-very-secret"
JSON = {"Content-Type": "application/json"}
EMPTY: Json = {"people": [], "acts": []}
OFFER: Json = {
    "people": [
        {
            "id": "p1",
            "sentence": 1,
            "quote": "Secretary of State Daniel Whitcombe",
            "name": "Daniel Whitcombe",
            "family": "Whitcombe",
            "offices": [],
            "party": None,
        }
    ],
    "acts": [
        {
            "sentence": 2,
            "trigger": "floated",
            "content": "a joint working group on fisheries",
            "type": "Offer",
            "by": "Secretary Whitcombe",
            "actors": ["p1"],
            "to": None,
            "addressees": [],
            "against": None,
        }
    ],
}


def answer(reply: Json | str, ended: str = "stop", **fields: Any) -> Says:
    """What a server says around the words of a model."""
    words = reply if isinstance(reply, str) else json.dumps(reply)
    envelope = {"choices": [{"index": 0, "finish_reason": ended, "message": {"role": "assistant", "content": words}}]}
    return Says(json.dumps(envelope).encode(), headers=JSON, **fields)


@dataclass
class World:
    """A clock that only sleeping moves."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with playing() as stage:
        yield stage


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def asking(stage: Stage, world: World) -> Callable[..., Endpoint]:
    def endpoint(replies: Replies | None = None, **changes: Any) -> Endpoint:
        given = {"model": "m-1", "address": stage.at("/v1"), "key": KEY, "tries": 3, "timeout": 5.0, **changes}
        return Endpoint(Service(**given), replies, sleep=world.sleep, dice=lambda: 0.5)

    return endpoint


@pytest.fixture
def found() -> Extraction:
    return readout("Secretary Whitcombe floated a joint working group on fisheries.")


def fault(one: Endpoint, found: Extraction) -> str:
    with pytest.raises(OpinionError) as caught:
        one.ask(found)
    assert KEY not in str(caught.value)
    return str(caught.value)


# What is sent, and a good answer


def test_a_good_answer_becomes_an_act(stage: Stage, asking: Callable[..., Endpoint], found: Extraction) -> None:
    stage.routes[PATH] = answer(OFFER)
    held = consult(found, asking())
    assert [(a.type, a.actors, a.rule) for a in held.acts] == [("Offer", ("Whitcombe",), "opinion-endpoint:m-1")]


def test_the_request_is_cold_asks_for_the_schema_and_holds_nothing_that_the_rules_read(
    stage: Stage, asking: Callable[..., Endpoint], found: Extraction
) -> None:
    stage.routes[PATH] = answer(EMPTY)
    asking().ask(found)
    asking().ask(found)
    first, second = stage.bodies
    assert first == second
    sent = json.loads(first)
    assert (sent["model"], sent["temperature"], sent["response_format"]["type"]) == ("m-1", 0, "json_schema")
    system, user = (message["content"] for message in sent["messages"])
    assert "Offer: " in system
    assert "[2] Secretary Whitcombe floated a joint working group on fisheries." in user
    assert "USA" not in user
    assert stage.asked[0][2]["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in first


def test_without_a_key_none_is_sent(stage: Stage, asking: Callable[..., Endpoint], found: Extraction) -> None:
    stage.routes[PATH] = answer(EMPTY)
    asking(key="").ask(found)
    assert "authorization" not in stage.asked[0][2]


def test_wrong_quotes_are_counted(stage: Stage, asking: Callable[..., Endpoint], found: Extraction) -> None:
    stage.routes[PATH] = answer({**OFFER, "acts": [{**OFFER["acts"][0], "content": "a treaty"}]})
    held = consult(found, asking())
    assert not held.acts
    (summary,) = (d.message for d in held.diagnostics if d.code == "opinion")
    assert summary.endswith("1 of its items rejected (1 a quote that is not in its sentence)")


# Answers that are none


@pytest.mark.parametrize(
    ("bad", "said", "hits"),
    [
        (answer("They met and discussed trade."), "the model's answer is not JSON", 1),
        (answer(json.dumps(OFFER)[:80]), "the model's answer is not JSON", 1),
        (answer("[" * 100_000), "the model's answer is not JSON", 1),
        (answer("[]"), "its answer has no lists of people and acts", 1),
        (answer(OFFER, ended="length"), "the model did not come to the end of its answer", 1),
        (Says(b"<!DOCTYPE html><h1>Welcome</h1>"), "not that of an OpenAI-compatible endpoint", 1),
        (Says(b'{"choices": []}', headers=JSON), "not that of an OpenAI-compatible endpoint", 1),
        (Says(b'{"choices": [{"message": {"content": null}}]}', headers=JSON), "the model gave no answer", 1),
        (Says(b'{"choices": ["x"]}', headers=JSON), "not that of an OpenAI-compatible endpoint", 1),
        (Says(f"bad key {KEY}".encode(), 401), "the endpoint does not accept the key (401)", 1),
        (Says(b"", 404), "the endpoint has no such address or model (404)", 1),
        (Says(b"", 400), "the endpoint does not take the request (400)", 1),
        (Says(b"", 418), "the endpoint answers 418", 1),
        (Says(b"", 302, {"Location": "/elsewhere"}), "the endpoint answers 302", 1),
        (Says(b"", 429), "the endpoint is asked too often (429) (3 tries)", 3),
        (Says(b"", 500), "the endpoint has a fault (500) (3 tries)", 3),
        (Says(b'{"choices": ', headers=JSON, length=500), "the answer was cut off or garbled (3 tries)", 3),
        (answer(EMPTY, wait=1.2), "the endpoint says nothing for 0.4 s (3 tries)", 3),
        (answer(EMPTY, drip=0.02), "the answer takes longer than 0.3 s (3 tries)", 3),
        (answer("x" * 5000), "the answer is larger than 4,000 bytes", 1),
    ],
)
def test_every_bad_answer_is_one_line_and_the_rules_stand(
    stage: Stage, asking: Callable[..., Endpoint], found: Extraction, bad: Says, said: str, hits: int
) -> None:
    stage.routes[PATH] = bad
    limits = {"timeout": 0.4 if bad.wait else 5.0, "deadline": 0.3 if bad.drip else 60.0, "limit": 4000 if b"xxx" in bad.body else 10**6}
    held = consult(found, asking(**limits))
    assert held.acts == found.acts
    assert said in (unheard(held) or "")
    assert KEY not in repr(held)
    assert stage.hits == {PATH: hits}


def test_nobody_answers(world: World, asking: Callable[..., Endpoint], found: Extraction) -> None:
    with playing() as gone:
        address = gone.at("/v1")
    assert fault(asking(address=address), found) == "the endpoint does not answer (3 tries)"
    assert world.slept == [1.0, 2.0]


def test_a_fault_that_passes_is_tried_again_after_the_wait_that_was_asked_for(
    stage: Stage, world: World, asking: Callable[..., Endpoint], found: Extraction
) -> None:
    stage.routes[PATH] = [Says(b"", 429, {"Retry-After": "7"}), Says(b"", 503), answer(OFFER)]
    assert len(asking().ask(found).acts) == 1
    assert world.slept == [7, 2.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for(
    stage: Stage, world: World, asking: Callable[..., Endpoint], found: Extraction
) -> None:
    stage.routes[PATH] = Says(b"", 429, {"Retry-After": "3600"})
    assert "asked too often (429) (1 try)" in fault(asking(), found)
    assert world.slept == []


@pytest.mark.parametrize(("bad", "hits"), [(Says(b"", 401), 1), (Says(b"", 400), 3), (Says(b"", 500), 9)])
def test_who_does_not_answer_is_left_alone(stage: Stage, asking: Callable[..., Endpoint], found: Extraction, bad: Says, hits: int) -> None:
    stage.routes[PATH] = bad
    one = asking()
    said = {fault(one, found) for _ in range(6)}
    assert len(said) == 1
    assert stage.hits[PATH] == hits


def test_a_text_that_is_too_long_is_not_sent(stage: Stage, asking: Callable[..., Endpoint]) -> None:
    long = readout(*["The two ministers discussed grain exports to the countries of the region."] * 1000)
    assert fault(asking(), long) == "the document is too long to be asked about"
    assert not stage.asked


# Recorded replies


def test_a_reply_is_recorded_and_not_asked_for_again(
    stage: Stage, tmp_path: Path, asking: Callable[..., Endpoint], found: Extraction
) -> None:
    path = tmp_path / "new" / "replies.jsonl"
    stage.routes[PATH] = answer(OFFER)
    first = consult(found, asking(Replies.open(path)))
    again = consult(found, asking(Replies.open(path), address=""))
    assert first == again
    assert stage.hits[PATH] == 1
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line).keys() == {"key", "document", "content"}
    assert KEY not in line
    assert "no reply to this document is recorded" in fault(asking(Replies.open(path), model="m-2", address=""), found)


def test_an_answer_that_is_none_is_not_recorded(stage: Stage, tmp_path: Path, asking: Callable[..., Endpoint], found: Extraction) -> None:
    stage.routes[PATH] = [answer("nothing"), answer(EMPTY)]
    replies = Replies.open(tmp_path / "replies.jsonl")
    fault(asking(replies), found)
    assert not replies.path.exists()
    asking(replies).ask(found)
    assert replies.path.exists()


def test_a_file_that_cannot_be_written_costs_the_opinion_only(
    stage: Stage, tmp_path: Path, asking: Callable[..., Endpoint], found: Extraction
) -> None:
    stage.routes[PATH] = answer(OFFER)
    (tmp_path / "file").write_text("", encoding="utf-8")
    held = consult(found, asking(Replies(tmp_path / "file" / "replies.jsonl")))
    assert "its reply cannot be recorded" in (unheard(held) or "")


@pytest.mark.parametrize("content", ["what?", "[]", '{"key": "x"}', "7", "\ufeff{}", "[" * 100_000])
def test_a_file_that_holds_something_else_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(content + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"replies\.jsonl:1: this is no recorded reply"):
        Replies.open(path)


# Settings


def settings(**given: str) -> Settings:
    return load(given, {}, None)


@pytest.mark.parametrize(
    ("given", "key", "said"),
    [
        ({"opinion_address": "http://127.0.0.1:1/v1"}, "", "no model is named"),
        ({"opinion_model": "m-1"}, "", "nobody to ask"),
        ({"opinion_model": "m-1", "opinion_address": "http://[x/v1"}, "", "--opinion-address: is no address"),
        ({"opinion_model": "m-1", "opinion_address": "https://a.example/v1"}, "sk\nsecret", "characters that no key has"),
        ({"opinion_model": "m-1", "opinion_address": "http://192.0.43.8/v1"}, KEY, "would cross the network unencrypted"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_read(given: dict[str, str], key: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        service(settings(**given), key)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_key_is_shown_nowhere() -> None:
    made = service(settings(opinion_model="m-1", opinion_address="http://127.0.0.1:1/v1"), KEY)
    assert made.key == KEY
    assert KEY not in repr(made)
    assert not [f.name for f in described() if "key" in f.name]


@pytest.mark.parametrize("address", ["http://me:secret@host/v1", "ftp://host/v1", "host/v1", "http://host/v1?key=secret"])
def test_an_address_holds_no_secret(address: str) -> None:
    with pytest.raises(SettingsError, match="without user name"):
        settings(opinion_address=address)


# The command line


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "texts"
    folder.mkdir()
    for n in (1, 2, 3):
        text = (
            f"Secretary Whitcombe met today with French Foreign Minister Clara Orsini in Vienna. Secretary Whitcombe floated paper {n}.\n"
        )
        (folder / f"t{n}.txt").write_text("Office of the Spokesperson\n\n" + text, encoding="utf-8")
    return folder


def lines(out: str) -> list[Json]:
    return [json.loads(line) for line in out.splitlines()]


def asked(stage: Stage, *more: str) -> list[str]:
    return ["--opinion", "--opinion-address", stage.at("/v1"), "--opinion-model", "m-1", *more]


def test_no_opinion_unless_asked_for(stage: Stage, texts: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(texts), "--opinion-address", stage.at("/v1"), "--opinion-model", "m-1"]) == ExitCode.DONE
    assert not stage.asked
    assert not [d for line in lines(capfd.readouterr().out) for d in line["diagnostics"] if d["code"].startswith("opinion")]


def test_extract_with_an_opinion(stage: Stage, texts: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    stage.routes[PATH] = answer(EMPTY)
    record = ["--opinion-replies", "replies.jsonl"]
    assert run(["extract", str(texts), *asked(stage, *record)]) == ExitCode.DONE
    first = capfd.readouterr()
    assert [d["code"] for line in lines(first.out) for d in line["diagnostics"]].count("opinion") == 3
    assert stage.asked[0][2]["authorization"] == f"Bearer {KEY}"
    assert run(["extract", str(texts), *asked(stage, *record), "--jobs", "2"]) == ExitCode.DONE
    assert capfd.readouterr().out == first.out
    assert stage.hits[PATH] == 3


@pytest.mark.parametrize("command", [["extract"], ["ingest", "--store", "store"]])
def test_a_dead_endpoint_is_one_line_and_no_failure(
    stage: Stage, texts: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    stage.routes[PATH] = Says(f"bad key {KEY}".encode(), 401)
    assert run([*command, str(texts), *asked(stage)]) == ExitCode.DONE
    said = capfd.readouterr()
    assert said.err == (
        f"{stage.at('/v1')}: the endpoint does not accept the key (401); 3 texts have what the rules read, and no second opinion\n"
    )
    assert KEY not in said.out


def test_ingest_keeps_what_the_opinion_adds_apart(stage: Stage, texts: Path, capfd: pytest.CaptureFixture[str]) -> None:
    acts = [{**OFFER["acts"][0], "content": None}]
    people = [{**OFFER["people"][0], "quote": "Secretary Whitcombe", "name": "Whitcombe"}]
    stage.routes[PATH] = answer({"people": people, "acts": acts})
    assert run(["ingest", str(texts), "--store", "store", *asked(stage)]) == ExitCode.DONE
    ask = "PREFIX cq: <https://w3id.org/communique/ns#> SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?act a cq:Offer ; cq:derivedBy ?rule ; "
    ask += "cq:confidence ?c FILTER(?c < 0.5 && STRSTARTS(?rule, 'opinion-')) } }"
    Path("ask.rq").write_text(ask, encoding="utf-8")
    capfd.readouterr()
    assert run(["query", "--store", "store", "--sparql", "ask.rq", "--format", "csv"]) == ExitCode.DONE
    assert capfd.readouterr().out.split() == ["n", "3"]
    assert run(["coverage", "--store", "store", "--format", "csv"]) == ExitCode.DONE
    assert "opinion-added" in capfd.readouterr().out


def test_evaluate_measures_rules_and_opinion_together(stage: Stage, texts: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(texts)]) == ExitCode.DONE
    for line in lines(capfd.readouterr().out):
        (texts / f"{line['id']}.gold.json").write_text(json.dumps(line), encoding="utf-8")
    acts = [{**OFFER["acts"][0], "content": None}]
    people = [{**OFFER["people"][0], "quote": "Secretary Whitcombe", "name": "Whitcombe"}]
    stage.routes[PATH] = answer({"people": people, "acts": acts})
    assert run(["evaluate", str(texts), "--json", "-", *asked(stage)]) == ExitCode.DONE
    assert json.loads(capfd.readouterr().out)["rules"]["act"] == {"opinion-endpoint": {"right": 0, "seen": 3}}


@pytest.mark.parametrize("arguments", [["--opinion"], ["--opinion", "--opinion-model", "m-1"]])
def test_an_opinion_of_nobody_is_wrong_usage(texts: Path, capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(["extract", str(texts), *arguments]) == ExitCode.USAGE
    assert capfd.readouterr().err.count("\n") == 1
