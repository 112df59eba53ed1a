"""The W3C's test cases for OWL 2 RL, in the standard reading; nothing of them is in this project."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.ontology.terms import Triple, parse
from tests.ontology.standard import entails, fixed, saturate

SUITE = Path(__file__).parents[3] / "shared" / "w3c" / "owl2rl.tar.gz"
# owlrl 7.6.2 passes as many of the cases about datatypes.
DATATYPES = 116


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if not SUITE.exists():
        pytest.skip("the W3C test cases are not beside this clone (../shared/w3c)")
    folder = tmp_path_factory.mktemp("w3c")
    with tarfile.open(SUITE) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # not there before Python 3.11.4
        archive.extractall(folder)
    return sorted(p.parent for p in folder.rglob("*.metadata.properties"))


def read(folder: Path, part: str) -> list[Triple]:
    found = sorted(folder.glob(f"*.{part}.ttl"))
    return list(parse(found[0])) if found else []


def passes(folder: Path) -> bool:
    told = next(folder.glob("*.metadata.properties")).read_text(encoding="utf-8")
    kind = re.findall(r'key="testcase.type">(\w+)<', told)[0]
    if kind == "INCONSISTENCY":
        return bool(saturate(fixed(read(folder, "graph")))[1])
    assert kind == "POSITIVE_ENTAILMENT"
    graph, clashes = saturate(fixed(read(folder, "premisegraph")))
    return not clashes and entails(graph, read(folder, "conclusiongraph"))


def failed(suite: list[Path], datatypes: bool) -> Iterator[str]:
    for folder in suite:
        if ("-dat-" in folder.name) == datatypes and not passes(folder):
            yield folder.name


def test_every_case_that_is_not_about_datatypes(suite: list[Path]) -> None:
    assert sum("-dat-" not in folder.name for folder in suite) == 116
    assert list(failed(suite, datatypes=False)) == []


def test_as_many_cases_about_datatypes_as_owlrl(suite: list[Path]) -> None:
    cases = sum("-dat-" in folder.name for folder in suite)
    wrong = list(failed(suite, datatypes=True))
    assert cases - len(wrong) >= DATATYPES, wrong
