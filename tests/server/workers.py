"""A pool over a store in a directory, for as long as a test needs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from communique.server import ahead
from communique.server.meter import Limits
from communique.server.workers import keeper
from communique.server.workers.door import Doors
from communique.server.workers.plan import Plan
from communique.server.workers.pool import Pool

# Each row of the first pattern meets each row of the others: no limit of rows or time of this machine is ever enough.
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l && ?c = ?j) }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"
EVERYTHING = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@contextmanager
def pool_over(store: Path, folder: Path, limits: Limits | None = None, **plan: object) -> Iterator[Pool]:
    folder.mkdir()
    limits = limits or Limits(seconds=20)
    wanted = replace(Plan(str(store), "", limits=limits), **plan)  # type: ignore[arg-type]
    with keeper.keeping(wanted, folder), closing(Pool(Doors(folder), limits)) as pool:
        yield pool


def until(told: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def descendants(pid: int) -> set[int]:
    """The processes below one, by number."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = parent_of(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[1])


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def children(pid: int, program: bytes) -> set[int]:
    """The children of a process that run a program; one may be gone when it is asked about again."""
    found = set()
    for below in descendants(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            if parent_of(below) == pid and program in command(below):
                found.add(below)
    return found


def web(pid: int) -> set[int]:
    """The processes that answer requests of the server that is the process ``pid``; those that make things ahead come and go."""
    found = set()
    for below in descendants(pid):
        with suppress(OSError):  # it ended meanwhile
            made_ahead = Path(f"/proc/{below}/comm").read_text() == f"{ahead.NAME}\n"
            if b"\0serve\0" in command(below) and not made_ahead and alive(below):
                found.add(below)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
