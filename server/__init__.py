"""The endpoint: a read-only SPARQL service and a few pages over one store."""

from __future__ import annotations

from communique.server.app import create_app

__all__ = ["create_app"]
