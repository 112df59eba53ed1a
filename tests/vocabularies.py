"""Some of the shipped vocabularies in the place of all, which are 55,000 statements: most of what a store of a few texts takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable

import pytest

from communique.ontology import graphs

_SHIPPED = graphs._vocabularies


@contextmanager
def some_vocabularies(*names: str) -> Iterator[None]:
    """Stores that are filled now get these only, such as ``states`` and ``acts``; what follows is found with all of them, as ever."""
    some = [file for file in _SHIPPED() if file.name.removesuffix(".ttl") in names]
    assert len(some) == len(names)
    with _put(some):
        yield


@contextmanager
def all_vocabularies() -> Iterator[None]:
    """For what all tests share, whichever of them is the first to want it."""
    with _put(_SHIPPED()):
        yield


@contextmanager
def _put(files: list[Traversable]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(graphs, "_vocabularies", lambda: files)
        patched.setattr(graphs, "vocabulary", lambda graph: graphs.lines(_SHIPPED(), graph))
        yield
