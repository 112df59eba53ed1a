"""Formats and their migration, snapshots that are in use, compaction, and directories that lack something."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import StoreBusy, StoreError, StoreForeign, StoreMissing
from communique.store import directory, marker, migration, open_held, open_here

EX = "http://example.org/"


def lines(graph: str, count: int) -> list[str]:
    return [f'<{EX}s{n}> <{EX}p> "{n}" <{EX}{graph}> .' for n in range(count)]


def files(place: Path) -> dict[str, bytes]:
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}


@pytest.fixture
def format_1(tmp_path: Path) -> Path:
    """A store as version 0.1.0 made it before its format had a second line."""
    place = tmp_path / "old"
    place.mkdir()
    (place / "communique-store").write_text("communique store, format 1\n")
    quads = ox.Store(str(place / "quads"))
    quads.load("\n".join(lines("a", 50)).encode(), ox.RdfFormat.N_QUADS)
    (place / "snapshots").mkdir()
    quads.backup(str(place / "snapshots" / "4"))
    return place


def test_a_reader_reads_an_older_format_and_leaves_it(format_1: Path) -> None:
    before = files(format_1)
    with open_here(str(format_1), read_only=True) as store:
        assert sorted(store.dump()) == sorted(lines("a", 50))
    assert files(format_1) == before


def test_a_writer_brings_an_older_format_to_todays_and_keeps_it_as_it_was(format_1: Path) -> None:
    with open_here(str(format_1)) as store:
        assert sorted(store.dump()) == sorted(lines("a", 50))
        store.put_graph(EX + "b", lines("b", 3))
    assert (format_1 / "communique-store").read_text() == "communique store, format 2\nquads.1\n"
    assert sorted(p.name for p in format_1.iterdir()) == ["before-format-2", "communique-store", "quads.1", "snapshots"]
    kept = format_1 / "before-format-2"
    assert (kept / "communique-store").read_text() == "communique store, format 1\n"
    assert len(ox.Store(str(kept / "quads"))) == 50
    with open_here(str(format_1), read_only=True) as store:
        assert store.count() == 53


def test_a_migration_that_fails_changes_nothing(format_1: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(old: ox.Store, new: Path) -> None:
        old.backup(str(new))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migration, "STEPS", {1: full})
    with pytest.raises(StoreError, match="the disk is full"):
        open_here(str(format_1))
    assert (format_1 / "communique-store").read_text() == "communique store, format 1\n"
    monkeypatch.undo()
    with open_here(str(format_1)) as store:
        assert store.count() == 50
    assert sorted(p.name for p in format_1.iterdir()) == ["before-format-2", "communique-store", "quads.2", "snapshots", "unpublished"]


def test_every_older_format_has_a_step() -> None:
    assert sorted(migration.STEPS) == list(range(1, marker.FORMAT))


def test_the_store_of_a_newer_version_is_told_plainly_and_left_alone(tmp_path: Path) -> None:
    with open_here(str(tmp_path)) as store:
        store.put_graph(EX + "a", lines("a", 3))
    (tmp_path / "communique-store").write_text("communique store, format 99\nquads.1\nmore\n")
    before = files(tmp_path)
    for how in ({}, {"read_only": True}, {"in_memory": True}):
        with pytest.raises(StoreForeign, match="format 99, and this version knows formats up to 2; use the version") as caught:
            open_here(str(tmp_path), **how)
        assert "\n" not in str(caught.value)
    assert files(tmp_path) == before


def test_a_reader_keeps_its_snapshot_until_it_is_done(tmp_path: Path) -> None:
    # The engine opens the files of a large store only when it needs them; many small loads make many files.
    with open_here(str(tmp_path)) as store:
        for n in range(30):
            store._quads.bulk_load("\n".join(lines(f"g{n}", 9)).encode(), ox.RdfFormat.N_QUADS)
        store.put_graph(EX + "a", lines("a", 3))
    with open_here(str(tmp_path), read_only=True) as reader:
        for n in range(3):
            with open_here(str(tmp_path)) as store:
                store.put_graph(EX + "a", lines("a", n))
            directory.compact(tmp_path)
        assert len(list((tmp_path / "snapshots").iterdir())) == 2
        assert reader.count() == sum(1 for _ in reader.dump()) == 30 * 9 + 3
    with open_here(str(tmp_path)) as store:
        store.put_graph(EX + "a", lines("a", 5))
    assert len(list((tmp_path / "snapshots").iterdir())) == 1


def test_compaction_lets_go_of_what_was_removed_and_changes_nothing_else(tmp_path: Path) -> None:
    def fill(seed: int) -> None:
        chance = random.Random(seed)
        with open_here(str(tmp_path)) as store:
            for n in range(20):
                store.put_graph(f"{EX}{n}", [f'<{EX}s{i}> <{EX}p> "{chance.randbytes(100).hex()}" <{EX}{n}> .' for i in range(60)])

    fill(0)
    directory.compact(tmp_path)
    small = sum(directory.sizes(tmp_path).values())
    for seed in range(6):
        fill(seed)
    with open_here(str(tmp_path), read_only=True) as reader:
        told = sorted(reader.dump())
    assert sum(directory.sizes(tmp_path).values()) > 2 * small
    directory.compact(tmp_path)
    assert sum(directory.sizes(tmp_path).values()) < 1.1 * small
    with open_here(str(tmp_path), read_only=True) as reader, open_held(str(tmp_path)) as store:
        assert sorted(reader.dump()) == sorted(store.dump()) == told


def test_compaction_is_for_a_store_that_is_there_and_free(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        directory.compact(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    with open_here(str(tmp_path)), pytest.raises(StoreBusy):
        directory.compact(tmp_path)


def test_a_full_disk_stops_a_compaction_and_loses_nothing(small_disk: Path) -> None:
    chance = random.Random(1)
    place = small_disk / "store"
    told = [f'<{EX}s{n}> <{EX}p> "{chance.randbytes(60).hex()}" <{EX}a> .' for n in range(20_000)]
    with open_here(str(place)) as store:
        store.put_graph(EX + "a", told)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 1_000_000))
    with pytest.raises(StoreError, match="the disk is full"):
        directory.compact(place)
    with open_here(str(place), read_only=True) as reader:
        assert sorted(reader.dump()) == sorted(told)
    ballast.unlink()
    directory.compact(place)
    with open_here(str(place)) as store:
        assert sorted(store.dump()) == sorted(told)


def test_quads_that_are_gone_are_told_and_not_made_anew(tmp_path: Path) -> None:
    with open_here(str(tmp_path)) as store:
        store.put_graph(EX + "a", lines("a", 3))
    shutil.rmtree(tmp_path / "quads.1")
    with pytest.raises(StoreError, match=r"the directory quads\.1 is damaged or gone; restore a backup"):
        open_here(str(tmp_path))
    assert not (tmp_path / "quads.1").exists()
    with open_here(str(tmp_path), read_only=True) as reader:
        assert reader.count() == 3


def test_what_killed_processes_left_is_removed_by_the_next_writer(tmp_path: Path) -> None:
    (tmp_path / "communique-store.77.unfinished").write_text("communique st")
    with open_here(str(tmp_path)) as store:
        store.put_graph(EX + "a", lines("a", 3))
    for name in ("quads.7", "snapshots/8.unfinished", "before-format-2.unfinished", "before-format-1"):
        (tmp_path / name).mkdir()
    open_here(str(tmp_path)).close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["before-format-1", "communique-store", "quads.1", "snapshots"]
    assert [p.name for p in (tmp_path / "snapshots").iterdir()] == ["1"]


def test_a_reader_of_a_store_that_is_being_made_is_told_so(tmp_path: Path) -> None:
    with open_here(str(tmp_path)), pytest.raises(StoreBusy, match="there is nothing to read yet"):
        open_here(str(tmp_path), read_only=True)


def test_a_path_with_lock_in_its_name_is_not_taken_for_a_lock(tmp_path: Path) -> None:
    place = tmp_path / "blocks"
    with open_here(str(place)) as store:
        store.put_graph(EX + "a", lines("a", 3))
        with pytest.raises(StoreBusy):
            open_here(str(place))
    (place / "quads.1" / "CURRENT").write_text("nonsense\n")
    with pytest.raises(StoreError) as caught:
        open_here(str(place))
    assert not isinstance(caught.value, StoreBusy)
