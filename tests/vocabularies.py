"""Some of the shipped vocabularies in the place of all, which are 55,000 statements: most of what a store of a few texts takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from communique.ontology import graphs


@contextmanager
def some_vocabularies(*names: str) -> Iterator[None]:
    """Stores that are filled now get these only, such as ``states`` and ``acts``; what follows is found with all of them, as ever."""
    every = graphs._vocabularies()
    some = [file for file in every if file.name.removesuffix(".ttl") in names]
    assert len(some) == len(names)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(graphs, "_vocabularies", lambda: some)
        patched.setattr(graphs, "vocabulary", lambda graph: graphs.lines(every, graph))
        yield
