"""A backup is whole or no backup; restoring takes effect all at once or not at all."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.errors import InputError, StoreBusy, StoreError, StoreForeign, UsageError
from communique.store import backup, open_here

EX = "http://example.org/"


def lines(graph: str, count: int, words: str = "words") -> list[str]:
    return [f'<{EX}s{n}> <{EX}p> "{words} {n} “é” \\n \\t \\"" <{EX}{graph}> .' for n in range(count)]


def fill(place: Path, **graphs: list[str]) -> list[str]:
    with open_here(str(place)) as store:
        store.apply({EX + name: new for name, new in graphs.items()})
    return sorted(line for new in graphs.values() for line in new)


def held(place: Path) -> list[str]:
    with open_here(str(place), read_only=True) as store:
        return sorted(store.dump())


def save(place: Path, file: Path, *, force: bool = False) -> backup.Content:
    with open_here(str(place), read_only=True) as store:
        return backup.save(store, file, force=force)


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    told = fill(tmp_path / "store", a=lines("a", 20), b=lines("b", 1))
    file = tmp_path / "b.nq.gz"
    saved = save(tmp_path / "store", file)
    assert saved == backup.check(file)
    assert saved.quads == 21
    assert backup.restore(file, tmp_path / "other") == saved
    assert held(tmp_path / "other") == told


def test_the_file_is_plain_sorted_n_quads_and_the_same_for_the_same_store(tmp_path: Path) -> None:
    told = fill(tmp_path / "one", b=lines("b", 5), a=lines("a", 5))
    fill(tmp_path / "two", a=lines("a", 5))
    fill(tmp_path / "two", b=lines("b", 5), old=lines("old", 5))
    with open_here(str(tmp_path / "two")) as store:
        store.delete_graph(EX + "old")
    for name in ("one", "two"):
        save(tmp_path / name, tmp_path / f"{name}.nq.gz")
    assert (tmp_path / "one.nq.gz").read_bytes() == (tmp_path / "two.nq.gz").read_bytes()
    text = gzip.decompress((tmp_path / "one.nq.gz").read_bytes()).decode().splitlines()
    assert (text[0][0], sorted(text[1:-1]), text[-1][0]) == ("#", told, "#")


def test_a_writer_beside_it_does_not_hinder_a_backup(tmp_path: Path) -> None:
    told = fill(tmp_path / "store", a=lines("a", 3))
    with open_here(str(tmp_path / "store")) as writer:
        writer.put_graph(EX + "b", lines("b", 3))
        save(tmp_path / "store", tmp_path / "b.nq.gz")
        with pytest.raises(StoreBusy):
            backup.restore(tmp_path / "b.nq.gz", tmp_path / "store", force=True)
    backup.restore(tmp_path / "b.nq.gz", tmp_path / "store", force=True)
    assert held(tmp_path / "store") == told


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    fill(tmp_path / "store", a=lines("a", 3))
    file = tmp_path / "b.nq.gz"
    save(tmp_path / "store", file)
    before = file.read_bytes()
    told = fill(tmp_path / "store", b=lines("b", 3)) + lines("a", 3)
    with pytest.raises(UsageError, match="--force"):
        save(tmp_path / "store", file)
    with pytest.raises(UsageError, match=r"store of 6 quads here; .*--force"):
        backup.restore(file, tmp_path / "store")
    assert file.read_bytes() == before
    assert held(tmp_path / "store") == sorted(told)
    save(tmp_path / "store", file, force=True)
    assert file.read_bytes() != before


def test_a_place_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path / "store", a=lines("a", 3))
    save(tmp_path / "store", tmp_path / "b.nq.gz")
    with pytest.raises(StoreForeign):
        backup.restore(tmp_path / "b.nq.gz", tmp_path, force=True)


def flip(data: bytes) -> bytes:
    return data[:90] + bytes([data[90] ^ 1]) + data[91:]


def rewritten(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: gzip.compress(change(gzip.decompress(data)))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda data: data[: len(data) // 2], "is damaged"),
        (flip, "is damaged"),
        (lambda data: b"", "no backup"),
        (lambda data: b"Dear reader", "no backup"),
        (rewritten(lambda text: b"<a:a> <a:a> <a:a> <a:a> .\n"), "no backup"),
        (rewritten(lambda text: text.replace(b"form 1", b"form 2")), "newer version"),
        (rewritten(lambda text: text.replace(b"words 3", b"words 4")), "SHA-256"),
        (rewritten(lambda text: b"".join(text.splitlines(keepends=True)[:-1])), "end is missing"),
        (rewritten(lambda text: text[:-9]), "last line is broken"),
        (rewritten(lambda text: text + b"<a:a> <a:a> <a:a> <a:a> .\n"), "follows its end"),
    ],
)
def test_a_damaged_backup_is_told_in_one_line_and_touches_nothing(tmp_path: Path, harm: Callable[[bytes], bytes], says: str) -> None:
    fill(tmp_path / "store", a=lines("a", 9))
    file = tmp_path / "b.nq.gz"
    save(tmp_path / "store", file)
    file.write_bytes(harm(file.read_bytes()))
    told = fill(tmp_path / "store", a=lines("a", 2))
    with pytest.raises(InputError, match=says) as caught:
        backup.restore(file, tmp_path / "store", force=True)
    assert "\n" not in str(caught.value)
    assert held(tmp_path / "store") == told


def test_a_store_that_cannot_be_read_any_more_is_brought_back(tmp_path: Path) -> None:
    told = fill(tmp_path / "store", a=lines("a", 9))
    save(tmp_path / "store", tmp_path / "b.nq.gz")
    for harm in (
        lambda: (tmp_path / "store" / "quads.1" / "CURRENT").write_text("nonsense\n"),
        lambda: shutil.rmtree(tmp_path / "store" / "quads.2"),
        lambda: (tmp_path / "store" / "communique-store").write_text("communique store, format 2\nnonsense\n"),
    ):
        harm()
        with pytest.raises(StoreError):
            open_here(str(tmp_path / "store"))
        with pytest.raises(UsageError, match="cannot be read"):
            backup.restore(tmp_path / "b.nq.gz", tmp_path / "store")
        backup.restore(tmp_path / "b.nq.gz", tmp_path / "store", force=True)
        assert held(tmp_path / "store") == told
        with open_here(str(tmp_path / "store")) as store:
            assert sorted(store.dump()) == told


def test_a_full_disk_stops_backup_and_restore_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    many = [f'<{EX}s{n}> <{EX}p> "{n * 7919 % 100_003:x}{n:x}" <{EX}a> .' for n in range(60_000)]
    fill(tmp_path / "large", a=many)
    save(tmp_path / "large", tmp_path / "large.nq.gz")
    told = fill(small_disk / "store", a=lines("a", 9))
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(bytes(free - 3_000_000))
    with pytest.raises(StoreError, match="the disk is full"):
        backup.restore(tmp_path / "large.nq.gz", small_disk / "store", force=True)
    with ballast.open("ab") as more:
        more.write(bytes(shutil.disk_usage(small_disk).free - 100_000))
    with pytest.raises(StoreError, match="the disk is full"):
        save(tmp_path / "large", small_disk / "large.nq.gz")
    assert sorted(p.name for p in small_disk.iterdir()) == ["ballast", "store"]
    assert held(small_disk / "store") == told
    ballast.unlink()
    backup.restore(tmp_path / "large.nq.gz", small_disk / "store", force=True)
    assert held(small_disk / "store") == sorted(many)
