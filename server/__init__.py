"""The endpoint: SPARQL, linked data and pages over one store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.server.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    """The application with all its pages is loaded by who asks for it: workers, which are many processes, do without."""
    if name != "create_app":
        raise AttributeError(name)
    from communique.server.app import create_app

    return create_app
