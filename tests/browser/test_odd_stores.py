"""Stores with nothing in them, with one readout, and with names in any script and direction, in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import as_file, files

import pytest

from communique.ingest import pipeline
from communique.iris import Iris
from communique.ontology.reasoner import reason
from communique.store import open_store
from tests.browser.conftest import Opener
from tests.browser.test_every_page import FITS
from tests.server.conftest import serve
from tests.server.test_explorer import EVERYWHERE
from tests.vocabularies import some_vocabularies

CQ, RDF, BASE = "https://w3id.org/communique/ns#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Iris().base
ONE = f"{BASE}id/readout/odd/2024-01-01/one"
ARABIC = "لقاء وزير الخارجية مع نظيره"
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
NAMES = ("会談の相手", "विदेश मंत्री", "Ραλλού Παπαδοπούλου", "<b>Bold</b> & “Brave”", LONG, "משה לוי", "👩🏽‍⚖️ Nguyễn Thị Ánh")


@pytest.fixture(scope="module")
def empty(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("empty") / "store"
    with open_store(str(path)):
        pass
    yield from serve(path)


@pytest.fixture(scope="module")
def single(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("single") / "store"
    some = some_vocabularies("acts", "encounter-kinds", "issues", "states")
    with some, open_store(str(path)) as store, as_file(files("communique.ingest") / "samples") as folder:
        pipeline.ingest([min(folder.glob("fcdo-2023-02-20*.txt"))], store, Iris())
        reason(store, Iris())
    yield from serve(path)


@pytest.fixture(scope="module")
def odd(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An Arabic readout, and people whose names are written in all ways."""
    path = tmp_path_factory.mktemp("odd") / "store"
    said = f"{ONE}/act/a1"
    lines = [
        f"<{ONE}> <{RDF}type> <{CQ}Readout>",
        f'<{ONE}> <http://www.w3.org/2000/01/rdf-schema#label> "{ARABIC}"',
        f'<{ONE}> <{CQ}text> "{ARABIC}."',
        f'<{ONE}> <{CQ}language> "ar"',
        f"<{ONE}> <{CQ}publisher> <{BASE}id/publisher/odd>",
        f"<{ONE}> <{CQ}hasAccount> <{ONE}/account>",
        f"<{ONE}/account> <{CQ}describesEncounter> <{ONE}/encounter/e1>",
        f"<{ONE}/encounter/e1> <{RDF}type> <{CQ}Encounter>",
        f'<{ONE}/encounter/e1> <http://www.w3.org/2000/01/rdf-schema#label> "{ARABIC}"',
        f"<{ONE}/encounter/e1> <{CQ}hasSpeechAct> <{said}>",
        f"<{said}> <{CQ}actType> <https://w3id.org/communique/vocab/act/Discuss>",
        f"<{said}> <{CQ}derivedBy> <{BASE}id/rule/none>",
        f'<{said}> <{CQ}quote> "{ARABIC}"',
    ]
    for number, name in enumerate(NAMES):
        person = f"<{ONE}/person/p{number}>"
        lines += [f"{person} <{RDF}type> <{CQ}Person>", f'{person} <http://www.w3.org/2000/01/rdf-schema#label> "{name}"']
        lines += [f"<{said}> <{CQ}actor> {person}", f"<{said}> <{CQ}addressee> {person}"]
    with open_store(str(path)) as store:
        store.put_graph(f"{ONE}/account", [f"{line} <{ONE}/account> ." for line in lines])
        reason(store, Iris())
    yield from serve(path)


@pytest.mark.parametrize("name", ["empty", "single"])
def test_every_list_of_a_small_store_is_quiet_and_fits(opener: Callable[[str], Opener], request: pytest.FixtureRequest, name: str) -> None:
    origin = request.getfixturevalue(name)
    shown = opener(origin)("/", viewport={"width": 360, "height": 740})
    for path in EVERYWHERE:
        shown.goto(origin + path)
        assert shown.locator("h1").count() == 1
        wanted, there = shown.evaluate(FITS)
        assert wanted <= there, path


def test_a_text_from_right_to_left_is_set_so(opener: Callable[[str], Opener], odd: str) -> None:
    shown = opener(odd)("/readout/odd/2024-01-01/one")
    heading = shown.locator("h1")
    assert heading.get_attribute("lang") == "ar"
    assert heading.inner_text() == ARABIC
    for selector in ("h1", ".quote"):
        assert shown.locator(selector).first.evaluate("e => getComputedStyle(e).direction") == "rtl", selector
        assert shown.locator(selector).first.get_attribute("lang") == "ar"
    assert shown.locator("nav").first.evaluate("e => getComputedStyle(e).direction") == "ltr"


@pytest.mark.parametrize(
    "path", ["/", "/readouts", "/readout/odd/2024-01-01/one", "/encounter/odd/2024-01-01/one/e1", "/statement/odd/2024-01-01/one/act/a1"]
)
@pytest.mark.parametrize("width", [360, 1280])
def test_names_in_any_script_fit_and_stay_words(opener: Callable[[str], Opener], odd: str, path: str, width: int) -> None:
    shown = opener(odd)(path, viewport={"width": width, "height": 740})
    wanted, there = shown.evaluate(FITS)
    assert wanted <= there
    told = shown.locator("main").inner_text()
    assert shown.locator("main b").count() == 0, "markup in a name is text"
    if "/one" in path:
        assert all(name in told for name in NAMES)
