"""Verification finds each kind of damage and none in a sound store; the counts of a store are those of its graphs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.cli.main import run
from communique.errors import ExitCode, StoreMissing
from communique.ingest.pipeline import ingest
from communique.iris import CQ, Iris
from communique.ontology.reasoner import reason
from communique.queries.holdings import holdings
from communique.queries.soundness import verify
from communique.store import open_store
from tests.vocabularies import some_vocabularies

IRIS = Iris()


@pytest.fixture(scope="module")
def complete(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two readouts and a document that is none, read and reasoned about."""
    place = tmp_path_factory.mktemp("complete") / "store"
    samples = sorted((root / "ingest" / "samples").glob("mofa-*.txt"))[:2]
    with some_vocabularies("issues"), open_store(str(place)) as store:
        ingest([*samples, *(root / "ingest" / "samples").glob("*sanctions*.txt")], store, IRIS)
        reason(store, IRIS)
    return place


@pytest.fixture(scope="module")
def small(complete: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without the vocabularies, which are many quads to look at."""
    place = tmp_path_factory.mktemp("small") / "store"
    shutil.copytree(complete, place)
    with open_store(str(place)) as store:
        store.apply({}, drop=[g for g in store.graphs() if not IRIS.readout_of(g)])
    return place


@pytest.fixture
def place(small: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return shutil.copytree(small, tmp_path / "store")


def test_a_sound_store_has_no_damage_and_nothing_is_changed(complete: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {p: p.stat().st_mtime_ns for p in complete.rglob("*.sst")}
    verdict = verify(str(complete), IRIS)
    assert (verdict.damage, verdict.notes, verdict.accounts, verdict.inferred) == ([], [], 3, 3)
    assert {p: p.stat().st_mtime_ns for p in complete.rglob("*.sst")} == before
    assert run(["store", "verify", "--store", str(small)]) == ExitCode.DONE
    assert capsys.readouterr().out.endswith("\nno damage\n")


def account(place: Path) -> str:
    with open_store(str(place), read_only=True) as store:
        return next(g for g in store.graphs() if g.endswith("/account") and any(f"<{CQ}quote>" in line for line in store.dump(g)))


def change(place: Path, of: Callable[[list[str]], list[str]], suffix: str = "") -> None:
    """Rewrite the graph of a readout, or the inferences from it."""
    graph = account(place) + suffix
    with open_store(str(place)) as store:
        store.put_graph(graph, of(list(store.dump(graph))))


def without(word: str) -> Callable[[list[str]], list[str]]:
    def of(lines: list[str]) -> list[str]:
        found = next(line for line in lines if word in line)
        return [line for line in lines if line != found]

    return of


def with_other(word: str, other: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [line.replace(word, other) if word in line else line for line in lines]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (with_other(f'<{CQ}quote> "', f'<{CQ}quote> "x'), "a quote is not what stands in the text"),
        (with_other(f'<{CQ}text> "', f'<{CQ}text> " '), "SHA-256"),
        (without(f"<{CQ}end>"), "a quote is not what stands in the text"),
        (without(f"#type> <{CQ}Segment"), "statements about a node are missing"),
        (lambda lines: [line for line in lines if "/participation/" not in line.split(" ")[0]], "statements about a node are missing"),
        (lambda lines: [line for line in lines if not line.split(" ")[0].endswith("/extraction>")], "how it was read"),
    ],
)
def test_an_account_that_is_not_whole_is_found(place: Path, harm: Callable[[list[str]], list[str]], says: str) -> None:
    harmed = account(place)
    change(place, harm)
    verdict = verify(str(place), IRIS)
    assert any(says in line and harmed in line for line in verdict.damage), verdict.damage


def test_an_account_that_lacks_any_statement_or_has_another_is_found(place: Path, tmp_path: Path) -> None:
    harmed = account(place)
    for number, harm in enumerate((without(f"<{CQ}confidence>"), with_other(f'<{CQ}language> "', f'<{CQ}language> "x'))):
        other = shutil.copytree(place, tmp_path / str(number))
        change(other, harm)
        assert f"the statements are not those that were read (their SHA-256 is another): {harmed}" in verify(str(other), IRIS).damage


def test_inferences_that_are_not_all_there_are_found(place: Path) -> None:
    change(place, without("#type> "), "/inferred")
    assert verify(str(place), IRIS).damage == [f"inferences are missing, or there are more than were made: {account(place)}/inferred"]


def test_inferences_without_an_account_are_found(place: Path) -> None:
    gone = account(place)
    with open_store(str(place)) as store:
        store.delete_graph(gone)
    assert verify(str(place), IRIS).damage == [f"inferences whose account is gone: {gone}/inferred"]


def test_inferences_of_other_rules_are_told_and_are_no_damage(complete: Path, tmp_path: Path) -> None:
    place = shutil.copytree(complete, tmp_path / "store")
    change(place, with_other(f'<{CQ}closedUnder> "', f'<{CQ}closedUnder> "x'), "/inferred")
    with open_store(str(place)) as store:
        store.delete_graph(
            next(g for g in store.graphs() if IRIS.readout_of(g) and IRIS.is_inferred(g) and g != account(place) + "/inferred")
        )
    verdict = verify(str(place), IRIS)
    assert verdict.damage == []
    assert [note.split("; ")[0] for note in verdict.notes] == [
        "1 accounts have no inferences yet",
        "the inferences of 1 accounts are not those of today's rules and persons",
    ]


def test_a_snapshot_that_differs_from_the_store_is_found(place: Path) -> None:
    named = account(place)
    quads = ox.Store(str(next(place.glob("quads.*"))))
    quads.add(ox.Quad(ox.NamedNode(named), ox.NamedNode(CQ + "p"), ox.Literal("o"), ox.NamedNode(named)))
    del quads
    assert verify(str(place), IRIS).damage == [f"the snapshot that readers see differs from the store: {named}"]


def test_no_byte_of_the_quads_can_be_wrong_unseen(small: Path, tmp_path: Path) -> None:
    """The engine's files hold blocks with checksums; a block is damaged in each file that holds quads or words."""
    with open_store(str(shutil.copytree(small, tmp_path / "flat"))):
        pass
    from communique.store import directory

    directory.compact(tmp_path / "flat")  # without what was replaced, each file holds something that is read
    files = sorted(next((tmp_path / "flat").glob("quads.*")).glob("*.sst"))
    assert len(files) >= 7
    for file in files:
        place = shutil.copytree(tmp_path / "flat", tmp_path / "harmed")
        harmed = next(place.glob("quads.*")) / file.name
        content = bytearray(harmed.read_bytes())
        content[20] ^= 1
        harmed.unlink()  # the snapshot has the same file, by another name
        harmed.write_bytes(content)
        verdict = verify(str(place), IRIS)
        assert verdict.damage, file.name
        assert all("\n" not in line for line in verdict.damage)
        shutil.rmtree(place)


def test_damage_ends_with_exit_code_1_and_one_line(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(place, without(f"<{CQ}end>"))
    assert run(["store", "verify", "--store", str(place)]) == ExitCode.FAILED
    said = capsys.readouterr()
    assert "\ndamaged: a quote is not what stands in the text at its offsets: " in said.out
    assert said.err.count("\n") == 1


def test_a_writer_beside_it_is_told(place: Path) -> None:
    with open_store(str(place)):
        verdict = verify(str(place), IRIS)
    assert verdict.damage == []
    assert any("another process is writing" in note for note in verdict.notes)


def test_another_base_is_told_and_no_store_is_an_error(place: Path, tmp_path: Path) -> None:
    assert any("--base" in note for note in verify(str(place), Iris("https://example.org/")).notes)
    with pytest.raises(StoreMissing):
        verify(str(tmp_path / "nowhere"), IRIS)


def test_what_a_store_holds_is_counted_by_kind(complete: Path) -> None:
    with open_store(str(complete), read_only=True) as store:
        found = holdings(store, IRIS)
        assert sum(found.quads.values()) == store.count()
        assert found.quads["vocabulary"] == store.count(IRIS.graph("vocabulary"))
        assert (found.graphs["accounts"], found.graphs["accounts, inferred"]) == (3, 3)
    assert sum(found.publishers.values()) == 2
    assert list(found.readings.values()) == [3]
