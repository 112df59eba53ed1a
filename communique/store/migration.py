"""From an older format to today's, one step a format, when a store is opened for writing.

Before a step the store is kept as it is (``before-format-N``, a store that the older version can open); then the step makes other
quads beside the present ones, and the marker puts both the quads and the format in force at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from communique.store import engine, marker, snapshots
from communique.store.marker import DRAFT, FORMAT, Marker

Step = Callable[[ox.Store, Path], None]
"""Makes a new directory of quads from the quads of the format before."""


def _named_quads(old: ox.Store, new: Path) -> None:
    """Format 1 had its quads always in ``quads``; since format 2 the marker names their directory.  The quads are the same."""
    old.backup(str(new))


STEPS: Final[Mapping[int, Step]] = MappingProxyType({1: _named_quads})
"""What leads from each older format to the next."""


def migrate(quads: ox.Store, path: Path, present: Marker) -> tuple[ox.Store, Marker]:
    """Bring a store, whose ``quads`` this process holds, to today's format; the quads and the marker that are then in force.

    Raises ``StoreError`` if there is no room; the store is then as it was.
    """
    while present.format < FORMAT:
        try:
            _keep(quads, path, present)
            following = Marker(present.format + 1, vacant(path))
            STEPS[present.format](quads, path / following.quads)
            snapshots.mark_unpublished(path)
            marker.write(path, following)
        except engine.Failure as error:
            raise engine.explain(error, path) from error
        present = following
        quads = engine.open_quads(path / present.quads, path)
    return quads, present


def vacant(path: Path) -> str:
    """The name of a directory of quads that is not in use."""
    used = [int(p.suffix[1:]) for p in path.glob("quads.*") if p.suffix[1:].isdigit()]
    return f"quads.{max(used, default=0) + 1}"


def _keep(quads: ox.Store, path: Path, present: Marker) -> None:
    """A copy of the store in its format; it shares its files with the store as long as both have them."""
    kept = path / f"before-format-{present.format + 1}"
    draft = kept.with_name(kept.name + DRAFT)
    for left in (draft, kept):  # of a step that was broken off
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir()
    quads.backup(str(draft / present.quads))
    marker.write(draft, present)
    draft.rename(kept)
