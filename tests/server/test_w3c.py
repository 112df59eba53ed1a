"""The W3C's tests for SPARQL 1.1 over HTTP: what differs is listed and explained in tests/data/conformance.toml, to the last one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.w3c import description, entailment, runner
from tests.server.w3c.runner import Endpoint
from tests.server.w3c.suite import APART, ARCHIVE, Case, Suite, unpacked
from tests.server.writable import served

GROUPS: dict[str, dict[str, Any]] = {
    group["name"]: group
    for group in tomllib.loads((Path(__file__).parents[1] / "data/conformance.toml").read_text(encoding="utf-8"))["group"]
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    if not ARCHIVE.exists():
        pytest.skip(f"{sum(g['tests'] for g in GROUPS.values())} tests of the W3C are not beside this clone (../shared/w3c)")
    return Suite(unpacked(tmp_path_factory.mktemp("w3c")))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """The command itself, writable on loopback, with a default graph of its own as the tests want it."""
    with served("--default-graph", "own") as found:
        yield found


def cases(suite: Suite, group: str) -> list[Case]:
    folders = [folder for folder in suite.folders() if folder not in APART] if group == "evaluation" else [group]
    return list(suite.cases(*folders))


@pytest.mark.parametrize("group", GROUPS)
def test_all_pass_but_what_is_listed(suite: Suite, endpoint: Endpoint, group: str) -> None:
    found: dict[str, str] = {}
    why: list[str] = []
    for case in cases(suite, group):
        try:
            if group == "service-description":
                description.run(case, endpoint)
            elif not runner.run(case, suite, endpoint, entailment.closed if group == "entailment" else None):
                found[case.id] = "value"
        except AssertionError as error:
            found[case.id] = "fails"
            why.append(f"{case.id}: {error}")
    listed = {test: d["kind"] for d in GROUPS[group].get("deviation", ()) for test in d["tests"]}
    assert found == listed, "\n".join(why)
    assert len(cases(suite, group)) == GROUPS[group]["tests"]


@pytest.mark.parametrize("group", GROUPS)
def test_enough_pass(group: str) -> None:
    failing = [test for d in GROUPS[group].get("deviation", ()) if d["kind"] == "fails" for test in d["tests"]]
    assert GROUPS[group]["tests"] - len(failing) >= GROUPS[group]["least"]
    assert len(failing) == len(set(failing))
    assert all(d["reason"] for d in GROUPS[group].get("deviation", ()))


def test_the_runner_sees_what_is_wrong(suite: Suite, endpoint: Endpoint) -> None:
    """Of an endpoint that answers every query with "yes", it passes what wants no more than that."""
    passed = []
    for case in cases(suite, "evaluation"):
        if case.folder in ("bind", "construct", "csv-tsv-res", "syntax-query"):
            try:
                runner.run(case, suite, Agreeing(endpoint.url))
                passed.append(case)
            except AssertionError:
                pass
    assert passed
    assert {case.kind for case in passed} == {"PositiveSyntaxTest11"}


class Agreeing(Endpoint):
    """Answers every query with "yes"."""

    def query(self, text: str, accept: str = "*/*") -> runner.Reply:
        return super().query("ASK {}", accept)
